"""Reading the files that wait for a second person before they are loaded."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eom.core import i18n
from eom.core.errors import NotFound
from eom.core.i18n import lazy
from eom.finance.models.entry import EntryStatus
from eom.finance.models.pending_load import PendingLoad
from eom.missions.models.mission import Mission


def pending(mission: Mission | None = None) -> Any:
    """(PendingLoad, mission code or None) of a mission, or of all."""
    query = sa.select(PendingLoad, Mission.code.label("mission_code")).outerjoin(
        Mission, Mission.id == PendingLoad.mission_id
    )
    return query if mission is None else query.where(PendingLoad.mission_id == mission.id)


def pending_in(session: Session, waiting_id: int, mission: Mission | None) -> PendingLoad:
    """A file that waits or waited, of a mission or whichever. Raises NotFound."""
    query = sa.select(PendingLoad).where(PendingLoad.id == waiting_id)
    found = session.scalar(query if mission is None else query.where(PendingLoad.mission_id == mission.id))
    if found is None:
        raise NotFound(lazy("There is nothing here, or it is not yours to see."))
    return found


def waiting(session: Session, limit: int) -> Sequence[PendingLoad]:
    """The files that wait longest."""
    query = sa.select(PendingLoad).where(PendingLoad.status == EntryStatus.WAITING)
    return list(session.scalars(query.order_by(PendingLoad.id).limit(limit)))


def waiting_count(session: Session, mission: Mission | None = None) -> int:
    """How many files wait."""
    query = sa.select(sa.func.count(PendingLoad.id)).where(PendingLoad.status == EntryStatus.WAITING)
    if mission is not None:
        query = query.where(PendingLoad.mission_id == mission.id)
    return session.scalar(query) or 0


def lines(kept: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Lines as they were kept, their dates in the reader's words."""
    return [{**each, "date": i18n.day(date.fromisoformat(each["date"]))} for each in kept]
