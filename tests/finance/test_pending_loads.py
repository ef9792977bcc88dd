"""Files with lines above the limit wait for a second person; lines beyond their budget line need a reason."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from eom.core.audit import AuditEntry
from eom.core.errors import Conflict, InvalidFile, Refused
from eom.extensions import db
from eom.finance.models.entry import Charge, EntryStatus
from eom.finance.models.ledger import Expenditure
from eom.finance.models.load import LedgerLoad
from eom.finance.models.pending_load import PendingLoad
from eom.finance.queries import budgets
from eom.finance.services import closing, loads, pending_loads
from tests.factories.checklists import store
from tests.factories.commitments import acting, approved_budget, csv_of
from tests.factories.finance import a_line, an_award
from tests.finance.test_load_views import ALL, MISSION, preview, row

LIMIT = 5_000_00
HEADS = "Grant;Obj;GL Date;Doc;Vendor;Entered;Line id\n"


@pytest.fixture
def award(cast):
    made = an_award(cast.a, reference="CAN-1")
    db.session.commit()
    return made


def enter(*lines, mission=None, **values):
    data = csv_of(*lines)
    given = {"file_name": "extract.csv", "choice": {"columns": {}}, "limit_cents": LIMIT} | values
    return pending_loads.enter(lines, mission=mission, data=data, digest=store().put(data), **given)


def count(model=Expenditure) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(model))


def left(mission, code="4.01") -> int:
    return budgets.standing_of(db.session(), budgets.current_line(db.session(), mission.id, code)).left_cents


def test_a_file_with_one_line_above_the_limit_waits_as_a_whole_and_is_booked_whole(cast, award):
    lines = [a_line(cast.a, award, amount_cents=LIMIT), a_line(cast.a, award, amount_cents=LIMIT + 1)]
    with acting(cast.user("clara")):
        waiting = enter(*lines)
    assert isinstance(waiting, PendingLoad)
    assert (waiting.line_count, waiting.above_count, waiting.usd_cents) == (2, 1, 2 * LIMIT + 1)
    assert [each["usd_cents"] for each in waiting.above] == [LIMIT + 1]
    assert (count(), count(LedgerLoad)) == (0, 0)
    with acting(cast.user("felix")):
        booked = pending_loads.approve(waiting, lines, mission=None, data=csv_of(*lines))
    assert (booked.added_count, waiting.status, waiting.load_id) == (2, EntryStatus.APPROVED, booked.load.id)
    assert (waiting.entered_by, waiting.decided_by, booked.load.loaded_by) == ("Clara", "Felix", "Clara")
    assert set(db.session.scalars(sa.select(Expenditure.recorded_by))) == {"Clara"}
    with acting(cast.user("amir")), pytest.raises(Conflict, match="decided on this file"):
        pending_loads.approve(waiting, lines, mission=None, data=b"")


def test_at_the_limit_a_file_is_booked_at_once(cast, award):
    booked = enter(a_line(cast.a, award, amount_cents=LIMIT))
    assert (booked.added_count, count(PendingLoad)) == (1, 0)


def test_a_credit_needs_no_second_person(cast, award):
    enter(a_line(cast.a, award, amount_cents=LIMIT, reference="L1"))
    booked = enter(a_line(cast.a, award, amount_cents=-LIMIT, reverses="L1"), limit_cents=100)
    assert booked.usd_cents == -LIMIT


def test_whoever_sent_the_file_cannot_decide(cast, award):
    line = a_line(cast.a, award, amount_cents=LIMIT + 1)
    with acting(cast.user("clara")):
        waiting = enter(line)
        for decide in (lambda: pending_loads.approve(waiting, [line], mission=None, data=b""),
                       lambda: pending_loads.refuse(waiting, reason="No")):  # fmt: skip
            with pytest.raises(Refused, match="Whoever sent the file"):
                decide()
        with pytest.raises(Conflict, match="waits for a second person already"):
            enter(line)
    assert (waiting.is_waiting, count()) == (True, 0)


def test_a_refused_file_is_not_booked_and_may_be_sent_again(cast, award):
    line = a_line(cast.a, award, amount_cents=LIMIT + 1)
    with acting(cast.user("clara")):
        waiting = enter(line)
    with acting(cast.user("felix")):
        pending_loads.refuse(waiting, reason="The wrong month")
    assert (waiting.status, waiting.refusal, count()) == (EntryStatus.REFUSED, "The wrong month", 0)
    with acting(cast.user("clara")):
        assert isinstance(enter(line), PendingLoad)


def test_what_changed_meanwhile_is_asked_again_when_the_file_is_approved(cast, award):
    line = a_line(cast.a, award, amount_cents=LIMIT + 1)
    with acting(cast.user("clara")):
        waiting = enter(line)
    closing.close_year(2019, by="Clara")
    with acting(cast.user("felix")), pytest.raises(InvalidFile) as caught:
        pending_loads.approve(waiting, [line], mission=None, data=b"")
    assert "2019" in str(caught.value.errors[0].expected)
    assert (waiting.is_waiting, count()) == (True, 0)


def test_lines_are_charged_to_their_budget_line_and_beyond_it_only_with_a_reason(cast, award):
    approved_budget(cast.a, (4, "Flights", 100_00))
    code = budgets.approved(db.session(), cast.a.id).lines[0].code
    lines = [a_line(cast.a, award, amount_cents=60_00, budget_code=code),
             a_line(cast.a, award, amount_cents=60_00, budget_code=code)]  # fmt: skip
    with pytest.raises(InvalidFile) as caught:
        enter(*lines)
    (error,) = caught.value.errors
    assert (error.row, error.column) == (lines[1].row, "amount")
    assert "Flights" not in str(error.value)
    assert "$40.00" in str(error.expected)
    assert count() == 0
    load = enter(*lines, reason="Fares rose").load
    charges = db.session.scalars(sa.select(Charge).order_by(Charge.expenditure_id)).all()
    assert [each.exceeds_line for each in charges] == [False, True]
    assert (left(cast.a, code), load.reason) == (-20_00, "Fares rose")
    told = db.session.scalars(
        sa.select(AuditEntry.object_id).where(AuditEntry.object_type == "charges")
    ).all()
    assert set(told) == {str(each.expenditure_id) for each in charges}
    loads.reverse_load(load, reason="The wrong file")
    assert left(cast.a, code) == 100_00


def test_a_credit_frees_its_budget_line(cast, award):
    approved_budget(cast.a, (4, "Flights", 100_00))
    code = budgets.approved(db.session(), cast.a.id).lines[0].code
    enter(a_line(cast.a, award, amount_cents=90_00, budget_code=code, reference="L1"))
    enter(a_line(cast.a, award, amount_cents=-90_00, reverses="L1"),
          a_line(cast.a, award, amount_cents=100_00, budget_code=code))  # fmt: skip
    assert left(cast.a, code) == 0


@pytest.mark.parametrize(("values", "words"), [
    ({"budget_code": "9.77"}, "a line of the approved budget"),
    ({"object_number": 5}, "a line of object 5; this one is of object 4"),
])  # fmt: skip
def test_a_budget_line_that_cannot_be(cast, award, values, words):
    approved_budget(cast.a, (4, "Flights", 100_00))
    code = budgets.approved(db.session(), cast.a.id).lines[0].code
    with pytest.raises(InvalidFile) as caught:
        enter(a_line(cast.a, award, **{"budget_code": code, **values}))
    assert (caught.value.errors[0].column, str(caught.value.errors[0].expected)) == ("budget", words)


def sent(client, text, base=ALL):
    """Send a file up to where it waits; return the address of its page."""
    page, url = preview(client, text, base)
    assert "above the limit of $5,000.00" in page.text
    done = client.submit(f"{url}/apply", is_sure="y")
    return done.one("main a[href*='/waiting/']")["href"]


def test_a_file_waits_is_seen_and_approved_by_a_colleague(cast, award, as_person):
    clara, felix = as_person("clara"), as_person("felix")
    url = sent(clara, HEADS + row(2, amount="6.000,00") + row(3))
    assert count() == 0
    page = clara.page(url)
    assert "Lines above the limit" in page.text
    assert not page.all("form[action$=approve]")
    assert clara.http.post(f"{url}/approve").status_code == 409
    assert "extract.csv" in felix.page(ALL + "/waiting").text
    assert "Decide on file extract.csv" in felix.page("/finance").text
    assert felix.get(f"{url}/file").data == (HEADS + row(2, amount="6.000,00") + row(3)).encode()
    done = felix.submit(f"{url}/approve")
    assert "See the load" in done.text
    assert count() == 2
    assert felix.http.post(f"{url}/approve").status_code == 409


def test_a_file_is_refused_with_a_reason(cast, award, as_person):
    clara, felix = as_person("clara"), as_person("felix")
    url = sent(clara, HEADS + row(2, amount="6.000,00"), MISSION)
    assert "1 file waits" in felix.page(MISSION).text
    felix.submit(f"{url}/refuse", 422, reason="")
    page = felix.submit(f"{url}/refuse", reason="The wrong month")
    assert "The wrong month" in page.text
    assert (count(), db.session.scalars(sa.select(PendingLoad)).one().refusal) == (0, "The wrong month")


def test_who_may_decide_on_a_file(cast, award, as_person):
    url = sent(as_person("clara"), HEADS + row(2, amount="6.000,00"))
    assert as_person("elena").http.post(f"{url}/approve").status_code == 403
    assert as_person("ana").http.post(f"{url}/approve").status_code == 403
    assert as_person("dario").http.get(f"{MISSION}/waiting").status_code == 404


def test_the_preview_warns_of_lines_beyond_their_budget_line_and_asks_why(cast, award, as_person):
    approved_budget(cast.a, (4, "Flights", 20_00))
    code = budgets.approved(db.session(), cast.a.id).lines[0].code
    db.session.commit()
    clara = as_person("clara")
    heads = HEADS.rstrip("\n") + ";Budget line\n"
    text = heads + row(2).rstrip("\n") + f";{code}\n" + row(3).rstrip("\n") + f";{code}\n"
    page, url = preview(clara, text, budget="Budget line")
    assert "1 line is more than its budget line has left" in page.text
    assert f"{code} Flights" in page.text
    clara.submit(f"{url}/apply", 422, is_sure="y")
    assert count() == 0
    clara.submit(f"{url}/apply", is_sure="y", reason="Fares rose")
    assert (count(), count(Charge)) == (2, 2)
    load = db.session.scalars(sa.select(LedgerLoad)).one()
    assert "Fares rose" in clara.page(f"{ALL}/{load.id}").text
