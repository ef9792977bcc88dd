"""Lists whose rows are of several tables: each table counts its rows by itself."""

from __future__ import annotations

import sqlalchemy as sa
from werkzeug.datastructures import MultiDict

from eom.core.listing import Column, Filter, ListDefinition
from eom.extensions import db
from eom.missions.models.mission import Mission
from eom.missions.models.process import Round
from tests.factories.missions import make_mission, make_round

KINDS = [("mission", "Mission"), ("round", "Round")]


def missions_and_rounds() -> ListDefinition:
    missions = sa.select(Mission.id, sa.literal("mission").label("what"), Mission.name.label("words"))
    rounds = sa.select(Round.id, sa.literal("round").label("what"), Round.time_zone.label("words"))
    rows = missions.union_all(rounds).subquery("line")
    return ListDefinition(
        sa.select(*rows.c), [Column("words", "Words", lambda r: r.words, rows.c.words)],
        [Filter("what", "What", lambda value: rows.c.what == value, choices=KINDS)],
        sort="words", entity=False, tie=rows.c.id, plain=sa.select(rows.c.id, rows.c.what),
    )  # fmt: skip


def test_two_rows_with_one_number_are_told_apart(app):
    mission = make_mission()
    made = make_round(mission)
    db.session.flush()
    db.session.execute(sa.update(Round).where(Round.id == made.id).values(id=mission.id))
    db.session.commit()
    both = missions_and_rounds().show(db.session(), "/x", MultiDict())
    assert sorted(row.what for row in both.rows) == ["mission", "round"]
    for what, _words in KINDS:
        found = missions_and_rounds().show(db.session(), "/x", MultiDict({"what": what}))
        assert [row.what for row in found.rows] == [what]
