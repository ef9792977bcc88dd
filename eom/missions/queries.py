"""Reading missions. Every function takes the ids a person may see; None means all of them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from eom.missions.models.milestone import Milestone
from eom.missions.models.mission import Mission
from eom.missions.models.process import Round

Ids = Collection[int] | None

# The day a mission is known by: its first polling day, else the day it starts.
first_polling_on = (
    sa.select(sa.func.min(Round.polling_on))
    .where(Round.mission_id == Mission.id)
    .correlate(Mission)
    .scalar_subquery()
)
known_by = sa.func.coalesce(first_polling_on, Mission.starts_on)


@dataclass(frozen=True)
class MissionPlan:
    """What the home page of a mission says of its milestones."""

    milestones: list[Milestone]
    overdue: list[Milestone]
    coming: list[Milestone]
    done_count: int


def register(ids: Ids) -> sa.Select[Mission, date]:
    """(mission, the day it is known by) of every mission one may see."""
    query = sa.select(Mission, known_by.label("known_by"))
    return query if ids is None else query.where(Mission.id.in_(ids))


def countries(session: Session, ids: Ids) -> list[str]:
    """Host countries of the missions one may see, as alpha-3 codes."""
    query = sa.select(Mission.country).distinct()
    return sorted(session.scalars(query if ids is None else query.where(Mission.id.in_(ids))))


def years(session: Session, ids: Ids) -> list[int]:
    """Years of the missions one may see, newest first; missions without a day give none."""
    query = sa.select(known_by).select_from(Mission)
    days = session.scalars(query if ids is None else query.where(Mission.id.in_(ids)))
    return sorted({day.year for day in days if day}, reverse=True)


def codes(session: Session) -> set[str]:
    """The codes in use."""
    return set(session.scalars(sa.select(Mission.code)))


def identities(session: Session) -> set[tuple[str, str, date | None]]:
    """(country, name, day it is known by) of every mission: what the importer knows them by."""
    rows = session.execute(sa.select(Mission.country, Mission.name, known_by))
    return {(country, name.casefold(), day) for country, name, day in rows}


def milestones(mission: Mission) -> sa.Select[Milestone]:
    """The milestones of a mission with their round and document, by due day."""
    return (
        sa.select(Milestone)
        .where(Milestone.mission_id == mission.id)
        .options(joinedload(Milestone.round), joinedload(Milestone.document))
        .order_by(sa.func.coalesce(Milestone.due_on, date.max), Milestone.id)
    )


def plan(session: Session, mission: Mission, today: date) -> MissionPlan:
    """The milestones of a mission in due order, and which of them are late or next."""
    rows = list(session.scalars(milestones(mission)))
    late = [row for row in rows if row.is_overdue(today)]
    coming = [row for row in rows if not row.is_done and row not in late]
    return MissionPlan(rows, late, coming[:3], sum(row.is_done for row in rows))
