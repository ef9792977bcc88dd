"""What every request does with the database: say who acts, and whether it will write."""

from __future__ import annotations

from typing import Any

from flask import Flask, Request, g, request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from flask_security import current_user

from eom.core import audit
from eom.core import db as core_db
from eom.core.errors import InvalidInput
from eom.core.i18n import lazy
from eom.extensions import db
from eom.web.limits import takes_files


class SignedCookies(SecureCookieSessionInterface):
    """Flask's sessions in signed cookies; whoever brings no cookie costs nothing."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """The session that the request's cookie holds, or an empty one."""
        if self.get_cookie_name(app) not in request.cookies:
            return self.session_class()
        return super().open_session(app, request)


SAFE = {"GET", "HEAD", "OPTIONS"}


def bind_bodies(app: Flask) -> None:
    """Mark writing requests, and read what they bring before anything else is done with them."""
    app.before_request(_prepare)


def bind(app: Flask) -> None:
    """Name the actor for the audit trail; forget at the end that the request wrote."""
    app.session_interface = SignedCookies()

    @app.before_request
    def _begin() -> None:
        # A device says itself who acts.
        if request.endpoint == "static" or "device" in g:
            return
        if current_user and current_user.is_authenticated:
            audit.acting(
                db.session(), current_user.id, current_user.name, g.request_id, address=request.remote_addr
            )
        else:
            audit.acting(db.session(), None, "nobody", g.request_id, address=request.remote_addr)

    @app.teardown_request
    def _end(_error: Any) -> None:
        if token := g.pop("write_token", None):
            try:
                core_db._writes.reset(token)
            except ValueError:
                core_db._writes.set(False)


def _prepare() -> None:
    """Say whether this request will write, and read what it brings."""
    # The variable belongs to this request's context and must not outlive it.
    g.write_token = core_db._writes.set(request.method not in SAFE)
    # A device reads its own body.
    if "device" not in g:
        _take_in_body()


def _take_in_body() -> None:
    """Read what is sent before any transaction begins: a slow upload must not hold the database.

    On SQLite one writer holds it for all, and the person of a writing request is loaded in its transaction.
    """
    if request.method in SAFE:
        return
    if request.mimetype in ("multipart/form-data", "application/x-www-form-urlencoded"):
        if request.files and not takes_files(request.endpoint):
            raise InvalidInput(lazy("No file was expected here."))
    else:
        request.get_data()
