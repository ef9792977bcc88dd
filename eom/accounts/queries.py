"""Reading accounts."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eom.accounts.models import Membership, User


def user_by_email(session: Session, email: str) -> User | None:
    """The account of an address, whatever its case."""
    return session.scalar(sa.select(User).where(User.email == email.strip().lower()))


def members(mission_id: int) -> sa.Select[Membership]:
    """The memberships in a mission."""
    return sa.select(Membership).where(Membership.mission_id == mission_id)
