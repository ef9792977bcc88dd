"""What can be done with accounts."""

from __future__ import annotations

import uuid

from email_validator import EmailNotValidError, validate_email
from flask_security.utils import hash_password

from eom.accounts.models import Membership, User
from eom.accounts.permissions import Role
from eom.accounts.queries import user_by_email
from eom.core import events
from eom.core.errors import Conflict, InvalidInput
from eom.core.i18n import lazy
from eom.extensions import db

MINIMUM_PASSWORD = 12


def create_user(*, email: str, name: str, password: str, language: str | None = None) -> User:
    """Make an account.

    Raises InvalidInput for an address or a password that will not do, Conflict for an address in use.
    """
    try:
        address = validate_email(email, check_deliverability=False, test_environment=True).normalized.lower()
    except EmailNotValidError:
        raise InvalidInput(lazy("“%(email)s” is no e-mail address.", email=email[:80]), "email") from None
    if len(password) < MINIMUM_PASSWORD:
        raise InvalidInput(
            lazy("A password needs at least %(n)d characters.", n=MINIMUM_PASSWORD), "password"
        )
    if user_by_email(db.session(), address):
        raise Conflict(lazy("There is an account for %(email)s already.", email=address), "email")
    user = User(
        email=address, name=name, password=hash_password(password), language=language, active=True,
        fs_uniquifier=uuid.uuid4().hex, memberships=[],
    )  # fmt: skip
    db.session.add(user)
    db.session.flush()
    events.user_created.send(user, user_id=user.id, email=user.email)
    return user


def grant_role(user: User, role: Role, *, mission_id: int | None = None) -> Membership:
    """Give a person a role, in one mission or everywhere; the same again changes nothing."""
    for membership in user.memberships:
        if membership.role is role and membership.mission_id == mission_id:
            return membership
    membership = Membership(role=role, mission_id=mission_id)
    user.memberships.append(membership)
    db.session.flush()
    return membership
