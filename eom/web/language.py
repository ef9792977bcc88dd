"""The reader's language: chosen once, it stays."""

from __future__ import annotations

from flask import Blueprint, current_app, has_request_context, redirect, request, session
from flask_security import current_user
from werkzeug.wrappers import Response

from eom.core.errors import InvalidInput
from eom.core.i18n import LANGUAGES, lazy
from eom.extensions import db
from eom.web.access import public
from eom.web.cookies import own_name
from eom.web.urls import local_address

bp = Blueprint("web", __name__)
COOKIE = "language"


def chosen() -> str:
    """The language chosen, else the person's own, else the browser's best of the four, else English.

    In the shell and in a job there is no request: English, unless ``in_locale`` says otherwise.
    """
    if not has_request_context():
        return "en"
    for code in (request.args.get("lang"), request.cookies.get(own_name(COOKIE))):
        if code in LANGUAGES:
            return str(code)
    own = getattr(current_user, "language", None) if current_user else None
    if own in LANGUAGES:
        return str(own)
    return request.accept_languages.best_match(list(LANGUAGES)) or "en"


@bp.post("/language")
@public("anyone may choose the language they read")
def language() -> Response:
    """Keep the language in a cookie and, for a signed-in person, with the account."""
    code = request.form.get("language", "")
    if code not in LANGUAGES:
        raise InvalidInput(lazy("“%(code)s” is no language of this system.", code=code[:20]), "language")
    if current_user.is_authenticated and current_user.language != code:
        current_user.language = code
        db.session.commit()
    session.pop("language", None)
    response = redirect(local_address(request.form.get("next")), 303)
    response.set_cookie(
        own_name(COOKIE), code, max_age=31_536_000, samesite="Lax", httponly=True, path="/",
        secure=bool(current_app.config["SESSION_COOKIE_SECURE"]),
    )  # fmt: skip
    return response
