"""Roles given and ended: nobody gives more than their own role may, and nobody changes their own."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta

import sqlalchemy as sa

from eom.accounts.models import Membership, MembershipArea, User
from eom.accounts.permissions import GRANTS, Role
from eom.accounts.services import sessions
from eom.core import audit, clock
from eom.core.errors import Conflict, Forbidden, InvalidInput, Refused
from eom.core.i18n import lazy
from eom.extensions import db

# A chief's or a coordinator's place is in a mission; the others' is at headquarters.
EVERYWHERE = frozenset(
    {Role.ADMINISTRATOR, Role.HEADQUARTERS, Role.FINANCE, Role.FINANCE_REVIEWER, Role.AUDITOR}
)


def grantable(by: User | None, mission_id: int | None) -> frozenset[Role]:
    """The roles that a person (None: whoever has the server's shell) may give in a mission, or everywhere."""
    given: set[Role] = set() if by else set(Role)
    for each in by.current if by else ():
        if each.mission_id is None or each.mission_id == mission_id:
            given |= GRANTS.get(each.role, frozenset())
    fitting = {
        role for role in Role if (role in EVERYWHERE or role is Role.DONOR_VIEWER) == (mission_id is None)
    }
    return frozenset(given & fitting)


def outranks(by: User, user: User) -> bool:
    """Whether a person may give every role that another one holds or is to hold, wherever it holds."""
    return by.id != user.id and all(each.role in grantable(by, each.mission_id) for each in user.lasting)


def grant(
    user: User,
    *,
    role: Role,
    mission_id: int | None,
    by: User | None,
    starts_on: date | None = None,
    ends_on: date | None = None,
    donor_id: int | None = None,
    area_ids: Collection[int] = (),
) -> Membership:
    """Give a person a role; their sessions end, so that it holds from their next sign-in.

    Raises Forbidden for a role that ``by`` may not give there and for one's own account, Conflict for a
    role the person has, InvalidInput for days out of order and for a donor or areas that do not fit.
    """
    _may(by, user, role, mission_id)
    _check_days(starts_on, ends_on)
    if (role is Role.DONOR_VIEWER) != (donor_id is not None):
        raise InvalidInput(lazy("A donor’s viewer needs the donor, and nobody else has one."), "donor_id")
    _check_areas(area_ids, role, mission_id)
    if any((m.role, m.mission_id, m.donor_id) == (role, mission_id, donor_id) for m in user.current):
        raise Conflict(lazy("%(name)s has this role already.", name=user.name), "role")
    membership = _ended_before(user, role, mission_id, donor_id) or Membership(
        role=role, mission_id=mission_id, donor_id=donor_id
    )
    membership.starts_on, membership.ends_on = starts_on, ends_on
    membership.areas = [MembershipArea(area_id=each) for each in sorted(set(area_ids))]
    if membership not in user.memberships:
        user.memberships.append(membership)
    db.session.flush()
    _end_sessions(user, by)
    return membership


def change(
    membership: Membership,
    *,
    by: User,
    starts_on: date | None,
    ends_on: date | None,
    area_ids: Collection[int] = (),
) -> Membership:
    """Change the days and areas of a membership. Raises as ``grant``."""
    _may(by, membership.user, membership.role, membership.mission_id)
    _check_days(starts_on, ends_on)
    _check_areas(area_ids, membership.role, membership.mission_id)
    membership.starts_on, membership.ends_on = starts_on, ends_on
    kept = {each.area_id: each for each in membership.areas}
    membership.areas = [kept.get(each) or MembershipArea(area_id=each) for each in sorted(set(area_ids))]
    _refuse_no_administrator()
    db.session.flush()
    _end_sessions(membership.user, by)
    return membership


def end(membership: Membership, *, by: User, reason: str | None) -> None:
    """End a membership today; it stays in the record.

    Raises Forbidden as ``grant``, InvalidInput without a reason, Refused for the last administrator.
    """
    _may(by, membership.user, membership.role, membership.mission_id)
    if not (reason or "").strip():
        raise InvalidInput(lazy("Say why the role ends."), "reason")
    audit.because(db.session(), reason)
    membership.ends_on = clock.today() - timedelta(days=1)
    if membership.starts_on and membership.starts_on > membership.ends_on:
        membership.starts_on = membership.ends_on
    db.session.flush()
    _refuse_no_administrator()
    _end_sessions(membership.user, by)


def refuse_last_administrator(user: User) -> None:
    """Raises Refused when nobody else would administer."""
    administers = any(each.role is Role.ADMINISTRATOR for each in user.current)
    if administers and not _administrators(besides=user.id):
        raise Refused(lazy("This is the last administrator: make another one first."))


def _may(by: User | None, user: User, role: Role, mission_id: int | None) -> None:
    if by is not None and by.id == user.id:
        raise Forbidden(lazy("Nobody changes their own roles: ask someone else who may."))
    if role not in grantable(by, mission_id):
        raise Forbidden(lazy("Your role does not give this one here."), "role")


def _check_days(starts_on: date | None, ends_on: date | None) -> None:
    if starts_on and ends_on and ends_on < starts_on:
        raise InvalidInput(lazy("The role ends before it starts."), "ends_on")


def _check_areas(area_ids: Collection[int], role: Role, mission_id: int | None) -> None:
    if not area_ids:
        return
    if role is not Role.COORDINATOR:
        raise InvalidInput(lazy("Only coordinators are limited to areas."), "area_ids")
    areas = Membership.metadata.tables["areas"]
    of_mission = sa.select(sa.func.count()).where(
        areas.c.id.in_(set(area_ids)), areas.c.mission_id == mission_id
    )
    if db.session.scalar(of_mission) != len(set(area_ids)):
        raise InvalidInput(lazy("An area of another mission was given."), "area_ids")


def _ended_before(user: User, role: Role, mission_id: int | None, donor_id: int | None) -> Membership | None:
    same = (role, mission_id, donor_id)
    return next((m for m in user.memberships if (m.role, m.mission_id, m.donor_id) == same), None)


def _refuse_no_administrator() -> None:
    if not _administrators():
        db.session.rollback()
        raise Refused(lazy("This is the last administrator: make another one first."))


def _administrators(besides: int | None = None) -> int:
    """How many active accounts administer today."""
    query = (
        sa.select(sa.func.count(sa.distinct(User.id)))
        .join(Membership)
        .where(
            User.active.is_(True),
            User.id != (besides or 0),
            Membership.role == Role.ADMINISTRATOR,
            Membership.in_force(clock.today()),
        )
    )
    return db.session.scalar(query) or 0


def _end_sessions(user: User, by: User | None) -> None:
    if by is None or user.id != by.id:
        sessions.end_all(user, because="roles changed")
