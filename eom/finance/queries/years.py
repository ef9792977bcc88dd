"""Fiscal years with what their books hold (US cents)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eom.core.i18n import lazy
from eom.finance.models.award import AwardMovement, InKindContribution, MovementKind
from eom.finance.models.ledger import Expenditure
from eom.finance.models.period import FiscalYear

# The Organization is of 1948; a year beyond the last is a slip of the pen.
FIRST, LAST = 1948, 2200

year_given = sa.cast(sa.extract("year", InKindContribution.given_on), sa.Integer)


@dataclass(frozen=True)
class Books:
    """A fiscal year and what was booked in it."""

    year: int
    closed_on: date | None = None
    closed_by: str | None = None
    prepared_on: date | None = None
    prepared_by: str | None = None
    prepared_by_id: int | None = None
    received_cents: int = 0
    spent_cents: int = 0
    icr_cents: int = 0
    expenditure_count: int = 0
    in_kind_cents: int = 0

    @property
    def is_closed(self) -> bool:
        """Whether it takes no more lines."""
        return self.closed_on is not None

    @property
    def state(self) -> Any:
        """Whether it takes lines, in words."""
        return lazy("Closed") if self.is_closed else lazy("Open")


def years(session: Session) -> list[Books]:
    """Every year from the first with a line (or a closing) to the last, the latest first."""
    spans = (Expenditure.fiscal_year, AwardMovement.fiscal_year, FiscalYear.year, year_given)
    ends = [session.execute(sa.select(sa.func.min(each), sa.func.max(each))).one() for each in spans]
    known = [int(end) for pair in ends for end in pair if end is not None]
    if not known:
        return []
    found = _books(session)
    return [found.get(year) or Books(year) for year in range(max(known), min(known) - 1, -1)]


def year(session: Session, number: int) -> Books:
    """One year's books."""
    return _books(session, number).get(number) or Books(number)


def first_open_year(session: Session, *, before: int) -> int | None:
    """The earliest year before another that holds cash lines and is still open."""
    closed = set(session.scalars(sa.select(FiscalYear.year).where(FiscalYear.closed_on.is_not(None))))
    firsts = [
        session.scalar(sa.select(sa.func.min(model.fiscal_year)).where(model.fiscal_year.not_in(closed)))
        for model in (Expenditure, AwardMovement)
    ]
    first = min((int(each) for each in firsts if each is not None), default=before)
    return first if first < before else None


def in_kind_of(session: Session, number: int) -> int:
    """Help in kind given in a year (US cents)."""
    total = sa.select(sa.func.coalesce(sa.func.sum(InKindContribution.valued_cents), 0))
    given = InKindContribution.given_on.between(date(number, 1, 1), date(number, 12, 31))
    return int(session.scalar(total.where(given)) or 0)


def _books(session: Session, only: int | None = None) -> dict[int, Books]:
    """The books by year, in four aggregates; with ``only``, of that year."""
    found: dict[int, dict[str, Any]] = {}
    for query, column in _sums():
        rows = session.execute(query if only is None else query.where(column == only))
        for row in rows.mappings():
            found.setdefault(int(row["year"]), {}).update({k: v for k, v in row.items() if k != "year"})
    return {year: Books(year, **_plain(values)) for year, values in found.items()}


def _sums() -> list[tuple[Any, Any]]:
    spent, moved = Expenditure.fiscal_year, AwardMovement.fiscal_year
    return [
        (
            sa.select(
                spent.label("year"),
                sa.func.sum(Expenditure.usd_cents).label("spent_cents"),
                sa.func.sum(Expenditure.icr_cents).label("icr_cents"),
                sa.func.count().label("expenditure_count"),
            ).group_by(spent),
            spent,
        ),
        (
            sa.select(moved.label("year"), sa.func.sum(AwardMovement.usd_cents).label("received_cents"))
            .where(AwardMovement.kind == MovementKind.RECEIPT)
            .group_by(moved),
            moved,
        ),
        (
            sa.select(
                year_given.label("year"), sa.func.sum(InKindContribution.valued_cents).label("in_kind_cents")
            ).group_by(year_given),
            year_given,
        ),
        (_closings(), FiscalYear.year),
    ]


def _closings() -> Any:
    of = FiscalYear
    return sa.select(of.year, of.closed_on, of.closed_by, of.prepared_on, of.prepared_by, of.prepared_by_id)


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    """Sums are Decimals on PostgreSQL."""
    return {k: int(v) if k.endswith(("_cents", "_count")) else v for k, v in values.items()}
