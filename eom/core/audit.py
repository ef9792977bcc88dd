"""The audit trail: who changed what, when, from what to what and why.

A session listener writes the entries in the same transaction as the change. The actor and the
reason come from ``session.info``; entries cannot be changed or deleted through the application.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm
from sqlalchemy.orm import Mapped, Session, mapped_column

from eom.core import audit_chain, bulk, clock, final
from eom.core.db import Base
from eom.core.privacy import of_column
from eom.core.types import UTCDateTime


class AuditEntry(Base):
    """One change of one record. Never changed, never deleted."""

    __tablename__ = "audit_entries"
    __audited__ = False

    id: Mapped[int] = mapped_column(sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime(), index=True)
    actor_id: Mapped[int | None] = mapped_column(index=True)
    actor_name: Mapped[str] = mapped_column(sa.String(200))
    action: Mapped[str] = mapped_column(sa.String(40))
    object_type: Mapped[str] = mapped_column(sa.String(60))
    object_id: Mapped[str | None] = mapped_column(sa.String(60))
    object_name: Mapped[str] = mapped_column(sa.String(200))
    mission_id: Mapped[int | None] = mapped_column(index=True)
    # JSON as text on both databases: byte for byte what was hashed.
    changes: Mapped[dict[str, Any]] = mapped_column(sa.JSON(none_as_null=True))
    reason: Mapped[str | None] = mapped_column(sa.String(500))
    request_id: Mapped[str | None] = mapped_column(sa.String(40))
    # Where the request came from; none for the shell and for entries from before this was kept.
    address: Mapped[str | None] = mapped_column(sa.String(45))
    # Its place in a chain (see audit_chain); none for entries from before the chains.
    chain: Mapped[int | None] = mapped_column(sa.SmallInteger)
    position: Mapped[int | None] = mapped_column(sa.BigInteger)
    hash: Mapped[str | None] = mapped_column(sa.String(64))

    __table_args__ = (
        sa.Index("ix_audit_entries_object", "object_type", "object_id"),
        sa.UniqueConstraint("chain", "position"),
    )


TABLE: sa.Table = AuditEntry.__table__  # type: ignore[assignment]
MESSAGE = "entries of the audit trail are never changed or deleted"
final.lock(TABLE, MESSAGE)


def acting(
    session: Session,
    actor_id: int | None,
    actor_name: str,
    request_id: str | None = None,
    *,
    address: str | None = None,
) -> None:
    """Say who acts in this session from now on, and from which address."""
    session.info.update(actor_id=actor_id, actor_name=actor_name, request_id=request_id, address=address)


def acts(session: Session, actor: Actor) -> None:
    """Say who acts from now on."""
    acting(session, actor.id, actor.name, actor.request_id, address=actor.address)


def because(session: Session, reason: str | None) -> None:
    """Give the reason that the entries of the current transaction carry."""
    session.info["audit_reason"] = audit_chain.plain(reason[:500]) if reason else None


def record(
    session: Session,
    action: str,
    object_type: str,
    object_id: Any,
    object_name: str,
    *,
    mission_id: int | None = None,
    **facts: Any,
) -> None:
    """Write an entry for something that is no change of one row (an import, a report issued)."""
    record_all(session, action, object_type, [(object_id, object_name, facts, None)], mission_id=mission_id)


def looked(
    session: Session,
    object_type: str,
    object_id: Any,
    object_name: str,
    *,
    mission_id: int | None = None,
    **facts: Any,
) -> None:
    """Write that somebody looked at something delicate."""
    record(session, "looked", object_type, object_id, object_name, mission_id=mission_id, **facts)


def exported(
    session: Session,
    object_type: str,
    object_id: Any,
    object_name: str,
    *,
    mission_id: int | None = None,
    **facts: Any,
) -> None:
    """Write that something went out as a file."""
    record(session, "exported", object_type, object_id, object_name, mission_id=mission_id, **facts)


@dataclass(frozen=True)
class Actor:
    """Who acts, in which request, from which address."""

    id: int | None
    name: str
    request_id: str | None = None
    address: str | None = None


def actor_of(session: Session) -> Actor:
    """Who acts in a session: the account and the name that its entries carry."""
    return Actor(session.info.get("actor_id"), str(session.info.get("actor_name", "system")))


def record_all(
    session: Session,
    action: str,
    object_type: str,
    objects: Iterable[tuple[Any, str, Mapping[str, Any], Actor | None]],
    *,
    mission_id: int | None = None,
) -> None:
    """Write such an entry for each of several things, given as (id, name, facts, actor), in one go.

    Without an actor it is the session's.
    """
    rows = []
    for object_id, object_name, facts, actor in objects:
        row = _entry(session, action, object_type, object_id, object_name, mission_id)
        if actor is not None:
            row |= _acted_by(actor)
        row["changes"] = {name: _plain(value) for name, value in facts.items()}
        rows.append(row)
    if rows:
        audit_chain.append(session, rows)


@contextmanager
def writing_ahead(session: Session) -> Iterator[None]:
    """Inside, statements are sent ahead (``bulk.ahead``), first of all the one for a place in the trail."""
    with bulk.ahead(session.connection()):
        audit_chain.reserve(session)
        yield


def created_all(
    session: Session, object_type: str, objects: Iterable[tuple[Any, str, int | None, Mapping[str, Any]]]
) -> None:
    """Write the entries that the listener writes of new rows, for rows that were written past it, in one go.

    Objects are given as (id, name, mission_id, values by column): whole numbers, texts or truths. Many
    thousand come at a time, so each value is looked at once.
    """
    shared = _entry(session, "created", object_type, None, "", None)
    rows = [
        {
            **shared,
            "object_id": str(object_id),
            "object_name": audit_chain.plain(name[:200]),
            "mission_id": mission_id,
            "changes": {
                column: [None, audit_chain.plain(value) if isinstance(value, str) else value]
                for column, value in values.items()
            },
        }
        for object_id, name, mission_id, values in objects
    ]
    if rows:
        audit_chain.append(session, rows)


def listen(target: Any) -> None:
    """Attach the listener to a session class, factory or scoped session."""
    sa.event.listen(target, "before_flush", _before_flush)
    sa.event.listen(target, "after_flush", _after_flush)
    sa.event.listen(target, "do_orm_execute", _refuse_bulk_change)
    audit_chain.listen(target)


def _before_flush(session: Session, _context: Any, _instances: Any) -> None:
    for row in session.dirty | session.deleted:  # type: ignore[operator]
        if isinstance(row, AuditEntry) and (row in session.deleted or session.is_modified(row)):
            raise RuntimeError("an audit entry is never changed or deleted")


def _refuse_bulk_change(state: orm.ORMExecuteState) -> None:
    if (state.is_update or state.is_delete) and state.bind_mapper and state.bind_mapper.class_ is AuditEntry:
        raise RuntimeError("an audit entry is never changed or deleted")


def _after_flush(session: Session, _context: Any) -> None:
    rows = []
    for action, objects in (
        ("created", session.new),
        ("changed", session.dirty),
        ("deleted", session.deleted),
    ):
        for row in objects:
            if isinstance(row, Base) and row.__audited__:
                changes = _changes(row, action)
                if changes or action == "deleted":
                    rows.append(_entry_of(session, action, row, changes))
    if rows:
        audit_chain.append(session, rows)


def _changes(row: Base, action: str) -> dict[str, Any]:
    changes: dict[str, Any] = {}
    state = sa.inspect(row)
    for attribute in state.mapper.column_attrs:
        history = state.attrs[attribute.key].history
        if action == "created":
            before, after = None, getattr(row, attribute.key)
            if after is None or attribute.key in ("id", "created_at"):
                continue
        elif action == "deleted":
            before, after = state.dict.get(attribute.key), None
            if before is None:
                continue
        elif history.has_changes():
            before = history.deleted[0] if history.deleted else None
            after = history.added[0] if history.added else None
        else:
            continue
        if attribute.key in row.__audit_secret__ or of_column(attribute.columns[0]).is_guarded:
            before, after = ("•••" if before else None), ("•••" if after else None)
        changes[attribute.key] = [_plain(before), _plain(after)]
    return changes


def _entry_of(session: Session, action: str, row: Base, changes: dict[str, Any]) -> dict[str, Any]:
    identity = sa.inspect(row).identity or sa.inspect(row).mapper.primary_key_from_instance(row)
    mission_id = row.id if row.__tablename__ == "missions" else getattr(row, "mission_id", None)  # type: ignore[attr-defined]
    entry = _entry(
        session, action, row.__tablename__, "/".join(map(str, identity)), str(row)[:200], mission_id
    )
    entry["changes"] = changes
    return entry


def _entry(
    session: Session, action: str, object_type: str, object_id: Any, object_name: str, mission_id: int | None
) -> dict[str, Any]:
    info = session.info
    return {
        "at": clock.now(),
        "actor_id": info.get("actor_id"),
        "actor_name": audit_chain.plain(str(info.get("actor_name", "system"))[:200]),
        "action": action,
        "object_type": object_type,
        "object_id": None if object_id is None else str(object_id),
        "object_name": audit_chain.plain(str(object_name)[:200]),
        "mission_id": mission_id,
        "changes": {},
        "reason": info.get("audit_reason"),
        "request_id": info.get("request_id"),
        "address": info.get("address"),
    }


def _acted_by(actor: Actor) -> dict[str, Any]:
    return {
        "actor_id": actor.id,
        "actor_name": audit_chain.plain(actor.name[:200]),
        "request_id": actor.request_id,
        "address": actor.address,
    }


def _plain(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, dict | list | str | int | float | bool) or value is None:
        return audit_chain.plain(value)
    return audit_chain.plain(str(value))
