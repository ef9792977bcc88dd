"""The Regular Fund as a source: what its yearly programme-budget gives to missions (US cents)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from eom.finance.models.award import Award, Donor, DonorKind, Fund
from eom.finance.queries import awards

UNDATED = 0


@dataclass(frozen=True)
class Appropriation:
    """A year's appropriation for missions; ``year`` is 0 for awards of no year."""

    year: int
    appropriated_cents: int = 0
    allocated_cents: int = 0
    received_cents: int = 0
    spent_cents: int = 0

    @property
    def left_cents(self) -> int:
        """What no mission was given yet."""
        return self.appropriated_cents - self.allocated_cents

    @property
    def unspent_cents(self) -> int:
        """What missions have not spent of it."""
        return self.appropriated_cents - self.spent_cents


def appropriations(session: Session) -> list[Appropriation]:
    """Every year with an appropriation, the latest first, in four queries."""
    found = list(session.execute(_awards()))
    books = awards.accounts(session, [row.id for row in found])
    years: dict[int, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for row in found:
        account, agreed = books[row.id], row.agreed_usd_cents or 0
        # An award that is for one mission is given to it whole.
        given = account.allocated_cents if row.mission_id is None else agreed
        sums = (agreed, given, account.received_cents, account.spent_cents + account.icr_cents)
        years[row.year] = [a + b for a, b in zip(years[row.year], sums, strict=True)]
    return [Appropriation(year, *years[year]) for year in sorted(years, reverse=True)]


def total(of: Sequence[Appropriation]) -> Appropriation:
    """All years together."""
    names = ("appropriated_cents", "allocated_cents", "received_cents", "spent_cents")
    return Appropriation(UNDATED, *(sum(getattr(each, name) for each in of) for name in names))


def awards_of_year(session: Session, year: int) -> list[Award]:
    """The awards of the Regular Fund in a year, by reference."""
    of = (
        sa.select(Award)
        .options(joinedload(Award.donor))
        .where(Award.fund == Fund.REGULAR, _year() == year)
        .order_by(Award.reference)
    )
    return list(session.scalars(of))


def parts_of_year(session: Session, year: int) -> list[awards.MissionPart]:
    """What missions were given of a year's appropriation, and what they spent of it."""
    query = awards.parts().where(Award.fund == Fund.REGULAR, _year() == year)
    return [
        awards.MissionPart(row[0], row[1], int(row.given_cents), int(row.spent_cents), int(row.icr_cents))
        for row in session.execute(query.order_by(sa.text("given_cents DESC"), Award.reference))
    ]


def regular_fund(session: Session) -> Donor | None:
    """The Regular Fund among the donors."""
    query = sa.select(Donor).where(Donor.kind == DonorKind.REGULAR_FUND).order_by(Donor.id)
    return session.scalars(query.limit(1)).first()


def _year() -> Any:
    return sa.func.coalesce(Award.appropriation_year, UNDATED)


def _awards() -> sa.Select[Any]:
    return sa.select(Award.id, Award.mission_id, Award.agreed_usd_cents, _year().label("year")).where(
        Award.fund == Fund.REGULAR
    )
