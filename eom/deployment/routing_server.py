"""Travel by real roads from a routing server that speaks as OSRM does (its ``table`` service), where one is set.

What it does not answer in time, or does not know, is estimated by distance; ``Legs.source`` says which it was. The
server learns the points, so only a server of the mission's own should be set. Its address comes from the settings,
never from a request.
"""

from __future__ import annotations

import json
import time
import urllib.request
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING
from urllib.error import URLError

from eom.deployment.routing_travel import Legs, Speeds, estimated

if TYPE_CHECKING:
    from eom.deployment.routing_travel import Matrix

Point = tuple[float, float]
# OSRM answers for a hundred points at once unless told otherwise.
BLOCK = 50
ONE_SECONDS, ALL_SECONDS, MOST_BYTES = 10.0, 60.0, 8 << 20
SERVER, PARTLY, FALLEN_BACK, ESTIMATE = "server", "server_partly", "server_failed", "estimate"


def travel(points: Sequence[Point], speeds: Speeds, server: str | None) -> Legs:
    """Travel between (latitude, longitude); walking is always estimated. Never fails: it falls back."""
    import numpy as np

    guessed = estimated(points, speeds)
    if not server or len(points) < 2:
        return guessed
    try:
        minutes, km = _tables(server.rstrip("/"), points)
    except (URLError, OSError, ValueError, KeyError, TypeError, IndexError):
        return Legs(guessed.km, guessed.by_vehicle, guessed.on_foot, FALLEN_BACK)
    unknown = ~(np.isfinite(minutes) & np.isfinite(km))
    source = PARTLY if unknown.any() else SERVER
    return Legs(
        np.where(unknown, guessed.km, km),
        np.where(unknown, guessed.by_vehicle, minutes),
        guessed.on_foot,
        source,
    )


def _tables(server: str, points: Sequence[Point]) -> tuple[Matrix, Matrix]:
    import numpy as np

    count, until = len(points), time.monotonic() + ALL_SECONDS
    minutes, km = np.full((count, count), np.nan), np.full((count, count), np.nan)
    for rows in _blocks(count):
        for columns in _blocks(count):
            if time.monotonic() > until:
                raise ValueError("the routing server is too slow")
            answer = _ask(server, [points[i] for i in rows], [points[i] for i in columns])
            at = np.ix_(list(rows), list(columns))
            minutes[at] = np.array(answer["durations"], dtype=float) / 60.0
            km[at] = np.array(answer["distances"], dtype=float) / 1000.0
    return minutes, km


def _blocks(count: int) -> Iterator[range]:
    for start in range(0, count, BLOCK):
        yield range(start, min(start + BLOCK, count))


def _ask(server: str, sources: list[Point], destinations: list[Point]) -> dict[str, list[list[float | None]]]:
    listed = ";".join(f"{longitude:.6f},{latitude:.6f}" for latitude, longitude in (*sources, *destinations))
    first, second = range(len(sources)), range(len(sources), len(sources) + len(destinations))
    asked = (
        f"{server}/table/v1/driving/{listed}?annotations=duration,distance"
        f"&sources={';'.join(map(str, first))}&destinations={';'.join(map(str, second))}"
    )
    if not asked.startswith(("http://", "https://")):
        raise ValueError("the address of a routing server begins with http:// or https://")
    with urllib.request.urlopen(asked, timeout=ONE_SECONDS) as answer:  # noqa: S310 - checked above
        told = json.loads(answer.read(MOST_BYTES))
    if told.get("code") != "Ok":
        raise ValueError("the routing server refused")
    return told  # type: ignore[no-any-return]
