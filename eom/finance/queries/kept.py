"""The sums of closed years, as they were kept and as the ledger has them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eom.finance.models.kept import KeptSum, KeptYear
from eom.finance.models.ledger import Expenditure


@dataclass(frozen=True)
class SpentInYear:
    """What an award paid on a mission in a fiscal year, ICR included (US cents).

    ``dated_cents`` counts only the lines that are dated up to the year's last day.
    """

    year: int
    mission_id: int
    award_id: int
    booked_cents: int
    dated_cents: int


@dataclass(frozen=True)
class Difference:
    """A kept sum that is not the ledger's (US cents)."""

    year: int
    mission_id: int
    award_id: int
    kept_cents: int
    ledger_cents: int


def sound_years(session: Session) -> set[int]:
    """The kept years whose sums are as many, and add up to what, was counted when they were kept.

    A year whose sums do not is read from the ledger as if nothing had been kept.
    """
    of, by = KeptYear, KeptSum
    found = (
        sa.select(of.year)
        .outerjoin(by, by.fiscal_year == of.year)
        .group_by(of.year, of.sum_count, of.line_count, of.booked_cents, of.dated_cents)
        .having(
            sa.func.count(by.id) == of.sum_count,
            sa.func.coalesce(sa.func.sum(by.line_count), 0) == of.line_count,
            sa.func.coalesce(sa.func.sum(by.booked_cents), 0) == of.booked_cents,
            sa.func.coalesce(sa.func.sum(by.dated_cents), 0) == of.dated_cents,
        )
    )
    return set(session.scalars(found))


def spent_before(
    session: Session, year: int, *, award_id: int | None = None, mission_id: int | None = None
) -> list[SpentInYear]:
    """What was spent in each fiscal year before ``year``: closed ones as kept, the others from the ledger.

    With an award or a mission, what it paid or cost alone.
    """
    kept, of = sound_years(session), KeptSum
    columns = (of.fiscal_year, of.mission_id, of.award_id, of.booked_cents, of.dated_cents)
    query = sa.select(*columns).where(of.fiscal_year < year, of.fiscal_year.in_(kept))
    query = query.where(*_only(of, award_id, mission_id))
    rows = [SpentInYear(*row) for row in session.execute(query)]
    years = open_years(session, year, kept)
    return rows + ledger_sums(session, years, award_id=award_id, mission_id=mission_id)


def _only(
    of: type[KeptSum | Expenditure], award_id: int | None, mission_id: int | None
) -> list[sa.ColumnElement[bool]]:
    award = [] if award_id is None else [of.award_id == award_id]
    return award if mission_id is None else [*award, of.mission_id == mission_id]


def open_years(session: Session, before: int, kept: Collection[int]) -> list[int]:
    """The fiscal years with lines before ``before`` whose sums are not kept; one step in the index a year."""
    of = Expenditure.fiscal_year
    steps = sa.select(sa.func.max(of).label("year")).where(of < before).cte("steps", recursive=True)
    # A correlated subquery, for a recursive term takes no aggregate.
    lower = sa.select(sa.func.max(of)).where(of < steps.c.year).correlate(steps).scalar_subquery()
    steps = steps.union_all(sa.select(lower).where(steps.c.year.is_not(None)))
    years = session.scalars(sa.select(steps.c.year).where(steps.c.year.is_not(None)))
    return [int(year) for year in years if year not in kept]


def ledger_sums(
    session: Session, years: Collection[int], *, award_id: int | None = None, mission_id: int | None = None
) -> list[SpentInYear]:
    """The same straight from the lines of some fiscal years."""
    if not years:
        return []
    of, cost = Expenditure, Expenditure.usd_cents + Expenditure.icr_cents
    key = (of.fiscal_year, of.mission_id, of.award_id)
    in_time = sa.or_(*((of.fiscal_year == year) & (of.incurred_on <= date(year, 12, 31)) for year in years))
    dated = sa.func.sum(sa.case((in_time, cost), else_=0))
    query = sa.select(*key, sa.func.sum(cost), dated).where(of.fiscal_year.in_(years)).group_by(*key)
    query = query.where(*_only(of, award_id, mission_id))
    return [SpentInYear(*map(int, row)) for row in session.execute(query)]


def differences(session: Session) -> list[Difference]:
    """Every kept sum that is not what the ledger says today; this reads all lines of all kept years."""
    years = list(session.scalars(sa.select(KeptYear.year)))
    of = KeptSum
    rows = session.execute(sa.select(of.fiscal_year, of.mission_id, of.award_id, of.booked_cents))
    kept = {(year, mission, award): int(cents) for year, mission, award, cents in rows}
    found = {(s.year, s.mission_id, s.award_id): s.booked_cents for s in ledger_sums(session, years)}
    return [
        Difference(year, mission, award, kept.get(key, 0), found.get(key, 0))
        for key in sorted(kept.keys() | found.keys())
        for year, mission, award in [key]
        if kept.get(key) != found.get(key)
    ]
