"""The migrations make exactly what the models say, on both databases, and lose nothing on the way."""

from __future__ import annotations

import re
import shutil
from datetime import UTC, date, datetime, time
from pathlib import Path

import flask_migrate
import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from eom.core.db import Base, writing
from eom.extensions import db
from eom.settings import ROOT
from tests import databases
from tests.people import make_cast

VERSIONS = sorted((ROOT / "migrations" / "versions").glob("*.py"))


# What checks ask that their words do not show: reasons go with what was set aside or replaced, and nothing is here.
SINGLED_OUT: dict[str, dict[str, None]] = {
    "samples": {"set_aside_because": None}, "sampled_stations": {"reason": None},
}  # fmt: skip


def scripts() -> ScriptDirectory:
    config = Config(str(ROOT / "migrations" / "alembic.ini"))
    config.set_main_option("script_location", str(ROOT / "migrations"))
    return ScriptDirectory.from_config(config)


@pytest.fixture(params=databases.KINDS)
def empty(request, tmp_path):
    """An application on an empty database."""
    with (
        databases.database(request.param, tmp_path) as url,
        databases.running(url, tmp_path) as application,
        application.app_context(),
    ):
        yield application


@pytest.fixture
def made_by_models(empty, tmp_path_factory):
    """An application on a database of the same kind, made straight from the models."""
    kind, folder = db.engine.dialect.name, tmp_path_factory.mktemp("models")
    with databases.database(kind, folder) as url, databases.running(url, folder) as application:
        databases.create_all(application)
        yield application


def described(engine: sa.Engine) -> dict[str, object]:
    """Everything a database holds but rows, by name: tables, constraints, indexes, triggers."""
    inspector = sa.inspect(engine)
    found: dict[str, object] = {}
    for table in set(inspector.get_table_names()) - {"alembic_version"}:
        for column in inspector.get_columns(table):
            facts = (str(column["type"]), column["nullable"], column["default"])
            found[f"{table}.{column['name']}"] = facts
        found[f"{table}: key"] = plain(inspector.get_pk_constraint(table))
        for part in ("foreign_keys", "unique_constraints", "check_constraints", "indexes"):
            for each in getattr(inspector, f"get_{part}")(table):
                found[f"{table}: {part}: {each['name']}"] = plain(each)
    return found | triggers(engine)


def plain(facts) -> object:
    """Facts of a constraint or an index that can be compared: texts for expressions."""
    if isinstance(facts, dict):
        return {key: plain(value) for key, value in facts.items() if key != "comment"}
    return [plain(each) for each in facts] if isinstance(facts, list) else str(facts)


def triggers(engine: sa.Engine) -> dict[str, object]:
    """The triggers of a database and what they do."""
    query = {
        "sqlite": "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT tgname, pg_get_triggerdef(t.oid) || p.prosrc FROM pg_trigger t "
        "JOIN pg_proc p ON p.oid = t.tgfoid WHERE NOT tgisinternal",
    }[engine.dialect.name]
    with engine.connect() as connection:
        rows = connection.exec_driver_sql(query).all()
    return {f"trigger {name}": " ".join(text.split()) for name, text in rows}


def test_the_head_is_what_the_models_say(empty):
    databases.upgrade(empty)
    with db.engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "compare_server_default": True}
        )
        assert compare_metadata(context, Base.metadata) == [], 'write a migration: make migration m="…"'


def test_the_head_is_what_the_models_make_to_the_last_constraint(empty, made_by_models):
    databases.upgrade(empty)
    migrated = described(db.engine)
    with made_by_models.app_context():
        modelled = described(db.engine)
    assert migrated == modelled


def test_the_file_head_names_the_newest_revision():
    assert (ROOT / "migrations" / "HEAD").read_text().split() == scripts().get_heads()


@pytest.mark.parametrize("path", VERSIONS, ids=lambda path: path.stem)
def test_a_migration_stands_on_its_own(path: Path):
    text = path.read_text()
    assert "import eom" not in text and "from eom" not in text, "a migration must not depend on today's code"
    assert path.stem.split("_")[1] in text, "YYYYMMDD_<revision>_<what>.py"


def test_migrations_are_taken_back_and_run_again(empty):
    databases.upgrade(empty)
    flask_migrate.downgrade(revision="base")
    assert set(sa.inspect(db.engine).get_table_names()) <= {"alembic_version"}
    assert not triggers(db.engine)
    databases.upgrade(empty)
    assert "missions" in sa.inspect(db.engine).get_table_names()


def test_a_second_upgrade_keeps_every_row(empty):
    databases.upgrade(empty)
    with writing():
        make_cast()
    before = counts()
    databases.upgrade(empty)
    assert before == counts()
    assert before["users"] == 10


def test_the_last_migration_keeps_every_row(empty):
    """From the revision before the head, with data in it; the first migration has none before it."""
    previous = scripts().get_revision("head").down_revision
    databases.upgrade(empty, previous or "head")
    insert_a_row_everywhere()
    before = counts()
    databases.upgrade(empty)
    after = counts()
    assert 0 not in before.values()
    assert {t: after[t] for t in before if t in after} == {t: n for t, n in before.items() if t in after}


def test_a_copied_table_on_sqlite_keeps_its_child_rows(tmp_path):
    """Alembic's batch mode copies the table: with foreign keys on, a cascade would empty its children."""
    with databases.database("sqlite", tmp_path) as url, databases.running(url, tmp_path) as application:
        databases.upgrade(application)
        folder = tmp_path / "migrations"
        _another_migration(folder)
        with application.app_context():
            with writing(), db.engine.begin() as connection:
                connection.exec_driver_sql("CREATE TABLE parents (id INTEGER PRIMARY KEY, name TEXT)")
                connection.exec_driver_sql(
                    "CREATE TABLE children (id INTEGER PRIMARY KEY, "
                    "parent_id INTEGER NOT NULL REFERENCES parents (id) ON DELETE CASCADE)"
                )
                connection.exec_driver_sql("INSERT INTO parents VALUES (1, 'a')")
                connection.exec_driver_sql("INSERT INTO children VALUES (1, 1)")
            db.engine.dispose()
            flask_migrate.upgrade(directory=str(folder))
            with db.engine.connect() as connection:
                assert connection.exec_driver_sql("SELECT count(*) FROM children").scalar() == 1
                assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1


BATCH = '''"""Copies a table."""

import sqlalchemy as sa
from alembic import op

revision = "copied"
down_revision = "{head}"


def upgrade():
    with op.batch_alter_table("parents", recreate="always") as batch:
        batch.add_column(sa.Column("more", sa.Integer()))
'''


def _another_migration(folder: Path, text: str = BATCH) -> None:
    shutil.copytree(ROOT / "migrations", folder)
    (folder / "versions" / "copied.py").write_text(text.format(head=scripts().get_current_head()))


def counts() -> dict[str, int]:
    """Rows by table."""
    with db.engine.connect() as connection:
        tables = set(sa.inspect(connection).get_table_names()) - {"alembic_version"}
        return {t: connection.scalar(sa.text(f"SELECT count(*) FROM {t}")) for t in tables}


def insert_a_row_everywhere() -> None:
    """A row with every column filled in every empty table, whatever the tables are at this revision."""
    tables = sa.MetaData()
    with writing(), db.engine.begin() as connection:
        tables.reflect(connection)
        for table in tables.sorted_tables:
            # The chains of the audit trail come with the table.
            if table.name not in ("alembic_version", "audit_chains"):
                chosen = choices(connection, table.name)
                connection.execute(table.insert(), {c.name: value_of(c, chosen) for c in table.columns})


def choices(connection: sa.Connection, table: str) -> dict[str, str | int | None]:
    """By column what its check says: the first value of an enumeration, a text of the length wanted, the least
    number, or none where it must differ from another column."""
    found: dict[str, str | int | None] = {}
    for check in sa.inspect(connection).get_check_constraints(table):
        for name, length in re.findall(r"length\(\(?(\w+)\)?.*? = (\d+)", check["sqltext"]):
            found[name] = "1" * int(length)
        for name, least in re.findall(r"(\w+)\)? (?:BETWEEN|>=) (\d+)", check["sqltext"]):
            found |= {name: int(least)} if int(least) > 1 else {}
        found |= dict.fromkeys(re.findall(r"[a-z_]\w* (?:<>|!=) ([a-z_]\w*)", check["sqltext"]))
        # One of two, never both.
        found |= dict.fromkeys(re.findall(r"\((\w+) IS NULL\) (?:<>|!=) ", check["sqltext"]))
        words = re.match(r"\W*(\w+)\W(?!.*\bIS\b).*?'([^']+)'", check["sqltext"])
        found |= {words[1]: words[2]} if words else {}
    return found | SINGLED_OUT.get(table, {})


def value_of(column: sa.Column, chosen: dict[str, str | int | None]) -> object:
    """Something that the column takes: 1, a day; nothing where a row would refer to itself."""
    if any(key.column.table is column.table for key in column.foreign_keys):
        return None
    if column.name in chosen:
        return chosen[column.name]
    values = {
        bool: True,
        bytes: b"1",
        date: date(2019, 10, 20),
        datetime: datetime(2019, 10, 20, tzinfo=UTC),
        object: {},
        str: "1",
        time: None if column.nullable else time(8),
    }
    kind = column.type.python_type
    return values[kind] if kind in values else kind(1)
