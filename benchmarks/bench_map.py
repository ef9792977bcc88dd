"""The coverage map of the whole of Bolivia, and of 250,000 centres: the server's time, what is sent, when it is usable."""

from __future__ import annotations

import logging
import os
import random
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from itertools import islice
from threading import Thread
from typing import Any

import sqlalchemy as sa
from flask import Flask
from playwright.sync_api import sync_playwright
from werkzeug.serving import make_server

from benchmarks.measure import report, timed
from benchmarks.places import REGISTER, application, bolivia
from eom.accounts.permissions import Role
from eom.deployment.models import Assignment, Visit
from eom.extensions import db
from eom.missions.models.mission import Mission
from eom.stations.models import Area, PollingStation, VotingCentre
from eom.stations.services import register
from tests.factories.browsing import make_user
from tests.factories.observers import make_appointment
from tests.people import Client

CHROMIUM = os.environ.get("EOM_CHROMIUM", "/usr/bin/chromium")
MANY = 250_000
KINDS = ("sqlite", "postgresql")


def measure(kind: str) -> None:
    """The page and its data by themselves, then in a browser (on SQLite)."""
    with application(kind) as app:
        mission = bolivia()
        register.import_register(mission, REGISTER.read_bytes(), REGISTER.name)
        user = make_user(Role.CHIEF, mission)
        code = mission.code
        db.session.commit()
        client = Client(app, user).http
        page, points = f"/missions/{code}/coverage", f"/missions/{code}/coverage/points"
        sent = 0
        for name, url in (("page", page), ("points", points)):
            sent += len(client.get(url).data)
            figures = timed(lambda url=url: client.get(url), runs=7)
            report(f"coverage map, {name}", figures.pop("value"), "s", kind, limit=0.5, **figures)
        report("coverage map, sent besides vendor files", round(sent / 1e6, 3), "MB", kind, limit=1.5)
        if kind == "sqlite":
            report("coverage map, usable in Chromium", usable(app, client, page), "s", kind, limit=2.0)


def measure_many(kind: str) -> None:
    """250,000 stations, each in a centre of its own, 2,000 of them planned and half of those visited."""
    with application(kind) as app:
        mission = bolivia()
        fill(mission)
        user = make_user(Role.CHIEF, mission)
        code = mission.code
        db.session.commit()
        client = Client(app, user).http
        page = f"/missions/{code}/coverage"
        seen = f"{page}/points?bbox=-24.8,-72,-7.7,-55&zoom=6"
        town = f"{page}/points?bbox=-16.6,-66.2,-16.4,-66&zoom=14"
        hour = f"{seen}&shaded=1&until=20T12"
        sent = len(client.get(page).data) + len(client.get(seen).data)
        for name, url in (("page", page), ("country", seen), ("town", town), ("another hour", hour)):
            assert client.get(url).status_code == 200
            figures = timed(lambda url=url: client.get(url), runs=7)
            report(f"coverage map of {MANY:,}, {name}", figures.pop("value"), "s", kind, limit=0.5, **figures)
        report(
            f"coverage map of {MANY:,}, sent besides vendor files",
            round(sent / 1e6, 3),
            "MB",
            kind,
            limit=1.0,
        )
        report(
            f"coverage map of {MANY:,}, usable in Chromium", usable(app, client, page), "s", kind, limit=1.5
        )


def fill(mission: Mission) -> None:
    """Centres around nine towns of Bolivia, in 350 areas."""
    dice = random.Random(6)  # noqa: S311 - no secret, the same places every time
    firsts = [
        Area(mission_id=mission.id, level=1, name=f"First {n}", key=f"F{n}", country="BOL", boundary=None)
        for n in range(9)
    ]
    db.session.add_all(firsts)
    db.session.flush()
    areas = [
        Area(mission_id=mission.id, parent_id=firsts[n % 9].id, level=2, name=f"Area {n}", key=f"A{n}", country="BOL")
        for n in range(350)
    ]  # fmt: skip
    db.session.add_all(areas)
    db.session.flush()
    towns = [(-16.5, -68.1), (-17.4, -66.1), (-17.8, -63.2), (-19.0, -65.3), (-19.6, -65.7), (-21.5, -64.7),
             (-18.0, -67.1), (-14.8, -64.9), (-11.0, -68.7)]  # fmt: skip
    centres = []
    for n in range(MANY):
        south, west = towns[n % 350 % 9]
        spread = 0.2 if n % 3 else 1.5
        centres.append(
            {"id": 1_000_000 + n, "mission_id": mission.id, "area_id": areas[n % 350].id, "key": f"C{n}",
             "first_area_id": firsts[n % 350 % 9].id, "name": f"Unidad Educativa {n}", "code": str(n),
             "latitude": south + dice.gauss(0, spread), "longitude": west + dice.gauss(0, spread),
             "is_abroad": False, "is_outside_area": False, "is_missing": False}
        )  # fmt: skip
    stations = (
        {"id": 1_000_000 + n, "mission_id": mission.id, "centre_id": 1_000_000 + n, "key": f"S{n}", "code": str(n),
         "registered_voters": 200 + n % 50, "is_missing": False} for n in range(MANY)
    )  # fmt: skip
    for table, rows in ((VotingCentre, iter(centres)), (PollingStation, stations)):
        while part := list(islice(rows, 20_000)):
            db.session.execute(sa.insert(table.__table__), part)
    person, round_ = make_appointment(mission), mission.rounds[0]
    db.session.flush()
    chosen = range(1_000_000, 1_000_000 + MANY, MANY // 2_000)
    db.session.execute(sa.insert(Assignment), [
        {"mission_id": mission.id, "round_id": round_.id, "appointment_id": person.id, "polling_station_id": n}
        for n in chosen
    ])  # fmt: skip
    at = datetime(2019, 10, 20, 14, tzinfo=UTC)
    db.session.execute(sa.insert(Visit), [
        {"mission_id": mission.id, "round_id": round_.id, "polling_station_id": n, "submission_count": 1,
         "first_at": at + timedelta(minutes=n % 600), "last_at": at + timedelta(minutes=n % 600)}
        for n in chosen[::2]
    ])  # fmt: skip
    db.session.commit()
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(sa.text("ANALYZE"))


def usable(app: Flask, client: Any, path: str) -> float:
    """Seconds from asking for the page until its centres stand on the map (median of five)."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    Thread(target=server.serve_forever, daemon=True).start()
    cookie = client.get_cookie("session")
    address = f"http://127.0.0.1:{server.server_port}"
    seconds = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        for _run in range(5):
            context = browser.new_context(viewport={"width": 1280, "height": 900})
            context.add_cookies([{"name": "session", "value": cookie.value, "url": address}])
            page = context.new_page()
            started = time.perf_counter()
            page.goto(address + path)
            page.locator(".coverage-cluster").first.wait_for()
            seconds.append(time.perf_counter() - started)
            context.close()
        browser.close()
    server.shutdown()
    return round(sorted(seconds)[2], 2)


def main() -> None:
    """Each database in a process of its own."""
    if len(sys.argv) > 2:
        {"whole": measure, "many": measure_many}[sys.argv[2]](sys.argv[1])
        return
    for kind in KINDS:
        for what in ("whole", "many"):
            subprocess.run([sys.executable, "-W", "ignore", __file__, kind, what], check=True)


if __name__ == "__main__":
    main()
