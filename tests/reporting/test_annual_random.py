"""Random books: whatever is booked, every control holds and every sum is the database's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from eom.core.errors import AppError
from eom.extensions import db
from eom.finance.models.award import DonorKind, MovementKind
from eom.finance.models.ledger import Expenditure
from eom.finance.services import awards, donors, in_kind, ledger, movements
from eom.reporting.annual.controls import differences, paid_by_fund
from eom.reporting.annual.figures import canonical_json
from eom.reporting.annual.snapshot import figures_of_json
from eom.reporting.queries.annual import figures_of
from tests.factories.missions import make_mission

DAYS = st.integers(0, 3 * 365 - 1).map(lambda n: date(2018, 1, 1) + timedelta(n))
CENTS = st.integers(1, 10**7)
PLACES = st.integers(0, 3)


@dataclass(frozen=True)
class Act:
    """One thing that finance does; ``what`` says which of them."""

    what: str
    day: date
    cents: int
    award: int
    mission: int
    number: int


ACTS = st.lists(
    st.builds(
        Act, st.sampled_from(["spend", "spend", "spend", "reverse", "allocate", "give", *MovementKind]), DAYS, CENTS,
        PLACES, PLACES, st.integers(1, 9),
    ),
    max_size=30,
)  # fmt: skip


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(acts=ACTS)
def test_random_books_add_up(app, acts):
    with db.session.begin_nested() as point:
        _book(acts)
        for year in (2018, 2019, 2020, 2021):
            _check(year)
        point.rollback()


def _book(acts: list[Act]) -> None:
    missions = [make_mission(f"ECU-201{n}") for n in range(4)]
    given_by = [
        donors.register_donor(name=f"D{n}", kind=kind)
        for n, kind in enumerate((DonorKind.REGULAR_FUND, DonorKind.ORGANISATION, DonorKind.OTHER, DonorKind.OTHER))
    ]  # fmt: skip
    made = [
        awards.record_award(
            reference=f"A{n}", donor=donor, title="Award", agreed_cents=10**9,
            mission_id=missions[3].id if n == 3 else None, icr_percent=Decimal("11.5") * (n > 1),
        )
        for n, donor in enumerate(given_by)
    ]  # fmt: skip
    for number, act in enumerate(acts):
        try:
            _do(act, number, missions, made, given_by)
        except AppError:
            continue  # a rule of the books said no: that is no line


def _do(act: Act, number: int, missions, made, given_by) -> None:
    award, mission = made[act.award], missions[act.mission]
    if act.what == "spend":
        ledger.record_expenditure(
            mission, award=award, object_number=act.number, incurred_on=act.day, voucher=str(number),
            payee="Someone", amount_cents=act.cents, overdraft_reason="Late receipt" if act.number == 9 else None,
        )  # fmt: skip
    elif act.what == "reverse":
        lines = db.session.scalars(sa.select(Expenditure).order_by(Expenditure.id)).all()
        if lines:
            ledger.reverse_expenditure(lines[act.cents % len(lines)], on=act.day, reason="Wrong")
    elif act.what == "allocate":
        awards.allocate(
            award, mission_id=mission.id, usd_cents=act.cents * (-1 if act.number > 6 else 1),
            allocated_on=act.day, decision="Decision",
        )  # fmt: skip
    elif act.what == "give":
        in_kind.record_in_kind(
            given_by[act.award], mission_id=mission.id, description="Help", valued_cents=act.cents, basis="Price",
            given_on=act.day, quantity=Decimal(1),
        )  # fmt: skip
    else:
        kind = MovementKind(act.what)
        movements.record_movement(
            award, kind=kind, moved_on=act.day, reference=f"M{number}", amount_cents=act.cents
        )


def _check(year: int) -> None:
    figures = figures_of(db.session(), year)
    assert differences(figures) == []
    days = {"first": date(year, 1, 1), "last": date(year, 12, 31)}
    spent = "SELECT SUM(usd_cents + icr_cents) FROM expenditures WHERE incurred_on BETWEEN :first AND :last"
    whole = int(db.session.execute(sa.text(spent), days).scalar() or 0)
    assert whole == sum(mission.spent_cents for mission in figures.missions)
    assert whole == sum(source.spent_cents for source in figures.sources)
    assert whole == sum(cell.total_cents for cell in figures.matrix)
    assert whole == sum(sum(pair) for pair in paid_by_fund(figures).values())
    if year > 2018:
        before = {s.award: s.closing_cents for s in figures_of(db.session(), year - 1).sources}
        assert all(s.opening_cents == before.get(s.award, 0) for s in figures.sources)
    written = canonical_json(figures)
    assert figures_of_json(written) == figures
    assert canonical_json(figures_of_json(written)) == written
