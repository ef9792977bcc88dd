"""Obligations, payments, entries that wait, re-charges and advances, read as an accountant would."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
import sqlalchemy as sa

from eom.core.errors import AppError, Conflict, InvalidInput, Refused
from eom.extensions import db
from eom.finance.models.award import AwardMovement, MovementKind
from eom.finance.models.entry import Charge, EntryStatus
from eom.finance.models.ledger import Expenditure
from eom.finance.queries import balances, budgets, commitments
from eom.finance.services import advances, approvals, booking, closing, ledger, obligations, recharges
from eom.finance.services.advances import Return
from eom.finance.services.recharges import Recharge
from tests.factories.commitments import (
    a_journey,
    a_per_diem,
    a_waiting_entry,
    acting,
    an_advance,
    an_entry,
    an_obligation,
    approved_budget,
)
from tests.factories.finance import a_rate, an_award, an_expenditure


def standing(obligation):
    now = commitments.standing(db.session(), obligation)
    return now.liquidated_cents, now.cancelled_cents, now.open_cents


def pay(mission, obligation, cents, **more):
    given = {"incurred_on": date(2019, 10, 20), "amount_cents": cents, "obligation_id": obligation.id}
    return booking.book(mission, an_entry(**(given | more)))


def test_an_obligation_is_liquidated_by_payments_and_the_rest_is_cancelled(cast):
    bound = an_obligation(cast.a)
    assert standing(bound) == (0, 0, 1000_00)
    line = pay(cast.a, bound, 600_00)
    assert (line.award_id, line.object_number) == (bound.award_id, bound.object_number)
    assert standing(bound) == (600_00, 0, 400_00)
    obligations.cancel(bound, on=date(2019, 11, 5), reason="Fewer flights")
    assert standing(bound) == (600_00, 400_00, 0)
    with pytest.raises(Refused, match="nothing open"):
        pay(cast.a, bound, 1)
    ledger.reverse_expenditure(line, on=date(2019, 11, 6), reason="Invoiced twice")
    assert standing(bound) == (0, 400_00, 600_00)


def test_a_final_payment_cancels_what_it_leaves_open(cast):
    bound = an_obligation(cast.a)
    pay(cast.a, bound, 950_00, is_final=True)
    assert standing(bound) == (950_00, 50_00, 0)


def test_a_payment_above_the_obligation_takes_the_rest_from_the_award(cast):
    award = an_award(cast.a, received_cents=1500_00)
    bound = an_obligation(cast.a, award)
    with pytest.raises(Refused, match="left for this mission"):
        pay(cast.a, bound, 1600_00)
    pay(cast.a, bound, 1200_00)
    assert standing(bound) == (1000_00, 0, 0)
    assert balances.award_balance(db.session(), award).available_cents == 300_00


def test_what_is_bound_cannot_be_spent_on_something_else(cast):
    award = an_award(cast.a, received_cents=1200_00, icr_percent=Decimal(10))
    bound = an_obligation(cast.a, award)
    with pytest.raises(Refused, match=r"100\.00 left"):
        booking.book(cast.a, an_entry(award, amount_cents=100_00))
    booking.book(cast.a, an_entry(award, amount_cents=90_00))
    pay(cast.a, bound, 1000_00)
    with pytest.raises(Refused):
        an_obligation(cast.a, award, amount_cents=1_00)


@pytest.mark.parametrize(
    ("wrong", "words", "field"),
    [
        ({"object_number": 0}, "1 to 9", "object_number"),
        ({"amount_cents": 0}, "above zero", "amount_cents"),
        ({"currency": "XYZ"}, "no currency", "currency"),
        ({"currency": "EUR"}, "no rate of EUR for September 2019", "currency"),
        ({"amount_cents": 10**9}, "is more than that", "amount_cents"),
        ({"obligated_on": date(2100, 1, 1)}, "lies ahead", "obligated_on"),
        ({"budget_code": "4.99"}, "no line 4.99", "budget_code"),
        ({"reference": "PO-A"}, "already", "reference"),
    ],
)
def test_what_cannot_be_bound_says_why_and_where(cast, wrong, words, field):
    an_obligation(cast.a, reference="PO-A")
    with pytest.raises(AppError) as refused:
        an_obligation(cast.a, **wrong)
    assert words in str(refused.value)
    assert refused.value.field == field


def test_an_obligation_can_be_paid_until_the_end_of_the_year_after(cast):
    award = an_award(cast.a)
    bound = an_obligation(cast.a, award, obligated_on=date(2019, 12, 30))
    with pytest.raises(InvalidInput, match="before its obligation"):
        pay(cast.a, bound, 1_00, incurred_on=date(2019, 12, 1))
    pay(cast.a, bound, 100_00, incurred_on=date(2020, 12, 31))
    with pytest.raises(Refused, match="could be paid until Dec 31, 2020"):
        pay(cast.a, bound, 100_00, incurred_on=date(2021, 1, 1))
    assert commitments.open_at(db.session(), date(2019, 12, 31)) == {cast.a.id: 1000_00}
    assert commitments.open_at(db.session(), date(2020, 12, 31)) == {cast.a.id: 900_00}
    assert commitments.open_at(db.session(), date(2019, 12, 29)) == {}


def test_the_exchange_difference_of_a_payment_is_shown_and_the_banks_is_booked(cast):
    a_rate("EUR", date(2019, 9, 1), "0.90")
    a_rate("EUR", date(2019, 10, 1), "0.80")
    award = an_award(cast.a)
    bound = an_obligation(cast.a, award, amount_cents=900_00, currency="EUR")
    assert bound.usd_cents == 1000_00
    with pytest.raises(InvalidInput, match="pay it in that currency"):
        pay(cast.a, bound, 1_00)
    line = pay(cast.a, bound, 900_00, currency="EUR", bank_usd_cents=1130_00)
    assert line.usd_cents == 1125_00
    assert commitments.standing(db.session(), bound).exchange_cents == -125_00
    moved = db.session.scalars(
        sa.select(AwardMovement).where(AwardMovement.reference == f"FX {line.id}")
    ).one()
    assert (moved.kind, moved.usd_cents) == (MovementKind.EXCHANGE_LOSS, 5_00)
    before = balances.award_balance(db.session(), award).available_cents
    assert before == 10_000_000 - 1130_00
    ledger.reverse_expenditure(line, on=date(2019, 11, 1), reason="Returned by the bank")
    assert balances.award_balance(db.session(), award).available_cents == 10_000_000
    assert standing(bound) == (0, 0, 1000_00)
    with pytest.raises(InvalidInput, match="too far"):
        pay(cast.a, bound, 900_00, currency="EUR", bank_usd_cents=2000_00)


def test_a_budget_line_is_not_exceeded_without_a_reason(cast):
    version = approved_budget(cast.a, (4, "Tickets", 500_00))
    code, award = version.lines[0].code, an_award(cast.a)
    booking.book(cast.a, an_entry(award, amount_cents=300_00, budget_code=code))
    an_obligation(cast.a, award, amount_cents=150_00, budget_code=code)
    with pytest.raises(Refused, match=r"Line 4\.01 of the budget, Tickets, has \$50\.00 left") as refused:
        booking.book(cast.a, an_entry(award, amount_cents=51_00, budget_code=code))
    assert refused.value.field == "amount_cents"
    with pytest.raises(Refused, match="has"):
        an_obligation(cast.a, award, amount_cents=51_00, budget_code=code)
    line = booking.book(cast.a, an_entry(award, amount_cents=51_00, budget_code=code, reason="The fare rose"))
    assert db.session.get(Charge, line.id).exceeds_line
    found = budgets.standings(db.session(), version)[0]
    assert (found.spent_cents, found.open_cents, found.left_cents) == (351_00, 150_00, -1_00)
    with pytest.raises(InvalidInput, match="is of object 4"):
        booking.book(cast.a, an_entry(award, object_number=8, budget_code=code))


def test_spending_follows_a_line_into_the_next_version(cast):
    code = approved_budget(cast.a, (4, "Tickets", 500_00)).lines[0].code
    line = booking.book(cast.a, an_entry(an_award(cast.a), amount_cents=300_00, budget_code=code))
    version = approved_budget(cast.a, (8, "Experts", 900_00))
    assert version.number == 2
    assert [(each.line.code, each.left_cents) for each in budgets.standings(db.session(), version)] == [
        ("4.01", 200_00), ("8.01", 900_00),
    ]  # fmt: skip
    ledger.reverse_expenditure(line, on=date(2019, 11, 1), reason="Twice")
    assert budgets.standings(db.session(), version)[0].left_cents == 500_00


def test_an_entry_above_the_limit_waits_and_is_booked_by_a_second_person(cast):
    award = an_award(cast.a)
    with acting(cast.user("clara")):
        waiting = a_waiting_entry(cast.a, award)
        assert db.session.scalar(sa.select(sa.func.count(Expenditure.id))) == 0
        with pytest.raises(Refused, match="cannot decide"):
            approvals.approve(waiting, cast.a)
    with pytest.raises(Refused, match="cannot decide"):
        approvals.approve(waiting, cast.a)
    with acting(cast.user("felix")):
        approvals.approve(waiting, cast.a)
    line = waiting.expenditure
    assert (line.usd_cents, line.recorded_by, waiting.decided_by) == (6000_00, "Clara", "Felix")
    with acting(cast.user("felix")), pytest.raises(Conflict, match="decided"):
        approvals.approve(waiting, cast.a)


def test_a_refused_entry_keeps_its_reason_and_books_nothing(cast):
    with acting(cast.user("clara")):
        waiting = a_waiting_entry(cast.a)
    with acting(cast.user("felix")):
        approvals.refuse(waiting, reason="No invoice")
    assert (waiting.status, waiting.reason) == (EntryStatus.REFUSED, "No invoice")
    assert db.session.scalar(sa.select(sa.func.count(Expenditure.id))) == 0


def test_an_approval_checks_the_books_as_they_are_then(cast):
    award = an_award(cast.a, received_cents=7000_00)
    with acting(cast.user("clara")):
        waiting = a_waiting_entry(cast.a, award)
    booking.book(cast.a, an_entry(award, amount_cents=2000_00))
    with acting(cast.user("felix")), pytest.raises(Refused, match="left for this mission"):
        approvals.approve(waiting, cast.a)
    assert waiting.is_waiting


def test_a_recharge_moves_an_expenditure_to_another_award_and_leaves_what_the_mission_spent(cast):
    first, second = an_award(cast.a), an_award(cast.a, icr_percent=Decimal(10))
    bound = an_obligation(cast.a, first)
    line = pay(cast.a, bound, 1000_00)
    made = recharges.recharge(
        cast.a, Recharge(line.id, second.id, date(2019, 11, 2), "Canada agreed to pay the flights")
    )
    assert (made.usd_cents, made.icr_cents, made.award_id, made.rate) == (
        1000_00,
        100_00,
        second.id,
        line.rate,
    )
    assert db.session.get(Charge, made.id).recharges_id == line.id
    assert db.session.scalar(sa.select(sa.func.sum(Expenditure.usd_cents))) == 1000_00
    assert balances.award_balance(db.session(), first).available_cents == 10_000_000
    assert standing(bound) == (1000_00, 0, 0)
    with pytest.raises(Conflict, match="reversed already"):
        recharges.recharge(cast.a, Recharge(line.id, second.id, date(2019, 11, 3), "again"))
    ledger.reverse_expenditure(made, on=date(2019, 11, 4), reason="Not flown")
    assert standing(bound) == (0, 0, 1000_00)


@pytest.mark.parametrize(
    ("what", "words"), [("same", "already"), ("strange", "does not pay"), ("poor", "more than that")]
)
def test_what_cannot_be_recharged_is_refused(cast, what, words):
    first = an_award(cast.a)
    line = an_expenditure(cast.a, first)
    other = {"same": lambda: first, "strange": lambda: an_award(cast.b),
             "poor": lambda: an_award(cast.a, received_cents=1_00)}[what]()  # fmt: skip
    with pytest.raises(Refused, match=words):
        recharges.recharge(cast.a, Recharge(line.id, other.id, date(2019, 11, 2), "why"))


def test_an_advance_is_owed_until_it_is_settled_and_only_then_an_expenditure(cast):
    award = an_award(cast.a)
    advance = an_advance(cast.a, award)
    assert (advance.per_diem_cents, advance.usd_cents) == (1050_00, 1100_00)
    assert commitments.owed(db.session(), advance) == 1100_00
    assert balances.award_balance(db.session(), award).available_cents == 10_000_000
    made = advances.settle(cast.a, Return(advance.id, date(2019, 10, 25), "SET-1", Decimal("4.5"), 30_00))
    assert (made.spent_cents, made.balance_cents) == (975_00, 125_00)
    assert commitments.owed(db.session(), advance) == 0
    assert balances.award_balance(db.session(), award).available_cents == 10_000_000 - 975_00
    with pytest.raises(Refused, match="is settled"):
        advances.settle(cast.a, Return(advance.id, date(2019, 10, 25), "SET-2", Decimal(1)))
    ledger.reverse_expenditure(made.expenditure, on=date(2019, 10, 30), reason="Wrong days")
    assert commitments.owed(db.session(), advance) == 1100_00
    more = advances.settle(cast.a, Return(advance.id, date(2019, 10, 31), "SET-3", Decimal(6), 50_00))
    assert more.balance_cents == -210_00
    assert commitments.owed(db.session(), advance) == 0


def test_an_advance_that_is_returned_whole_is_no_expenditure(cast):
    advance = an_advance(cast.a)
    made = advances.settle(cast.a, Return(advance.id, date(2019, 10, 25), "SET-1", Decimal(0)))
    assert (made.expenditure_id, made.balance_cents) == (None, 1100_00)
    assert commitments.owed(db.session(), advance) == 0


def test_the_per_diem_is_the_places_on_the_day(cast):
    old = a_per_diem("Sucre", 100_00, date(2019, 1, 1))
    a_per_diem("Sucre", 120_00, date(2019, 10, 1))
    award = an_award(cast.a)
    first = an_advance(cast.a, award, per_diem_rate_id=old.id, paid_on=date(2019, 9, 30))
    later = an_advance(cast.a, award, per_diem_rate_id=old.id, paid_on=date(2019, 10, 1))
    assert (first.rate_cents, later.rate_cents) == (100_00, 120_00)
    with pytest.raises(InvalidInput, match="no per diem rate of Sucre, Bolivia"):
        an_advance(cast.a, award, per_diem_rate_id=old.id, paid_on=date(2018, 12, 31))
    with pytest.raises(Refused, match="stays as it is"):
        a_per_diem("Sucre", 90_00, date(2019, 1, 1))
    with pytest.raises(InvalidInput, match="whole or half"):
        an_advance(cast.a, award, days=Decimal("1.3"))


def test_a_large_advance_and_its_settlement_wait_too(cast):
    award = an_award(cast.a)
    with acting(cast.user("clara")):
        waiting = approvals.enter_advance(
            cast.a, a_journey(cast.a, award, days=Decimal(30)), limit_cents=5000_00
        )
    with acting(cast.user("felix")):
        approvals.approve(waiting, cast.a)
        asked = Return(waiting.advance_id, date(2019, 10, 30), "SET-1", Decimal(30))
        settled = approvals.enter_settlement(cast.a, asked, limit_cents=5000_00)
    with acting(cast.user("clara")):
        approvals.approve(settled, cast.a)
    assert settled.expenditure.usd_cents == 6300_00
    moved = approvals.enter_recharge(
        cast.a,
        Recharge(settled.expenditure_id, an_award(cast.a).id, date(2019, 11, 1), "why"),
        limit_cents=5000_00,
    )
    with acting(cast.user("felix")):
        approvals.approve(moved, cast.a)
    assert db.session.get(Charge, moved.expenditure_id).recharges_id == settled.expenditure_id


def test_a_closed_year_takes_no_obligation_no_cancellation_and_no_advance(cast):
    award = an_award(cast.a)
    bound = an_obligation(cast.a, award)
    journey = a_journey(cast.a, award)
    closing.close_year(2019, by="Clara")
    with pytest.raises(Refused, match="2019 was closed"):
        an_obligation(cast.a, award)
    with pytest.raises(Refused, match="2019 was closed"):
        obligations.cancel(bound, on=date(2019, 12, 1), reason="late")
    with pytest.raises(Refused, match="2019 was closed"):
        advances.give(cast.a, journey)


CHANGES = {
    "obligations": "payee = 'x'", "obligation_settlements": "usd_cents = 1", "advances": "voucher = 'x'",
    "advance_settlements": "other_cents = 1", "charges": "advance_id = NULL",
}  # fmt: skip


@pytest.mark.parametrize("table", CHANGES)
def test_the_database_itself_keeps_what_was_booked(cast, table):
    award = an_award(cast.a)
    pay(cast.a, an_obligation(cast.a, award), 1_00)
    advance = an_advance(cast.a, award)
    advances.settle(cast.a, Return(advance.id, date(2019, 10, 25), "S", Decimal(1)))
    db.session.flush()
    with pytest.raises(sa.exc.DBAPIError, match="never changed"):
        db.session.execute(sa.text(f"UPDATE {table} SET {CHANGES[table]}"))
