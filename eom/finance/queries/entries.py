"""Reading what stands beside the ledger: what a line was charged to, and the entries that wait."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eom.finance.models.award import Award, AwardMovement
from eom.finance.models.budget import BudgetLine
from eom.finance.models.commitment import Advance, Obligation
from eom.finance.models.entry import Charge, EntryStatus, PendingEntry
from eom.finance.models.ledger import Expenditure
from eom.missions.models.mission import Mission


@dataclass(frozen=True)
class Charged:
    """What a line was charged to, and the lines and entries it hangs together with."""

    charge: Charge | None = None
    budget_line: BudgetLine | None = None
    obligation: Obligation | None = None
    advance: Advance | None = None
    came_from: Expenditure | None = None
    went_to: Expenditure | None = None
    approved: PendingEntry | None = None
    exchange: AwardMovement | None = None


def charged(session: Session, line: Expenditure) -> Charged:
    """All that a line hangs together with."""
    charge = session.get(Charge, line.id)
    went_to = session.scalar(
        sa.select(Expenditure)
        .join(Charge, Charge.expenditure_id == Expenditure.id)
        .where(Charge.recharges_id == line.id)
    )
    approved = session.scalar(sa.select(PendingEntry).where(PendingEntry.expenditure_id == line.id))
    exchange = session.scalar(
        sa.select(AwardMovement).where(
            AwardMovement.award_id == line.award_id, AwardMovement.reference == f"FX {line.id}"
        )
    )
    if charge is None:
        return Charged(went_to=went_to, approved=approved, exchange=exchange)
    came_from = session.get(Expenditure, charge.recharges_id) if charge.recharges_id else None
    return Charged(
        charge, charge.budget_line, charge.obligation, charge.advance, came_from, went_to, approved, exchange
    )


def entries(mission: Mission | None = None) -> Any:
    """(PendingEntry, Award, Mission) of a mission, or of all."""
    query = (
        sa.select(PendingEntry, Award, Mission)
        .join(Award, Award.id == PendingEntry.award_id)
        .join(Mission, Mission.id == PendingEntry.mission_id)
    )
    return query if mission is None else query.where(PendingEntry.mission_id == mission.id)


def waiting_count(session: Session, mission: Mission | None = None) -> int:
    """How many entries wait for a second person."""
    query = sa.select(sa.func.count(PendingEntry.id)).where(PendingEntry.status == EntryStatus.WAITING)
    if mission is not None:
        query = query.where(PendingEntry.mission_id == mission.id)
    return session.scalar(query) or 0


def waiting(session: Session, limit: int) -> Sequence[tuple[PendingEntry, Mission]]:
    """The entries that wait longest, with their missions."""
    query = (
        sa.select(PendingEntry, Mission)
        .join(Mission, Mission.id == PendingEntry.mission_id)
        .where(PendingEntry.status == EntryStatus.WAITING)
        .order_by(PendingEntry.id)
        .limit(limit)
    )
    return [(entry, mission) for entry, mission in session.execute(query)]
