"""What is left of an award, told as an account: lines in, balances out."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from eom.core.errors import AppError, InvalidInput, Refused
from eom.extensions import db
from eom.finance.models.award import MovementKind as Kind
from eom.finance.queries import awards as reading
from eom.finance.queries import balances
from eom.finance.queries.standing import Standing
from eom.finance.services import awards, ledger, movements
from tests.factories.finance import a_rate, an_award, an_expenditure

DAY = date(2019, 10, 20)


def allocate(award, mission, dollars, on=date(2019, 2, 1)):
    return awards.allocate(
        award, mission_id=mission.id, usd_cents=dollars * 100, allocated_on=on, decision="D"
    )


def move(award, kind, dollars, mission=None, **more):
    moved = {"moved_on": DAY, "reference": f"{kind.value} {dollars}", "amount_cents": dollars * 100} | more
    return movements.record_movement(award, kind=kind, mission_id=mission and mission.id, **moved)


def available(award) -> int:
    return balances.award_balance(db.session(), award).available_cents // 100


def left(award, mission) -> int:
    return Standing(db.session()).left(award, mission.id) // 100


def parts(award) -> dict[str, int]:
    return {part.mission.code: part.left_cents // 100 for part in reading.parts_of(db.session(), award)}


def test_an_earmarked_award_line_by_line(cast):
    award = an_award(cast.a, received_cents=1_000_00, icr_percent=Decimal(10))
    account = [
        (lambda: move(award, Kind.INTEREST, 50), 1_050),
        (lambda: an_expenditure(cast.a, award, amount_cents=100_00), 940),
        (lambda: move(award, Kind.TRANSFER_OUT, 40), 900),
        (lambda: move(award, Kind.EXCHANGE_LOSS, 5), 895),
        (lambda: move(award, Kind.EXCHANGE_GAIN, 1), 896),
        (lambda: move(award, Kind.TRANSFER_IN, 4), 900),
        (lambda: move(award, Kind.REFUND, 100), 800),
    ]
    for line, expected in account:
        line()
        assert available(award) == expected == left(award, cast.a)


def test_a_general_award_has_a_part_for_each_mission(cast):
    award = an_award(received_cents=1_000_00)
    allocate(award, cast.a, 300)
    allocate(award, cast.b, 200)
    an_expenditure(cast.a, award, amount_cents=120_00)
    assert parts(award) == {"BOL-2019": 180, "PER-2021": 200}
    assert (available(award), left(award, cast.a), left(award, cast.b)) == (880, 180, 200)


def test_a_refund_of_a_missions_part_leaves_the_others_alone(cast):
    award = an_award(received_cents=1_000_00)
    allocate(award, cast.a, 300)
    allocate(award, cast.b, 200)
    refund = move(award, Kind.REFUND, 250, cast.a)
    move(award, Kind.EXCHANGE_LOSS, 10, cast.b)
    assert parts(award) == {"BOL-2019": 50, "PER-2021": 190}
    with pytest.raises(Refused, match="holds \\$50.00"):
        move(award, Kind.REFUND, 51, cast.a)
    with pytest.raises(Refused, match="50.00 left"):
        an_expenditure(cast.a, award, amount_cents=50_01)
    back = movements.reverse_movement(refund, on=DAY, reason="Sent twice")
    assert back.mission_id == cast.a.id
    assert parts(award) == {"BOL-2019": 300, "PER-2021": 190}


def test_what_comes_in_is_a_missions_by_allocation_only(cast):
    award = an_award(received_cents=1_000_00)
    with pytest.raises(InvalidInput, match="by allocation"):
        move(award, Kind.RECEIPT, 10, cast.a)
    with pytest.raises(Refused, match="does not pay for this mission") as refused:
        move(award, Kind.REFUND, 10, cast.a)
    assert refused.value.field == "mission_id"
    with pytest.raises(Refused, match="does not pay"):
        move(an_award(cast.a), Kind.REFUND, 10, cast.b)


def test_a_part_that_was_allocated_is_not_money_that_came_in(cast):
    """Allocated up to what was agreed, spent only up to what was received."""
    award = an_award(received_cents=100_00, agreed_cents=1_000_00)
    allocate(award, cast.a, 900)
    assert left(award, cast.a) == 100
    with pytest.raises(Refused, match="100.00 left"):
        an_expenditure(cast.a, award, amount_cents=100_01)


def test_many_lines_are_checked_against_each_other(cast):
    award = an_award(cast.a, received_cents=250_00)
    standing = Standing(db.session())
    line = {
        "award": award,
        "object_number": 4,
        "incurred_on": DAY,
        "voucher": "V",
        "payee": "P",
        "amount_cents": 100_00,
    }
    made = [ledger.checked(standing, cast.a, **line) for _each in range(2)]
    with pytest.raises(Refused, match="50.00 left"):
        ledger.checked(standing, cast.a, **line)
    assert [row.id for row in made] == [None, None]
    assert available(award) == 250


LINES = st.lists(
    st.tuples(
        st.sampled_from(["spend", "refund", "gain", "give", "interest"]),
        st.sampled_from("ab"),
        st.integers(1, 400),
    ),
    max_size=12,
)


@given(lines=LINES, units=st.decimals("0.5", "40", places=3), percent=st.decimals("0", "20", places=2))
@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_whatever_is_done_no_part_and_no_award_goes_below_zero(cast, lines, units, percent):
    trial = db.session.begin_nested()
    a_rate("BOB", date(2019, 10, 1), str(units))
    award = an_award(received_cents=1_000_00, icr_percent=percent)
    missions, numbers = {"a": cast.a, "b": cast.b}, count()
    acts = {
        "spend": lambda m, n: an_expenditure(m, award, amount_cents=n * 100, currency="BOB"),
        "refund": lambda m, n: move(award, Kind.REFUND, n, m, reference=f"{next(numbers)}"),
        "gain": lambda m, n: move(award, Kind.EXCHANGE_GAIN, n, m, reference=f"{next(numbers)}"),
        "give": lambda m, n: allocate(award, m, n),
        "interest": lambda _m, n: move(award, Kind.INTEREST, n, reference=f"{next(numbers)}"),
    }
    for what, where, amount in lines:
        try:
            acts[what](missions[where], amount)
        except AppError:
            continue
        account = reading.account(db.session(), award)
        assert account.available_cents == balances.award_balance(db.session(), award).available_cents >= 0
        for part in reading.parts_of(db.session(), award):
            given_, spent = balances.allocated_and_spent(db.session(), award.id, part.mission.id)
            assert given_ - spent == part.left_cents >= 0
    trial.rollback()
