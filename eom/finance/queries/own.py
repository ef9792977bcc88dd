"""What a donor's viewer sees: the awards of their donors, and nothing of anybody else (US cents)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eom.core.errors import NotFound
from eom.core.i18n import lazy
from eom.finance.models.award import Award
from eom.finance.models.budget import OBJECTS
from eom.finance.models.ledger import Expenditure
from eom.finance.queries.awards import awards


@dataclass(frozen=True)
class SpentOnObject:
    """What an award paid of one object of expenditure."""

    object_number: int
    label: object
    usd_cents: int
    icr_cents: int


def awards_of_donors(donor_ids: Collection[int]) -> sa.Select[Award, str]:
    """(Award, mission_code) of some donors, by reference."""
    return awards().where(Award.donor_id.in_(donor_ids)).order_by(Award.reference)


def award_of_donors(session: Session, award_id: int, donor_ids: Collection[int]) -> Award:
    """One award of some donors. Raises NotFound, also when it is another donor's."""
    row = session.execute(awards_of_donors(donor_ids).where(Award.id == award_id)).first()
    if row is None:
        raise NotFound(lazy("There is nothing here, or it is not yours to see."))
    return row.Award


def spent_by_object(session: Session, award: Award) -> list[SpentOnObject]:
    """What an award paid, by object of expenditure; reversals are taken off, objects without lines left out."""
    rows = session.execute(
        sa.select(
            Expenditure.object_number, sa.func.sum(Expenditure.usd_cents), sa.func.sum(Expenditure.icr_cents)
        )
        .where(Expenditure.award_id == award.id)
        .group_by(Expenditure.object_number)
        .order_by(Expenditure.object_number)
    )
    return [SpentOnObject(number, OBJECTS[number], int(usd), int(icr)) for number, usd, icr in rows]
