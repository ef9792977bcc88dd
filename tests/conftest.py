"""Both databases, a transaction a test that is rolled back, and people who sign in."""

from __future__ import annotations

import os
import shutil
import uuid
from pathlib import Path

import psycopg
import pytest
from flask import g, request_started
from flask_sqlalchemy.session import Session as FlaskSession

from eom import create_app
from eom.core import audit
from eom.core.db import writing
from eom.extensions import db
from eom.settings import Settings
from tests.people import Cast, Client, make_cast

POSTGRES = os.environ.get("EOM_TEST_POSTGRES", "postgresql://postgres@127.0.0.1:5432/postgres")


class BoundSession(FlaskSession):
    """A session that stays on the connection it was given."""

    def get_bind(self, *_args, **_kwargs):
        return self.bind


def _postgres_answers() -> bool:
    try:
        psycopg.connect(POSTGRES, connect_timeout=3, autocommit=True).close()
    except psycopg.OperationalError:
        return False
    return True


def _settings(folder: Path, url: str) -> Settings:
    return Settings(
        database_url=url, secret_key="k" * 40, password_salt="s" * 20, testing=True,
        instance=folder, storage=folder / "files",
    )  # fmt: skip


def _make_tables(application) -> None:
    with application.app_context(), writing():
        db.create_all()
        db.session.commit()


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def application(request, tmp_path_factory):
    """The application on a database of this worker's own."""
    folder = tmp_path_factory.mktemp(request.param)
    if request.param == "sqlite":
        made = create_app(_settings(folder, f"sqlite:///{folder / 'test.sqlite'}"))
        _make_tables(made)
        yield made
        shutil.rmtree(folder, ignore_errors=True)
        return
    if not _postgres_answers():
        message = f"no PostgreSQL answers at {POSTGRES}: set EOM_TEST_POSTGRES"
        pytest.fail(message) if os.environ.get("CI") == "true" else pytest.skip(message)
    name = f"eom_test_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(POSTGRES, autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}")
    url = POSTGRES.rsplit("/", 1)[0].replace("postgresql://", "postgresql+psycopg://") + f"/{name}"
    made = create_app(_settings(folder, url))
    _make_tables(made)
    yield made
    with made.app_context():
        db.engine.dispose()
    with psycopg.connect(POSTGRES, autocommit=True) as server:
        server.execute(f"DROP DATABASE {name} WITH (FORCE)")


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
