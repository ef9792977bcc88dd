"""Both databases, a transaction a test that is rolled back, and people who sign in."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import g, request_started
from flask_sqlalchemy.session import Session as FlaskSession
from hypothesis import HealthCheck, settings
from passlib.totp import TOTP
from playwright.sync_api import Browser, sync_playwright

from eom.core import audit, clock
from eom.core.db import writing
from eom.extensions import db
from tests import databases
from tests.patience import LIMIT_SECONDS
from tests.people import Cast, Client, make_cast

# The same examples each time, on a machine of any speed: a property fails when the code changes, not by chance.
settings.register_profile(
    "suite", deadline=None, derandomize=True, database=None, print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)  # fmt: skip
settings.load_profile("suite")

CHROMIUM = os.environ.get("EOM_CHROMIUM", "/usr/bin/chromium")


class BoundSession(FlaskSession):
    """A session that stays on the connection it was given."""

    def get_bind(self, *_args, **_kwargs):
        return self.bind


@pytest.fixture(scope="session", params=databases.KINDS)
def template(request, tmp_path_factory):
    """The URL of a database that the migrations made; nobody writes to it, tests get copies."""
    folder = tmp_path_factory.mktemp(f"template-{request.param}")
    with databases.database(request.param, folder) as url:
        with databases.running(url, folder) as application:
            databases.upgrade(application)
        yield url


@pytest.fixture(scope="session")
def application(template, tmp_path_factory):
    """The application on a database of this worker's own."""
    kind = template.split(":")[0].split("+")[0]
    folder = tmp_path_factory.mktemp(kind)
    with databases.database(kind, folder, template) as url, databases.running(url, folder) as made:
        yield made


@pytest.fixture
def own_app(template, tmp_path):
    """An application on a database of this test's own, where commits are real."""
    kind = template.split(":")[0].split("+")[0]
    with (
        databases.database(kind, tmp_path, template) as url,
        databases.running(url, tmp_path) as made,
        made.app_context(),
    ):
        yield made


@pytest.fixture
def app(application):
    """The application in a transaction that is rolled back when the test ends."""
    with application.app_context(), writing():
        connection = db.engine.connect()
        outer = connection.begin()
        usual = db.session
        db.session = db._make_scoped_session(
            {"class_": BoundSession, "bind": connection, "join_transaction_mode": "create_savepoint"}
        )
        audit.listen(db.session)
        yield application
        db.session.remove()
        db.session = usual
        outer.rollback()
        connection.close()


@request_started.connect
def _start_afresh(_sender, **_rest):
    """A test keeps one application context open; a real request never inherits another's ``g``."""
    g.__dict__.clear()


@pytest.fixture
def session(app):
    """The session of the test."""
    return db.session()


@pytest.fixture
def cast(app) -> Cast:
    """Two missions and the people of the stories."""
    return make_cast()


@pytest.fixture
def as_person(app, cast):
    """``as_person("ana")``: a client of hers, signed in; ``as_person(None)`` is nobody's."""

    def sign_in(name: str | None) -> Client:
        return Client(app, cast.user(name) if name else None)

    return sign_in


@pytest.fixture
def still_clock(monkeypatch):
    """The clock of the application stands still: no day ends between what a test does and what it expects."""
    instant = clock.now()
    monkeypatch.setattr(clock, "now", lambda: instant)


@pytest.fixture
def half_minute(monkeypatch):
    """The telephone that shows codes and the server that checks them are in one half minute, and stay there."""
    instant = TOTP.now()
    monkeypatch.setattr(TOTP, "now", staticmethod(lambda: instant))


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium."""
    if not Path(CHROMIUM).exists():
        message = f"no Chromium at {CHROMIUM}: install it, or name one in EOM_CHROMIUM"
        pytest.fail(message) if os.environ.get("CI") == "true" else pytest.skip(message)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM,
            timeout=LIMIT_SECONDS * 1000,
            args=["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"],
        )
        yield browser
        browser.close()
