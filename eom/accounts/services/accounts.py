"""What can be done with accounts."""

from __future__ import annotations

from flask_security.utils import hash_password

from eom.accounts import addresses
from eom.accounts.models import Membership, User
from eom.accounts.permissions import Role
from eom.accounts.queries import user_by_email
from eom.accounts.services import invitations, memberships, opening, passwords, sessions
from eom.core import audit, clock
from eom.core.errors import Conflict, InvalidInput, Refused
from eom.core.i18n import lazy
from eom.extensions import db


def create_user(*, email: str, name: str, password: str, language: str | None = None) -> User:
    """Make an account.

    Raises InvalidInput for an address or a password that will not do, Conflict for an address in use.
    """
    address = addresses.checked(email)
    plain = passwords.check(password, email=address, name=name)
    if user_by_email(db.session(), address):
        raise Conflict(lazy("There is an account for %(email)s already.", email=address), "email")
    return opening.open_account(
        email=address, name=name, language=language, active=True, password=hash_password(plain),
        password_set_at=clock.now(),
    )  # fmt: skip


def grant_role(
    user: User, role: Role, *, mission_id: int | None = None, donor_id: int | None = None
) -> Membership:
    """Give a person a role, in one mission or everywhere; the same again changes nothing.

    For the shell and the demonstration, where nobody's own role sets a limit: in the browser it is
    ``memberships.grant``. Raises InvalidInput for a donor's viewer without a donor, or in a mission.
    """
    if (role is Role.DONOR_VIEWER) != (donor_id is not None) or (donor_id and mission_id):
        raise InvalidInput(lazy("A donor’s viewer needs the donor, and nobody else has one."), "donor_id")
    for membership in user.memberships:
        if (membership.role, membership.mission_id, membership.donor_id) == (role, mission_id, donor_id):
            if not membership.holds_on(clock.today()):
                membership.starts_on = membership.ends_on = None
            return membership
    membership = Membership(role=role, mission_id=mission_id, donor_id=donor_id)
    user.memberships.append(membership)
    db.session.flush()
    return membership


def edit(user: User, *, name: str, language: str | None) -> User:
    """Change what an account is called and reads. Raises InvalidInput without a name."""
    if not name.strip():
        raise InvalidInput(lazy("This must be given."), "name")
    user.name, user.language = name.strip()[:200], language
    db.session.flush()
    return user


def deactivate(user: User, *, by: User | None, reason: str | None) -> None:
    """Nobody signs in with the account any more; its sessions end at once. In the shell ``by`` is None.

    Raises InvalidInput without a reason, Refused for one's own account and for the last administrator.
    """
    if by is not None and user.id == by.id:
        raise Refused(lazy("Nobody deactivates their own account: ask another administrator."))
    if not (reason or "").strip():
        raise InvalidInput(lazy("Say why."), "reason")
    memberships.refuse_last_administrator(user)
    audit.because(db.session(), reason)
    user.active = False
    invitations.withdraw(user)
    sessions.end_all(user, because="deactivated")
    db.session.flush()


def reactivate(user: User) -> None:
    """Let an account sign in again. Raises Refused for one that never chose a password."""
    if not user.password:
        raise Refused(lazy("This person has not chosen a password yet: make a new link instead."))
    user.active = True
    db.session.flush()


def reset_second_factor(user: User, *, by: User, reason: str | None) -> None:
    """Take away code, recovery codes and passkeys of a person who lost them; all their sessions end.

    Raises InvalidInput without a reason, Refused for one's own account.
    """
    if user.id == by.id:
        raise Refused(lazy("Change your own second step on your account’s page."))
    if not (reason or "").strip():
        raise InvalidInput(lazy("Say why."), "reason")
    audit.because(db.session(), reason)
    user.tf_primary_method = user.tf_totp_secret = user.tf_last_counter = None
    user.mf_recovery_codes = None
    user.webauthn = []
    sessions.end_all(user, because="second factor reset")
    db.session.flush()
