"""A request that will write says so before its first transaction: on SQLite writers queue on one lock."""

from __future__ import annotations

import sqlalchemy as sa

from eom.core.db import intends_to_write, writing
from eom.extensions import db
from tests.people import Client, make_cast


def test_a_writing_request_queues_from_its_first_transaction(own_app):
    with writing():
        ana = Client(own_app, make_cast().user("ana"))
        db.session.remove()
    begun = []

    @sa.event.listens_for(db.engine, "begin")
    def _note(_connection):
        begun.append(intends_to_write())

    with writing(False):
        assert ana.http.post("/missions/BOL-2019/processes/new", data={"kind": "general"}).status_code == 303
        assert begun and all(begun)
        begun.clear()
        assert ana.http.get("/missions/BOL-2019").status_code == 200
        assert begun and not any(begun)
