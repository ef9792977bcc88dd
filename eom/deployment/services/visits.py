"""Visits, as checklists arrive."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from eom.deployment.models import Visit
from eom.extensions import db


def record_visit(*, mission_id: int, round_id: int, polling_station_id: int, at: datetime) -> Visit:
    """Count a checklist for a station in a round; the first one makes the visit."""
    there = _held(round_id, polling_station_id)
    visit = db.session.scalar(there)
    if visit is None:
        visit = Visit(
            mission_id=mission_id, round_id=round_id, polling_station_id=polling_station_id,
            submission_count=0, first_at=at, last_at=at,
        )  # fmt: skip
        try:
            with db.session.begin_nested():
                db.session.add(visit)
        except IntegrityError:
            # Another checklist of the station arrived in the same moment and made the visit.
            visit = db.session.scalars(there).one()
    visit.submission_count += 1
    visit.first_at, visit.last_at = min(visit.first_at, at), max(visit.last_at, at)
    db.session.flush()
    return visit


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
