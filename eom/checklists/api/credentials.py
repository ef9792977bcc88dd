"""How a device says whose it is: HTTP Basic (ODK Collect), or the session of a signed-in browser.

A password is checked with argon2 once and remembered for some minutes by a keyed digest, because a
device sends it with every request. Failures are limited by account and address; successes never are.
"""

from __future__ import annotations

import hashlib
import hmac
import time
import unicodedata
from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import current_app, g, request
from flask_limiter.util import get_remote_address
from flask_security import current_user
from flask_security.utils import hash_password, verify_password
from flask_wtf.csrf import CSRFError
from limits import RateLimitItem, parse
from limits.storage import storage_from_string
from limits.strategies import FixedWindowRateLimiter
from werkzeug.datastructures import Authorization

from eom.accounts.models import User
from eom.accounts.queries import user_by_email
from eom.core import audit
from eom.core.db import writing
from eom.core.errors import AppError, Forbidden, InvalidInput
from eom.core.i18n import lazy
from eom.extensions import csrf, db
from eom.web.access import View, requires

FAILURES_OF_ACCOUNT = parse("10/minute")
FAILURES_OF_ADDRESS = parse("60/minute")
REMEMBERED_SECONDS = 300.0
MAX_REMEMBERED = 10_000
MAX_PASSWORD = 1_000

_remembered: dict[bytes, float] = {}


class NotSignedIn(AppError):
    """Nobody says who sends this, or the password is wrong."""

    status = 401


class TooManyFailures(AppError):
    """Too many wrong passwords in a short time."""

    status = 429


def device_requires(permission: str) -> Callable[[View], View]:
    """The view needs ``permission`` in its mission, for a device or a browser; never redirects.

    A browser's own session needs the session's token when it writes; a password in the request does not,
    because no other site can make a browser send one.
    """

    def decorate(view: View) -> View:
        guarded = requires(permission)(view)

        @wraps(view)
        def entered(*args: Any, **kwargs: Any) -> Any:
            given = request.authorization
            by_password = given is not None and given.type == "basic"
            if given is not None and by_password:
                with writing(False):
                    _enter(_with_password_alone(_known(given)))
            elif not current_user.is_authenticated:
                raise NotSignedIn(lazy("Sign in with your e-mail address and password."))
            # Whoever asked so far only read; the body is here already (web/session), so the view may write.
            db.session.rollback()
            if not by_password:
                _check_token()
            return guarded(*args, **kwargs)

        entered.access = guarded.access  # type: ignore[attr-defined]
        return csrf.exempt(entered)  # type: ignore[no-any-return]

    return decorate


def _known(given: Authorization) -> User:
    """The person of a name and password. Raises NotSignedIn, TooManyFailures."""
    email, password = (given.username or "").strip().lower(), given.password or ""
    # No account has a zero byte in its address, and no text of a database holds one.
    user = None if "\0" in email else user_by_email(db.session(), email)
    digest = _digest(email, password, user.password or "" if user else "")
    if user is not None and user.active and _remembered.get(digest, 0.0) > time.monotonic():
        return user
    _refuse_after_failures(email)
    if not _is_password_of(user, password) or user is None or not user.active:
        for limit, key in _limits(email):
            failures().hit(limit, *key)
        raise NotSignedIn(lazy("The e-mail address or the password is wrong."))
    if len(_remembered) >= MAX_REMEMBERED:
        _remembered.clear()
    _remembered[digest] = time.monotonic() + REMEMBERED_SECONDS
    return user


def _with_password_alone(user: User) -> User:
    """The person, when a password is all that their sign-in asks for. Raises Forbidden."""
    if user.has_second_factor or user.needs_second_factor:
        raise Forbidden(
            lazy("Your account asks for a second factor, which a device cannot give."),
            next_step=lazy("Open your appointment in the browser and scan the QR code under “Devices”."),
        )
    return user


def failures() -> FixedWindowRateLimiter:
    """The counts of wrong passwords of this application (in Redis, where there is one)."""
    kept: dict[str, Any] = current_app.extensions
    if "eom_failures" not in kept:
        storage: Any = storage_from_string(current_app.config["RATELIMIT_STORAGE_URI"])
        kept["eom_failures"] = FixedWindowRateLimiter(storage)
    return kept["eom_failures"]  # type: ignore[no-any-return]


def forget_known() -> None:
    """Check every password anew."""
    _remembered.clear()


def _is_password_of(user: User | None, password: str) -> bool:
    # As the sign-in form does.
    plain = unicodedata.normalize("NFKD", password)[:MAX_PASSWORD]
    if user is None or not user.password:
        # An address without an account takes as long as one with it.
        hash_password(plain)
        return False
    return verify_password(plain, user.password)


def _digest(email: str, password: str, stored: str) -> bytes:
    key = str(current_app.secret_key).encode()
    return hmac.digest(key, "\0".join((email, password, stored)).encode(), hashlib.sha256)


def _limits(email: str) -> list[tuple[RateLimitItem, tuple[str, ...]]]:
    address = get_remote_address()
    return [
        (FAILURES_OF_ACCOUNT, ("basic", email[:254], address)),
        (FAILURES_OF_ADDRESS, ("basic", address)),
    ]


def _refuse_after_failures(email: str) -> None:
    if not all(failures().test(limit, *key) for limit, key in _limits(email)):
        raise TooManyFailures(
            lazy("Too many wrong passwords came from here."),
            next_step=lazy("Wait a minute, check the password and try again."),
        )


def _enter(user: User) -> None:
    """The rest of this request is the person's; no session is made."""
    g._login_user = user
    audit.acting(db.session(), user.id, user.name, g.request_id, address=request.remote_addr)


def _check_token() -> None:
    if not current_app.config["WTF_CSRF_ENABLED"]:
        return
    try:
        csrf.protect()
    except CSRFError:
        raise InvalidInput(
            lazy("This page was open for too long, so its form is no longer valid."),
            next_step=lazy("Load the page again and send the form once more."),
        ) from None


def challenge() -> dict[str, str]:
    """The header that makes a device ask for the password.

    A browser gets none: it would show a window of its own over the page.
    """
    if "Sec-Fetch-Mode" in request.headers:
        return {}
    return {"WWW-Authenticate": 'Basic realm="EOM", charset="UTF-8"'}
