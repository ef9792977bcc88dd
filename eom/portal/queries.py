"""What the home page shows: the person's missions, and what is due in them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
import sqlalchemy.orm
from sqlalchemy.orm import Session

from eom.missions.models.milestone import Milestone
from eom.missions.models.mission import OVER, Mission, Stage
from eom.missions.models.process import Round

SHOWN = 12


@dataclass(frozen=True)
class MissionCard:
    """A mission on the home page: its next (else last) polling day and how many milestones are late."""

    mission: Mission
    polling_on: date | None
    overdue_count: int


def mission_cards(session: Session, mission_ids: set[int] | None, today: date) -> list[MissionCard]:
    """The missions under way among ``mission_ids`` (None: all), the nearest polling day first."""
    late = (
        sa.select(Milestone.mission_id, sa.func.count().label("n"))
        .where(Milestone.done_on.is_(None), Milestone.due_on < today)
        .group_by(Milestone.mission_id)
        .subquery()
    )
    day = (
        sa.select(
            Round.mission_id,
            sa.func.coalesce(
                sa.func.min(sa.case((Round.polling_on >= today, Round.polling_on))),
                sa.func.max(Round.polling_on),
            ).label("polling_on"),
        )
        .group_by(Round.mission_id)
        .subquery()
    )
    query = (
        sa.select(Mission, day.c.polling_on, sa.func.coalesce(late.c.n, 0))
        .outerjoin(late, late.c.mission_id == Mission.id)
        .outerjoin(day, day.c.mission_id == Mission.id)
        .where(Mission.stage.not_in(OVER))
        .order_by(day.c.polling_on.desc().nulls_last(), Mission.code)
        .limit(SHOWN)
    )
    if mission_ids is not None:
        query = query.where(Mission.id.in_(mission_ids))
    return [
        MissionCard(mission, polling_on, late_count)
        for mission, polling_on, late_count in session.execute(query)
    ]


def overdue_milestones(session: Session, mission_ids: set[int] | None, today: date) -> list[Milestone]:
    """Milestones past their day and not done, the oldest first, with their missions."""
    query = (
        sa.select(Milestone)
        .join(Milestone.mission)
        .options(sa.orm.contains_eager(Milestone.mission))
        .where(Milestone.done_on.is_(None), Milestone.due_on < today, Mission.stage.not_in(OVER))
        .order_by(Milestone.due_on, Milestone.id)
        .limit(SHOWN)
    )
    if mission_ids is not None:
        query = query.where(Milestone.mission_id.in_(mission_ids))
    return list(session.scalars(query))


def public_figures(session: Session) -> tuple[int, int]:
    """How many missions the register holds, and in how many countries."""
    row = session.execute(
        sa.select(sa.func.count(Mission.id), sa.func.count(sa.distinct(Mission.country))).where(
            Mission.stage != Stage.CANCELLED
        )
    ).one()
    return row[0], row[1]
