"""Whether a register's coordinates can be true, and in which boundary each centre lies."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from eom.core.countries import fold
from eom.core.errors import InvalidFile
from eom.core.i18n import lazy

if TYPE_CHECKING:
    from eom.stations.geography import Register

BOUNDARIES = Path(__file__).with_name("boundaries")
_MARGIN_DEGREES = 1.0
_ENOUGH_POINTS = 5


@dataclass(frozen=True, slots=True)
class Located:
    """Where a centre's point lies. ``boundary`` is None outside every first-level boundary.

    ``is_outside`` says that the point is not in the boundary of the area the register states.
    """

    centre_key: str
    boundary: str | None
    stated: str | None
    is_outside: bool


def refuse_impossible_points(points: Sequence[tuple[float, float] | None], country: str) -> None:
    """Stop an import whose host-country coordinates are swapped, all alike, or in another country.

    ``points`` are (latitude, longitude). Raises InvalidFile saying what it looks like. A few points
    astray are no reason.
    """
    known = [point for point in points if point is not None]
    if len(known) < _ENOUGH_POINTS:
        return
    if len(set(known)) == 1:
        raise InvalidFile(
            lazy("All %(count)s centres stand at the same coordinates.", count=len(known)),
            next_step=lazy("Check the columns of latitude and longitude, or load the file without them."),
        )
    extent = _extents().get(country)
    if extent is None or _share_inside(known, extent) >= 0.5:
        return
    if _share_inside([(longitude, latitude) for latitude, longitude in known], extent) >= 0.8:
        raise InvalidFile(
            lazy("Latitude and longitude look swapped: the other way round the centres lie in the country."),
            next_step=lazy("Choose the two columns the other way round."),
        )
    if _share_inside([(-latitude, longitude) for latitude, longitude in known], extent) >= 0.8 or (
        _share_inside([(latitude, -longitude) for latitude, longitude in known], extent) >= 0.8
    ):
        raise InvalidFile(
            lazy("A minus sign is missing: with it the centres would lie in the country."),
            next_step=lazy("Southern latitudes and western longitudes are negative."),
        )
    raise InvalidFile(
        lazy("Most of the centres lie outside the country."),
        next_step=lazy("Check the columns of latitude and longitude; they must be degrees (WGS 84)."),
    )


def match_boundaries(register: Register, boundaries: dict[str, Any]) -> list[Located]:
    """The first-level boundary each of the host's centres with coordinates lies in.

    ``boundaries`` is a GeoJSON collection with ``name`` properties. Names are compared without accents
    and case. Nothing is moved: generalised borders make a few points seem outside.
    """
    import geopandas  # type: ignore[import-untyped]

    areas = {area.key: area for area in register.areas}
    centres = [c for c in register.centres if c.latitude is not None and not areas[c.area_key].is_abroad]
    if not centres:
        return []
    shapes = geopandas.GeoDataFrame.from_features(boundaries["features"], crs="EPSG:4326")[
        ["name", "geometry"]
    ]
    points = geopandas.GeoDataFrame(
        geometry=geopandas.points_from_xy([c.longitude for c in centres], [c.latitude for c in centres]),
        crs="EPSG:4326",
    )
    joined = points.sjoin(shapes, how="left", predicate="intersects")
    names = joined[~joined.index.duplicated()]["name"]
    found = [name if isinstance(name, str) else None for name in names]
    tops = [_top(areas, centre.area_key) for centre in centres]
    stated = _boundary_of_areas({key: areas[key].name for key in tops}, tops, found, list(shapes["name"]))
    return [
        Located(
            centre.key,
            name,
            stated[top],
            stated[top] is not None and name != stated[top],
        )
        for centre, name, top in zip(centres, found, tops, strict=True)
    ]


def _boundary_of_areas(
    names: Mapping[str, str],
    tops: Sequence[str],
    found: Sequence[str | None],
    boundaries: Sequence[str],
) -> dict[str, str | None]:
    """The boundary each first-level area is: by its name, or because four fifths of its points lie there.

    The second finds what is written in another way, as Beni for El Beni.
    """
    by_fold = {fold(name): name for name in boundaries}
    votes: dict[str, Counter[str | None]] = {key: Counter() for key in names}
    for top, boundary in zip(tops, found, strict=True):
        votes[top][boundary] += 1
    result: dict[str, str | None] = {}
    for key, name in names.items():
        likeliest, count = votes[key].most_common(1)[0]
        is_clear = count >= 0.8 * votes[key].total()
        result[key] = by_fold.get(fold(name)) or (likeliest if is_clear else None)
    return result


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


def _top(areas: dict[str, Any], key: str) -> str:
    while (parent := areas[key].parent_key) is not None:
        key = parent
    return key


def _share_inside(points: Sequence[tuple[float, float]], box: tuple[float, float, float, float]) -> float:
    west, south, east, north = box
    inside = sum(
        1
        for latitude, longitude in points
        if south - _MARGIN_DEGREES <= latitude <= north + _MARGIN_DEGREES
        and west - _MARGIN_DEGREES <= longitude <= east + _MARGIN_DEGREES
    )
    return inside / len(points)


@cache
def _extents() -> dict[str, tuple[float, float, float, float]]:
    boxes = json.loads((BOUNDARIES / "extents.json").read_text("utf-8"))
    return {country: (box[0], box[1], box[2], box[3]) for country, box in boxes.items()}
