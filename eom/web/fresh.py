"""Before something that matters, a fresh sign-in: issuing, closing, exporting personal data, roles."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlsplit

from flask import redirect, request, session, url_for

from eom.core.i18n import _
from eom.web.responses import told

View = Callable[..., Any]
# How long a sign-in counts as fresh (OWASP ASVS 5, 7.5.3).
FRESH_SECONDS = 15 * 60


def is_fresh() -> bool:
    """Whether the person gave a password or a passkey a short while ago."""
    return time.time() - float(session.get("fs_paa", 0)) < FRESH_SECONDS


def fresh(view: View) -> View:
    """The view asks for a fresh sign-in first, then goes on where the person was.

    What a form sent too late is not kept: the person comes back to the form. Stands under ``requires``.
    """

    @wraps(view)
    def asked(*args: Any, **kwargs: Any) -> Any:
        return view(*args, **kwargs) if is_fresh() else _ask()

    asked.is_fresh = True  # type: ignore[attr-defined]
    return asked


def fresh_for_files(view: View) -> View:
    """The list asks for a fresh sign-in when it goes out as a file: it tells of people. Under ``requires``."""

    @wraps(view)
    def asked(*args: Any, **kwargs: Any) -> Any:
        return view(*args, **kwargs) if is_fresh() or not request.args.get("format") else _ask()

    asked.is_fresh_for_files = True  # type: ignore[attr-defined]
    return asked


def _ask() -> Any:
    to = url_for("security.verify", next=_here())
    if request.headers.get("HX-Request"):
        return "", 401, {"HX-Redirect": to}
    return told(redirect(to, 303), _("Confirm that it is you: this needs a fresh sign-in."))


def _here() -> str:
    """Where to come back to: this page, or for a form without a page of its own the one it stood on."""
    if request.method == "GET":
        return request.full_path.rstrip("?")
    if request.url_rule is not None and "GET" in (request.url_rule.methods or ()):
        return request.path
    before = urlsplit(request.referrer or "")
    return before.path if before.netloc == request.host and before.path else "/"
