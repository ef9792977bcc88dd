"""Reading accounts."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eom.accounts.models import User


def user_by_email(session: Session, email: str) -> User | None:
    """The account of an address, whatever its case."""
    return session.scalar(sa.select(User).where(User.email == email.strip().lower()))


def all_users(session: Session, *, inactive: bool = False) -> list[User]:
    """Every account by its address; those that sign in, or with ``inactive`` all."""
    query = sa.select(User).order_by(User.email)
    return list(session.scalars(query if inactive else query.where(User.active.is_(True))))
