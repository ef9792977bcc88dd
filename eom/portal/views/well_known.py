"""What machines look for at known addresses: where to report a weakness, what not to crawl."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, Response, url_for

from eom.core import clock
from eom.extensions import settings
from eom.web.access import public

bp = Blueprint("well_known", __name__)
OPEN = "it tells strangers how to report a weakness, and machines what not to read"


@bp.get("/.well-known/security.txt")
@public(OPEN)
def security() -> Response:
    """Where a weakness is reported (RFC 9116)."""
    expires = (clock.now() + timedelta(days=365)).replace(microsecond=0)
    lines = [
        f"Contact: {settings.security_contact or 'mailto:security@localhost'}",
        f"Expires: {expires.isoformat()}",
        "Preferred-Languages: en, es, fr, pt",
        f"Canonical: {url_for('.security', _external=True)}",
    ]
    return Response("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@bp.get("/robots.txt")
@public(OPEN)
def robots() -> Response:
    """Only the front page is for everyone."""
    return Response("User-agent: *\nAllow: /$\nDisallow: /\n", content_type="text/plain; charset=utf-8")
