"""Encryption at rest: what is sealed cannot be read in the database, a backup or a copied disk.

AES-256-GCM (NIST SP 800-38D) with a random nonce of 96 bits for each value. A token reads
``v1.<key id>.<base64 of nonce and ciphertext>``; its table and column are authenticated with it, so a
token moved to another column is refused. Keys come from the settings, the newest first: it seals, all of
them open. ``rotate`` seals everything again with the newest, and older keys can then be thrown away.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import secrets
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session
from sqlalchemy.types import TypeDecorator

VERSION = "v1"
KEY_BYTES = 32
NONCE_BYTES = 12
BATCH = 500


class VaultError(RuntimeError):
    """A sealed value cannot be made or opened: a fault of the set-up or of the data, never of the person.

    The message names table and column and the cause; never a key and never content.
    """


@dataclass(frozen=True)
class Keyring:
    """The keys by their id, the newest first."""

    keys: tuple[tuple[str, bytes], ...] = field(default=(), repr=False)

    @classmethod
    def of(cls, encoded: Iterable[str]) -> Keyring:
        """The keyring of base64 keys. Raises VaultError for one that is not 32 bytes, naming its place."""
        keys = []
        for place, text in enumerate(encoded, 1):
            try:
                key = base64.b64decode(text.strip().replace("-", "+").replace("_", "/"), validate=True)
            except (binascii.Error, ValueError):
                key = b""
            if len(key) != KEY_BYTES:
                raise VaultError(
                    f"key {place} of EOM_FIELD_KEYS is not the base64 of {KEY_BYTES} bytes; make one with: "
                    "openssl rand -base64 32"
                )
            keys.append((key_id(key), key))
        return cls(tuple(keys))

    @property
    def newest(self) -> str | None:
        """The id of the key that seals; None without any key."""
        return self.keys[0][0] if self.keys else None

    def seal(self, text: str, place: str) -> str:
        """The token of a text for ``place`` (``table.column``). Raises VaultError without a key."""
        if not self.keys:
            raise VaultError(f"{place} cannot be sealed: there is no key, set EOM_FIELD_KEYS")
        identity, key = self.keys[0]
        nonce = secrets.token_bytes(NONCE_BYTES)
        sealed = _cipher(key).encrypt(nonce, text.encode(), place.encode())
        return f"{VERSION}.{identity}.{base64.b64encode(nonce + sealed).decode()}"

    def open(self, token: str, place: str) -> str:
        """The text of a token. Raises VaultError for an unknown key and for a token that was changed."""
        from cryptography.exceptions import InvalidTag

        version, identity, sealed = _parts(token, place)
        key = dict(self.keys).get(identity)
        if version != VERSION:
            raise VaultError(f"{place}: a token of another version than {VERSION}")
        if key is None:
            raise VaultError(f"{place}: sealed with key {identity}, which is not among EOM_FIELD_KEYS")
        try:
            return bytes(
                _cipher(key).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], place.encode())
            ).decode()
        except InvalidTag:
            raise VaultError(
                f"{place}: the token was changed, or comes from another column; key {identity} does not open it"
            ) from None


def key_id(key: bytes) -> str:
    """What tokens call a key: the beginning of its SHA-256, which tells nothing of the key."""
    return hashlib.sha256(b"eom field key " + key).hexdigest()[:8]


def _cipher(key: bytes) -> Any:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    return AESGCM(key)


def _parts(token: str, place: str) -> tuple[str, str, bytes]:
    parts = token.split(".")
    try:
        version, identity, encoded = parts
        sealed = base64.b64decode(encoded, validate=True)
    except (ValueError, binascii.Error):
        raise VaultError(f"{place}: what is stored is no sealed value") from None
    if len(sealed) < NONCE_BYTES + 16:
        raise VaultError(f"{place}: the token is cut short")
    return version, identity, sealed


_reach: Callable[[], Keyring] = Keyring


def reached_by(accessor: Callable[[], Keyring]) -> None:
    """Say how the keyring of the application that runs is reached (eom/extensions.py does)."""
    global _reach
    _reach = accessor


class Sealed(TypeDecorator[str]):
    """Text that is sealed in the database and plain in Python. ``place`` is ``table.column``."""

    impl = sa.Text
    cache_ok = True

    def __init__(self, place: str) -> None:
        super().__init__()
        self.place = place

    def process_bind_param(self, value: Any, dialect: sa.Dialect) -> str | None:
        if value is None:
            return None
        if not isinstance(value, str):
            raise TypeError(f"{self.place} seals text, not {type(value).__name__}")
        return _reach().seal(value, self.place)

    def process_result_value(self, value: Any, dialect: sa.Dialect) -> str | None:
        return None if value is None else _reach().open(str(value), self.place)


def sealed_columns(metadata: sa.MetaData) -> list[sa.Column[Any]]:
    """Every sealed column, by table and name."""
    return [
        column
        for table in sorted(metadata.tables.values(), key=lambda table: table.name)
        for column in table.columns
        if isinstance(column.type, Sealed)
    ]


def standing(session: Session, metadata: sa.MetaData) -> dict[tuple[str, str], int]:
    """How many values there are by (``table.column``, key id); nothing is opened."""
    found: Counter[tuple[str, str]] = Counter()
    for column in sealed_columns(metadata):
        raw = sa.type_coerce(column, sa.Text)
        tokens = session.scalars(sa.select(raw).where(column.is_not(None)).execution_options(yield_per=2000))
        for token in tokens:
            parts = str(token).split(".")
            found[_place(column), parts[1] if len(parts) == 3 else "broken"] += 1
    return dict(sorted(found.items()))


def rotate(session: Session, metadata: sa.MetaData, batch: int = BATCH) -> Iterator[tuple[str, str, int]]:
    """Seal every value of an older key again with the newest, ``batch`` rows at a time.

    Gives (``table.column``, old key id, count) after each batch, for the caller to commit. Run again it
    does nothing. Raises VaultError for a value that no key opens; what was done before stays.
    """
    keyring = _reach()
    if keyring.newest is None:
        raise VaultError("there is no key, set EOM_FIELD_KEYS")
    for column in sealed_columns(metadata):
        while rows := _old(session, column, keyring.newest, batch):
            done: Counter[str] = Counter()
            for identity, token in rows:
                _seal_again(session, column, keyring, identity, token)
                done[token.split(".")[1]] += 1
            yield from ((_place(column), old, count) for old, count in sorted(done.items()))


def _old(session: Session, column: sa.Column[Any], newest: str, batch: int) -> list[tuple[Any, str]]:
    """(primary key, token) of values that another key than the newest sealed."""
    raw, key = sa.type_coerce(column, sa.Text), column.table.primary_key.columns[0]
    query = sa.select(key, raw).where(column.is_not(None), ~raw.startswith(f"{VERSION}.{newest}."))
    return [(row[0], str(row[1])) for row in session.execute(query.order_by(key).limit(batch))]


def _seal_again(
    session: Session, column: sa.Column[Any], keyring: Keyring, identity: Any, token: str
) -> None:
    place = _place(column)
    # Written past the type, which would seal the token itself; only if nobody wrote the row meanwhile.
    plain = sa.table(column.table.name, sa.column(column.name, sa.Text), key := _key(column))
    fresh = keyring.seal(keyring.open(token, place), place)
    where = (key == identity, plain.c[column.name] == token)
    session.execute(sa.update(plain).where(*where).values({column.name: fresh}))


def _key(column: sa.Column[Any]) -> sa.ColumnClause[Any]:
    own = column.table.primary_key.columns[0]
    return sa.column(own.name, own.type)


def _place(column: sa.Column[Any]) -> str:
    return f"{column.table.name}.{column.name}"
