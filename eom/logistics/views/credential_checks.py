"""Where the QR code of a card leads: it tells whether the card holds, and nothing else."""

from __future__ import annotations

from flask import Blueprint, Response, make_response, render_template

from eom.logistics.services import credentials
from eom.web.access import public

bp = Blueprint("credential_checks", __name__)


@bp.get("/verify/<credential_token>")
@public("whoever reads the QR code of a card learns whether it is valid, and nothing else")
def show(credential_token: str) -> Response:
    """Valid or not: no name, no mission, no reason; the same status and headers either way."""
    page = render_template("logistics/verify.html", is_valid=credentials.is_valid(credential_token))
    answer = make_response(page)
    answer.headers["Referrer-Policy"] = "no-referrer"
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer
