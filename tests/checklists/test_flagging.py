"""Rules of a mission: refused when they cannot be asked, asked of every report, old and new."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from eom.checklists import jobs as work
from eom.checklists.models.submission import Submission
from eom.checklists.openrosa_rules import compiled
from eom.checklists.queries import answers
from eom.checklists.queries.forms import definition
from eom.checklists.services import flagging
from eom.core.errors import Conflict, InvalidInput
from eom.core.jobs import Job
from eom.extensions import db
from tests.factories import checklists as factory
from tests.factories.stations import a_station

RULES = "/missions/BOL-2019/rules"


@pytest.fixture
def version(cast):
    a_station(cast.a, code="20217")
    made = factory.publish_standard(cast.a)
    db.session.commit()
    return made


def report(cast, number: int, **values) -> Submission:
    receipt = factory.receive(
        cast.a, factory.filled("20217", f"uuid:{number}", **values), user=cast.user("bruno")
    )
    return receipt.submission


def few(cast, version, **more):
    given = {"words": "Few ballots", "expression": "${ballots_received} < 100"} | more
    return flagging.add_rule(cast.a, form_id=version.form_id, **given)


def flags(submission: Submission) -> list[str]:
    db.session.refresh(submission)
    return [each.words for each in answers.flags_in_words(submission, "en")]


def test_a_report_that_comes_is_asked(cast, version):
    few(cast, version)
    assert flags(report(cast, 1, ballots_received=99)) == ["Few ballots"]
    assert flags(report(cast, 2, ballots_received=100)) == []
    assert db.session.scalars(sa.select(Submission.flag_count).order_by(Submission.id)).all() == [1, 0]


def test_reports_that_came_before_are_asked_too(cast, version):
    one, two = report(cast, 1, ballots_received=5), report(cast, 2)
    rule = few(cast, version)
    assert flagging.apply_rules(rule.form) == 1
    assert (flags(one), flags(two)) == (["Few ballots"], [])
    assert flagging.apply_rules(rule.form) == 0
    flagging.edit_rule(rule, words="Few ballots", expression="${ballots_received} = 220", is_on=True)
    flagging.apply_rules(rule.form)
    assert (flags(one), flags(two)) == ([], ["Few ballots"])
    flagging.edit_rule(rule, words="Few ballots", expression="${ballots_received} = 220", is_on=False)
    flagging.apply_rules(rule.form)
    assert (flags(one), flags(two)) == ([], [])


def test_flags_of_the_form_itself_stay(cast, version):
    odd = factory.receive(cast.a, factory.filled("nowhere", "uuid:5"), user=cast.user("bruno")).submission
    before = flags(odd)
    assert before
    rule = few(cast, version, expression="true()")
    flagging.apply_rules(rule.form)
    assert flags(odd) == [*before, "Few ballots"]


@pytest.mark.parametrize(
    ("expression", "told"),
    [
        ("${no_such} > 1", "no question “no_such”"),
        ("${ballots_received} >", "no expression"),
        ("1 +* 2", "no expression"),
        ("nonsense(1)", "no expression"),
        ("", "1 to 1000"),
        ("1" * 1001, "1 to 1000"),
        ("pulldata('a', 'b', 'c', 'd') = 1", "cannot evaluate"),
    ],
)
def test_what_cannot_be_asked_is_refused_with_its_reason(cast, version, expression, told):
    with pytest.raises(InvalidInput) as refused:
        few(cast, version, expression=expression)
    assert refused.value.field == "expression"
    assert told in str(refused.value)


def test_two_rules_of_a_form_have_words_of_their_own(cast, version):
    few(cast, version)
    with pytest.raises(Conflict):
        few(cast, version, expression="true()")


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(text=st.text(max_size=60) | st.text("${}()<>='+-*/andor on_time 0123456789.[]@|", max_size=40))
def test_any_text_is_a_rule_or_refused(version, text):
    try:
        holds = compiled(definition(version), text)
    except InvalidInput as refused:
        assert refused.field == "expression"
    else:
        assert callable(holds)


def test_the_pages_add_and_change_a_rule_and_a_job_asks_all(cast, version, as_person):
    one = report(cast, 1, ballots_received=5)
    db.session.commit()
    ana = as_person("ana")
    page = ana.submit(f"{RULES}/new", 422, form_id=version.form_id, words="Few", expression="${nothing} < 1")
    assert "no question “nothing”" in page.text
    answer = ana.http.post(
        f"{RULES}/new",
        data={"form_id": version.form_id, "words": "Few", "expression": "${ballots_received} < 100"},
    )
    job = db.session.scalars(sa.select(Job).where(Job.kind == work.FLAG)).one()
    assert answer.location.endswith(job.id)
    assert "Few" in ana.page(RULES).text
    work.flag(job, lambda *_progress: None)
    assert flags(one) == ["Few"]
    assert as_person("bruno").http.get(RULES).status_code == 403
