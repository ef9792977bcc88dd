"""What every request does with the database: say who acts, and whether it will write."""

from __future__ import annotations

from typing import Any

from flask import Flask, g, request
from flask_security import current_user

from eom.core import audit
from eom.core import db as core_db
from eom.extensions import db

SAFE = {"GET", "HEAD", "OPTIONS"}


def bind(app: Flask) -> None:
    """Mark writing requests and name the actor for the audit trail."""

    @app.before_request
    def _begin() -> None:
        # The variable belongs to this request's context and must not outlive it.
        g.write_token = core_db._writes.set(request.method not in SAFE)
        if request.endpoint == "static":
            return
        if current_user and current_user.is_authenticated:
            audit.acting(db.session(), current_user.id, current_user.name, g.request_id)
        else:
            audit.acting(db.session(), None, "nobody", g.request_id)

    @app.teardown_request
    def _end(_error: Any) -> None:
        if token := g.pop("write_token", None):
            try:
                core_db._writes.reset(token)
            except ValueError:
                core_db._writes.set(False)
