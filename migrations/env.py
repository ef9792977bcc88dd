"""How ``flask db`` runs the migrations: on one connection, all or nothing, on both databases.

The files in versions/ name only SQLAlchemy's own types, so an old migration never depends on what
``eom`` is today. On SQLite a changed table is copied (batch mode): foreign keys are off meanwhile, or
the copy would delete the child rows, and they are all checked before anything is kept.
"""

from __future__ import annotations

from pathlib import Path

from alembic import context
from flask import current_app
from sqlalchemy.dialects import postgresql

from eom.core.db import writing
from eom.core.types import Cents, Exact, UTCDateTime
from eom.core.vault import Sealed

HEAD = Path(__file__).with_name("HEAD")
database = current_app.extensions["migrate"].db


def render_item(kind, thing, autogen):
    """Our column types in the words of SQLAlchemy. False leaves the rest to Alembic."""
    if kind != "type":
        return False
    if isinstance(thing, Cents):
        return "sa.BigInteger()"
    if isinstance(thing, Exact):
        return f'sa.Numeric({thing.precision}, {thing.scale}).with_variant(sa.String(40), "sqlite")'
    if isinstance(thing, Sealed):
        return "sa.Text()"
    if isinstance(thing, UTCDateTime):
        return "sa.DateTime(timezone=True)"
    if isinstance(thing._variant_mapping.get("postgresql"), postgresql.JSONB):
        autogen.imports.add("from sqlalchemy.dialects import postgresql")
        return 'sa.JSON().with_variant(postgresql.JSONB(), "postgresql")'
    return False


def name_the_head(migration, _revision, directives):
    """Write the new revision to HEAD, or make no file when the models are what the database is."""
    if getattr(migration.config.cmd_opts, "autogenerate", False) and directives[0].upgrade_ops.is_empty():
        directives[:] = []
        print("The models and the migrations agree: nothing to write.")
        return
    HEAD.write_text(directives[0].rev_id + "\n")


def tell(ctx, step, **_rest):
    """One line for each migration applied."""
    context.config.print_stdout("%s %s", "applied" if step.is_upgrade else "taken back", step.up_revision.doc)


def run() -> None:
    with writing(), database.engine.connect() as connection:
        is_sqlite = connection.dialect.name == "sqlite"
        if is_sqlite:
            # Outside a transaction, or SQLite would not hear it.
            connection.connection.driver_connection.execute("PRAGMA foreign_keys=OFF")
        try:
            context.configure(
                connection=connection,
                target_metadata=database.metadata,
                render_as_batch=True,
                compare_type=True,
                compare_server_default=True,
                transactional_ddl=True,
                render_item=render_item,
                process_revision_directives=name_the_head,
                on_version_apply=tell,
            )
            with context.begin_transaction():
                context.run_migrations()
                if is_sqlite:
                    refuse_orphans(connection)
        finally:
            connection.rollback()
            if is_sqlite:
                connection.connection.driver_connection.execute("PRAGMA foreign_keys=ON")


def refuse_orphans(connection) -> None:
    """Raises RuntimeError when a row refers to none: nothing of the migration is kept then."""
    orphans = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchmany(5)
    if orphans:
        named = ", ".join(f"{table} row {row} → {parent}" for table, row, parent, _key in orphans)
        raise RuntimeError(f"after this migration rows would refer to nothing: {named}")


if context.is_offline_mode():
    raise SystemExit("These migrations run on a database, not into a script (--sql).")
run()
