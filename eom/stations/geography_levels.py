"""In which boundary each centre lies, at every level that has boundaries.

Pure. Nothing is moved: generalised borders make a few points seem outside.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from eom.core.countries import fold

if TYPE_CHECKING:
    from eom.stations.geography import Area, Register

Point = tuple[float, float]
_CLEAR_SHARE = 0.8


@dataclass(frozen=True)
class Boundaries:
    """The boundaries of one level: names and geometries (Shapely, degrees WGS 84), in the same order."""

    names: list[str]
    geometries: list[Any]


@dataclass(frozen=True, slots=True)
class Located:
    """Where a centre's point lies. ``boundary`` is None outside every first-level boundary.

    ``is_outside`` says that the point is not in the boundary of an area the register states; ``found_in``
    is then the boundary of that level it lies in, None outside all. ``stated`` is the first-level one.
    """

    centre_key: str
    boundary: str | None
    stated: str | None
    is_outside: bool
    found_in: str | None = None


def of_geojson(collection: Mapping[str, Any]) -> Boundaries:
    """The boundaries of a GeoJSON collection whose features have a ``name``."""
    from shapely.geometry import shape  # type: ignore[import-untyped]

    features = collection["features"]
    return Boundaries(
        [each["properties"]["name"] for each in features], [shape(each["geometry"]) for each in features]
    )


def names_around(points: Sequence[Point], boundaries: Boundaries) -> list[str | None]:
    """The name of the boundary around each (latitude, longitude), the first of several; None outside all."""
    import numpy
    import shapely  # type: ignore[import-untyped]

    if not points:
        return []
    tree = shapely.STRtree(boundaries.geometries)
    at = shapely.points(
        [longitude for _latitude, longitude in points], [latitude for latitude, _longitude in points]
    )
    inputs, hits = tree.query(at, predicate="intersects")
    found = numpy.full(len(points), len(boundaries.names))
    numpy.minimum.at(found, inputs, hits)
    names: list[str | None] = [*boundaries.names, None]
    return [names[int(position)] for position in found]


def locate(register: Register, levels: Mapping[int, Boundaries]) -> list[Located]:
    """Where each of the host's centres with coordinates lies; ``levels`` are boundaries by level (1 to 3)."""
    areas = {area.key: area for area in register.areas}
    centres = [c for c in register.centres if c.latitude is not None and not areas[c.area_key].is_abroad]
    if not centres or not levels:
        return []
    points = [(float(c.latitude or 0.0), float(c.longitude or 0.0)) for c in centres]
    paths: dict[str, dict[int, Area]] = {}
    own = [_path(areas, centre.area_key, paths) for centre in centres]
    found = {level: names_around(points, levels[level]) for level in sorted(levels)}
    stated = {
        level: _stated([path.get(level) for path in own], found[level], levels[level].names)
        for level in found
    }
    first = min(found)
    located = []
    for i, centre in enumerate(centres):
        astray = next(
            (level for level in found if _differs(own[i], level, found[level][i], stated[level])), None
        )
        top = own[i].get(1)
        located.append(
            Located(
                centre.key,
                found[1][i] if first == 1 else None,
                stated[1].get(top.key) if first == 1 and top is not None else None,
                astray is not None,
                found[astray][i] if astray is not None else None,
            )
        )
    return located


def _differs(
    path: Mapping[int, Area], level: int, name: str | None, stated: Mapping[str, str | None]
) -> bool:
    area = path.get(level)
    expected = stated.get(area.key) if area is not None else None
    return expected is not None and name != expected


def _path(areas: Mapping[str, Area], key: str, known: dict[str, dict[int, Area]]) -> dict[int, Area]:
    """An area and those above it by level."""
    if key not in known:
        area = areas[key]
        above = _path(areas, area.parent_key, known) if area.parent_key is not None else {}
        known[key] = above | {area.level: area}
    return known[key]


def _stated(
    own: Sequence[Area | None], found: Sequence[str | None], names: Sequence[str]
) -> dict[str, str | None]:
    """The boundary each area is: by its name, or because four fifths of its points lie there.

    The second finds what is written in another way, as Beni for El Beni.
    """
    by_fold = {fold(name): name for name in names}
    votes: dict[str, Counter[str | None]] = {}
    areas: dict[str, Area] = {}
    for area, name in zip(own, found, strict=True):
        if area is not None:
            areas[area.key] = area
            votes.setdefault(area.key, Counter())[name] += 1
    result: dict[str, str | None] = {}
    for key, area in areas.items():
        likeliest, count = votes[key].most_common(1)[0]
        is_clear = count >= _CLEAR_SHARE * votes[key].total()
        result[key] = by_fold.get(fold(area.name)) or (likeliest if is_clear else None)
    return result
