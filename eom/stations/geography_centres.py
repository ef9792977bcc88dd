"""Rows that speak of one voting centre, and when they speak of two."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from eom.core.i18n import lazy

# Half a kilometre or so: a school and its gate, not two schools.
SAME_PLACE_DEGREES = 0.005

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Sighting:
    """What one row says of a centre and of a polling station in it."""

    row: int
    group_key: str
    path: list[tuple[int, tuple[str, str]]]
    area_key: str
    country: str
    is_abroad: bool
    name: str
    code: str
    locality: str
    district: str
    zone: str
    address: str
    point: Point | None
    station_code: str
    registered_voters: int | None
    # How many stations the row stands for, in a file of one row a centre; 0 where the file does not count.
    station_count: int = 0


def settle_centres(
    group: list[Sighting],
) -> Iterator[tuple[str, Sighting, Point | None, list[Sighting], Any]]:
    """The centres behind rows of one area and name (and locality) or code.

    Yields (key, first row, point, rows, remark). Points within half a kilometre are one place, and the
    first is kept. Farther apart, a code still means one centre; a name alone ("Casa de Gobierno") means
    one centre for each place. Rows without coordinates go to the first.
    """
    points = list(dict.fromkeys(s.point for s in group if s.point is not None))
    first = group[0]
    if len(points) < 2:
        yield first.group_key, first, points[0] if points else None, group, None
        return
    if _are_near(points) or first.code:
        yield first.group_key, first, points[0], group, _two_points(first, len(points))
        return
    places = _places(points)
    for number, place in enumerate(places):
        members = [s for s in group if s.point in place or (s.point is None and number == 0)]
        latitude, longitude = place[0]
        key = f"{first.group_key}/@{latitude:.3f},{longitude:.3f}" if len(places) > 1 else first.group_key
        yield (
            key,
            members[0],
            place[0],
            members,
            _split(first, len(places)) if number == 0 else None,
        )


def _places(points: list[Point]) -> list[list[Point]]:
    """Points gathered with the first they are near to."""
    places: list[list[Point]] = []
    for point in points:
        for place in places:
            if _are_near([place[0], point]):
                place.append(point)
                break
        else:
            places.append([point])
    return places


def _are_near(points: list[Point]) -> bool:
    latitudes, longitudes = [p[0] for p in points], [p[1] for p in points]
    return (
        max(latitudes) - min(latitudes) <= SAME_PLACE_DEGREES
        and max(longitudes) - min(longitudes) <= SAME_PLACE_DEGREES
    )


def _two_points(first: Sighting, count: int) -> Any:
    return lazy(
        "“%(name)s” stands at %(count)s different coordinates; the first are kept.",
        name=first.name,
        count=count,
    )


def _split(first: Sighting, count: int) -> Any:
    return lazy(
        "“%(name)s” stands at %(count)s places far apart: read as as many centres.",
        name=first.name,
        count=count,
    )
