"""The coverage map of the whole of Bolivia: the server's time, what is sent, and when it can be used."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import time
from threading import Thread
from typing import Any

from flask import Flask
from playwright.sync_api import sync_playwright
from werkzeug.serving import make_server

from benchmarks.measure import report, timed
from benchmarks.places import REGISTER, application, bolivia
from eom.accounts.permissions import Role
from eom.extensions import db
from eom.stations.services import register
from tests.factories.browsing import make_user
from tests.people import Client

CHROMIUM = os.environ.get("EOM_CHROMIUM", "/usr/bin/chromium")
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
    if len(sys.argv) > 1:
        measure(sys.argv[1])
        return
    for kind in KINDS:
        subprocess.run([sys.executable, "-W", "ignore", __file__, kind], check=True)


if __name__ == "__main__":
    main()
