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
from eom.stations.geography_guess import refuse_outsiders

if TYPE_CHECKING:
    from eom.stations.geography import Register

BOUNDARIES = Path(__file__).with_name("boundaries")


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
    """Stop an import whose host-country coordinates cannot be true; as ``geography_guess.refuse_outsiders``."""
    refuse_outsiders([point for point in points if point is not None], _extents().get(country))


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


@cache
def _extents() -> dict[str, tuple[float, float, float, float]]:
    boxes = json.loads((BOUNDARIES / "extents.json").read_text("utf-8"))
    return {country: (box[0], box[1], box[2], box[3]) for country, box in boxes.items()}
