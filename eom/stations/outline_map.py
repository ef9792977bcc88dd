"""A small map that needs no script: the country's first-level areas as outlines, and points, as SVG numbers.

Pure. Plate carrée with the width shrunk by the cosine of the middle latitude: true enough for a country.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, radians
from typing import Any

WIDTH = 640.0
_EDGE = 8.0


@dataclass(frozen=True)
class OutlineMap:
    """What a template draws: the size of the picture, paths ("M1,2L…Z") and circles (x, y) in its units."""

    width: float
    height: float
    paths: list[str]
    points: list[tuple[float, float]]
    left_out_count: int


def outline_map(
    geometries: Sequence[Any], box: tuple[float, float, float, float], points: Sequence[tuple[float, float]]
) -> OutlineMap:
    """The map of a box (west, south, east, north) with Shapely outlines and (latitude, longitude) points.

    Points outside the box and a fifth of its size around are counted, not drawn.
    """
    west, south, east, north = box
    shrink = cos(radians((south + north) / 2))
    scale = WIDTH / max((east - west) * shrink, 1e-6)
    height = (north - south) * scale

    def at(x: float, y: float) -> tuple[float, float]:
        return round((x - west) * shrink * scale + _EDGE, 1), round((north - y) * scale + _EDGE, 1)

    tolerance = (east - west) / 400
    paths = [path for each in geometries if (path := _path(each.simplify(tolerance), at))]
    margin_x, margin_y = (east - west) / 5, (north - south) / 5
    drawn = [
        at(longitude, latitude)
        for latitude, longitude in points
        if west - margin_x <= longitude <= east + margin_x
        and south - margin_y <= latitude <= north + margin_y
    ]
    return OutlineMap(WIDTH + 2 * _EDGE, round(height + 2 * _EDGE, 1), paths, drawn, len(points) - len(drawn))


def _path(geometry: Any, at: Any) -> str:
    rings = [
        polygon.exterior
        for polygon in getattr(geometry, "geoms", [geometry])
        if polygon.geom_type == "Polygon"
    ]
    return "".join(
        "M" + "L".join(f"{x},{y}" for x, y in (at(*pair[:2]) for pair in ring.coords[:-1])) + "Z"
        for ring in rings
    )
