"""Applications for measuring: empty databases of both kinds, and the mission to Bolivia in them."""

from __future__ import annotations

import base64
import os
import random
import shutil
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from flask import Flask

from eom import create_app
from eom.core import bulk
from eom.core.db import writing
from eom.demo import missions
from eom.extensions import db
from eom.missions.models.mission import Mission
from eom.settings import ROOT, Settings
from eom.stations.models import Area, PollingStation, VotingCentre

SERVER = os.environ.get("EOM_TEST_POSTGRES", "postgresql://postgres@127.0.0.1:5432/postgres")
REGISTER = ROOT / "eom" / "demo" / "data" / "bolivia_2019_mesas.csv.gz"

TOWNS = (
    (-16.5, -68.1), (-17.4, -66.1), (-17.8, -63.2), (-19.0, -65.3), (-19.6, -65.7), (-21.5, -64.7), (-18.0, -67.1),
    (-14.8, -64.9), (-11.0, -68.7),
)  # fmt: skip


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


def many_stations(mission: Mission, count: int, per_centre: int) -> None:
    """A made register: 30 departments, 333 municipalities, centres around nine towns of Bolivia, their stations."""
    dice = random.Random(6)  # noqa: S311 - no secret, the same places every time
    area = {"mission_id": mission.id, "country": mission.country, "is_abroad": False, "is_missing": False}
    tops = [area | {"level": 1, "name": f"D{n}", "key": f"d{n:02}"} for n in range(30)]
    first = _insert(Area, tops)
    towns = [
        area | {"level": 2, "parent_id": first[n % 30], "name": f"M{n}", "key": f"d{n % 30:02}/m{n:03}"} for n in range(333)
    ]  # fmt: skip
    second = _insert(Area, towns)
    centres = []
    for n in range(count // per_centre):
        south, west = TOWNS[n % 333 % len(TOWNS)]
        spread = 0.2 if n % 3 else 1.5
        centres.append(
            {"mission_id": mission.id, "area_id": second[n % 333], "first_area_id": first[n % 333 % 30],
             "key": f"{towns[n % 333]['key']}/unidad educativa {n}", "name": f"Unidad Educativa {n}",
             "latitude": south + dice.gauss(0, spread), "longitude": west + dice.gauss(0, spread),
             "is_abroad": False, "is_outside_area": False, "is_missing": False}
        )  # fmt: skip
    own = _insert(VotingCentre, centres)
    _insert(PollingStation, [
        {"mission_id": mission.id, "centre_id": own[n // per_centre], "is_missing": False, "code": f"{n + 1}",
         "key": f"{centres[n // per_centre]['key']}/{n + 1}", "registered_voters": 80 + n * 37 % 220}
        for n in range(count)
    ])  # fmt: skip
    db.session.commit()


def _insert(model: type[Any], rows: list[dict[str, Any]]) -> list[int]:
    """Write many rows; their ids in the same order."""
    return [
        id_ for (id_,) in bulk.insert_rows(db.session.connection(), model.__table__, rows, returning="id")
    ]


def settled(kind: str) -> None:
    """Do for PostgreSQL now what its autovacuum does a minute after so many rows have come."""
    db.session.commit()
    if kind == "postgresql":
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM (ANALYZE)")
