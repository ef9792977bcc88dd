"""Fiscal years with what their books hold (US cents)."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eom.finance.models.award import AwardMovement, InKindContribution, MovementKind
from eom.finance.models.ledger import Expenditure
from eom.finance.models.period import FiscalYear

# The Organization's first mission was in 1962; a year beyond the last is a slip of the pen.
FIRST, LAST = 1948, 2200


def known_years() -> sa.Subquery:
    """Every year with a line in the books, or that was closed; one column, ``year``."""
    return sa.union(
        sa.select(Expenditure.fiscal_year.label("year")),
        sa.select(AwardMovement.fiscal_year),
        sa.select(FiscalYear.year),
        sa.select(sa.cast(sa.extract("year", InKindContribution.given_on), sa.Integer)),
    ).subquery("known_years")


def years() -> sa.Select[Any]:
    """(year, closed_on, closed_by, received_cents, spent_cents, icr_cents, expenditure_count) a year."""
    known, books, receipts = known_years(), _books(), _receipts()
    return (
        sa.select(
            known.c.year,
            FiscalYear.closed_on,
            FiscalYear.closed_by,
            sa.func.coalesce(receipts.c.received_cents, 0).label("received_cents"),
            sa.func.coalesce(books.c.spent_cents, 0).label("spent_cents"),
            sa.func.coalesce(books.c.icr_cents, 0).label("icr_cents"),
            sa.func.coalesce(books.c.expenditure_count, 0).label("expenditure_count"),
        )
        .select_from(known)
        .outerjoin(FiscalYear, FiscalYear.year == known.c.year)
        .outerjoin(books, books.c.fiscal_year == known.c.year)
        .outerjoin(receipts, receipts.c.fiscal_year == known.c.year)
    )


def year(session: Session, number: int) -> Any:
    """The row of ``years`` for one year; None when nothing is known of it."""
    known = years().subquery()
    return session.execute(sa.select(known).where(known.c.year == number)).one_or_none()


def first_open_year(session: Session, *, before: int) -> int | None:
    """The earliest year before another that holds lines and is still open."""
    known = known_years()
    return session.scalar(
        sa.select(sa.func.min(known.c.year))
        .outerjoin(FiscalYear, FiscalYear.year == known.c.year)
        .where(known.c.year < before, FiscalYear.closed_on.is_(None))
    )


def in_kind_of(session: Session, number: int) -> int:
    """Help in kind given in a year (US cents)."""
    total = sa.select(sa.func.coalesce(sa.func.sum(InKindContribution.valued_cents), 0))
    given = sa.extract("year", InKindContribution.given_on) == number
    return int(session.scalar(total.where(given)) or 0)


def _books() -> sa.Subquery:
    return (
        sa.select(
            Expenditure.fiscal_year,
            sa.func.sum(Expenditure.usd_cents).label("spent_cents"),
            sa.func.sum(Expenditure.icr_cents).label("icr_cents"),
            sa.func.count().label("expenditure_count"),
        )
        .group_by(Expenditure.fiscal_year)
        .subquery("books")
    )


def _receipts() -> sa.Subquery:
    return (
        sa.select(AwardMovement.fiscal_year, sa.func.sum(AwardMovement.usd_cents).label("received_cents"))
        .where(AwardMovement.kind == MovementKind.RECEIPT)
        .group_by(AwardMovement.fiscal_year)
        .subquery("receipts")
    )
