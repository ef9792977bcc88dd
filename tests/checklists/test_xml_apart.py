"""The migration that gives the XML of submissions a table of its own moves every byte, there and back."""

from __future__ import annotations

import flask_migrate
import pytest
import sqlalchemy as sa

from eom.core.db import writing
from eom.extensions import db
from tests import databases
from tests.rules.test_migrations import insert_a_row_everywhere, scripts

AFTER = "e4a7c90d1b52"
BEFORE = scripts().get_revision(AFTER).down_revision
XML = {
    f"uuid:{number}": b"<data>\xc3\xb1 \x00\xff" + bytes([number]) * (number * 900) for number in range(1, 8)
}


@pytest.fixture(params=databases.KINDS)
def before(request, tmp_path):
    """An application whose database is of the revision before, with submissions in it."""
    with (
        databases.database(request.param, tmp_path) as url,
        databases.running(url, tmp_path) as application,
        application.app_context(),
    ):
        databases.upgrade(application, BEFORE)
        insert_a_row_everywhere()
        with writing(), db.engine.begin() as connection:
            table = sa.Table("submissions", sa.MetaData(), autoload_with=connection)
            row = dict(connection.execute(sa.select(table)).mappings().one())
            for number, (instance_id, xml) in enumerate(XML.items(), 2):
                more = {"id": number, "instance_id": instance_id, "xml": xml, "replaces_id": None}
                connection.execute(table.insert(), row | more)
        yield application


def rows(query):
    with db.engine.connect() as connection:
        return [dict(row) for row in connection.exec_driver_sql(query).mappings()]


def test_every_byte_is_moved_and_comes_back(before):
    old = rows("SELECT * FROM submissions ORDER BY id")
    flask_migrate.upgrade(revision=AFTER)
    new = rows("SELECT * FROM submissions ORDER BY id")
    assert [{key: value for key, value in row.items() if key != "xml"} for row in old] == new
    moved = {
        row["instance_id"]: bytes(row["xml"])
        for row in rows(
            "SELECT instance_id, xml FROM submissions JOIN submission_documents ON submission_id = id"
        )
    }
    assert moved == {row["instance_id"]: bytes(row["xml"]) for row in old}
    assert {name: moved[name] for name in XML} == XML
    # The rows of others that name a submission are still there, and nothing names one that is not.
    assert len(rows("SELECT id FROM submission_attachments")) == 1
    flask_migrate.downgrade(revision=BEFORE)
    back = rows("SELECT * FROM submissions ORDER BY id")
    assert [{**row, "xml": bytes(row["xml"])} for row in back] == [
        {**row, "xml": bytes(row["xml"])} for row in old
    ]
    assert "submission_documents" not in sa.inspect(db.engine).get_table_names()
