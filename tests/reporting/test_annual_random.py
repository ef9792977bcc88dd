"""Random books: whatever is booked, reversed, moved, allocated and closed, every sum is the database's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from eom.core.errors import AppError
from eom.extensions import db
from eom.finance.models.award import AwardMovement, DonorKind, MovementKind
from eom.finance.models.ledger import Expenditure
from eom.finance.queries import kept
from eom.finance.services import awards, closing, donors, in_kind, ledger, movements
from eom.reporting.annual.controls import differences, paid_by_fund
from eom.reporting.annual.figures import AnnualFigures, canonical_json, snapshot_hash
from eom.reporting.annual.places import OF_MISSIONS, OF_SOURCES, Place, figure_at
from eom.reporting.annual.snapshot import figures_of_json
from eom.reporting.queries import annual_reports
from eom.reporting.queries.annual import figures_of
from eom.reporting.queries.trace import trace
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
        Act, st.sampled_from(["spend", "spend", "spend", "reverse", "take back", "allocate", "give", "close", *MovementKind]),
        DAYS, CENTS, PLACES, PLACES, st.integers(1, 9),
    ),
    max_size=40,
)  # fmt: skip
YEARS = (2018, 2019, 2020, 2021)


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(acts=ACTS)
def test_random_books_add_up(app, acts):
    with db.session.begin_nested() as point:
        _book(acts)
        for year in YEARS:
            _check(year)
        before = [snapshot_hash(_figures(year)) for year in YEARS]
        assert [snapshot_hash(_figures(year)) for year in YEARS] == before
        # Whatever was closed on the way, closing all of it changes no figure.
        for year in YEARS:
            if not annual_reports.is_closed(db.session(), year):
                closing.close_year(year, by="Clara")
        assert kept.differences(db.session()) == []
        assert [snapshot_hash(_figures(year)) for year in YEARS] == before
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
    elif act.what == "take back":
        moved = db.session.scalars(sa.select(AwardMovement).order_by(AwardMovement.id)).all()
        if moved:
            movements.reverse_movement(moved[act.cents % len(moved)], on=act.day, reason="Wrong")
    elif act.what == "close":
        closing.close_year(act.day.year, by="Clara")
    else:
        kind = MovementKind(act.what)
        # Some of a general award name the mission whose part of it moves.
        of_part = kind.may_name_a_mission and award.mission_id is None and act.number > 5
        movements.record_movement(
            award, kind=kind, moved_on=act.day, reference=f"M{number}", amount_cents=act.cents,
            mission_id=mission.id if of_part else None,
        )  # fmt: skip


def _figures(year: int) -> AnnualFigures:
    return figures_of(db.session(), year, as_of=date(2022, 3, 31))


def _check(year: int) -> None:
    figures = _figures(year)
    assert differences(figures) == []
    days = {"first": date(year, 1, 1), "last": date(year, 12, 31)}
    spent = "SELECT SUM(usd_cents + icr_cents) FROM expenditures WHERE incurred_on BETWEEN :first AND :last"
    whole = int(db.session.execute(sa.text(spent), days).scalar() or 0)
    assert whole == sum(mission.spent_cents for mission in figures.missions)
    assert whole == sum(source.spent_cents for source in figures.sources)
    assert whole == sum(cell.total_cents for cell in figures.matrix)
    assert whole == sum(sum(pair) for pair in paid_by_fund(figures).values())
    assert whole == sum(month.spent_cents for month in figures.months)
    assert whole == sum(part.spent_cents for part in figures.parts)
    by_object = [sum(m.spent_by_object_cents[n] for m in figures.missions) for n in range(9)]
    assert whole == sum(by_object) + sum(m.icr_cents for m in figures.missions)
    _check_parts(figures)
    _check_traces(figures)
    if year > YEARS[0]:
        before = _figures(year - 1)
        closed = {s.award: s.closing_cents for s in before.sources}
        assert all(s.opening_cents == closed.get(s.award, 0) for s in figures.sources)
        left = {m.code: m.closing_cents for m in before.missions}
        assert all(m.opening_cents == left.get(m.code, 0) for m in figures.missions)
    written = canonical_json(figures)
    assert figures_of_json(written) == figures
    assert canonical_json(figures_of_json(written)) == written


def _check_parts(figures: AnnualFigures) -> None:
    """Each part's own identity, and the parts of a mission are its row."""
    assert all(part.closing_cents == part.computed_closing_cents for part in figures.parts)
    for mission in figures.missions:
        own = [part for part in figures.parts if part.mission_code == mission.code]
        for name in ("opening", "exchange", "spent", "refunds", "closing"):
            assert sum(getattr(part, f"{name}_cents") for part in own) == getattr(mission, f"{name}_cents")
        allocated = mission.allocated_cash_cents + mission.allocated_regular_cents
        assert sum(part.allocated_cents for part in own) == allocated


def _check_traces(figures: AnnualFigures) -> None:
    """The totals of every column, and one part, are the sums of their lines."""
    places = [Place("sources", column) for column in OF_SOURCES] + [Place("missions", c) for c in OF_MISSIONS]
    places += [Place("missions", "closing", award=p.award, mission=p.mission_code) for p in figures.parts[:1]]
    for place in places:
        found = trace(db.session(), figures, place)
        assert found.sum_and_count(db.session())[0] == figure_at(figures, place), place
