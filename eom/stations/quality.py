"""Which centres of a register are doubtful, and why.

Pure. Distances are on the sphere (haversine); thresholds are stated beside what they judge.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Any

from eom.core.countries import fold
from eom.stations.difference import metres_between
from eom.stations.models import FindingKind

# An area tells where its centres should be when it has so many of them on the map.
_ENOUGH_SIBLINGS = 5
# Far is farther from the middle of the area than this, and than six times what half of its centres are.
FAR_METRES = 20_000.0
_FAR_TIMES = 6
# Two decimals are about a kilometre: a village, not a building. A file that rounds everything is no finding.
_ROUGH_DECIMALS, _ROUGH_SHARE = 2, 0.2
# So many centres of different names at one point, also of one area, stand at a placeholder.
_CROWD = 5
_SAME_METRES = 200.0


@dataclass(frozen=True, slots=True)
class Place:
    """A centre as it is judged; ``area_id`` is its lowest area, ``found_in`` where it lies when outside."""

    id: int
    name: str
    area_id: int
    latitude: float | None
    longitude: float | None
    is_abroad: bool = False
    is_outside: bool = False
    found_in: str | None = None

    @property
    def point(self) -> tuple[float, float] | None:
        """(latitude, longitude), None without."""
        return None if self.latitude is None or self.longitude is None else (self.latitude, self.longitude)


@dataclass(frozen=True, slots=True)
class Doubt:
    """One thing doubtful about a centre; ``detail`` holds found_in, metres, other (a name) and count."""

    centre_id: int
    kind: FindingKind
    detail: dict[str, Any] = field(default_factory=dict)


def doubts(places: Sequence[Place]) -> list[Doubt]:
    """Every doubt about a register's centres, by centre and kind at most one."""
    found: dict[tuple[int, FindingKind], Doubt] = {}
    judges: tuple[Callable[[Sequence[Place]], Iterator[Doubt]], ...] = (
        _unplaced, _outside, _far, _rough, _same_point, _named_alike,
    )  # fmt: skip
    for judge in judges:
        for doubt in judge(places):
            found.setdefault((doubt.centre_id, doubt.kind), doubt)
    return list(found.values())


def _unplaced(places: Sequence[Place]) -> Iterator[Doubt]:
    for place in places:
        if place.point is None:
            yield Doubt(place.id, FindingKind.UNPLACED)


def _outside(places: Sequence[Place]) -> Iterator[Doubt]:
    for place in places:
        if place.is_outside and place.point is not None:
            yield Doubt(place.id, FindingKind.OUTSIDE, {"found_in": place.found_in} if place.found_in else {})


def _far(places: Sequence[Place]) -> Iterator[Doubt]:
    by_area: dict[int, list[Place]] = defaultdict(list)
    for place in places:
        if place.point is not None and not place.is_abroad:
            by_area[place.area_id].append(place)
    for siblings in by_area.values():
        if len(siblings) < _ENOUGH_SIBLINGS:
            continue
        points = [each.point for each in siblings if each.point is not None]
        middle = (median(point[0] for point in points), median(point[1] for point in points))
        metres = [metres_between(middle, point) for point in points]
        limit = max(FAR_METRES, _FAR_TIMES * median(metres))
        for place, distance in zip(siblings, metres, strict=True):
            if distance > limit:
                yield Doubt(place.id, FindingKind.FAR, {"metres": round(distance)})


def _rough(places: Sequence[Place]) -> Iterator[Doubt]:
    known = [place for place in places if place.point is not None]
    rough = [place for place in known if place.point is not None and _is_rough(place.point)]
    if len(rough) <= _ROUGH_SHARE * len(known):
        for place in rough:
            yield Doubt(place.id, FindingKind.ROUGH)


def _is_rough(point: tuple[float, float]) -> bool:
    return all(round(value, _ROUGH_DECIMALS) == value for value in point)


def _same_point(places: Sequence[Place]) -> Iterator[Doubt]:
    at: dict[tuple[float, float], list[Place]] = defaultdict(list)
    for place in places:
        if place.point is not None and not place.is_abroad:
            at[place.point].append(place)
    for crowd in at.values():
        if len({fold(each.name) for each in crowd}) < 2:
            continue
        if len({each.area_id for each in crowd}) > 1 or len(crowd) >= _CROWD:
            for place in crowd:
                other = next(each for each in crowd if each.id != place.id)
                yield Doubt(place.id, FindingKind.SAME_POINT, {"other": other.name, "count": len(crowd)})


def _named_alike(places: Sequence[Place]) -> Iterator[Doubt]:
    """Centres of one name in one area: one place twice, or two that only accents and capitals tell apart."""
    named: dict[tuple[int, str], list[Place]] = defaultdict(list)
    for place in places:
        named[place.area_id, fold(place.name)].append(place)
    for group in named.values():
        for position, place in enumerate(group[1:], 1):
            twin = next((each for each in group[:position] if _is_same_place(each, place)), None)
            if twin is not None:
                yield Doubt(place.id, FindingKind.DUPLICATE, {"other": twin.name})
                continue
            alike = next((each for each in group[:position] if each.name != place.name), None)
            if alike is not None:
                yield Doubt(place.id, FindingKind.ALIKE, {"other": alike.name})


def _is_same_place(one: Place, other: Place) -> bool:
    if one.point is None or other.point is None:
        return False
    return metres_between(one.point, other.point) <= _SAME_METRES
