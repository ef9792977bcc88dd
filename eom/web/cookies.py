"""Cookies of ours besides the session's: the language, and which accounts this device signed in to before."""

from __future__ import annotations

from flask import Response, current_app, request

MAX_MARKS = 5
YEAR_SECONDS = 365 * 24 * 3600


def own_name(name: str) -> str:
    """The name of a cookie of ours; over TLS no other host, no subdomain and no plain page may set it."""
    return f"__Host-{name}" if current_app.config["SESSION_COOKIE_SECURE"] else name


def device_cookie() -> str:
    """The name of the device's cookie."""
    return own_name("device")


def device_marks() -> list[str]:
    """The marks that the device carries, one an account."""
    return [each for each in request.cookies.get(device_cookie(), "").split("~") if "." in each][:MAX_MARKS]


def remember_device(response: Response, mark: str) -> Response:
    """Give the device one more mark; the oldest goes when there are too many."""
    marks = [mark, *(each for each in device_marks() if each != mark)][:MAX_MARKS]
    response.set_cookie(
        device_cookie(), "~".join(marks), max_age=YEAR_SECONDS, httponly=True, samesite="Strict", path="/",
        secure=bool(current_app.config["SESSION_COOKIE_SECURE"]),
    )  # fmt: skip
    return response
