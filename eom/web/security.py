"""Headers of every answer: a strict content security policy with a nonce, and the rest."""

from __future__ import annotations

import secrets
from typing import Any

from flask import Flask, Response, g, request

POLICY: dict[str, list[str]] = {
    "default-src": ["'none'"],
    "script-src": ["'self'"],
    "style-src": ["'self'"],
    "img-src": ["'self'", "data:"],
    "font-src": ["'self'"],
    "connect-src": ["'self'"],
    "manifest-src": ["'self'"],
    "worker-src": ["'self'"],
    "form-action": ["'self'"],
    "frame-ancestors": ["'none'"],
    "base-uri": ["'none'"],
}

# What is no page (a file, JSON, XML) runs and loads nothing, should a browser open it all the same.
DATA_POLICY = "default-src 'none'; frame-ancestors 'none'; sandbox"
STATIC = ("static", "security.static")
# Where a script says the token of its session.
TOKEN_HEADER = "X-CSRFToken"  # noqa: S105 - the name of a header


def csp_nonce() -> str:
    """The nonce of this answer."""
    if "csp_nonce" not in g:
        g.csp_nonce = secrets.token_urlsafe(16)
    return str(g.csp_nonce)


def allow(**sources: list[str]) -> None:
    """Widen the policy of the current answer only: ``allow(style_src=["'unsafe-inline'"])``."""
    g.setdefault("csp_widening", []).append(sources)


def bind(app: Flask) -> None:
    """Set the headers of every answer."""

    @app.before_request
    def _name_request() -> None:
        g.request_id = secrets.token_hex(6)

    @app.after_request
    def _headers(response: Response) -> Response:
        is_page = response.mimetype == "text/html" or request.endpoint in STATIC
        response.headers.setdefault("Content-Security-Policy", _policy() if is_page else DATA_POLICY)
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        response.headers.setdefault("Referrer-Policy", "same-origin")
        response.headers.setdefault("Permissions-Policy", "camera=(self), geolocation=(self), microphone=()")
        response.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.headers.setdefault("X-Frame-Options", "DENY")
        response.headers["X-Request-ID"] = g.get("request_id", "")
        if app.config["SESSION_COOKIE_SECURE"]:
            response.headers.setdefault("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
        if request.endpoint not in STATIC and "Cache-Control" not in response.headers:
            response.headers["Cache-Control"] = "no-store"
        return response


def _policy() -> str:
    policy: dict[str, list[Any]] = {name: list(values) for name, values in POLICY.items()}
    policy["script-src"].append(f"'nonce-{csp_nonce()}'")
    for widening in g.get("csp_widening", []):
        for name, values in widening.items():
            policy.setdefault(name.replace("_", "-"), []).extend(values)
    return "; ".join(f"{name} {' '.join(values)}" for name, values in policy.items())
