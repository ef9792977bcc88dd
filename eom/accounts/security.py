"""Flask-Security as we use it: what it is told, in whose words it speaks, and what we hear from it."""

from __future__ import annotations

import base64
import hashlib
import secrets
import time
from datetime import timedelta
from functools import partial
from typing import Any

from flask import Flask, after_this_request, current_app, g, request, session
from flask_login import user_logged_out
from flask_security import Security, SQLAlchemyUserDatastore, Totp, password_changed, user_authenticated
from flask_security.utils import set_request_attr
from flask_security.webauthn_util import WebauthnUtil
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from eom.accounts import words
from eom.accounts.forms import sign_in
from eom.accounts.models import Passkey, SecurityRole, User
from eom.accounts.services import lockout, sessions
from eom.core import clock
from eom.core.errors import NotFound
from eom.core.i18n import lazy
from eom.extensions import db
from eom.settings import ROOT, Settings
from eom.web.cookies import remember_device
from eom.web.fresh import FRESH_SECONDS
from eom.web.responses import committed

RECOVERY_CODES = 10
# OWASP's first choice for argon2id where 46 MiB a sign-in can be had (Password Storage Cheat Sheet).
ARGON2 = {"argon2__type": "ID", "argon2__memory_cost": 47104, "argon2__rounds": 1, "argon2__parallelism": 1}
# What proves who someone is, by where it is given.
WAYS = {
    "security.login": "password", "security.two_factor_token_validation": "code", "security.mf_recovery": "recovery code",
    "security.two_factor_setup_validate": "code", "security.wan_signin_response": "passkey", "invitations.accept": "link",
}  # fmt: skip

# Roles are memberships here, no relationship of the user: there is nothing to join.
BASICS: dict[str, Any] = {
    "JOIN_USER_ROLES": False,
    "REGISTERABLE": False,
    "CLI_USERS_NAME": False,
    "CLI_ROLES_NAME": False,
    "SEND_REGISTER_EMAIL": False,
    "RETURN_GENERIC_RESPONSES": True,
    "DATETIME_FACTORY": clock.now,
    "API_ENABLED_METHODS": ["session"],
    "POST_LOGIN_VIEW": "/",
    "POST_LOGOUT_VIEW": "/login",
    "POST_CHANGE_VIEW": "/account",
    "POST_VERIFY_VIEW": "/account",
    "FRESHNESS": timedelta(seconds=FRESH_SECONDS),
    "FRESHNESS_GRACE_PERIOD": timedelta(0),
    "I18N_DIRNAME": [str(ROOT / "translations"), "builtin"],
    "EMAIL_VALIDATOR_ARGS": {"check_deliverability": False, "test_environment": True},
}
# Whoever asks for the passkeys of an address would learn whether it has an account: no hints.
PASSKEYS: dict[str, Any] = {
    "WEBAUTHN": True,
    "WAN_RP_NAME": "Electoral Observation Missions",
    "WAN_ALLOW_AS_FIRST_FACTOR": True,
    "WAN_ALLOW_USER_HINTS": False,
    "WAN_REGISTER_URL": "/account/passkeys",
    "WAN_POST_REGISTER_VIEW": "/account/passkeys",
}


def configuration(settings: Settings) -> dict[str, Any]:
    """What Flask-Security is told."""
    # The salt never changes, or no password would match: secrets derived from it stay readable.
    kept = hashlib.sha256(b"second factors\0" + settings.password_salt.encode()).digest()
    return {
        **BASICS, **passwords_of(settings), **second_factors(kept), **PASSKEYS,
        "TOTP_ISSUER": settings.host or "EOM",
    }  # fmt: skip


def passwords_of(settings: Settings) -> dict[str, Any]:
    """How passwords are hashed and changed."""
    return {
        "PASSWORD_HASH": "argon2",
        "PASSWORD_SALT": settings.password_salt,
        "PASSWORD_SCHEMES": ["argon2"],
        "DEPRECATED_PASSWORD_SCHEMES": [],
        "PASSWORD_HASH_PASSLIB_OPTIONS": ARGON2,
        "PASSWORD_LENGTH_MIN": 12,
        "CHANGEABLE": True,
        "SEND_PASSWORD_CHANGE_EMAIL": False,
    }


def second_factors(kept: bytes) -> dict[str, Any]:
    """Codes of an application and recovery codes; ``kept`` is what their secrets are sealed with."""
    return {
        "TWO_FACTOR": True,
        "TWO_FACTOR_ENABLED_METHODS": ["authenticator"],
        "TWO_FACTOR_RESCUE_EMAIL": False,
        "TWO_FACTOR_POST_SETUP_VIEW": "/account/recovery-codes",
        # One step of thirty seconds before and after: telephones' clocks are not exact.
        "TWO_FACTOR_AUTHENTICATOR_VALIDITY": 30,
        "TOTP_SECRETS": {"1": base64.b64encode(kept).decode()},
        "MULTI_FACTOR_RECOVERY_CODES": True,
        "MULTI_FACTOR_RECOVERY_CODES_N": RECOVERY_CODES,
        "MULTI_FACTOR_RECOVERY_CODES_URL": "/account/recovery-codes",
        "MULTI_FACTOR_RECOVERY_CODES_KEYS": [base64.urlsafe_b64encode(kept)],
    }


def bind(app: Flask, settings: Settings) -> None:
    """Give Flask-Security its settings, forms and models, and listen to it."""
    app.config.update({f"SECURITY_{name}": value for name, value in configuration(settings).items()})
    app.config.update(words.settings())
    Security(totp_cls=OnceOnly, webauthn_util_cls=DiscoverablePasskeys).init_app(
        app,
        SQLAlchemyUserDatastore(db, User, SecurityRole, Passkey),
        register_blueprint=True,
        login_form=sign_in.SignInForm,
        verify_form=sign_in.FreshSignInForm,
        change_password_form=sign_in.NewPasswordForm,
        two_factor_verify_code_form=sign_in.CodeForm,
        mf_recovery_form=sign_in.RecoveryCodeForm,
    )
    # Nobody is let in by a mail to an administrator: recovery codes and people do that.
    app.view_functions["security.two_factor_rescue"] = _no_such_page
    app.login_manager.user_loader(load_user)  # type: ignore[attr-defined]
    app.login_manager.login_message = lazy("Sign in to see this page.")  # type: ignore[attr-defined]
    user_authenticated.connect(_begin_session, app)
    user_logged_out.connect(_end_session, app)
    password_changed.connect(_end_other_sessions, app)


def _no_such_page() -> Any:
    raise NotFound(lazy("There is no such page."))


class OnceOnly(Totp):  # type: ignore[misc]
    """A code of the second factor opens once, also within its half minute."""

    def get_last_counter(self, user: Any) -> int | None:
        """The time step of the last code that opened."""
        counter: int | None = user.tf_last_counter
        return counter

    def set_last_counter(self, user: Any, tmatch: Any) -> None:
        """Remember the time step of a code that opened."""
        user.tf_last_counter = tmatch.counter


class DiscoverablePasskeys(WebauthnUtil):  # type: ignore[misc]
    """Passkeys that need no address typed first, on the device itself or beside it."""

    def authenticator_selection(self, user: Any, usage: str) -> AuthenticatorSelectionCriteria:
        """Any authenticator; for signing in alone it must know its person (fingerprint, PIN)."""
        return AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED
            if usage == "first"
            else ResidentKeyRequirement.PREFERRED,
            user_verification=_verification(usage == "first"),
        )

    def user_verification(self, user: Any, usage: list[str]) -> UserVerificationRequirement:
        """A passkey alone is two factors only when its device knew the person."""
        return _verification("first" in usage)


def load_user(mark: str | None) -> User | None:
    """The person of a session that has neither ended nor stood idle too long; None for others."""
    secret, now = session.get("sid"), time.time()
    if not mark or not secret or now - float(session.get("seen", 0)) > _idle_seconds():
        return None
    found = sessions.found(db.session(), str(mark), str(secret))
    if found is None:
        return None
    user, row = found
    if now - float(session["seen"]) > sessions.SEEN_EVERY.total_seconds():
        session["seen"] = now
    if request.method == "POST":
        sessions.seen(row)
    g.sign_in_session = row
    set_request_attr("fs_authn_via", "session")
    set_request_attr("fs_paa", session.get("fs_paa", 0))
    return user


def enter(user: User, *, is_remembered: bool = False) -> None:
    """Write the session of a person who has just proved who they are into the database and the cookie."""
    device = request.user_agent.string
    session["sid"] = sessions.begin(
        user, address=request.remote_addr, device=device, is_remembered=is_remembered, ways=_ways()
    )
    session["seen"] = time.time()
    session.permanent = is_remembered
    user.last_seen_at = clock.now()
    if not g.get("known_device"):
        mark = lockout.device_mark(str(current_app.secret_key), user.email, secrets.token_urlsafe(12))
        after_this_request(partial(remember_device, mark=mark))


def _idle_seconds() -> float:
    lasts = sessions.LASTS_REMEMBERED if session.permanent else sessions.IDLE
    return lasts.total_seconds()


def _ways() -> list[str]:
    """How the person of this request proved who they are, for the trail."""
    # The library still holds its mark of the first step while the second is taken.
    first = ["password"] if session.get("tf_user_id") else []
    return [*first, *filter(None, [WAYS.get(request.endpoint or "")])]


def _begin_session(_app: Flask, user: User, **_rest: Any) -> None:
    enter(user, is_remembered=bool(session.pop("stay", False)))


def _end_session(_app: Flask, **_rest: Any) -> None:
    if secret := session.pop("sid", None):
        sessions.end_by_secret(str(secret))
        after_this_request(committed)


def _end_other_sessions(_app: Flask, user: User, **_rest: Any) -> None:
    user.password_set_at = clock.now()
    sessions.end_all(user, keep=session.get("sid"))


def _verification(is_alone: bool) -> UserVerificationRequirement:
    return UserVerificationRequirement.REQUIRED if is_alone else UserVerificationRequirement.DISCOURAGED
