"""The map of a host country on a page: its first-level areas shaded by a share, its centres as points."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from flask import current_app

from eom.stations import coverage_map, geography_points
from eom.stations.coverage_map import Bounds, MapParts
from eom.web import security
from eom.web.assets import asset


def country_map(
    country: str,
    shares: Mapping[str, float | None],
    *,
    points_url: str,
    details_url: str,
    labels: Mapping[str, Any],
    around: str | None = None,
) -> MapParts:
    """The parts of a page with the map of a country, whose policy lets in the tiles that are set, if any.

    ``shares`` (0..1) by the name of a boundary; ``around`` is the boundary to show first, else the country.
    ``points_url``, ``details_url`` (with ``{id}``) and ``labels`` as ``coverage_map.render_map`` has them.
    """
    settings = current_app.extensions["eom_settings"]
    if settings.tile_url:
        security.allow(img_src=[coverage_map.tile_origin(settings.tile_url)])
    boundaries = geography_points.first_level_boundaries(country)
    return coverage_map.render_map(
        shaded(boundaries, shares) if boundaries else None, points_url, details_url,
        _bounds(country, boundaries, around), labels,
        asset_url=asset, tile_url=settings.tile_url, tile_attribution=settings.tile_attribution,
    )  # fmt: skip


def shaded(boundaries: Mapping[str, Any], shares: Mapping[str, float | None]) -> dict[str, Any]:
    """A GeoJSON collection of boundaries with the share of each, None where there is none."""
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "properties": {"name": name, "share": shares.get(name)},
                "geometry": feature["geometry"],
            }
            for feature in boundaries["features"]
            for name in [feature["properties"]["name"]]
        ],
    }


def _bounds(country: str, boundaries: Mapping[str, Any] | None, around: str | None) -> Bounds | None:
    """What the map shows first, ((south, west), (north, east))."""
    for feature in boundaries["features"] if boundaries and around else ():
        if feature["properties"]["name"] == around:
            pairs = list(_pairs(feature["geometry"]["coordinates"]))
            return (
                (min(y for _x, y in pairs), min(x for x, _y in pairs)),
                (max(y for _x, y in pairs), max(x for x, _y in pairs)),
            )
    box = geography_points.extent(country)
    return ((box[1], box[0]), (box[3], box[2])) if box else None


def _pairs(coordinates: Any) -> Iterator[tuple[float, float]]:
    if isinstance(coordinates[0], int | float):
        yield coordinates[0], coordinates[1]
        return
    for each in coordinates:
        yield from _pairs(each)
