"""Accounts and memberships."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from flask_security import AsaList, RoleMixin, UserMixin, WebAuthnMixin
from sqlalchemy.ext.mutable import MutableList
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eom.accounts.permissions import ROLES, Permission, Role
from eom.core import clock
from eom.core.db import Base, Stamped
from eom.core.i18n import lazy
from eom.core.privacy import DataClass, classed
from eom.core.types import Labelled, UTCDateTime, one_of
from eom.core.vault import Sealed
from eom.extensions import settings

PERSONAL = classed(DataClass.PERSONAL)
SENSITIVE = classed(DataClass.SENSITIVE)


class User(Base, UserMixin, Stamped):
    """Someone who signs in."""

    __tablename__ = "users"
    __audit_secret__ = frozenset(
        {
            "password",
            "fs_uniquifier",
            "tf_totp_secret",
            "tf_last_counter",
            "mf_recovery_codes",
            "fs_webauthn_user_handle",
        }
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(sa.String(254), unique=True, info=PERSONAL)
    name: Mapped[str] = mapped_column(sa.String(200), info=PERSONAL)
    password: Mapped[str | None] = mapped_column(sa.String(255), info=SENSITIVE)  # type: ignore[assignment]
    active: Mapped[bool] = mapped_column(default=True)
    fs_uniquifier: Mapped[str] = mapped_column(sa.String(64), unique=True, info=SENSITIVE)
    language: Mapped[str | None] = mapped_column(sa.String(2))
    last_seen_at: Mapped[datetime | None] = mapped_column(UTCDateTime())
    password_set_at: Mapped[datetime | None] = mapped_column(UTCDateTime())
    # The second factor, as Flask-Security names it: a time-based code and single-use recovery codes.
    tf_primary_method: Mapped[str | None] = mapped_column(sa.String(64))
    tf_totp_secret: Mapped[str | None] = mapped_column(
        Sealed("users.tf_totp_secret"), deferred=True, info=SENSITIVE
    )
    # The half minute of the last code that opened: a code opens once.
    tf_last_counter: Mapped[int | None] = mapped_column(sa.BigInteger)
    tf_phone_number: Mapped[str | None] = mapped_column(sa.String(128), info=PERSONAL)
    mf_recovery_codes: Mapped[list[str] | None] = mapped_column(
        MutableList.as_mutable(AsaList()), deferred=True, info=SENSITIVE
    )
    fs_webauthn_user_handle: Mapped[str | None] = mapped_column(  # type: ignore[assignment]
        sa.String(64), unique=True, default=lambda: uuid.uuid4().hex, info=SENSITIVE
    )

    memberships: Mapped[list[Membership]] = relationship(
        back_populates="user", lazy="selectin", cascade="all, delete-orphan"
    )
    webauthn: Mapped[list[Passkey]] = relationship(  # type: ignore[assignment]
        back_populates="user", order_by="Passkey.id", cascade="all, delete-orphan"
    )

    # Flask-Security asks for roles; ours are memberships, by mission.
    roles: Any = ()

    def __str__(self) -> str:
        return self.name

    @property
    def current(self) -> list[Membership]:
        """The memberships that hold today."""
        today = clock.today()
        return [each for each in self.memberships if each.holds_on(today)]

    @property
    def lasting(self) -> list[Membership]:
        """The memberships that hold today or are still to begin."""
        today = clock.today()
        return [each for each in self.memberships if each.ends_on is None or each.ends_on >= today]

    def holds(self, permission: Permission, mission_id: int | None) -> bool:
        """Whether a membership in the mission, or one everywhere, carries the permission today."""
        return any(m.mission_id in (None, mission_id) and permission in ROLES[m.role] for m in self.current)

    def is_member(self, mission_id: int) -> bool:
        """Whether the person belongs to the mission, or to all, today.

        A donor's viewer belongs to none: they see their awards, not missions.
        """
        return any(m.mission_id in (None, mission_id) and m.donor_id is None for m in self.current)

    def missions_with(self, permission: Permission) -> set[int] | None:
        """Ids of the missions where the person holds the permission today; None means all of them."""
        ids: set[int] = set()
        for membership in self.current:
            if permission in ROLES[membership.role]:
                if membership.mission_id is None:
                    return None
                ids.add(membership.mission_id)
        return ids

    def donors(self) -> set[int]:
        """Ids of the donors whose awards the person may see as their viewer."""
        return {m.donor_id for m in self.current if m.donor_id is not None}

    def areas_with(self, permission: Permission, mission_id: int) -> set[int] | None:
        """Ids of the areas that the permission is limited to in the mission; None means all of them.

        Limits of several memberships add up, and one without limits lifts them.
        """
        ids: set[int] = set()
        for membership in self.current:
            if membership.mission_id in (None, mission_id) and permission in ROLES[membership.role]:
                if not membership.areas:
                    return None
                ids.update(each.area_id for each in membership.areas)
        return ids

    @property
    def has_second_factor(self) -> bool:
        """Whether a code or a passkey stands beside the password."""
        return bool(self.tf_primary_method) or bool(self.webauthn)

    @property
    def needs_second_factor(self) -> bool:
        """Whether one of the person's roles of today asks for a second factor."""
        return any(each.role.value in settings.second_factor_roles for each in self.current)

    def check_tf_required(
        self, tf_setup_methods: list[tuple[str, str]], tf_fresh: bool
    ) -> tuple[bool, list[tuple[str, str]]]:
        """Flask-Security asks, after the password: a second factor that stands, or one that must be set up."""
        return bool(tf_setup_methods) or self.needs_second_factor, tf_setup_methods

    def check_tf_required_setup(self) -> bool:
        """Flask-Security asks, before it offers to do without."""
        return self.needs_second_factor


class Membership(Base, Stamped):
    """A role of a person, in one mission or (without one) everywhere, from one day to another.

    ``donor_id`` says whose awards a donor's viewer sees; ``areas`` limit a coordinator.
    """

    __tablename__ = "memberships"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id"), index=True)
    mission_id: Mapped[int | None] = mapped_column(sa.ForeignKey("missions.id"), index=True)
    role: Mapped[Role] = mapped_column(one_of(Role))
    starts_on: Mapped[date | None] = mapped_column()
    ends_on: Mapped[date | None] = mapped_column()
    donor_id: Mapped[int | None] = mapped_column(sa.ForeignKey("donors.id"), index=True)

    user: Mapped[User] = relationship(back_populates="memberships")
    areas: Mapped[list[MembershipArea]] = relationship(
        lazy="selectin", order_by="MembershipArea.area_id", cascade="all, delete-orphan"
    )

    __table_args__ = (
        sa.UniqueConstraint("user_id", "mission_id", "role", "donor_id"),
        sa.CheckConstraint(
            "ends_on IS NULL OR starts_on IS NULL OR ends_on >= starts_on", name="dates_in_order"
        ),
        sa.CheckConstraint(
            "(donor_id IS NOT NULL AND mission_id IS NULL) = (role = 'donor_viewer')",
            name="donor_viewers_have_a_donor",
        ),
    )

    def __str__(self) -> str:
        return f"{self.role.value}"

    def holds_on(self, day: date) -> bool:
        """Whether the membership holds on a day."""
        return (self.starts_on is None or self.starts_on <= day) and (
            self.ends_on is None or day <= self.ends_on
        )

    @classmethod
    def in_force(cls, day: date) -> sa.ColumnElement[bool]:
        """``holds_on`` as a criterion."""
        begun = sa.or_(cls.starts_on.is_(None), cls.starts_on <= day)
        return sa.and_(begun, sa.or_(cls.ends_on.is_(None), cls.ends_on >= day))


class MembershipArea(Base):
    """An area that a membership is limited to, with all that lies inside it."""

    __tablename__ = "membership_areas"

    membership_id: Mapped[int] = mapped_column(
        sa.ForeignKey("memberships.id", ondelete="CASCADE"), primary_key=True
    )
    area_id: Mapped[int] = mapped_column(sa.ForeignKey("areas.id", ondelete="CASCADE"), primary_key=True)

    def __str__(self) -> str:
        return f"{self.area_id}"


class Passkey(Base, WebAuthnMixin):
    """A passkey or security key of a person (WebAuthn), as Flask-Security keeps it."""

    __tablename__ = "passkeys"
    __audit_secret__ = frozenset({"credential_id", "public_key"})

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id", ondelete="CASCADE"), index=True)
    credential_id: Mapped[bytes] = mapped_column(sa.LargeBinary(1024), unique=True, info=SENSITIVE)
    public_key: Mapped[bytes] = mapped_column(sa.LargeBinary, info=SENSITIVE)
    sign_count: Mapped[int | None] = mapped_column(default=0)  # type: ignore[assignment]
    transports: Mapped[list[str] | None] = mapped_column(MutableList.as_mutable(AsaList()))
    backup_state: Mapped[bool] = mapped_column()
    device_type: Mapped[str] = mapped_column(sa.String(64))
    extensions: Mapped[str | None] = mapped_column(sa.String(255))
    name: Mapped[str] = mapped_column(sa.String(64))
    usage: Mapped[str] = mapped_column(sa.String(64))
    create_datetime: Mapped[datetime] = mapped_column(UTCDateTime(), default=clock.now)
    lastuse_datetime: Mapped[datetime] = mapped_column(UTCDateTime(), default=clock.now)

    user: Mapped[User] = relationship(back_populates="webauthn")

    def __str__(self) -> str:
        return self.name

    def get_user_mapping(self) -> dict[str, Any]:
        """How Flask-Security finds the person of a passkey."""
        return {"id": self.user_id}


class InvitationKind(Labelled):
    """What a link lets someone do: choose a first password, or a new one."""

    INVITATION = "invitation"
    RECOVERY = "recovery"

    @classmethod
    def labels(cls) -> dict[str, Any]:
        return {"invitation": lazy("Invitation"), "recovery": lazy("New password")}


class Invitation(Base, Stamped):
    """A link by which a person chooses a password, once. The link's secret is kept as its SHA-256."""

    __tablename__ = "invitations"
    __audit_secret__ = frozenset({"token_sha256"})

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id", ondelete="CASCADE"), index=True)
    kind: Mapped[InvitationKind] = mapped_column(one_of(InvitationKind))
    token_sha256: Mapped[str] = mapped_column(sa.String(64), unique=True, info=SENSITIVE)
    made_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id", ondelete="SET NULL"))
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime())
    used_at: Mapped[datetime | None] = mapped_column(UTCDateTime())
    withdrawn_at: Mapped[datetime | None] = mapped_column(UTCDateTime())

    user: Mapped[User] = relationship(foreign_keys=[user_id])
    made_by: Mapped[User | None] = relationship(foreign_keys=[made_by_id])

    def __str__(self) -> str:
        return f"{self.kind.value} {self.user_id}"


class SignInSession(Base):
    """A device that someone is signed in on. The cookie's secret is kept as its SHA-256."""

    __tablename__ = "sign_in_sessions"
    __audited__ = False

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id", ondelete="CASCADE"), index=True)
    token_sha256: Mapped[str] = mapped_column(sa.String(64), unique=True, info=SENSITIVE)
    began_at: Mapped[datetime] = mapped_column(UTCDateTime(), default=clock.now)
    seen_at: Mapped[datetime] = mapped_column(UTCDateTime(), default=clock.now)
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime())
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime())
    address: Mapped[str | None] = mapped_column(sa.String(45), info=PERSONAL)
    device: Mapped[str | None] = mapped_column(sa.String(300), info=PERSONAL)

    user: Mapped[User] = relationship()


class SignInFailure(Base):
    """A sign-in that failed, under a key that names nobody in clear: for the lock-out only."""

    __tablename__ = "sign_in_failures"
    __audited__ = False

    id: Mapped[int] = mapped_column(sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True)
    key: Mapped[str] = mapped_column(sa.String(64))
    at: Mapped[datetime] = mapped_column(UTCDateTime(), default=clock.now)

    __table_args__ = (
        sa.Index("ix_sign_in_failures_key_at", "key", "at"),
        sa.Index("ix_sign_in_failures_at", "at"),
    )


class SecurityRole(RoleMixin):
    """Flask-Security wants a role model; it is never stored (see ``User.roles``)."""

    name = ""
