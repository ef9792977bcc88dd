"""What the trail says of a change, however the row came to be changed."""

from __future__ import annotations

import sqlalchemy as sa

from eom.core.audit import AuditEntry
from eom.extensions import db
from tests.factories.missions import make_mission


def last_of(action: str) -> AuditEntry:
    query = sa.select(AuditEntry).where(AuditEntry.action == action).order_by(AuditEntry.id.desc())
    return db.session.scalars(query).first()


def test_a_value_set_without_being_read_keeps_what_it_was(app):
    mission = make_mission()
    was = mission.name
    db.session.flush()
    db.session.expire(mission)
    mission.name = "Another name"
    db.session.flush()
    assert last_of("changed").changes == {"name": [was, "Another name"]}


def test_a_row_deleted_without_being_read_keeps_what_it_was(app):
    milestone = make_mission().milestones[0]
    stage = milestone.kind
    db.session.flush()
    db.session.expire(milestone)
    db.session.delete(milestone)
    db.session.flush()
    entry = last_of("deleted")
    assert entry.object_type == "milestones"
    assert entry.changes["kind"] == [stage.value if hasattr(stage, "value") else stage, None]
