"""Where a person is signed in, and how they end it."""

from __future__ import annotations

from flask import Blueprint, g, render_template, session, url_for
from flask_security import current_user

from eom.accounts.services import sessions
from eom.core.i18n import _
from eom.extensions import db
from eom.web.access import signed_in
from eom.web.responses import saved

bp = Blueprint("sessions", __name__, url_prefix="/account/sessions")
OWN = "it concerns the person's own sessions only"


@bp.get("")
@signed_in(OWN)
def index() -> str:
    """The devices where one is signed in."""
    return render_template(
        "accounts/sessions/index.html",
        sessions=sessions.open_sessions(db.session(), current_user),
        here=g.sign_in_session,
    )


@bp.post("/<int:session_id>/end")
@signed_in(OWN)
def end(session_id: int) -> object:
    """Sign out on another device."""
    sessions.end(current_user, session_id)
    return saved(url_for(".index"), _("Signed out there"))


@bp.post("/end-others")
@signed_in(OWN)
def end_others() -> object:
    """Sign out everywhere but here."""
    sessions.end_all(current_user, keep=session.get("sid"), because="ended by the person")
    return saved(url_for(".index"), _("Signed out everywhere else"))
