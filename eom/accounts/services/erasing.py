"""An account made anonymous: nobody signs in with it again and nothing in it says whose it was."""

from __future__ import annotations

import uuid

import sqlalchemy as sa

from eom.accounts.models import Invitation, SignInSession, User
from eom.accounts.services import sessions
from eom.core.errors import Refused
from eom.core.i18n import lazy
from eom.extensions import db

# A name of no domain (RFC 2606): nothing is ever sent there.
NOWHERE = "anonymised.invalid"


def anonymise_account(user: User, *, actor_id: int | None) -> None:
    """Close an account for good and take away its name, address, password, devices and second factors.

    Its number stays, so what was done with it stays done by one and the same. Raises Refused for the
    account of whoever asks, and while it has a role in all missions: only an administrator ends that.
    """
    if user.id == actor_id:
        raise Refused(lazy("This is your own account: someone else has to make it anonymous."))
    if any(each.mission_id is None for each in user.current):
        raise Refused(
            lazy("%(name)s has a role in all missions.", name=user.name),
            next_step=lazy("An administrator has to end that role first."),
        )
    user.active = False
    user.name, user.email = f"№ {user.id}", f"account-{user.id}@{NOWHERE}"
    user.password = user.tf_primary_method = user.tf_totp_secret = user.tf_phone_number = None
    user.mf_recovery_codes, user.fs_webauthn_user_handle = None, None
    user.fs_uniquifier = uuid.uuid4().hex
    user.webauthn.clear()
    of_user = SignInSession.user_id == user.id
    db.session.execute(sa.update(SignInSession).where(of_user).values(address=None, device=None))
    for each in db.session.scalars(sa.select(Invitation).where(Invitation.user_id == user.id)):
        db.session.delete(each)
    db.session.flush()
    # After the flush: the trail calls the account by its new name.
    sessions.end_all(user, because="anonymised")
