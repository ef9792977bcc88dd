"""The ledger's rules, read as an accountant would."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from eom.core.errors import AppError, Conflict, InvalidInput, Refused
from eom.extensions import db
from eom.finance.models.ledger import Expenditure, LedgerIsFinal
from eom.finance.queries import balances
from eom.finance.services import awards, budgets, closing, ledger
from tests.factories.commitments import approved_budget
from tests.factories.finance import a_rate, an_award, an_expenditure


def test_dollars_follow_the_months_rate_and_indirect_costs_the_award(cast):
    a_rate("BOB", date(2019, 10, 1), "6.86")
    award = an_award(cast.a, icr_percent=Decimal("11"))
    line = an_expenditure(cast.a, award, amount_cents=686_000, currency="BOB")
    assert (line.rate, line.usd_cents, line.icr_cents, line.fiscal_year) == (
        Decimal("6.86"),
        100_000,
        11_000,
        2019,
    )
    assert balances.award_balance(db.session(), award).available_cents == 10_000_000 - 111_000


# What is asked for, what the refusal says, on which field.
REFUSALS = [
    ({"object_number": 10}, "1 to 9", "object_number"),
    ({"currency": "XYZ"}, "no currency", "currency"),
    ({"currency": "EUR"}, "no rate of EUR for October 2019", "currency"),
    ({"amount_cents": 0}, "above zero", "amount_cents"),
    ({"amount_cents": -5}, "reverse it", "amount_cents"),
    ({"amount_cents": 10_000_001}, "is more than that", "amount_cents"),
]


@pytest.mark.parametrize(("wrong", "words", "field"), REFUSALS)
def test_each_rule_says_what_is_wrong_and_where(cast, wrong, words, field):
    award = an_award(cast.a)
    with pytest.raises(AppError) as refused:
        an_expenditure(cast.a, award, **wrong)
    assert words in str(refused.value)
    assert refused.value.field == field


def test_an_award_pays_for_its_own_mission_only(cast):
    with pytest.raises(Refused, match="does not pay for this mission"):
        an_expenditure(cast.a, an_award(cast.b))


def test_a_general_award_pays_what_was_allocated(cast):
    award = an_award()
    with pytest.raises(Refused, match="does not pay"):
        an_expenditure(cast.a, award)
    awards.allocate(
        award, mission_id=cast.a.id, usd_cents=150_00, allocated_on=date(2019, 2, 1), decision="D1"
    )
    an_expenditure(cast.a, award)
    with pytest.raises(Refused, match="50.00 left"):
        an_expenditure(cast.a, award)


def test_an_overdraft_is_recorded_only_when_asked_and_marked(cast):
    award = an_award(cast.a, received_cents=50_00)
    line = an_expenditure(cast.a, award, overdraft_reason="Late receipt")
    assert line.is_overdrawn


def test_a_closed_year_takes_nothing(cast):
    line = an_expenditure(cast.a)
    closing.close_year(2019, by="Clara")
    with pytest.raises(Refused, match="2019 was closed"):
        an_expenditure(cast.a, line.award)
    with pytest.raises(Refused, match="2019 was closed"):
        ledger.reverse_expenditure(line, on=date(2019, 12, 1), reason="late")
    assert ledger.reverse_expenditure(line, on=date(2020, 1, 15), reason="late").fiscal_year == 2020


def test_a_reversal_takes_back_every_cent_at_the_first_rate(cast):
    a_rate("BOB", date(2019, 10, 1), "6.86")
    a_rate("BOB", date(2019, 11, 1), "7.10")
    award = an_award(cast.a, icr_percent=Decimal("11.5"))
    line = an_expenditure(cast.a, award, amount_cents=123_45, currency="BOB")
    back = ledger.reverse_expenditure(line, on=date(2019, 11, 3), reason="wrong award")
    assert (back.amount_cents, back.usd_cents, back.icr_cents) == (
        -line.amount_cents,
        -line.usd_cents,
        -line.icr_cents,
    )
    assert back.reverses_id == line.id
    assert balances.award_balance(db.session(), award).available_cents == 10_000_000
    with pytest.raises(Conflict, match="reversed already"):
        ledger.reverse_expenditure(line, on=date(2019, 11, 4), reason="again")
    with pytest.raises(Refused, match="reversal itself"):
        ledger.reverse_expenditure(back, on=date(2019, 11, 4), reason="again")
    with pytest.raises(InvalidInput, match="before the expenditure"):
        ledger.reverse_expenditure(an_expenditure(cast.a, award), on=date(2019, 10, 1), reason="early")


def test_the_session_refuses_to_change_or_delete_a_line(cast):
    line = an_expenditure(cast.a)
    with pytest.raises(LedgerIsFinal), db.session.begin_nested():
        line.payee = "Another"
        db.session.flush()
    db.session.expire(line)
    with pytest.raises(LedgerIsFinal), db.session.begin_nested():
        db.session.delete(line)
        db.session.flush()
    db.session.expunge(line)
    with pytest.raises(LedgerIsFinal):
        db.session.execute(sa.update(Expenditure).values(payee="x"))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE expenditures SET payee = 'x'", "DELETE FROM expenditures",
        "UPDATE award_movements SET usd_cents = 1", "DELETE FROM award_movements",
    ],
)  # fmt: skip
def test_the_database_itself_refuses(cast, statement):
    an_expenditure(cast.a)
    with pytest.raises(sa.exc.DBAPIError, match="never changed or deleted"), db.session.begin_nested():
        db.session.connection().exec_driver_sql(statement)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Expenditure)) == 1


def test_a_budget_stands_against_spending_by_object(cast):
    approved_budget(cast.a, (4, "Tickets", 500_00))
    an_expenditure(cast.a)
    lines = {each.object_number: each for each in balances.budget_against_spending(db.session(), cast.a.id)}
    assert (lines[4].budget_cents, lines[4].spent_cents, lines[4].left_cents) == (500_00, 100_00, 400_00)
    with pytest.raises(Conflict):
        budgets.plan_line(cast.a, object_number=4, description="Tickets", usd_cents=1)
    with pytest.raises(InvalidInput):
        budgets.plan_line(cast.a, object_number=0, description="x", usd_cents=1)


@given(
    amounts=st.lists(st.integers(1, 2_000_000), min_size=1, max_size=8),
    units=st.decimals("0.01", "999", places=4),
)
@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_lines_and_their_reversals_always_leave_the_award_as_it_was(cast, amounts, units):
    nested = db.session.begin_nested()
    a_rate("BOB", date(2019, 10, 1), str(units))
    award = an_award(cast.a, received_cents=10**12, icr_percent=Decimal("11.25"))
    try:
        for amount in amounts:
            line = an_expenditure(cast.a, award, amount_cents=amount, currency="BOB")
            ledger.reverse_expenditure(line, on=date(2019, 10, 21), reason="x")
    except InvalidInput:
        pass
    assert balances.award_balance(db.session(), award).available_cents == 10**12
    nested.rollback()
