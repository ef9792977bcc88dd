"""Slowing down whoever guesses, without letting a stranger lock anybody out.

Failures are counted under four keys: the account from one address, the address, the account from all
devices that never signed in to it, and each device that did (it carries a cookie that says so: the
"device cookie" of OWASP). A guesser runs into the first three; the person's own device has a count of
its own, so it always gets in. Beyond its threshold a key waits, twice as long for each further failure.
Accounts that do not exist are counted alike, so nothing tells them apart. Keys are kept as HMACs: the
table names neither addresses nor people.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eom.accounts.models import SignInFailure
from eom.core import clock

WINDOW = timedelta(hours=1)
FIRST_WAIT = timedelta(seconds=15)


@dataclass(frozen=True)
class Limit:
    """How many failures a key may have within an hour, and how long it waits at most."""

    free: int
    longest: timedelta


LIMITS = {
    "account-at-address": Limit(5, timedelta(minutes=15)),
    "device": Limit(10, timedelta(minutes=5)),
    "address": Limit(50, timedelta(minutes=15)),
    # Many addresses against one account: new devices wait a little, known ones not at all.
    "account": Limit(50, timedelta(minutes=1)),
    "factor": Limit(5, timedelta(minutes=15)),
}


@dataclass(frozen=True)
class Keys:
    """What one attempt is counted under: (kind, key) pairs."""

    pairs: tuple[tuple[str, str], ...]


def keys_of_password(secret: str, *, email: str, address: str, device: str | None) -> Keys:
    """The keys of an attempt with a password. ``device`` is the mark of a known device, or None."""
    account = email.strip().casefold()
    if device:
        return Keys((_pair(secret, "device", account, device),))
    return Keys(
        (
            _pair(secret, "account-at-address", account, address),
            _pair(secret, "address", address),
            _pair(secret, "account", account),
        )
    )


def keys_of_factor(secret: str, *, user_id: int) -> Keys:
    """The keys of an attempt with a second factor or a fresh sign-in: the person has the password."""
    return Keys((_pair(secret, "factor", str(user_id)),))


def seconds_to_wait(session: Session, keys: Keys) -> int:
    """Whole seconds until the next attempt is looked at; 0 when it may come now."""
    now = clock.now()
    names = {key: kind for kind, key in keys.pairs}
    rows = session.execute(
        sa.select(SignInFailure.key, sa.func.count(), sa.func.max(SignInFailure.at))
        .where(SignInFailure.key.in_(names), SignInFailure.at > now - WINDOW)
        .group_by(SignInFailure.key)
    ).tuples()
    until = max((_until(LIMITS[names[key]], count, last) for key, count, last in rows), default=now)
    return max(0, -int(-(until - now).total_seconds() // 1))


def record_failure(session: Session, keys: Keys) -> None:
    """Count a failure under every key, and forget what is too old to count."""
    now = clock.now()
    session.execute(sa.insert(SignInFailure), [{"key": key, "at": now} for _kind, key in keys.pairs])
    session.execute(sa.delete(SignInFailure).where(SignInFailure.at < now - 2 * WINDOW))


def forget(session: Session, keys: Keys) -> None:
    """A success: what was counted for this account here is forgotten, the address's count stays."""
    personal = [key for kind, key in keys.pairs if kind in ("account-at-address", "device", "factor")]
    session.execute(sa.delete(SignInFailure).where(SignInFailure.key.in_(personal)))


def device_mark(secret: str, email: str, nonce: str) -> str:
    """The value of a device's cookie for an account: the nonce and its HMAC."""
    return f"{nonce}.{_mac(secret, 'device cookie', email.strip().casefold(), nonce)}"


def is_device_of(secret: str, email: str, value: str) -> bool:
    """Whether a cookie was made for this account."""
    nonce, _dot, _mac_given = value.partition(".")
    return hmac.compare_digest(device_mark(secret, email, nonce), value)


def _until(limit: Limit, count: int, last: datetime) -> datetime:
    beyond = count - limit.free
    if beyond < 0:
        return last
    return last + min(FIRST_WAIT * 2 ** min(beyond, 20), limit.longest)


def _pair(secret: str, kind: str, *parts: str) -> tuple[str, str]:
    return kind, _mac(secret, kind, *parts)


def _mac(secret: str, *parts: str) -> str:
    return hmac.new(secret.encode(), "\0".join(parts).encode(), hashlib.sha256).hexdigest()
