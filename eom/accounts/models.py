"""Accounts and memberships."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask_security import RoleMixin, UserMixin
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eom.accounts.permissions import ROLES, Permission, Role
from eom.core.db import Base, Stamped
from eom.core.types import UTCDateTime, one_of


class User(Base, UserMixin, Stamped):
    """Someone who signs in."""

    __tablename__ = "users"
    __audit_secret__ = frozenset({"password", "fs_uniquifier"})

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(sa.String(254), unique=True)
    name: Mapped[str] = mapped_column(sa.String(200))
    password: Mapped[str | None] = mapped_column(sa.String(255))
    active: Mapped[bool] = mapped_column(default=True)
    fs_uniquifier: Mapped[str] = mapped_column(sa.String(64), unique=True)
    language: Mapped[str | None] = mapped_column(sa.String(2))
    last_seen_at: Mapped[datetime | None] = mapped_column(UTCDateTime())

    memberships: Mapped[list[Membership]] = relationship(
        back_populates="user", lazy="selectin", cascade="all, delete-orphan"
    )

    # Flask-Security asks for roles; ours are memberships, by mission.
    roles: Any = ()

    def __str__(self) -> str:
        return self.name

    def holds(self, permission: Permission, mission_id: int | None) -> bool:
        """Whether a membership in the mission, or one everywhere, carries the permission."""
        return any(
            m.mission_id in (None, mission_id) and permission in ROLES[m.role] for m in self.memberships
        )

    def is_member(self, mission_id: int) -> bool:
        """Whether the person belongs to the mission, or to all."""
        return any(m.mission_id in (None, mission_id) for m in self.memberships)

    def missions_with(self, permission: Permission) -> set[int] | None:
        """Ids of the missions where the person holds the permission; None means all of them."""
        ids: set[int] = set()
        for membership in self.memberships:
            if permission in ROLES[membership.role]:
                if membership.mission_id is None:
                    return None
                ids.add(membership.mission_id)
        return ids


class Membership(Base, Stamped):
    """A role of a person, in one mission or (without one) everywhere."""

    __tablename__ = "memberships"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id"), index=True)
    mission_id: Mapped[int | None] = mapped_column(sa.ForeignKey("missions.id"), index=True)
    role: Mapped[Role] = mapped_column(one_of(Role))

    user: Mapped[User] = relationship(back_populates="memberships")

    __table_args__ = (sa.UniqueConstraint("user_id", "mission_id", "role"),)

    def __str__(self) -> str:
        return f"{self.role.value}"


class SecurityRole(RoleMixin):
    """Flask-Security wants a role model; it is never stored (see ``User.roles``)."""

    name = ""
