"""People who sign in by the form, with a password and what else is asked."""

from __future__ import annotations

import re

from flask_security.utils import hash_password

from eom.extensions import db
from tests.page import Page

PASSWORD = "seven quiet lamps by the river"


class Browser:
    """A browser that nobody signed in yet: it keeps its cookies, as one on a desk or in a pocket."""

    def __init__(
        self, app, address: str = "203.0.113.7", device: str = "Mozilla/5.0 (Linux; Android 15) Chrome/140"
    ) -> None:
        app.config["WTF_CSRF_ENABLED"] = False
        self.http = app.test_client()
        self.environ = {"REMOTE_ADDR": address, "HTTP_USER_AGENT": device}

    def get(self, url: str):
        answer = self.http.get(url, environ_overrides=self.environ)
        db.session.rollback()
        return answer

    def post(self, url: str, **data):
        answer = self.http.post(url, data=data, environ_overrides=self.environ)
        db.session.rollback()
        return answer

    def sign_in(self, email: str, password: str = PASSWORD, **more):
        """Send the form; return the answer."""
        return self.post("/login", email=email, password=password, **more)

    @property
    def is_in(self) -> bool:
        """Whether the account's page opens."""
        return self.get("/account").status_code == 200


def give_password(user, password: str = PASSWORD):
    """An account that signs in by the form."""
    user.password = hash_password(password)
    db.session.commit()
    return user


def errors(answer) -> str:
    """What the page says is wrong."""
    page = Page(answer)
    found = page.soup.select_one(".error-summary")
    return re.sub(r"\s+", " ", found.get_text(" ", strip=True)) if found else ""
