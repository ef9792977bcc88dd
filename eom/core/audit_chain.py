"""Tamper evidence: entries of the audit trail in chains, each bound to the one before by a keyed hash.

Whoever can write to the database but has no key (``EOM_AUDIT_KEY``) cannot change, remove or insert an
entry without ``audit_proof.faults`` naming it. A transaction that writes takes one free chain for its
duration, so writers do not wait for each other (docs/decisions/0004-audit-chains.md). The head of each
chain is kept apart and is signed: an entry cut from the end is missed too.
"""

from __future__ import annotations

import hashlib
import json
import random
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from eom.core import bulk
from eom.core.db import Base

CHAINS = 64
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
_HEAD = "audit_head"
_ASKED = "audit_head_asked"
_HEADS = "SELECT id, length, last_hash FROM audit_chains"
_FREE = f"{_HEADS} WHERE id >= %s ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED"
# Canonical JSON. Items stand on lines of their own: no string holds a line break as it is, so many entries
# encoded in one go can be told apart again.
encode = json.JSONEncoder(sort_keys=True, separators=(",\n", ":"), ensure_ascii=True, default=repr).encode


class AuditChain(Base):
    """The head of a chain. Chain 0 is none: its length is the id of the last entry from before the chains."""

    __tablename__ = "audit_chains"
    __audited__ = False

    id: Mapped[int] = mapped_column(sa.SmallInteger, primary_key=True, autoincrement=False)
    length: Mapped[int] = mapped_column(sa.BigInteger)
    last_hash: Mapped[str] = mapped_column(sa.String(64))


def seeds() -> str:
    """The statement that makes the chains of a new database."""
    rows = ", ".join(f"({number}, 0, '')" for number in range(CHAINS + 1))
    return f"INSERT INTO audit_chains (id, length, last_hash) VALUES {rows}"  # noqa: S608 - numbers only


sa.event.listen(AuditChain.__table__, "after_create", sa.DDL(seeds()))


@dataclass
class Head:
    """Where the next entry of a chain goes."""

    chain: int
    length: int
    last_hash: str


_reach: Callable[[], str] = str


def reached_by(accessor: Callable[[], str]) -> None:
    """Say how the key of the application that runs is reached (eom/extensions.py does)."""
    global _reach
    _reach = accessor


class Signer:
    """HMAC-SHA256 (RFC 2104) under the server's key, with the key hashed in once: twice as fast a message."""

    def __init__(self, key: str) -> None:
        secret = key.encode()
        block = (hashlib.sha256(secret).digest() if len(secret) > 64 else secret).ljust(64, b"\0")
        self._inner = hashlib.sha256(bytes(each ^ 0x36 for each in block))
        self._outer = hashlib.sha256(bytes(each ^ 0x5C for each in block))

    def sign(self, text: str) -> str:
        """The HMAC of a text as 64 hexadecimal digits."""
        inner, outer = self._inner.copy(), self._outer.copy()
        inner.update(text.encode())
        outer.update(inner.digest())
        return outer.hexdigest()

    def entry(self, before: str, facts: str) -> str:
        """The hash of an entry: of its facts and of the link to the entry before it.

        ``facts``, as ``encoded`` gives them: chain, position, microseconds since 1970, then the columns, the
        changes as JSON of their own.
        """
        return self.sign(f"{before}\n{facts}")

    def link(self, entry_hash: str) -> str:
        """What the next entry is bound to, and what the head holds.

        It stands in no entry, so without the key a head cannot be set back to an earlier entry.
        """
        return self.sign(entry_hash)


def signer() -> Signer:
    """The signer of the application that runs."""
    return _signer_of(_reach())


_signer_of = lru_cache(maxsize=4)(Signer)


def encoded(entries: Sequence[Sequence[Any]]) -> list[str]:
    """The facts of each entry as canonical JSON without its brackets; in one go, which is faster."""
    return encode(entries)[2:-2].split("],\n[") if entries else []


def microseconds(at: datetime) -> int:
    """An instant as whole microseconds since 1970."""
    return (at - EPOCH) // MICROSECOND


def plain(value: Any) -> Any:
    """JSON types that every database gives back as they were: no floats, no NUL, no lone surrogate."""
    if isinstance(value, dict):
        return {plain(str(name)): plain(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [plain(each) for each in value]
    if isinstance(value, str):
        return value.replace("\0", "\N{SYMBOL FOR NULL}").encode("utf-8", "replace").decode()
    return repr(value) if isinstance(value, float) else value


def append(session: Session, rows: list[dict[str, Any]]) -> None:
    """Write entries at the end of the chain that this transaction holds.

    Every change of every record comes through here, so it speaks to the driver itself: one statement on
    PostgreSQL, two on SQLite, and one more in a transaction's beginning.
    """
    connection, signs = session.connection(), signer()
    head = session.info.get(_HEAD) or _asked(session) or _take(connection)
    session.info[_HEAD] = head
    for row in rows:
        head.length += 1
        row["chain"], row["position"] = head.chain, head.length
        row["changes"] = encode(row["changes"])
    for row, facts in zip(rows, encoded([_facts_of(row) for row in rows]), strict=True):
        row["hash"] = signs.entry(head.last_hash, facts)
        head.last_hash = signs.link(row["hash"])
    moved = (
        "UPDATE audit_chains SET length = %s, last_hash = %s WHERE id = %s",
        (head.length, head.last_hash, head.chain),
    )
    bulk.insert_rows(connection, Base.metadata.tables["audit_entries"], rows, ahead=moved)


def reserve(session: Session) -> None:
    """Ask for a chain now, to be read when the first entry is written: worth it where statements go ahead."""
    connection = session.connection()
    if connection.dialect.name == "postgresql" and not session.info.keys() & {_HEAD, _ASKED}:
        cursor = connection.connection.cursor()
        cursor.execute(_FREE, (_somewhere(),))
        session.info[_ASKED] = cursor


def _asked(session: Session) -> Head | None:
    cursor = session.info.pop(_ASKED, None)
    row = cursor.fetchone() if cursor is not None else None
    return Head(*row) if row else None


def listen(target: Any) -> None:
    """Let go of the chain whenever a transaction or a savepoint ends: what follows looks anew."""
    for name in ("after_commit", "after_rollback"):
        sa.event.listen(target, name, _let_go)
    sa.event.listen(target, "after_soft_rollback", lambda session, _transaction: _let_go(session))


def _let_go(session: Session) -> None:
    session.info.pop(_HEAD, None)
    session.info.pop(_ASKED, None)


def _take(connection: sa.Connection) -> Head:
    """A chain that no other transaction holds; when all are held, one of them after a wait."""
    with closing(connection.connection.cursor()) as cursor:
        if connection.dialect.name == "sqlite":
            # One writer at a time writes there anyway.
            return Head(*cursor.execute(f"{_HEADS} WHERE id = 1").fetchone())
        start = _somewhere()
        for first in (start, 1):
            if row := cursor.execute(_FREE, (first,)).fetchone():
                return Head(*row)
        return Head(*cursor.execute(f"{_HEADS} WHERE id = %s FOR UPDATE", (start,)).fetchone())


def _somewhere() -> int:
    """Where the search for a free chain begins."""
    return random.randint(1, CHAINS)  # noqa: S311 - it spreads writers, it hides nothing


COLUMNS = (
    "actor_id", "actor_name", "action", "object_type", "object_id", "object_name", "mission_id", "changes",
    "reason", "request_id", "address",
)  # fmt: skip


def _facts_of(row: dict[str, Any]) -> list[Any]:
    return [row["chain"], row["position"], microseconds(row["at"]), *(row[name] for name in COLUMNS)]
