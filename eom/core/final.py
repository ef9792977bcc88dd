"""The database's own lock on what is final: rows are neither changed nor deleted, whoever asks.

The statements are attached to the table, so every database made from the models has them; the
migrations hold the same text.
"""

from __future__ import annotations

import sqlalchemy as sa


def statements(table: str, dialect: str, message: str, gone_when: str = "") -> list[str]:
    """The statements that lock a table, for ``sqlite`` or ``postgresql``.

    ``gone_when`` is SQL about ``OLD``: a row of which it is true may be deleted, though never changed.
    """
    if dialect == "sqlite":
        held = f"WHEN NOT COALESCE(({gone_when}), 0) " if gone_when else ""
        return [
            f"CREATE TRIGGER {table}_no_{verb} BEFORE {verb} ON {table} {held if verb == 'delete' else ''}"
            f"BEGIN SELECT RAISE(ABORT, '{message}'); END"
            for verb in ("update", "delete")
        ]
    free = f"IF TG_OP = 'DELETE' THEN IF ({gone_when}) THEN RETURN OLD; END IF; END IF; " if gone_when else ""
    return [
        f"CREATE OR REPLACE FUNCTION refuse_{table}() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN {free}RAISE EXCEPTION '{message}'; END $$",
        f"CREATE TRIGGER {table}_final BEFORE UPDATE OR DELETE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION refuse_{table}()",
        f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION refuse_{table}()",
    ]


def lock(table: sa.FromClause, message: str, gone_when: str = "") -> None:
    """Lock a table from the moment it is made; ``gone_when`` as ``statements`` takes it."""
    assert isinstance(table, sa.Table)
    for dialect in ("sqlite", "postgresql"):
        for text in statements(table.name, dialect, message, gone_when):
            ddl: sa.DDL = sa.DDL(text.replace("%", "%%")).execute_if(dialect=dialect)  # type: ignore[assignment]
            sa.event.listen(table, "after_create", ddl)
