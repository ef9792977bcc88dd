"""Entries of the audit trail, and what somebody who owns the database could do to them."""

from __future__ import annotations

import sqlalchemy as sa

from eom.core import audit, audit_proof
from eom.extensions import db

TRIGGERS = {
    "sqlite": ("DROP TRIGGER audit_entries_no_update", "DROP TRIGGER audit_entries_no_delete"),
    "postgresql": ("DROP TRIGGER audit_entries_final ON audit_entries",),
}


def break_locks() -> None:
    """Take away what keeps the database itself from changing or removing entries."""
    for statement in TRIGGERS[db.engine.dialect.name]:
        db.session.execute(sa.text(statement))
    db.session.commit()


def write(number: int) -> None:
    for each in range(number):
        audit.record(
            db.session(), "noted", "missions", each, f"entry {each}", number=each, share=0.1, word="señal"
        )
    db.session.commit()


def found() -> list[audit_proof.Fault]:
    db.session.rollback()
    return list(audit_proof.faults(db.session()))


def tamper(statement: str, **values) -> None:
    db.session.execute(sa.text(statement), values)
    db.session.commit()


def rows() -> list:
    """(id, chain, position) of every entry in its chain."""
    table = audit.TABLE
    return list(
        db.session.execute(sa.select(table.c.id, table.c.chain, table.c.position).order_by(table.c.id))
    )


def copy(entry_id: int, place: str) -> None:
    """Another entry like this one, at a place given as SQL: chain, position, hash."""
    tamper(
        "INSERT INTO audit_entries (at, actor_name, action, object_type, object_name, changes, chain, position, hash)"
        f" SELECT at, actor_name, action, object_type, object_name, changes, {place}"
        " FROM audit_entries WHERE id = :id",
        id=entry_id,
    )
