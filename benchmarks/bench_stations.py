"""The whole register of Bolivia in 2019: its import with the spatial join, and its list."""

from __future__ import annotations

import resource
import subprocess
import sys
import time

from benchmarks.measure import report, timed
from benchmarks.places import REGISTER, application, bolivia
from eom.accounts.permissions import Role
from eom.extensions import db
from eom.stations.services import register

LIMITS = {"sqlite": 5.0, "postgresql": 8.0}


def measure(kind: str) -> None:
    """Import once in this process, then time the list's pages."""
    with application(kind) as app:
        mission = bolivia()
        data = REGISTER.read_bytes()
        started = time.perf_counter()
        load = register.import_register(mission, data, REGISTER.name)
        db.session.commit()
        seconds = round(time.perf_counter() - started, 2)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        stations = load.summary["stations"]
        report("register import", seconds, "s", kind, limit=LIMITS[kind], rows=stations)
        report("register import, peak memory", peak, "MB", kind, limit=600)
        again = timed(lambda: register.import_register(mission, data, REGISTER.name), runs=3)
        report("register import, the same file again", again.pop("value"), "s", kind, **again)
        db.session.commit()
        from tests.factories.browsing import make_user
        from tests.people import Client

        user = make_user(Role.CHIEF, mission)
        db.session.commit()
        client = Client(app, user).http
        for name, query in (
            ("first page", ""),
            ("page 400", "?page=400"),
            ("search", "?search=unidad&sort=-voters"),
        ):
            url = f"/missions/{mission.code}/stations{query}"
            client.get(url)
            figures = timed(lambda url=url: client.get(url), runs=7)
            report(
                f"list of stations, {name}",
                figures.pop("value"),
                "s",
                kind,
                limit=0.1,
                rows=stations,
                **figures,
            )


def main() -> None:
    """Each database in a process of its own, so that memory is counted apart."""
    if len(sys.argv) > 1:
        measure(sys.argv[1])
        return
    for kind in LIMITS:
        subprocess.run([sys.executable, "-W", "ignore", __file__, kind], check=True)


if __name__ == "__main__":
    main()
