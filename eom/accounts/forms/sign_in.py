"""Signing in: Flask-Security's forms, slowed down for who guesses and told in our words."""

from __future__ import annotations

from typing import Any

from flask import after_this_request, current_app, g, request, session
from flask_security import (
    ChangePasswordForm,
    LoginForm,
    MfRecoveryForm,
    TwoFactorVerifyCodeForm,
    VerifyForm,
    current_user,
)

from eom.accounts.models import User
from eom.accounts.queries import user_by_email
from eom.accounts.services import lockout, passwords
from eom.core import audit
from eom.core.db import writing
from eom.core.errors import InvalidInput
from eom.core.i18n import _, lazy
from eom.extensions import db
from eom.web.cookies import device_marks
from eom.web.responses import committed


class SignInForm(LoginForm):  # type: ignore[misc]
    """E-mail address and password; one sentence for everything that may be wrong with them."""

    def validate(self, **kwargs: Any) -> bool:
        """Look at the password unless the sender must wait; note what came of it."""
        self.email.data = email = (self.email.data or "").strip()[:254]
        keys = _password_keys(email)
        with writing(False):
            wait = lockout.seconds_to_wait(db.session(), keys)
            is_right = False if wait else super().validate(**kwargs)
            fresh_hash = self._rehashed()
        # Argon2 takes its time: the database is held only for what comes of it.
        db.session.rollback()
        if wait:
            self.form_errors.append(_must_wait(wait))
            return False
        if not is_right:
            return self._failed(email, keys)
        assert self.user is not None
        if fresh_hash:
            self.user.password = fresh_hash
        lockout.forget(db.session(), keys)
        session["stay"] = bool(self.remember.data)
        # A cookie of Flask-Login's own would outlive the session that can be ended here.
        self.remember.data = False
        return True

    def _rehashed(self) -> str | None:
        user = self.user
        return user.password if user is not None and user in db.session.dirty else None

    def _failed(self, email: str, keys: lockout.Keys) -> bool:
        if not (self.email.data and self.password.data):
            return False
        lockout.record_failure(db.session(), keys)
        if user := user_by_email(db.session(), email):
            audit.record(db.session(), "sign-in-failed", "users", user.id, user.name)
        after_this_request(committed)
        return False


class Guarded:
    """A form that asks a person who is known already: a code, a password once more."""

    form_errors: list[Any]

    def validate(self, **kwargs: Any) -> bool:
        """Refuse to look while the person must wait; count what was wrong."""
        user: User | None = self._person()
        if user is None:
            return bool(super().validate(**kwargs))  # type: ignore[misc]
        keys = lockout.keys_of_factor(_secret(), user_id=user.id)
        if wait := lockout.seconds_to_wait(db.session(), keys):
            self.form_errors.append(_must_wait(wait))
            return False
        if super().validate(**kwargs):  # type: ignore[misc]
            lockout.forget(db.session(), keys)
            return True
        lockout.record_failure(db.session(), keys)
        audit.record(db.session(), "sign-in-failed", "users", user.id, user.name, step=type(self).__name__)
        after_this_request(committed)
        return False

    def _person(self) -> User | None:
        return getattr(self, "user", None)


class CodeForm(Guarded, TwoFactorVerifyCodeForm):  # type: ignore[misc]
    """The code of the second factor."""


class RecoveryCodeForm(Guarded, MfRecoveryForm):  # type: ignore[misc]
    """One of the recovery codes."""


class FreshSignInForm(Guarded, VerifyForm):  # type: ignore[misc]
    """The password once more, before something that matters."""


class NewPasswordForm(Guarded, ChangePasswordForm):  # type: ignore[misc]
    """The old password and the new one, twice."""

    def validate(self, **kwargs: Any) -> bool:
        """Besides the old password, our policy."""
        if not super().validate(**kwargs):
            return False
        try:
            passwords.check(self.new_password.data or "", email=current_user.email, name=current_user.name)
        except InvalidInput as error:
            self.new_password.errors = [*self.new_password.errors, str(error.message)]
            return False
        return True

    def _person(self) -> User | None:
        return current_user._get_current_object()  # type: ignore[no-any-return]


def _password_keys(email: str) -> lockout.Keys:
    known = [mark for mark in device_marks() if lockout.is_device_of(_secret(), email, mark)]
    g.known_device = bool(known)
    return lockout.keys_of_password(
        _secret(), email=email, address=request.remote_addr or "", device=known[0] if known else None
    )


def _secret() -> str:
    return str(current_app.secret_key)


def _must_wait(seconds: int) -> Any:
    if seconds < 90:
        return lazy("Too many attempts. Wait %(n)s seconds and try again.", n=seconds)
    return _("Too many attempts. Wait %(n)s minutes and try again.", n=-(-seconds // 60))
