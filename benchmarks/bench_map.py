"""The coverage map of the whole of Bolivia, and of 250,000 centres: the server's time, what is sent, when it is usable."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from threading import Thread
from typing import Any

import sqlalchemy as sa
from flask import Flask
from playwright.sync_api import sync_playwright
from werkzeug.serving import make_server

from benchmarks.measure import report, timed
from benchmarks.places import REGISTER, application, bolivia, many_stations, settled
from eom.accounts.permissions import Role
from eom.deployment.models import Assignment, Visit
from eom.extensions import db
from eom.missions.models.mission import Mission
from eom.stations.models import PollingStation
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
        many_stations(mission, MANY, per_centre=1)
        plan_and_visit(mission)
        settled(kind)
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


def plan_and_visit(mission: Mission) -> None:
    """2,000 stations planned, half of them visited through the day."""
    person, round_ = make_appointment(mission), mission.rounds[0]
    db.session.flush()
    chosen = db.session.scalars(sa.select(PollingStation.id).order_by(PollingStation.id)).all()[
        :: MANY // 2_000
    ]
    db.session.execute(sa.insert(Assignment), [
        {"mission_id": mission.id, "round_id": round_.id, "appointment_id": person.id, "polling_station_id": id_}
        for id_ in chosen
    ])  # fmt: skip
    times = [datetime(2019, 10, 20, 14, tzinfo=UTC) + timedelta(minutes=id_ % 600) for id_ in chosen]
    db.session.execute(sa.insert(Visit), [
        {"mission_id": mission.id, "round_id": round_.id, "polling_station_id": id_, "submission_count": 1,
         "first_at": at, "last_at": at} for id_, at in list(zip(chosen, times, strict=True))[::2]
    ])  # fmt: skip


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
