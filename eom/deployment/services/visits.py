"""Visits, as checklists arrive."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from eom.core import bulk
from eom.core.events import Reception
from eom.deployment.models import Visit
from eom.extensions import db

TABLE: sa.Table = Visit.__table__  # type: ignore[assignment]
# A station that was visited before is counted once more.
COUNTED = """
ON CONFLICT (round_id, polling_station_id) DO UPDATE SET
    submission_count = visits.submission_count + excluded.submission_count,
    first_at = CASE WHEN excluded.first_at < visits.first_at THEN excluded.first_at ELSE visits.first_at END,
    last_at = CASE WHEN excluded.last_at > visits.last_at THEN excluded.last_at ELSE visits.last_at END"""


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
        # In one order, or two batches from the same stations would wait for each other.
        rows = [visits[key] for key in sorted(visits)]
        bulk.insert_rows(db.session.connection(), TABLE, rows, conflict=COUNTED)


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
