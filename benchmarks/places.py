"""Applications for measuring: empty databases of both kinds, and the mission to Bolivia in them."""

from __future__ import annotations

import base64
import os
import shutil
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from flask import Flask

from eom import create_app
from eom.core.db import writing
from eom.demo import missions
from eom.extensions import db
from eom.missions.models.mission import Mission
from eom.settings import ROOT, Settings

SERVER = os.environ.get("EOM_TEST_POSTGRES", "postgresql://postgres@127.0.0.1:5432/postgres")
REGISTER = ROOT / "eom" / "demo" / "data" / "bolivia_2019_mesas.csv.gz"


@contextmanager
def application(kind: str) -> Iterator[Flask]:
    """An application on an empty database: kind is sqlite or postgresql."""
    folder = Path(tempfile.mkdtemp())
    name = f"eom_bench_{uuid.uuid4().hex[:8]}"
    if kind == "sqlite":
        url = f"sqlite:///{folder / 'bench.sqlite'}"
    else:
        with psycopg.connect(SERVER, autocommit=True) as server:
            server.execute(f"CREATE DATABASE {name}")
        url = SERVER.rsplit("/", 1)[0].replace("postgresql://", "postgresql+psycopg://") + f"/{name}"
    app = create_app(
        Settings(database_url=url, secret_key="k" * 40, password_salt="s" * 20, instance=folder,
                 storage=folder / "files", testing=True, audit_key="a" * 40,
                 field_keys=(base64.b64encode(b"k" * 32).decode(),))
    )  # fmt: skip
    try:
        with app.app_context(), writing():
            db.create_all()
            db.session.commit()
            yield app
            db.session.remove()
            db.engine.dispose()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        if kind != "sqlite":
            with psycopg.connect(SERVER, autocommit=True) as server:
                server.execute(f"DROP DATABASE {name} WITH (FORCE)")


def bolivia() -> Mission:
    """The mission to Bolivia in 2019, without its register."""
    mission = missions.make_bolivia()
    db.session.commit()
    return mission


def settled(kind: str) -> None:
    """Do for PostgreSQL now what its autovacuum does a minute after so many rows have come."""
    db.session.commit()
    if kind == "postgresql":
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM (ANALYZE)")
