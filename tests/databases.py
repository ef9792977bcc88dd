"""Databases of the tests' own: empty, or copies of one that the migrations made."""

from __future__ import annotations

import base64
import os
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import flask_migrate
import psycopg
import pytest
from sqlalchemy.engine import make_url

from eom import create_app
from eom.core.db import writing
from eom.extensions import db
from eom.settings import Settings

# A key of the tests' vault.
FIELD_KEY = base64.b64encode(b"k" * 32).decode()
POSTGRES = os.environ.get("EOM_TEST_POSTGRES", "postgresql://postgres@127.0.0.1:5432/postgres")
KINDS = ("sqlite", "postgresql")


def settings_for(folder: Path, url: str, **more) -> Settings:
    """Settings of a test application that keeps its files in ``folder``."""
    given = {"field_keys": (FIELD_KEY,), "audit_key": "a" * 40} | more
    return Settings(
        database_url=url, secret_key="k" * 40, password_salt="s" * 20, testing=True,
        instance=folder, storage=folder / "files", **given,
    )  # fmt: skip


@contextmanager
def database(kind: str, folder: Path, template: str | None = None) -> Iterator[str]:
    """The URL of a new database, dropped in the end: empty, or a copy of the one ``template`` names."""
    if kind == "sqlite":
        path = folder / f"{uuid.uuid4().hex[:12]}.sqlite"
        if template:
            shutil.copyfile(make_url(template).database, path)
        yield f"sqlite:///{path}"
        return
    require_postgres()
    name = f"eom_test_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(POSTGRES, autocommit=True) as server:
        server.execute(
            f"CREATE DATABASE {name}" + (f" TEMPLATE {make_url(template).database}" if template else "")
        )
    yield POSTGRES.rsplit("/", 1)[0].replace("postgresql://", "postgresql+psycopg://") + f"/{name}"
    with psycopg.connect(POSTGRES, autocommit=True) as server:
        server.execute(f"DROP DATABASE {name} WITH (FORCE)")


def require_postgres() -> None:
    """Fail on the build server, skip elsewhere, when no PostgreSQL answers."""
    try:
        psycopg.connect(POSTGRES, connect_timeout=30, autocommit=True).close()
    except psycopg.OperationalError:
        message = f"no PostgreSQL answers at {POSTGRES}: set EOM_TEST_POSTGRES"
        pytest.fail(message) if os.environ.get("CI") == "true" else pytest.skip(message)


@contextmanager
def running(url: str, folder: Path, **settings) -> Iterator:
    """An application on a database; its connections are closed in the end."""
    application = create_app(settings_for(folder, url, **settings))
    try:
        yield application
    finally:
        let_go(application)


def let_go(application) -> None:
    """Close the application's connections, so that its database can be copied or dropped."""
    with application.app_context():
        db.session.remove()
        db.engine.dispose()


def upgrade(application, revision: str = "head") -> None:
    """Run the migrations."""
    with application.app_context():
        flask_migrate.upgrade(revision=revision)


def create_all(application) -> None:
    """Make the tables straight from the models."""
    with application.app_context(), writing():
        db.create_all()
        db.session.commit()
