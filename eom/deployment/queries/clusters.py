"""Voting centres of a country gathered into the clusters of a map, by the database: a map of 250,000 is small.

Centres are gathered by a grid of about ``PIXELS`` on the screen. The few that are planned or visited are asked
for apart and laid over it, so that the many are only counted, from an index.
"""

from __future__ import annotations

import math
from collections import Counter
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Session
from sqlalchemy.sql.functions import FunctionElement

from eom.deployment.queries import coverage
from eom.deployment.queries.coverage import NONE, PLANNED, VISITED, Point, View
from eom.missions.models.mission import Mission
from eom.missions.models.process import Round
from eom.stations.models import VotingCentre
from eom.stations.queries import Areas

# As many centres as a browser gathers by itself without being felt.
ENOUGH_FOR_THE_BROWSER = 8_000
# From here on every centre is shown: what a screen shows then is a town.
EVERY_CENTRE = 14
PIXELS = 64
# Two clusters stand no nearer than this, so that a finger hits one of them.
APART = 56
# Latitude, longitude (degrees, the mean), centres, those planned and not visited, those visited.
Cluster = tuple[float, float, int, int, int]


def centre_count(session: Session, mission: Mission, area_id: int | None, areas: Areas) -> int:
    """How many centres with coordinates a map has to show."""
    query = sa.select(sa.func.count(VotingCentre.id)).where(*coverage.drawn(mission, area_id, areas))
    return session.scalar(query) or 0


def clusters(
    session: Session, mission: Mission, round_: Round | None, view: View, area_id: int | None = None,
    areas: Areas = None, until: datetime | None = None,
) -> tuple[list[Cluster], list[Point]]:  # fmt: skip
    """What a view shows: clusters, and the centres that stand alone. Arguments as ``coverage.points``."""
    if view.zoom >= EVERY_CENTRE:
        return [], coverage.points(session, mission, round_, area_id, areas, until, view)
    tall, wide = steps(view)
    row, column = _Whole((VotingCentre.latitude + 90) / tall), _Whole((VotingCentre.longitude + 180) / wide)
    where = coverage.drawn(mission, area_id, areas, view)
    cells = session.execute(
        sa.select(
            row, column, sa.func.count(VotingCentre.id), sa.func.avg(VotingCentre.latitude),
            sa.func.avg(VotingCentre.longitude), sa.func.min(VotingCentre.id),
        )
        .where(*where)
        .group_by(row, column)
        .order_by(row, column)
    ).all()  # fmt: skip
    known = coverage.standing(session, mission, round_, until, coverage.drawn(mission, area_id, areas))
    counts = Counter(
        (int((latitude + 90) / tall), int((longitude + 180) / wide), state)
        for latitude, longitude, state in known.values()
    )
    gathered: list[Cluster] = []
    alone: list[Point] = []
    for place_row, place_column, count, latitude, longitude, id_ in cells:
        at = round(latitude, 5), round(longitude, 5)
        if count == 1:
            alone.append((*at, id_, known[id_][2] if id_ in known else NONE))
        else:
            planned, visited = (counts[place_row, place_column, state] for state in (PLANNED, VISITED))
            gathered.append((*at, count, planned, visited))
    return _apart(gathered, tall, wide), alone


def _apart(gathered: list[Cluster], tall: float, wide: float) -> list[Cluster]:
    """Clusters of neighbouring cells that would touch on the screen are one, where the larger of them stands."""
    kept: list[Cluster] = []
    for each in sorted(gathered, key=lambda cluster: -cluster[2]):
        for place, other in enumerate(kept):
            down, across = (each[0] - other[0]) / tall * PIXELS, (each[1] - other[1]) / wide * PIXELS
            if math.hypot(down, across) < APART:
                kept[place] = (*other[:2], other[2] + each[2], other[3] + each[3], other[4] + each[4])
                break
        else:
            kept.append(each)
    return kept


def steps(view: View) -> tuple[float, float]:
    """(height, width) of a cell in degrees: square on a Mercator map at the latitude of the view's middle."""
    wide = 360 / 256 / 2**view.zoom * PIXELS
    middle = min(abs(view.south + view.north) / 2, 80.0)
    return wide * math.cos(math.radians(middle)), wide


class _Whole(FunctionElement[int]):
    """The whole part of a number that is not negative."""

    inherit_cache = True
    type = sa.Integer()


@compiles(_Whole)
def _whole(element: Any, compiler: Any, **rest: Any) -> str:
    inner = compiler.process(element.clauses, **rest)
    # PostgreSQL rounds where SQLite cuts.
    return (
        f"CAST({inner} AS INTEGER)"
        if compiler.dialect.name == "sqlite"
        else f"CAST(FLOOR({inner}) AS INTEGER)"
    )
