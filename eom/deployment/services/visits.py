"""Visits, as checklists arrive."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from eom.core.events import Reception
from eom.deployment.models import Visit
from eom.extensions import db


def record_visit(*, mission_id: int, round_id: int, polling_station_id: int, at: datetime) -> Visit:
    """Count a checklist for a station in a round; the first one makes the visit."""
    record_visits([Reception(mission_id, round_id, polling_station_id, at, 0)])
    return db.session.scalars(_held(round_id, polling_station_id)).one()


def record_visits(received: Iterable[Reception]) -> None:
    """Count checklists that came, by station and round; those that name no station or round count for none."""
    visits: dict[tuple[int, int], dict[str, Any]] = {}
    for each in received:
        if each.round_id is None or each.polling_station_id is None:
            continue
        visit = visits.setdefault(
            (each.round_id, each.polling_station_id),
            {"mission_id": each.mission_id, "round_id": each.round_id, "submission_count": 0,
             "polling_station_id": each.polling_station_id, "first_at": each.at, "last_at": each.at},
        )  # fmt: skip
        visit["submission_count"] += 1
        visit["first_at"], visit["last_at"] = min(visit["first_at"], each.at), max(visit["last_at"], each.at)
    if visits:
        connection = db.session.connection()
        # In one order, or two batches from the same stations would wait for each other.
        connection.execute(_counted(connection.dialect.name), [visits[key] for key in sorted(visits)])


def withdraw_visit(*, round_id: int, polling_station_id: int) -> None:
    """Take one checklist back from a station; with its last one the visit is gone."""
    visit = db.session.scalar(_held(round_id, polling_station_id))
    if visit is None:
        return
    visit.submission_count -= 1
    if visit.submission_count < 1:
        db.session.delete(visit)
    db.session.flush()


def _held(round_id: int, polling_station_id: int) -> sa.Select[Visit]:
    """The visit of a station in a round, locked until the transaction ends."""
    return (
        sa.select(Visit)
        .where(Visit.round_id == round_id, Visit.polling_station_id == polling_station_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )


@lru_cache
def _counted(dialect: str) -> Any:
    """The statement that makes a visit, or adds to the one there is."""
    statement = (postgresql if dialect == "postgresql" else sqlite).insert(Visit)
    new = statement.excluded
    return statement.on_conflict_do_update(
        index_elements=[Visit.round_id, Visit.polling_station_id],
        set_={
            "submission_count": Visit.submission_count + new.submission_count,
            "first_at": sa.case((new.first_at < Visit.first_at, new.first_at), else_=Visit.first_at),
            "last_at": sa.case((new.last_at > Visit.last_at, new.last_at), else_=Visit.last_at),
        },
    )
