"""What a new register adds, changes and no longer has, against the one that is loaded.

Pure: records keyed by their natural key on both sides. A centre that lost its place in the file is
*missing*; whether it is withdrawn is for a person to say.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from math import asin, cos, radians, sin, sqrt
from typing import Any

from eom.stations.geography import Area, Centre, Register, Station

EARTH_RADIUS_METRES = 6_371_008.8
# A change in the fifth decimal is a metre: rewriting, not moving.
_SAME_POINT_METRES = 5.0
AREA_FIELDS = ("name", "parent_key", "country", "is_abroad")
CENTRE_FIELDS = ("name", "code", "area_key", "locality", "district", "zone", "address")
STATION_FIELDS = ("code", "centre_key", "registered_voters")

Records = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True)
class Change:
    """One record that differs: ``fields`` maps a field to (from, to); ``moved_metres`` for centres."""

    key: str
    name: str
    fields: dict[str, tuple[Any, Any]]
    moved_metres: float | None = None


@dataclass(frozen=True)
class Difference:
    """The keys added and missing, and the changes, of one kind of record."""

    added: list[str]
    changed: list[Change]
    missing: list[str]
    kept_count: int

    @property
    def is_empty(self) -> bool:
        """True when the new register says what the old one says."""
        return not (self.added or self.changed or self.missing)


@dataclass(frozen=True)
class RegisterDifference:
    """The differences of areas, centres and stations."""

    areas: Difference
    centres: Difference
    stations: Difference

    @property
    def is_empty(self) -> bool:
        """True when loading the new register would change nothing."""
        return self.areas.is_empty and self.centres.is_empty and self.stations.is_empty


def compare(
    old_areas: Records, old_centres: Records, old_stations: Records, new: Register
) -> RegisterDifference:
    """Compare what is loaded (fields by natural key, named as in the records) with a new register."""
    return RegisterDifference(
        areas=_difference(old_areas, _by_key(new.areas), AREA_FIELDS),
        centres=_difference(old_centres, _by_key(new.centres), CENTRE_FIELDS, _moved),
        stations=_difference(old_stations, _by_key(new.stations), STATION_FIELDS),
    )


def metres_between(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Great-circle distance of two (latitude, longitude) in metres, by the haversine formula."""
    (lat_1, lon_1), (lat_2, lon_2) = one, other
    half_lat, half_lon = radians(lat_2 - lat_1) / 2, radians(lon_2 - lon_1) / 2
    chord = sin(half_lat) ** 2 + cos(radians(lat_1)) * cos(radians(lat_2)) * sin(half_lon) ** 2
    return 2 * EARTH_RADIUS_METRES * asin(min(1.0, sqrt(chord)))


def _difference(
    old: Records,
    new: Records,
    fields: Iterable[str],
    moved: Callable[[Mapping[str, Any], Mapping[str, Any]], tuple[dict[str, Any], float | None]]
    | None = None,
) -> Difference:
    changed = []
    fields = tuple(fields)
    for key, record in new.items():
        before = old.get(key)
        if before is None:
            continue
        changes = {
            name: (before.get(name), record[name]) for name in fields if before.get(name) != record[name]
        }
        metres = None
        if moved is not None:
            point, metres = moved(before, record)
            changes |= point
        if changes:
            changed.append(Change(key, str(record.get("name") or record.get("code")), changes, metres))
    added = [key for key in new if key not in old]
    missing = [key for key in old if key not in new]
    return Difference(added, changed, missing, len(new) - len(added))


def _moved(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[dict[str, Any], float | None]:
    """The change of coordinates, if it is more than rewriting, and its metres."""
    old, new = _point(before), _point(after)
    if old == new:
        return {}, None
    if old is None or new is None:
        return {"coordinates": (old, new)}, None
    metres = metres_between(old, new)
    if metres < _SAME_POINT_METRES:
        return {}, None
    return {"coordinates": (old, new)}, metres


def _point(record: Mapping[str, Any]) -> tuple[float, float] | None:
    latitude, longitude = record.get("latitude"), record.get("longitude")
    return None if latitude is None or longitude is None else (float(latitude), float(longitude))


def _by_key(records: Iterable[Area | Centre | Station]) -> dict[str, dict[str, Any]]:
    return {record.key: asdict(record) for record in records}
