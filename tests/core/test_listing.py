"""Lists whose rows are of several tables: each table counts its rows by itself."""

from __future__ import annotations

import sqlalchemy as sa
from werkzeug.datastructures import MultiDict

from eom.core.listing import Column, Filter, ListDefinition
from eom.extensions import db
from eom.finance.models.award import Donor, DonorKind
from eom.missions.models.mission import Mission
from tests.factories.missions import make_mission

KINDS = [("mission", "Mission"), ("donor", "Donor")]


def missions_and_donors() -> ListDefinition:
    missions = sa.select(Mission.id, sa.literal("mission").label("what"), Mission.name.label("words"))
    donors = sa.select(Donor.id, sa.literal("donor").label("what"), Donor.name.label("words"))
    rows = missions.union_all(donors).subquery("line")
    return ListDefinition(
        sa.select(*rows.c), [Column("words", "Words", lambda r: r.words, rows.c.words)],
        [Filter("what", "What", lambda value: rows.c.what == value, choices=KINDS)],
        sort="words", entity=False, tie=rows.c.id, plain=sa.select(rows.c.id, rows.c.what),
    )  # fmt: skip


def test_two_rows_with_one_number_are_told_apart(app):
    mission = make_mission()
    db.session.flush()
    db.session.add(Donor(id=mission.id, name="Norway", kind=DonorKind.PERMANENT_OBSERVER))
    db.session.commit()
    both = missions_and_donors().show(db.session(), "/x", MultiDict())
    assert sorted(row.what for row in both.rows) == ["donor", "mission"]
    for what, _words in KINDS:
        found = missions_and_donors().show(db.session(), "/x", MultiDict({"what": what}))
        assert [row.what for row in found.rows] == [what]
