"""Travel by real roads from a routing server that speaks as OSRM does (its ``table`` service), where one is set.

What it does not answer in time, or does not know, is estimated by distance; ``Legs.source`` says which it was. The
server learns the points, so only a server of the mission's own should be set. Its address comes from the settings,
never from a request.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Sequence
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from eom.deployment.routing_travel import Legs, Speeds, estimated

if TYPE_CHECKING:
    from eom.deployment.routing_travel import Matrix

Point = tuple[float, float]
# OSRM answers for a hundred points at once unless told otherwise.
BLOCK = 50
OK = 200
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
    except (HTTPException, OSError, ValueError, KeyError, TypeError, IndexError):
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
    told = json.loads(_fetched(asked))
    if told.get("code") != "Ok":
        raise ValueError("the routing server refused")
    return told  # type: ignore[no-any-return]


def _fetched(address: str) -> bytes:
    """What an address answers; no redirect is followed. Raises ValueError or OSError."""
    parts = urlsplit(address)
    kinds = {"http": HTTPConnection, "https": HTTPSConnection}
    if parts.scheme not in kinds or not parts.hostname:
        raise ValueError("the address of a routing server begins with http:// or https://")
    connection = kinds[parts.scheme](parts.hostname, parts.port, timeout=ONE_SECONDS)
    try:
        connection.request("GET", f"{parts.path}?{parts.query}", headers={"Accept": "application/json"})
        answer = connection.getresponse()
        if answer.status != OK:
            raise ValueError(f"the routing server answered {answer.status}")
        return answer.read(MOST_BYTES)
    finally:
        connection.close()
