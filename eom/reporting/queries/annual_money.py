"""The year's money, added up by the database: a few aggregates, however many lines there are.

What is held against each other is added up apart: opening balances by fiscal year, closing balances
and last year's by the day of each line; the ledger's sums without any grouping. Of closed years the sums
that were kept are read (``eom/finance/models/kept.py``), so time follows the year's lines.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eom.finance.models.award import Allocation, AwardMovement, MovementKind
from eom.finance.models.ledger import Expenditure
from eom.finance.queries.balances import signed_movement
from eom.finance.queries.kept import SpentInYear
from eom.reporting.annual.figures import LedgerFigures


@dataclass(frozen=True)
class Year:
    """A fiscal year: 1 January to 31 December."""

    number: int

    @property
    def first(self) -> date:
        """Its first day."""
        return date(self.number, 1, 1)

    @property
    def last(self) -> date:
        """Its last day."""
        return date(self.number, 12, 31)


@dataclass(frozen=True)
class Moved:
    """What moved in an award, for a mission or (``mission_id`` None) for the award as a whole; US cents.

    ``opening_cents`` goes by fiscal year, ``carried_cents`` and ``closing_cents`` by the day: all three
    have the sign of the kind; ``in_year_cents`` has none.
    """

    award_id: int
    mission_id: int | None
    kind: MovementKind
    opening_cents: int
    carried_cents: int
    closing_cents: int
    in_year_cents: int
    line_count: int


@dataclass(frozen=True)
class Spent:
    """What an award paid on a mission before and up to the end of the year, ICR included (US cents).

    ``before_cents`` goes by fiscal year, the others by the day; several rows of one pair add up.
    """

    award_id: int
    mission_id: int
    before_cents: int
    carried_cents: int
    closing_cents: int


@dataclass(frozen=True)
class Cell:
    """What an award paid on a mission for an object in the year (US cents)."""

    award_id: int
    mission_id: int
    object_number: int
    direct_cents: int
    icr_cents: int


@dataclass(frozen=True)
class Month:
    """What was spent on a mission in a month (US cents)."""

    mission_id: int
    month: int
    direct_cents: int
    icr_cents: int


@dataclass(frozen=True)
class Given:
    """What a general award gave to a mission before the year and in it (US cents)."""

    award_id: int
    mission_id: int
    before_cents: int
    in_year_cents: int


def movements(session: Session, year: Year) -> list[Moved]:
    """Movements by award, mission and kind."""
    of, mission = AwardMovement, getattr(AwardMovement, "mission_id", sa.null())
    query = sa.select(
        of.award_id, mission.label("moved_for"), of.kind,
        _sum_if(of.fiscal_year < year.number, signed_movement()),
        _sum_if(of.moved_on < year.first, signed_movement()),
        _sum_if(of.moved_on <= year.last, signed_movement()),
        _sum_if(of.fiscal_year == year.number, of.usd_cents),
        _sum_if(of.fiscal_year == year.number, 1),
    ).group_by(of.award_id, sa.text("moved_for"), of.kind)  # fmt: skip
    return [Moved(*row[:3], *map(int, row[3:])) for row in session.execute(query)]


def spending(session: Session, year: Year, earlier: list[SpentInYear]) -> list[Spent]:
    """What was spent up to the end of the year by award and mission: earlier years' sums, this year's lines."""
    before = [Spent(s.award_id, s.mission_id, s.booked_cents, s.dated_cents, s.dated_cents) for s in earlier]
    of, cost = Expenditure, Expenditure.usd_cents + Expenditure.icr_cents
    query = (
        sa.select(
            of.award_id, of.mission_id, _sum_if(of.incurred_on < year.first, cost),
            _sum_if(of.incurred_on <= year.last, cost),
        )
        .where(of.fiscal_year == year.number)
        .group_by(of.mission_id, of.award_id)
    )  # fmt: skip
    rows = session.execute(query)
    return before + [
        Spent(award, mission, 0, int(early), int(whole)) for award, mission, early, whole in rows
    ]


def months(session: Session, year: Year) -> list[Month]:
    """What was spent on each mission in each month of the year, by the day of each line."""
    of, month = Expenditure, sa.cast(sa.extract("month", Expenditure.incurred_on), sa.Integer)
    query = (
        sa.select(of.mission_id, month.label("month"), sa.func.sum(of.usd_cents), sa.func.sum(of.icr_cents))
        .where(of.fiscal_year == year.number)
        .group_by(of.mission_id, sa.text("month"))
    )
    return [Month(*map(int, row)) for row in session.execute(query)]


def cells(session: Session, year: Year) -> list[Cell]:
    """Mission × source × object of the year."""
    of = Expenditure
    query = (
        sa.select(
            of.award_id, of.mission_id, of.object_number, sa.func.sum(of.usd_cents), sa.func.sum(of.icr_cents)
        )
        .where(of.fiscal_year == year.number)
        .group_by(of.mission_id, of.award_id, of.object_number)
    )
    return [Cell(*map(int, row)) for row in session.execute(query)]


def allocations(session: Session, year: Year) -> list[Given]:
    """Allocations by award and mission, up to the end of the year."""
    of = Allocation
    query = (
        sa.select(
            of.award_id, of.mission_id,
            _sum_if(of.allocated_on < year.first, of.usd_cents),
            _sum_if(of.allocated_on >= year.first, of.usd_cents),
        )
        .where(of.allocated_on <= year.last)
        .group_by(of.award_id, of.mission_id)
    )  # fmt: skip
    return [Given(*map(int, row)) for row in session.execute(query)]


def ledger(session: Session, year: Year) -> LedgerFigures:
    """Sums straight over the lines of the year, apart from everything else."""
    of = Expenditure
    lines, direct, icr, awardless, objectless, voucherless = session.execute(
        sa.select(
            sa.func.count(),
            sa.func.coalesce(sa.func.sum(of.usd_cents), 0),
            sa.func.coalesce(sa.func.sum(of.icr_cents), 0),
            _sum_if(of.award_id.is_(None), 1),
            _sum_if(of.object_number.is_(None) | ~of.object_number.between(1, 9), 1),
            _sum_if(sa.func.trim(of.voucher) == "", 1),
        ).where(of.fiscal_year == year.number)
    ).one()
    moved = AwardMovement.usd_cents
    received, refunds = session.execute(
        sa.select(
            _sum_if(AwardMovement.kind == MovementKind.RECEIPT, moved),
            _sum_if(AwardMovement.kind == MovementKind.REFUND, moved),
        ).where(AwardMovement.moved_on.between(year.first, year.last))
    ).one()
    return LedgerFigures(
        int(lines), int(direct), int(icr), int(received), int(refunds),
        int(awardless), int(objectless), int(voucherless),
    )  # fmt: skip


def by_award(rows: list[Any]) -> dict[int, list[Any]]:
    """Rows of one award beside each other."""
    found: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        found[row.award_id].append(row)
    return found


def _sum_if(criterion: Any, value: Any) -> Any:
    return sa.func.coalesce(sa.func.sum(sa.case((criterion, value), else_=0)), 0)
