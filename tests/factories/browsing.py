"""Someone with any one role who looks at pages; every page that opens is checked as ``Page`` does."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Flask, g
from werkzeug.test import TestResponse

from eom.accounts.models import User
from eom.accounts.permissions import Role
from eom.extensions import db
from eom.missions.models.mission import Mission
from tests import people
from tests.page import Page


def make_user(role: Role, mission: Mission | None = None) -> User:
    """An account with one role, in one mission or everywhere."""
    return people.make_user(uuid.uuid4().hex[:8], role, mission)


class Browser:
    """What a person does: look at an address, send a form to it."""

    def __init__(self, app: Flask, user: User) -> None:
        self.http = people.Client(app, user).http

    def look(self, url: str) -> TestResponse:
        """The answer at an address, whatever its status."""
        _forget()
        answer = self.http.get(url)
        if answer.mimetype == "text/html":
            Page(answer)
        return answer

    def send(self, url: str, **values: Any) -> TestResponse:
        """Send a form."""
        _forget()
        return self.http.post(url, data=values, content_type="multipart/form-data")


def as_one(app: Flask, role: Role, mission: Mission | None = None) -> Browser:
    """Someone new with one role, who looks around."""
    user = make_user(role, mission)
    db.session.commit()
    return Browser(app, user)


def _forget() -> None:
    """The test's application context outlives a request: what the last one left there must not reach the next."""
    for name in list(g):
        g.pop(name)
