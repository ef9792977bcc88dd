"""One place that turns errors into answers: a page, a fragment, a JSON problem."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask, Response, current_app, g, jsonify, render_template, request, session
from flask.sansio.app import App
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, SecurityError

from eom.core.errors import AppError
from eom.core.i18n import lazy
from eom.extensions import db

SPEAKERS = "eom_error_speakers"
PAGES = {403, 404, 405, 409, 413, 422, 429, 500}


def bind(app: Flask) -> None:
    """Register the handlers."""
    app.register_error_handler(AppError, _refusal)
    app.register_error_handler(CSRFError, _stale_form)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _fault)


def speaks(app: App, prefix: str, answers: Callable[[HTTPException], Response]) -> None:
    """Below a path programs speak a protocol of their own: what leads nowhere there is answered in it."""
    app.extensions.setdefault(SPEAKERS, {})[prefix] = answers


def _refusal(error: AppError) -> Any:
    _note_refused(error.status)
    db.session.rollback()
    return answer(error.status, error.message, error.next_step)


def _note_refused(status: int) -> None:
    """Leave a line in the log when a signed-in person asked for what is not theirs."""
    if status in (403, 404) and (mark := session.get("_user_id")):
        current_app.logger.warning(
            "refused: %s to session %s from %s: %s %s (request %s)",
            status, str(mark)[:8], request.remote_addr, request.method, request.endpoint, g.get("request_id"),
        )  # fmt: skip


def _stale_form(error: CSRFError) -> Any:
    db.session.rollback()
    return answer(422, lazy("This page was open for too long, so its form is no longer valid."),
                  lazy("Go back, load the page again and send it once more."))  # fmt: skip


def _http(error: HTTPException) -> Any:
    db.session.rollback()
    if error.code is None or error.code < 400:
        return error
    if isinstance(error, SecurityError):
        # A name that is not this server's: no page of ours goes out under it.
        return Response(
            "400: this server does not answer to that name\n", 400, content_type="text/plain; charset=utf-8"
        )
    for prefix, answers in current_app.extensions.get(SPEAKERS, {}).items():
        if request.path.startswith(prefix):
            return answers(error)
    return answer(error.code, None, None)


def _fault(error: Exception) -> Any:
    db.session.rollback()
    if current_app.testing:
        raise error
    current_app.logger.exception("request %s failed", g.get("request_id"))
    return answer(500, None, None)


def answer(status: int, message: Any, next_step: Any) -> Any:
    """The error as the caller reads it."""
    wants_json = request.accept_mimetypes.best_match(["text/html", "application/json"]) == "application/json"
    words = {"message": message and str(message), "next_step": next_step and str(next_step)}
    if wants_json or request.path.startswith("/api/"):
        body = {"status": status, "request_id": g.get("request_id"), **words}
        return jsonify(body), status, {"Content-Type": "application/problem+json"}
    page = status if status in PAGES else 422 if 400 <= status < 500 else 500
    return render_template(f"errors/{page}.html", request_id=g.get("request_id"), **words), status
