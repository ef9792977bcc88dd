"""The whole register of Bolivia in 2019: its import with the spatial join, and its list.

``large`` instead of nothing: a made register of 250,000 stations in 62,500 centres with coordinates, joined
with 350 polygons of level 2.
"""

from __future__ import annotations

import json
import os
import random
import resource
import subprocess
import sys
import time

from benchmarks.measure import report, timed
from benchmarks.places import REGISTER, application, bolivia
from eom.accounts.permissions import Role
from eom.extensions import db
from eom.stations.services import boundaries, register

WEST, SOUTH, WIDTH, HEIGHT = -69.0, -22.0, 11.0, 12.0
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


def made_register(stations: int = 250_000, per_centre: int = 4) -> bytes:
    """A csv of stations scattered over Bolivia's box, areas by the cells of a grid of 25 by 14."""
    dice = random.Random(2026)  # noqa: S311 - no secret is made
    lines = ["Mesa,Departamento,Provincia,Recinto,Codigo recinto,lat,lon,Inscritos"]
    for number in range(stations):
        centre, place = divmod(number, per_centre)
        if place == 0:
            x, y = dice.random(), dice.random()
            cell = int(x * 25), int(y * 14)
            where = f"{SOUTH + y * HEIGHT:.5f},{WEST + x * WIDTH:.5f}"
            head = f"Departamento {cell[0] // 3},Provincia {cell[0]}-{cell[1]},Escuela {centre},{centre:06d}"
        lines.append(f"{number:07d},{head},{where},{dice.randrange(80, 400)}")
    return "\n".join(lines).encode()


def made_boundaries() -> bytes:
    """The 350 cells of the grid as GeoJSON, each outline of 400 points."""
    features = []
    for i in range(25):
        for j in range(14):
            west, south = WEST + i * WIDTH / 25, SOUTH + j * HEIGHT / 14
            ring = [
                [west + WIDTH / 25 * x, south + HEIGHT / 14 * y]
                for x, y in (
                    *((n / 100, 0) for n in range(100)), *((1, n / 100) for n in range(100)),
                    *((1 - n / 100, 1) for n in range(100)), *((0, 1 - n / 100) for n in range(101)),
                )
            ]  # fmt: skip
            features.append(
                {"type": "Feature", "properties": {"name": f"Provincia {i}-{j}"},
                 "geometry": {"type": "Polygon", "coordinates": [ring]}}
            )  # fmt: skip
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


def measure_large(kind: str) -> None:
    """Import the made register once in this process: seconds to the commit, and the peak of memory."""
    data = made_register()
    with application(kind):
        mission = bolivia()
        boundaries.load(mission, made_boundaries(), "grid.geojson", level=2)
        db.session.commit()
        started = time.perf_counter()
        load = register.import_register(mission, data, "made.csv")
        db.session.commit()
        seconds = round(time.perf_counter() - started, 2)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        stations = load.summary["stations"]
        facts = {"centres": load.summary["centres"], "polygons": 350, "load": round(os.getloadavg()[0], 1)}
        report("large register import", seconds, "s", kind, limit=40, rows=stations, **facts)
        report("large register import, peak memory", peak, "MB", kind, limit=1500, rows=stations)


def main() -> None:
    """Each database in a process of its own, so that memory is counted apart."""
    if len(sys.argv) > 2:
        {"small": measure, "large": measure_large}[sys.argv[1]](sys.argv[2])
        return
    for size in sys.argv[1:] or ("small", "large"):
        for kind in LIMITS:
            subprocess.run([sys.executable, "-W", "ignore", __file__, size, kind], check=True)


if __name__ == "__main__":
    main()
