"""A plan of 400 stations of Bolivia in 2019 for 45 teams: what a minute finds, beside a longer search and the nearest team.

The stations are drawn at random (seed 2019) from those within reach of a base by a road of 50 km; the teams stand in the
middle of the municipalities, more of them where more people vote (D'Hondt). The search runs once for 55 seconds, which
with all else makes less than a minute, and once from the beginning, with larger parts, for ``LONGER``: the better of the two is
the best known for this input.
"""

from __future__ import annotations

import csv
import gzip
import heapq
import io
import os
import random
import statistics
import sys
import time

from benchmarks.measure import report
from benchmarks.places import REGISTER
from eom.deployment import routing, routing_parts, routing_process, routing_reasons, routing_travel
from eom.deployment.routing import Crew, Day, Problem, Stop

STATIONS, TEAMS, SECONDS, REACH_KM = 400, 45, 55.0, 50.0
LONGER = float(os.environ.get("EOM_LONGER_SECONDS", "240"))
DAY = Day(visit=30)
Row = dict[str, str]


def main() -> None:
    """The figures, one a line."""
    problem = made(rows())
    started = time.perf_counter()
    found = routing_process.search(problem, SECONDS)
    spent = time.perf_counter() - started
    usual = routing_reasons.nearest_team(problem)
    minutes, baseline = routing.travel_minutes(problem, found), routing.travel_minutes(problem, usual)
    each, usually = minutes / len(found.served), baseline / len(usual.served)
    load = {"load": round(os.getloadavg()[0], 2)}
    report("plan of 400 stations and 45 teams, time", round(spent, 1), "s", limit=60, **load)
    report("plan, stations with a team", len(found.served), "stations", rows=STATIONS)
    report(
        "plan, travel",
        round(minutes),
        "minutes",
        nearest_team=round(baseline),
        nearest_team_serves=len(usual.served),
    )
    report(
        "plan, travel saved against the nearest team",
        round(100 * (1 - each / usually), 1),
        "%",
        per="station",
    )
    if "--short" in sys.argv:
        return
    routing_parts.TEAMS, routing_parts.PART_SECONDS = 10, 2.5
    again = routing_parts.best(problem, LONGER)
    best = min(found, again, key=lambda each: routing.cost(problem, each))
    # Without the price of what nobody can reach: it would make any difference look small.
    constant = routing.LEFT_OUT * (STATIONS - len(best.served))
    gap = (routing.cost(problem, found) - constant) / (routing.cost(problem, best) - constant) - 1
    travel_gap = minutes / routing.travel_minutes(problem, best) - 1
    report(
        "plan, above the best known by cost",
        round(100 * gap, 2),
        "%",
        limit=5,
        seconds=LONGER,
        again=round(routing.cost(problem, again) - constant),
        **load,
    )
    report("plan, above the best known by travel", round(100 * travel_gap, 2), "%", served=len(best.served))


def rows() -> list[Row]:
    """The stations in the country that have coordinates."""
    with gzip.open(REGISTER) as packed:
        read = csv.DictReader(io.TextIOWrapper(packed, encoding="utf-8-sig"))
        return [each for each in read if each["País"] == "Bolivia" and each["lat"]]


def made(listed: list[Row]) -> Problem:
    """The problem: the same at every call."""
    bases = _bases(listed)
    crews = [Crew(number, *base, starts=300, ends=1320) for number, base in enumerate(bases, 1)]
    places = [_place(each) for each in random.Random(2019).sample(listed, 4 * STATIONS)]  # noqa: S311 - no secret
    km = routing_travel.great_circle_km([*places, *bases])[: len(places), len(places) :]
    near = [
        place
        for place, ways in zip(places, km, strict=True)
        if ways.min() * routing_travel.TERRAIN_FACTOR <= REACH_KM
    ]
    stops = [Stop(number, *place) for number, place in enumerate(near[:STATIONS], 1)]
    points = [(each.latitude, each.longitude) for each in (*stops, *crews)]
    return Problem(tuple(crews), tuple(stops), DAY, routing_travel.estimated(points, routing_travel.Speeds()))


def _bases(listed: list[Row]) -> list[tuple[float, float]]:
    """A base for each team: municipalities in turn, each by its voters over the teams that it has, one more counted."""
    held: dict[tuple[str, ...], list[Row]] = {}
    for each in listed:
        held.setdefault((each["Departamento"], each["Provincia"], each["Municipio"]), []).append(each)
    voters = {name: sum(int(each["Inscritos"]) for each in rows_) for name, rows_ in held.items()}
    queue = [(-float(count), 1, name) for name, count in voters.items()]
    heapq.heapify(queue)
    bases = []
    while len(bases) < TEAMS:
        _share, count, name = heapq.heappop(queue)
        places = [_place(each) for each in held[name]]
        bases.append((statistics.median(p[0] for p in places), statistics.median(p[1] for p in places)))
        heapq.heappush(queue, (-voters[name] / (count + 1), count + 1, name))
    return bases


def _place(row: Row) -> tuple[float, float]:
    return float(row["lat"]), float(row["lon"])


if __name__ == "__main__":
    main()
