"""The proof of the audit trail: every entry read again in its chain and held against its keyed hash.

Finds what was changed, removed or inserted in the database by somebody without the key. What an earlier
state of the heads could hide, a seal kept elsewhere tells (docs/decisions/0004-audit-chains.md).
"""

from __future__ import annotations

import hmac
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eom.core.audit import AuditEntry
from eom.core.audit_chain import (
    CHAINS,
    COLUMNS,
    EPOCH,
    MICROSECOND,
    AuditChain,
    Head,
    Signer,
    encode,
    encoded,
    signer,
)

# Instants as microseconds, changes as text: what a driver reads fastest.
_READ = {
    "sqlite": (
        # Of whole seconds only: SQLite rounds to milliseconds, up into the next second.
        "CAST(strftime('%s', substr(at, 1, 19)) AS INTEGER) * 1000000 + CAST(substr(at || '000000', 21, 6) AS INTEGER)",
        "changes",
    ),
    "postgresql": (
        "CASE WHEN isfinite(at) THEN (extract(epoch FROM at) * 1000000)::bigint END",
        "changes::text",
    ),
}
Row = tuple[Any, ...]
CHAINED = "chain IS NOT NULL ORDER BY chain, position, id"
OUTSIDE = "chain IS NULL ORDER BY id"


@dataclass(frozen=True)
class Fault:
    """Something that is not as it was written. ``kind``: changed, removed, inserted or cut."""

    kind: str
    chain: int | None
    position: int | None
    entry_id: int | None
    about: str

    def as_dict(self) -> dict[str, Any]:
        """The fault as JSON types."""
        return {
            "kind": self.kind, "chain": self.chain, "position": self.position, "entry": self.entry_id,
            "about": self.about,
        }  # fmt: skip

    def __str__(self) -> str:
        place = f"chain {self.chain}, position {self.position}, entry {self.entry_id}"
        return f"{self.kind}: {place}: {self.about}"


def one_view(session: Session) -> None:
    """Begin a transaction that sees one state of the trail, however long it is read while others write."""
    session.rollback()
    if session.get_bind().dialect.name == "postgresql":
        session.connection(execution_options={"isolation_level": "REPEATABLE READ"})


def faults(session: Session) -> Iterator[Fault]:
    """Every entry that was changed, removed or inserted, chain after chain, in constant memory."""
    query = sa.select(AuditChain.id, AuditChain.length, AuditChain.last_hash)
    heads = {row[0]: Head(*row) for row in session.execute(query)}
    signs, seen = signer(), set()
    chain: _Chain | None = None
    for row, facts in _entries(session, CHAINED):
        if chain is None or row[2] != chain.number:
            if chain:
                yield from chain.end()
            seen.add(row[2])
            chain = _Chain(row[2], heads.get(row[2]), signs)
        if fault := chain.meet(row, facts):
            yield fault
    if chain:
        yield from chain.end()
    for number in sorted({*heads, *range(CHAINS + 1)} - seen):
        yield from _without_entries(number, heads.get(number))
    yield from _outside(session, heads.get(0))


class _Chain:
    """One chain on its way from its first entry to its head."""

    def __init__(self, number: int, head: Head | None, signs: Signer) -> None:
        self.number, self.signs, self.position = number, signs, 0
        self.head = head if 1 <= number <= CHAINS else None
        # What the next entry is bound to; or to that, where the last one's hash itself was changed.
        self.link, self.or_link = "", ""
        self.at: int | None = None

    def meet(self, row: Row, facts: str) -> Fault | None:
        """Hold the next entry against the one before it."""
        if row[3] == self.position + 1 and self.signs.entry(self.link, facts) == row[1]:
            self.position, self.link, self.at = row[3], self.signs.link(row[1]), row[4]
            self.or_link = self.link
            return None
        return self._meet_unproved(row, facts, row[3] or 0)

    def _meet_unproved(self, row: Row, facts: str, position: int) -> Fault | None:
        if position <= self.position:
            return Fault("inserted", self.number, row[3], row[0], f"this place is not free: {_about(row)}")
        fault, fits = None, self.signs.entry(self.or_link, facts)
        if position > self.position + 1:
            fault = Fault("removed", self.number, self.position + 1, None, self._gap(position, row))
        elif fits != row[1]:
            is_beyond = self.head is None or position > self.head.length
            kind = "inserted" if is_beyond else "changed"
            fault = Fault(kind, self.number, position, row[0], _about(row))
        expected = self.signs.entry(self.link, facts)
        self.position, self.at = position, row[4]
        self.link, self.or_link = self.signs.link(str(row[1])), self.signs.link(expected)
        return fault

    def _gap(self, position: int, row: Row) -> str:
        after = f"after {_when(self.at)}, " if self.position else ""
        return f"{_positions(self.position + 1, position - 1)} gone, {after}before {_about(row)}"

    def end(self) -> Iterator[Fault]:
        """What is wrong at the end: entries missing, or a head that is not its last entry's."""
        if self.head is None:
            yield Fault("removed", self.number, None, None, "this chain has no head")
        elif self.head.length > self.position:
            about = f"{_positions(self.position + 1, self.head.length)} gone from the end"
            after = f", after {_when(self.at)}" if self.position else ""
            yield Fault("removed", self.number, self.position + 1, None, about + after)
        elif self.head.length < self.position or self.head.last_hash not in (self.link, self.or_link):
            about = "the head of this chain is not its last entry's: entries were cut off or added"
            yield Fault("changed", self.number, self.position, None, about)


def _without_entries(number: int, head: Head | None) -> Iterator[Fault]:
    """Chains of which no entry is left although their heads count some, or are gone themselves."""
    if head is None:
        yield Fault("removed", number, None, None, "the head of this chain is gone")
    elif number and head.length:
        yield Fault("removed", number, 1, None, f"{_positions(1, head.length)} gone: the whole chain")
    elif number and head.last_hash:
        yield Fault("changed", number, None, None, "the head of this chain was changed")


def _outside(session: Session, mark: Head | None) -> Iterator[Fault]:
    """Entries in no chain that are not from before the chains."""
    last = mark.length if mark else 0
    first = session.scalar(sa.select(sa.func.min(AuditEntry.id)).where(AuditEntry.chain.is_not(None)))
    if first is not None:
        last = min(last, first - 1)
    for row, _facts in _entries(session, OUTSIDE):
        if not 1 <= row[0] <= last:
            yield Fault("inserted", None, None, row[0], f"in no chain: {_about(row)}")


def _entries(session: Session, which: str) -> Iterator[tuple[Row, str]]:
    """(id, hash, chain, position, microseconds, *COLUMNS) of entries, in order, each with its encoded facts."""
    connection = session.connection()
    dialect = connection.dialect.name
    at, changes = _READ[dialect]
    names = [changes if name == "changes" else name for name in COLUMNS]
    query = (
        f"SELECT id, hash, chain, position, {at}, {', '.join(names)} FROM audit_entries "  # noqa: S608
        f"WHERE {which}"
    )
    driver: Any = connection.connection.driver_connection
    cursor = driver.cursor() if dialect == "sqlite" else driver.cursor(name="audit_proof", binary=True)
    try:
        cursor.execute(query)
        while rows := cursor.fetchmany(5000):
            yield from zip(rows, encoded([row[2:] for row in rows]), strict=True)
    finally:
        cursor.close()


def _positions(first: int, last: int) -> str:
    return f"position {first} is" if first == last else f"positions {first} to {last} are"


def _when(microseconds: int | None) -> str:
    with suppress(TypeError, OverflowError):
        return (EPOCH + microseconds * MICROSECOND).isoformat(timespec="seconds")  # type: ignore[operator]
    return "no time"


def _about(row: Row) -> str:
    named = dict(zip(COLUMNS, row[5:], strict=True))
    what = f"{named['action']} {named['object_type']} {named['object_id'] or ''}".rstrip()
    return f"{_when(row[4])} {named['actor_name']}: {what}"


def seal(session: Session, at: datetime) -> dict[str, Any]:
    """The last entry of each chain and their number, under one HMAC, for an auditor to keep elsewhere.

    Raises ValueError when a chain has lost its end.
    """
    last = sa.and_(AuditEntry.chain == AuditChain.id, AuditEntry.position == AuditChain.length)
    query = sa.select(AuditChain.id, AuditChain.length, AuditEntry.hash).outerjoin(AuditEntry, last)
    heads = [list(row) for row in session.execute(query.order_by(AuditChain.id)).all()]
    if any(number and length and not last_hash for number, length, last_hash in heads):
        raise ValueError("the trail has lost an end: `audit verify` says which")
    body = {
        "made_at": at.isoformat(),
        "entries": session.scalar(sa.select(sa.func.count()).select_from(AuditEntry)),
        "heads": heads,
        "outside": _digest_outside(session),
    }
    return {**body, "hmac": signer().sign(encode(body))}


def _digest_outside(session: Session) -> str:
    """One hash over all entries from before the chains: nothing else binds them."""
    signs, before = signer(), ""
    for row, facts in _entries(session, OUTSIDE):
        before = signs.entry(before, f"{row[0]},\n{facts}")
    return before


def broken_seal(session: Session, kept: dict[str, Any]) -> Iterator[Fault]:
    """What a seal saw and the trail no longer holds. Raises ValueError for a seal that was changed."""
    body = {name: value for name, value in kept.items() if name != "hmac"}
    if not hmac.compare_digest(signer().sign(encode(body)).encode(), str(kept.get("hmac", "")).encode()):
        raise ValueError("this seal was changed, or was made with another key")
    for chain, length, last_hash in kept["heads"]:
        if chain and length:
            place = (AuditEntry.chain == chain, AuditEntry.position == length)
            if session.scalars(sa.select(AuditEntry.hash).where(*place)).first() != last_hash:
                about = f"the seal of {kept['made_at']} saw another entry here"
                yield Fault("cut", chain, length, None, about)
    if _digest_outside(session) != kept["outside"]:
        about = f"the entries from before the chains are not those that the seal of {kept['made_at']} saw"
        yield Fault("cut", None, None, None, about)
