"""How much and how often: bytes a request may bring, requests a person or a stranger may make.

A signed-in person is counted as themselves, so that a whole team in one hotel is not slowed down by
its one address; strangers are counted by address. Devices that send checklists are never counted: a
team comes back from the field with hundreds. Wrong passwords have a count of their own
(accounts/services/lockout.py).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask, Request, abort, current_app, request, session
from flask_limiter.util import get_remote_address

View = Callable[..., Any]
MEGABYTE = 1 << 20
# What a form without a file may bring.
ORDINARY_BYTES = MEGABYTE
SAFE = {"GET", "HEAD", "OPTIONS"}
DEVICES = ("openrosa", "field")
# Where a password, a code or a link is tried, on top of what is counted by account.
DOORS = (
    "security.login", "security.verify", "security.two_factor_token_validation", "security.mf_recovery",
    "security.wan_signin", "security.wan_signin_response", "security.wan_verify", "security.wan_verify_response", "security.change_password",
    "security.two_factor_setup_validate", "invitations.accept",
)  # fmt: skip
# What is made anew for each request: workbooks, pictures, a person's copy of their data.
HEAVY = ("annual.download", "submissions.file", "my_data.download")
# Public pages that tell of a secret in their address whether it holds.
TELLTALES = ("credential_checks.show",)
TRIES = "30 per minute"
READS, DOWNLOADS = "1200 per minute", "60 per minute"
WRITES, STRANGERS_WRITES = "300 per minute", "60 per minute"
# Messages that one gateway hands over; also counted by the gateway's own address here.
GATEWAYS = "600 per minute"


def accepts(megabytes: int | None = None) -> Callable[[View], View]:
    """The view takes more than an ordinary form: so many megabytes, or as many as the settings allow."""

    def decorate(view: View) -> View:
        view.accepts_bytes = megabytes * MEGABYTE if megabytes else 0  # type: ignore[attr-defined]
        return view

    return decorate


def at_most(count: int) -> Callable[[View], View]:
    """The view takes less than an ordinary form: at most so many bytes."""

    def decorate(view: View) -> View:
        view.at_most_bytes = count  # type: ignore[attr-defined]
        return view

    return decorate


def person_or_address() -> str:
    """Who is counted: the person of the session, told without a query, else the address."""
    mark = session.get("_user_id")
    return f"person:{mark}" if mark else f"address:{get_remote_address()}"


def allowance() -> str:
    """How many requests of this kind a minute allows."""
    if request.endpoint in HEAVY:
        return DOWNLOADS
    if (request.endpoint or "").startswith("sms_webhook"):
        return GATEWAYS
    if request.endpoint in TELLTALES:
        return TRIES
    if request.method in SAFE:
        return DOWNLOADS if request.args.get("format") else READS
    if request.endpoint in DOORS:
        return TRIES
    return WRITES if session.get("_user_id") else STRANGERS_WRITES


def is_free() -> bool:
    """Requests that are not counted: files that never change, and devices that send checklists."""
    endpoint = request.endpoint or ""
    return endpoint in ("static", "security.static") or endpoint.startswith(DEVICES)


def bind(app: Flask) -> None:
    """Bound every body before it is read."""

    @app.before_request
    def _bound() -> None:
        # No text of a database holds it, so no address does.
        if "\0" in request.path:
            abort(404)
        if request.method not in SAFE:
            request.max_content_length = _bytes_for(request)


def takes_files(endpoint: str | None) -> bool:
    """Whether the view said that it takes a file (``accepts``), or belongs to the devices."""
    view = current_app.view_functions.get(endpoint or "")
    return hasattr(view, "accepts_bytes") or (endpoint or "").startswith(DEVICES)


def _bytes_for(asked: Request) -> int:
    whole = int(current_app.config["MAX_CONTENT_LENGTH"])
    if (asked.endpoint or "").startswith(DEVICES):
        return whole
    view = current_app.view_functions.get(asked.endpoint or "")
    if small := getattr(view, "at_most_bytes", 0):
        return int(small)
    declared = getattr(view, "accepts_bytes", ORDINARY_BYTES)
    return min(declared or whole, whole)
