"""Lists about people who sign in: columns and filters, once for page and file."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload, selectinload

from eom.accounts.models import Membership, User
from eom.accounts.permissions import Role
from eom.core import clock
from eom.core.i18n import _, lazy
from eom.core.listing import Column, Filter, ListDefinition
from eom.missions.models.mission import Mission

STATES = (
    ("active", lazy("Active")),
    ("invited", lazy("Invited")),
    ("inactive", lazy("Deactivated")),
)


FACTORS = (("yes", lazy("Set up")), ("no", lazy("Not set up")))


def users(session: Session, link: Callable[[int], str]) -> ListDefinition:
    """Every account."""
    rows = session.execute(sa.select(Mission.id, Mission.code).order_by(Mission.code))
    missions = [(str(id_), code) for id_, code in rows]
    return ListDefinition(
        query=sa.select(User).options(selectinload(User.webauthn)),
        columns=(
            Column("name", lazy("Name"), lambda u: u.name, User.name, href=lambda u: link(u.id)),
            Column("email", lazy("E-mail"), lambda u: u.email, User.email),
            Column("roles", lazy("Roles"), lambda u: roles_of(u)),
            Column("state", lazy("State"), lambda u: state_of(u), kind="badge", tone=tone_of),
            Column("factor", lazy("Second step"), lambda u: u.has_second_factor, kind="boolean"),
            Column("seen", lazy("Last signed in"), lambda u: u.last_seen_at, User.last_seen_at, "moment"),
        ),
        filters=(
            Filter("role", lazy("Role"), lambda v: _holding(Membership.role == Role(v)), choices=Role.choices()),
            Filter("mission", lazy("Mission"), lambda v: _holding(Membership.mission_id == int(v)), choices=missions),
            Filter("state", lazy("State"), _in_state, choices=STATES),
            Filter("factor", lazy("Second step"), _has_factor, choices=FACTORS),
        ),
        search=(User.name, User.email),
        sort="name",
        tie=User.id,
    )  # fmt: skip


def members(mission_id: int, link: Callable[[int], str | None]) -> ListDefinition:
    """Who has a role in a mission, or had one."""
    today = clock.today()
    return ListDefinition(
        query=sa.select(Membership)
        .join(User)
        .where(Membership.mission_id == mission_id)
        .options(joinedload(Membership.user)),
        columns=(
            Column("name", lazy("Name"), lambda m: m.user.name, User.name, href=lambda m: link(m.id)),
            Column("role", lazy("Role"), lambda m: m.role, Membership.role, "label"),
            Column("areas", lazy("Areas"), lambda m: _("limited") if m.areas else _("all")),
            Column("from", lazy("From"), lambda m: m.starts_on, Membership.starts_on, "date"),
            Column("until", lazy("Until"), lambda m: m.ends_on, Membership.ends_on, "date"),
            Column("state", lazy("State"), lambda m: member_state(m, today), kind="badge",
                   tone=lambda m: "success" if m.holds_on(today) and m.user.active else "neutral"),
        ),
        filters=(
            Filter("role", lazy("Role"), lambda v: Membership.role == Role(v), choices=Role.choices()),
        ),
        search=(User.name, User.email),
        sort="name",
        tie=Membership.id,
    )  # fmt: skip


def member_state(membership: Membership, today: Any) -> str:
    """Whether a membership holds, in words."""
    if membership.ends_on and membership.ends_on < today:
        return _("ended")
    if membership.starts_on and membership.starts_on > today:
        return _("not yet")
    return state_of(membership.user)


def state_of(user: User) -> str:
    """Whether an account signs in, in words."""
    if user.active:
        return _("Active")
    return _("Deactivated") if user.password else _("Invited")


def tone_of(user: User) -> str:
    """The colour of an account's state."""
    return "success" if user.active else "neutral" if user.password else "info"


def roles_of(user: User) -> str:
    """The roles of today, in words."""
    return ", ".join(sorted({str(each.role.label) for each in user.current}))


def _holding(criterion: Any) -> Any:
    """Who has a membership of some kind that holds today."""
    return User.memberships.any(sa.and_(criterion, Membership.in_force(clock.today())))


def _has_factor(value: str) -> Any:
    stands = sa.or_(User.tf_primary_method.is_not(None), User.webauthn.any())
    return stands if value == "yes" else sa.not_(stands)


def _in_state(value: str) -> Any:
    return {
        "active": User.active.is_(True),
        "invited": sa.and_(User.active.is_(False), User.password.is_(None)),
        "inactive": sa.and_(User.active.is_(False), User.password.is_not(None)),
    }[value]
