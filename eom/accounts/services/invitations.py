"""Links by which people choose a password: an invitation, or a new password for one that is lost.

A link works once and for a week; a newer one makes it void. Its secret is shown once, to whoever makes
it, and sent by mail where a mail server is set. The database keeps its SHA-256.

Whoever holds a link to choose a password holds the account. So it opens one only while its maker may
give every role that the person has; every other link tells of the role and leads to the sign-in, and
whoever invites reads the same answer whether or not there is an account.
"""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

import sqlalchemy as sa

from eom.accounts import addresses
from eom.accounts.models import Invitation, InvitationKind, User
from eom.accounts.permissions import Role
from eom.accounts.queries import user_by_email
from eom.accounts.services import memberships, opening, passwords, sessions
from eom.core import audit, clock
from eom.core.errors import Forbidden, InvalidInput, NotFound, Refused
from eom.core.i18n import lazy
from eom.core.tokens import digest
from eom.extensions import db

LASTS = timedelta(days=7)


@dataclass(frozen=True)
class Invited:
    """Who was invited, and the secret of their link."""

    user: User
    secret: str


def invite(
    *,
    email: str,
    name: str,
    role: Role,
    by: User | None,
    mission_id: int | None = None,
    language: str | None = None,
    starts_on: date | None = None,
    ends_on: date | None = None,
    donor_id: int | None = None,
    area_ids: Collection[int] = (),
) -> Invited:
    """Give someone a role, and a link: to choose a password, or to learn of the role in an account of old.

    In the shell ``by`` is None: whoever has the server may give every role. Raises InvalidInput for an address that is none, and as ``memberships.grant``.
    """
    address = addresses.checked(email)
    if role not in memberships.grantable(by, mission_id):
        raise Forbidden(lazy("Your role does not give this one here."), "role")
    user = user_by_email(db.session(), address) or opening.open_account(
        email=address, name=name.strip()[:200], language=language, active=False
    )
    memberships.grant(
        user, role=role, mission_id=mission_id, by=by, starts_on=starts_on, ends_on=ends_on,
        donor_id=donor_id, area_ids=area_ids,
    )  # fmt: skip
    return Invited(user, make_link(user, InvitationKind.INVITATION, by=by))


def make_link(user: User, kind: InvitationKind, *, by: User | None) -> str:
    """A new link's secret; when it opens the account, older links of the person are void from now on.

    Raises Refused for a new password of an account that was deactivated, Forbidden for one of a person
    whose roles are beyond ``by``.
    """
    if kind is InvitationKind.RECOVERY:
        if not user.active:
            raise Refused(lazy("This account is deactivated: reactivate it first."))
        if by is not None and not memberships.outranks(by, user):
            raise Forbidden(lazy("This person has a role that is not yours to give."))
    secret = secrets.token_urlsafe(32)
    invitation = Invitation(
        user=user, kind=kind, token_sha256=digest(secret), made_by=by, expires_at=clock.now() + LASTS
    )
    if opens_account(invitation):
        withdraw(user)
    db.session.add(invitation)
    db.session.flush()
    return secret


def renew(user: User, *, by: User) -> Invited:
    """A new link for someone who has one no more: to a new password, or to the first. Raises as ``make_link``."""
    kind = InvitationKind.RECOVERY if user.password else InvitationKind.INVITATION
    return Invited(user, make_link(user, kind, by=by))


def opens_account(invitation: Invitation) -> bool:
    """Whether a link lets its holder choose the password now.

    An invitation does so for an account without one only. A link made by a person (and not in the shell)
    does so while its maker signs in and may give every role of the one it is for.
    """
    user, maker = invitation.user, invitation.made_by
    if invitation.kind is InvitationKind.INVITATION and user.password:
        return False
    return maker is None or (maker.active and memberships.outranks(maker, user))


def withdraw(user: User) -> None:
    """Make every open link of a person void."""
    for each in db.session.scalars(sa.select(Invitation).where(Invitation.user_id == user.id, *_open())):
        each.withdrawn_at = clock.now()
    db.session.flush()


def opened(secret: str) -> Invitation:
    """The invitation of a link. Raises NotFound for one that is unknown, used, void or too old."""
    row = db.session.scalar(sa.select(Invitation).where(Invitation.token_sha256 == digest(secret), *_open()))
    if row is None:
        raise NotFound(
            lazy("This link is not valid: it was used, is older than a week, or a newer one was made."),
            next_step=lazy("Ask whoever sent it for a new one."),
        )
    return row


def accept(invitation: Invitation, *, password: str, again: str, language: str | None = None) -> User:
    """Choose the password; the account signs in from now on and every older session of it ends.

    Raises Refused for a link that opens no account, InvalidInput for two passwords that differ, and as
    ``passwords.check``.
    """
    if not opens_account(invitation):
        raise Refused(lazy("This link sets no password: sign in as before."))
    if password != again:
        raise InvalidInput(lazy("The two passwords are not the same."), "again")
    user = invitation.user
    passwords.set_password(user, password)
    if invitation.kind is InvitationKind.INVITATION:
        user.active = True
    if language:
        user.language = language
    user.fs_uniquifier = uuid.uuid4().hex
    invitation.used_at = clock.now()
    sessions.end_all(user, because="a link was used")
    audit.record(db.session(), "accepted", "users", user.id, user.name, kind=invitation.kind)
    db.session.flush()
    return user


def _open() -> tuple[sa.ColumnElement[bool], ...]:
    return (
        Invitation.used_at.is_(None),
        Invitation.withdrawn_at.is_(None),
        Invitation.expires_at > clock.now(),
    )
