"""Sessions: where someone is signed in, how long that holds, and how it ends.

The cookie holds a random secret, the database its SHA-256: who reads the table can sign in nowhere.
A session ends by signing out, when it is ended from another device, when the password or the roles
change, after ``IDLE`` without use and after ``LASTS`` (or ``LASTS_REMEMBERED``) in any case.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eom.accounts.models import SignInSession, User
from eom.core import audit, clock
from eom.core.db import get_in
from eom.core.tokens import digest
from eom.extensions import db

LASTS = timedelta(hours=24)
# An observer signs in once and is days away from any network.
LASTS_REMEMBERED = timedelta(days=14)
IDLE = timedelta(hours=12)
SEEN_EVERY = timedelta(minutes=5)


def begin(
    user: User,
    *,
    address: str | None,
    device: str | None,
    is_remembered: bool = False,
    ways: Sequence[str] = (),
) -> str:
    """Write a new session and return the secret for its cookie. ``ways`` name how the person proved it."""
    secret, now = secrets.token_urlsafe(32), clock.now()
    db.session.add(
        SignInSession(
            user=user, token_sha256=digest(secret), began_at=now, seen_at=now,
            expires_at=now + (LASTS_REMEMBERED if is_remembered else LASTS),
            address=(address or "")[:45] or None, device=(device or "")[:300] or None,
        )
    )  # fmt: skip
    facts: dict[str, Any] = {"ways": sorted(set(ways))} if ways else {}
    audit.record(db.session(), "signed-in", "users", user.id, user.name, **facts)
    db.session.flush()
    return secret


def found(session: Session, mark: str, secret: str) -> tuple[User, SignInSession] | None:
    """The active account of a mark with the session of a secret, if that has not ended; in one query."""
    row = session.execute(
        sa.select(User, SignInSession)
        .join(SignInSession, SignInSession.user_id == User.id)
        .where(
            User.fs_uniquifier == mark,
            User.active.is_(True),
            SignInSession.token_sha256 == digest(secret),
            SignInSession.ended_at.is_(None),
            SignInSession.expires_at > clock.now(),
        )
    ).first()
    return (row[0], row[1]) if row else None


def seen(row: SignInSession) -> None:
    """Note that a session was used, at most every five minutes."""
    now = clock.now()
    if now - row.seen_at > SEEN_EVERY:
        row.seen_at = now


def open_sessions(session: Session, user: User) -> Sequence[SignInSession]:
    """Where a person is signed in now, the latest first."""
    return session.scalars(
        sa.select(SignInSession)
        .where(
            SignInSession.user_id == user.id,
            SignInSession.ended_at.is_(None),
            SignInSession.expires_at > clock.now(),
        )
        .order_by(SignInSession.seen_at.desc(), SignInSession.id.desc())
    ).all()


def end(user: User, session_id: int) -> None:
    """End one session of a person. Raises NotFound for one that is not theirs or has ended."""
    row = get_in(db.session(), SignInSession, session_id, user_id=user.id, ended_at=None)
    row.ended_at = clock.now()
    audit.record(db.session(), "session-ended", "users", user.id, user.name, device=row.device)
    db.session.flush()


def end_by_secret(secret: str) -> None:
    """End the session of a secret: its person signs out."""
    db.session.execute(
        sa.update(SignInSession)
        .where(SignInSession.token_sha256 == digest(secret), SignInSession.ended_at.is_(None))
        .values(ended_at=clock.now())
    )


def end_all(user: User, *, keep: str | None = None, because: str = "password or roles changed") -> int:
    """End every session of a person but the one of secret ``keep``; return how many ended.

    ``because`` is told in the trail: portal/fact_words.py has it in the reader's words.
    """
    if user.id is None:
        return 0
    criteria = [SignInSession.user_id == user.id, SignInSession.ended_at.is_(None)]
    if keep:
        criteria.append(SignInSession.token_sha256 != digest(keep))
    ended: int = db.session.execute(
        sa.update(SignInSession).where(*criteria).values(ended_at=clock.now())
    ).rowcount  # type: ignore[attr-defined]
    if ended:
        audit.record(
            db.session(), "sessions-ended", "users", user.id, user.name, count=ended, because=because
        )
    return ended
