"""What a finance officer must see first (US cents)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eom.finance.models.award import Award, AwardMovement, Donor, MovementKind
from eom.finance.models.ledger import Expenditure
from eom.finance.queries import awards, rates, years

SHOWN = 8


@dataclass(frozen=True)
class Figures:
    """A year's books in a few figures."""

    year: int
    received_cents: int
    spent_cents: int
    icr_cents: int
    in_kind_cents: int
    donor_count: int
    award_count: int


@dataclass(frozen=True)
class Waiting:
    """What waits for someone: at most ``SHOWN`` of each."""

    missing_rates: Sequence[str]
    overdrawn: Sequence[Award]
    ended: Sequence[Award]
    unpaid: Sequence[Award]
    open_year: int | None


def figures(session: Session, year: int) -> Figures:
    """The books of a year, and how many donors and awards there are."""
    received = session.scalar(
        sa.select(sa.func.coalesce(sa.func.sum(AwardMovement.usd_cents), 0)).where(
            AwardMovement.fiscal_year == year, AwardMovement.kind == MovementKind.RECEIPT
        )
    )
    spent, icr = session.execute(
        sa.select(
            sa.func.coalesce(sa.func.sum(Expenditure.usd_cents), 0),
            sa.func.coalesce(sa.func.sum(Expenditure.icr_cents), 0),
        ).where(Expenditure.fiscal_year == year)
    ).one()
    counts = [session.scalar(sa.select(sa.func.count()).select_from(model)) or 0 for model in (Donor, Award)]
    in_kind = years.in_kind_of(session, year)
    return Figures(year, int(received or 0), int(spent), int(icr), in_kind, *counts)


def waiting(session: Session, today: date) -> Waiting:
    """What waits: rates of this month, overdrawn awards, ended ones with money left, unpaid ones, an open year."""
    ended = sa.and_(Award.ends_on < today, awards.available_cents > 0)
    unpaid = sa.and_(
        Award.agreed_cents.is_not(None),
        sa.func.coalesce(Award.ends_on, today) >= today,
        awards.received_cents == 0,
    )
    return Waiting(
        missing_rates=rates.missing(session, today),
        overdrawn=_awards(session, awards.available_cents < 0),
        ended=_awards(session, ended),
        unpaid=_awards(session, unpaid),
        open_year=years.first_open_year(session, before=today.year),
    )


def _awards(session: Session, criterion: sa.ColumnElement[bool]) -> list[Award]:
    return list(session.scalars(sa.select(Award).where(criterion).order_by(Award.reference).limit(SHOWN)))
