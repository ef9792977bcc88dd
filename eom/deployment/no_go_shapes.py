"""Shapes of areas that nobody may enter: read from GeoJSON, and what lies inside."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from eom.core.errors import InvalidInput
from eom.core.i18n import lazy

MOST_POINTS = 20_000


def read_geojson(text: str) -> dict[str, Any]:
    """The polygons of a GeoJSON text as one MultiPolygon (WGS 84, longitude before latitude).

    Takes a geometry, a feature or a collection. Raises InvalidInput saying what was found instead.
    """
    try:
        told = json.loads(text)
    except ValueError as error:
        raise InvalidInput(
            lazy("This is no GeoJSON: %(why)s.", why=str(error)[:120]), "geojson",
            lazy("Copy the whole text of the file, from the first brace to the last."),
        ) from None  # fmt: skip
    polygons = list(_polygons(told))
    if not polygons:
        kind = str(told.get("type", "?") if isinstance(told, dict) else type(told).__name__)[:40]
        raise InvalidInput(
            lazy("There is no polygon in this GeoJSON (found: %(kind)s). A Polygon or a MultiPolygon was expected.", kind=kind),
            "geojson",
        )  # fmt: skip
    _check(polygons)
    return {"type": "MultiPolygon", "coordinates": polygons}


def _polygons(told: Any) -> Iterator[list[Any]]:
    if not isinstance(told, dict):
        return
    kind = told.get("type")
    if kind == "Polygon" and isinstance(told.get("coordinates"), list):
        yield told["coordinates"]
    elif kind == "MultiPolygon" and isinstance(told.get("coordinates"), list):
        yield from told["coordinates"]
    elif kind == "Feature":
        yield from _polygons(told.get("geometry"))
    elif kind in ("FeatureCollection", "GeometryCollection"):
        for each in told.get("features") or told.get("geometries") or []:
            yield from _polygons(each)


def _check(polygons: list[Any]) -> None:
    count = 0
    for polygon in polygons:
        if not isinstance(polygon, list) or not polygon:
            raise InvalidInput(lazy("A polygon of this GeoJSON has no ring of points."), "geojson")
        for ring in polygon:
            count += _check_ring(ring)
    if count > MOST_POINTS:
        raise InvalidInput(
            lazy("These shapes have %(count)d points; at most %(most)d are taken.", count=count, most=MOST_POINTS),
            "geojson", lazy("Simplify them first, or choose an administrative area instead."),
        )  # fmt: skip


def _check_ring(ring: Any) -> int:
    if not isinstance(ring, list) or len(ring) < 4:
        raise InvalidInput(
            lazy("A ring of a polygon needs at least four points, the last as the first."), "geojson"
        )
    for number, pair in enumerate(ring, 1):
        is_pair = isinstance(pair, list) and len(pair) >= 2 and all(_is_number(each) for each in pair[:2])
        if not is_pair or not (-180 <= pair[0] <= 180 and -90 <= pair[1] <= 90):
            raise InvalidInput(
                lazy("Point %(number)d of a ring is “%(point)s”: longitude (−180 to 180) and latitude (−90 to 90) in degrees were expected.",
                     number=number, point=json.dumps(pair)[:60]),
                "geojson", lazy("Save the file in WGS 84 (EPSG:4326)."),
            )  # fmt: skip
    return len(ring)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def inside(shape: dict[str, Any], points: Sequence[tuple[float, float]]) -> list[bool]:
    """Which of some points (latitude, longitude) lie in a MultiPolygon; its holes are outside."""
    import shapely
    from shapely.geometry import shape as made

    whole = shapely.make_valid(made(shape))
    shapely.prepare(whole)
    longitudes, latitudes = [p[1] for p in points], [p[0] for p in points]
    return [bool(each) for each in shapely.intersects_xy(whole, longitudes, latitudes)]
