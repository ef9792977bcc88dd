"""Whether a register's coordinates can be true; the boundaries that are shipped."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from eom.stations.geography_guess import refuse_outsiders

BOUNDARIES = Path(__file__).with_name("boundaries")


def refuse_impossible_points(points: Sequence[tuple[float, float] | None], country: str) -> None:
    """Stop an import whose host-country coordinates cannot be true; as ``geography_guess.refuse_outsiders``."""
    refuse_outsiders([point for point in points if point is not None], _extents().get(country))


def first_level_boundaries(country: str) -> dict[str, Any] | None:
    """The shipped first-level boundaries of a member state as GeoJSON; None for other countries."""
    path = BOUNDARIES / "first_level" / f"{country}.geojson"
    if not (len(country) == 3 and country.isalpha() and path.is_file()):
        return None
    collection: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return collection


def extent(country: str) -> tuple[float, float, float, float] | None:
    """A member state's bounding box in degrees: west, south, east, north."""
    return _extents().get(country)


@cache
def _extents() -> dict[str, tuple[float, float, float, float]]:
    boxes = json.loads((BOUNDARIES / "extents.json").read_text("utf-8"))
    return {country: (box[0], box[1], box[2], box[3]) for country, box in boxes.items()}
