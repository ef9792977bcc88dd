"""A year's end: what it needs, two people, what a closed year refuses, and opening one again."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from eom.core import audit
from eom.core.audit import AuditEntry
from eom.core.errors import AppError, InvalidFile
from eom.extensions import db
from eom.finance.models.award import AwardMovement, MovementKind
from eom.finance.models.period import FiscalYear, YearReopening
from eom.finance.queries import carried, year_end
from eom.finance.services import awards, closing, in_kind, ledger, ledger_intake, loads, movements
from eom.finance.services import year_end as services
from eom.finance.services.ledger_lines import Line
from eom.reporting.queries.annual import figures_of
from tests.factories.commitments import an_obligation
from tests.factories.finance import a_report_due, an_award, an_expenditure, help_in_kind


def acts(cast, name):
    audit.acting(db.session(), cast.user(name).id, name.capitalize())


def states(year):
    return {each.name: each.state.value for each in year_end.checks(db.session(), year)}


def test_one_person_prepares_and_another_closes(cast):
    an_expenditure(cast.a)
    acts(cast, "clara")
    with pytest.raises(AppError, match="has not been prepared"):
        services.close_prepared(2019)
    services.prepare_year(2019)
    with pytest.raises(AppError, match="prepared the year cannot close it"):
        services.close_prepared(2019)
    acts(cast, "felix")
    row = services.close_prepared(2019)
    assert (row.prepared_by, row.closed_by, row.is_closed) == ("Clara", "Felix", True)


def test_what_a_year_still_needs(cast):
    award = an_award(cast.a, received_cents=5_000, ends_on=date(2019, 12, 31))
    assert set(states(2019).values()) == {"done", "warn"}
    assert states(2019)["ended"] == "warn"
    an_expenditure(cast.a, award, amount_cents=9_000, overdraft_reason="Late receipt")
    help_in_kind(cast.a, basis="-")
    found = states(2019)
    assert (found["overdrawn"], found["in_kind"], found["above"], found["sums"]) == (
        "warn",
        "warn",
        "note",
        "done",
    )
    an_expenditure(cast.a, an_award(cast.a), incurred_on=date(2018, 3, 1))
    assert states(2019)["earlier"] == "stop"


def test_reports_and_obligations_of_the_year_are_asked_for(cast):
    award = an_award(cast.a)
    assert (states(2019)["reports"], states(2019)["obligations"]) == ("done", "done")
    a_report_due(award, due_on=date(2019, 12, 31))
    an_obligation(cast.a, award, obligated_on=date(2018, 11, 2))
    assert (states(2019)["reports"], states(2019)["obligations"]) == ("warn", "warn")
    assert (states(2018)["reports"], states(2018)["obligations"]) == ("done", "done")


def test_the_pages_of_closing_and_of_opening_again(cast, as_person):
    an_expenditure(cast.a)
    db.session.commit()
    clara, felix, url = as_person("clara"), as_person("felix"), "/finance/years/2019"
    page = clara.page(url)
    assert "Brought forward" in page.text
    assert "Control sums are equal – in order" in page.text
    assert "$99,900.00" in page.text
    assert "99900.00" in clara.get(f"{url}?format=csv").text
    assert "a colleague closes it" in clara.submit(f"{url}/prepare").text
    assert "cannot close it" in clara.submit(f"{url}/close", 422, is_sure="y").text
    assert "by Felix" in felix.submit(f"{url}/close", is_sure="y").text
    clara.submit(f"{url}/reopen", 422, reason="")
    assert "Asked" in clara.submit(f"{url}/reopen", reason="The bank's fee was left out").text
    assert "cannot decide it" in clara.submit(f"{url}/reopen/agree", 422, is_sure="y").text
    page = felix.submit(f"{url}/reopen/agree", is_sure="y")
    assert "The bank's fee was left out" in page.text
    assert "agreed by Felix" in page.text
    assert not db.session.get(FiscalYear, 2019).is_closed
    entry = db.session.scalar(sa.select(AuditEntry).where(AuditEntry.action == "reopened"))
    assert (entry.actor_name, entry.reason) == ("Felix", "The bank's fee was left out")
    notes = [each.text for each in figures_of(db.session(), 2019).notes if each.kind == "reopened"]
    assert len(notes) == 1
    assert "The bank's fee was left out" in notes[0]


def test_a_year_whose_successor_is_closed_stays_closed(cast):
    closing.close_year(2018, by="Clara")
    closing.close_year(2019, by="Clara")
    with pytest.raises(AppError, match="2019 is closed too"):
        services.ask_reopening(2018, reason="A slip")


def test_what_was_asked_can_be_declined_and_the_trail_keeps_it(cast, as_person):
    closing.close_year(2019, by="Clara")
    db.session.commit()
    as_person("clara").submit("/finance/years/2019/reopen", reason="A slip")
    as_person("felix").submit("/finance/years/2019/reopen/decline")
    assert db.session.scalar(sa.select(sa.func.count()).select_from(YearReopening)) == 0
    actions = db.session.scalars(
        sa.select(AuditEntry.action).where(AuditEntry.object_type == "year_reopenings")
    )
    assert list(actions) == ["created", "deleted"]


def _writes(cast, award, general, line, movement, help_, load):
    day = date(2019, 5, 1)
    return {
        "an expenditure": lambda: an_expenditure(cast.a, award, incurred_on=day),
        "a reversal": lambda: ledger.reverse_expenditure(line, on=date(2019, 12, 1), reason="No"),
        "a receipt": lambda: movements.record_movement(
            award, kind=MovementKind.RECEIPT, moved_on=day, reference="X", amount_cents=1
        ),
        "a refund": lambda: movements.record_movement(
            award, kind=MovementKind.REFUND, moved_on=day, reference="X", amount_cents=1
        ),
        "a movement taken back": lambda: movements.reverse_movement(movement, on=day, reason="No"),
        "an allocation": lambda: awards.allocate(
            general, mission_id=cast.b.id, usd_cents=5, allocated_on=day, decision="Memo"
        ),
        "help in kind": lambda: help_in_kind(cast.a, given_on=day),
        "help in kind changed": lambda: in_kind.edit_in_kind(
            help_, donor=help_.donor, valued_cents=1, quantity=1, given_on=date(2020, 1, 1)
        ),
        "a load": lambda: ledger_intake.take(
            [Line(2, None, award.reference, 4, day, "V", "A", 5, "USD")], mission=cast.a, file_name="x"
        ),
        "a credit in a load": lambda: ledger_intake.take(
            [Line(2, None, award.reference, 4, day, "V", "A", -5, "USD")], mission=cast.a, file_name="x"
        ),
        "a load taken back": lambda: loads.reverse_load(load, reason="No"),
    }  # fmt: skip


WRITES = ("an expenditure", "a reversal", "a receipt", "a refund", "a movement taken back", "an allocation",
          "help in kind", "help in kind changed", "a load", "a credit in a load", "a load taken back")  # fmt: skip


def test_a_closed_year_refuses_every_write(cast):
    award, general = an_award(cast.a), an_award(None)
    line, help_ = an_expenditure(cast.a, award), help_in_kind(cast.a)
    movement = db.session.scalars(sa.select(AwardMovement).where(AwardMovement.award_id == award.id)).one()
    loaded = ledger_intake.take(
        [Line(2, None, award.reference, 4, date(2019, 6, 1), "V", "A", 5, "USD")],
        mission=cast.a,
        file_name="x",
    )
    closing.close_year(2019, by="Clara")
    writes = _writes(cast, award, general, line, movement, help_, loaded.load)
    assert set(writes) == set(WRITES)
    for name, write in writes.items():
        with pytest.raises(AppError) as refused:
            write()
        errors = refused.value.errors if isinstance(refused.value, InvalidFile) else [refused.value]
        words = " ".join(str(getattr(each, "expected", each)) for each in errors)
        assert "fiscal year 2019 was closed" in words, name


KINDS = st.sampled_from([*MovementKind, "spend", "reverse"])
STEPS = st.lists(
    st.tuples(KINDS, st.integers(1, 90_000), st.sampled_from([2018, 2019, 2020, 2021])), max_size=12
)


@given(STEPS)
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_one_year_carries_forward_the_next_brings(cast, steps):
    with db.session.begin_nested() as savepoint:
        award, booked = an_award(cast.a), []
        for number, (kind, cents, year) in enumerate(steps):
            _step(cast, award, kind, cents, date(year, 6, 1), number, booked)
        before: dict[int, int] = {}
        for year in range(2017, 2023):
            rows = {each.award.id: each for each in carried.carried(db.session(), year)}
            opening = {award_id: each.opening_cents for award_id, each in rows.items() if each.opening_cents}
            assert opening == before
            before = {award_id: each.closing_cents for award_id, each in rows.items() if each.closing_cents}
        savepoint.rollback()


def _step(cast, award, kind, cents, day, number, booked):
    try:
        if kind == "spend":
            booked.append(an_expenditure(cast.a, award, amount_cents=cents, incurred_on=day))
        elif kind == "reverse":
            if booked:
                ledger.reverse_expenditure(booked.pop(), on=day, reason="No")
        else:
            movements.record_movement(
                award, kind=kind, moved_on=day, reference=f"M{number}", amount_cents=cents
            )
    except AppError:
        pass
