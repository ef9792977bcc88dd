"""What a new file of a register leans on: the loaded register for what it does not say, and boundaries."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from eom.core.spreadsheets import Table
from eom.stations.completing import FindsAreas, Known, KnownCentre
from eom.stations.geography import Centre, Register
from eom.stations.geography_coordinates import PointReader
from eom.stations.geography_levels import Boundaries, names_around
from eom.stations.geography_points import extent
from eom.stations.mapping import columns_of
from eom.stations.services.rows import Loaded

# Fields of a centre that a file may leave out, and the columns that say them.
_UNSAID = {
    "locality": {"locality"}, "district": {"district"}, "zone": {"zone"}, "address": {"address"},
    "code": {"centre_code"}, "latitude": {"latitude", "coordinates"}, "longitude": {"longitude", "coordinates"},
}  # fmt: skip


def known_of(old: Loaded, host: str) -> Known:
    """The loaded centres by their code, where it stands once, and the stations' numbers."""
    counts = Counter(row["code"] for row in old.centres.values() if row["code"])
    centres = {
        row["code"]: KnownCentre(
            row["name"], old.areas[row["area_key"]]["country"], _names(old, row["area_key"])
        )
        for row in old.centres.values()
        if row["code"] and counts[row["code"]] == 1 and row["area_key"] in old.areas
    }
    return Known(host, centres, frozenset(row["code"] for row in old.stations.values()))


def _names(old: Loaded, key: str | None) -> tuple[str, ...]:
    """The names of an area and those above it, from level 1."""
    names: list[str] = []
    while key is not None:
        area = old.areas[key]
        if area["level"] > 0:
            names.insert(0, area["name"])
        key = area["parent_key"]
    return tuple(names)


def finder(country: str, levels: Mapping[int, Boundaries], old: Loaded) -> FindsAreas:
    """What finds the areas of a table's points in boundaries, named as the loaded register names them."""
    loaded_names = {
        row["boundary"]: row["name"] for row in old.areas.values() if row["level"] == 1 and row["boundary"]
    }

    def find(table: Table, mapping: Mapping[str, str]) -> dict[int, tuple[str, ...]]:
        positions = {name: table.headers.index(header) for name, header in columns_of(mapping).items()}
        reader = PointReader(table, positions, mapping.get("crs"), lambda *_cell: None, [])
        points = reader.points(extent(country))
        found = [
            names_around(list(points.values()), levels[level]) for level in sorted(levels) if 1 in levels
        ]
        places: dict[int, tuple[str, ...]] = {}
        for at, row in enumerate(points):
            names: list[str] = []
            for each in found:
                name = each[at]
                if name is None:
                    break
                names.append(loaded_names.get(name, name) if not names else name)
            if names:
                places[row] = tuple(names)
        return places

    return find


def keep_unsaid(register: Register, mapping: Mapping[str, str], old: Loaded) -> Register:
    """The register with what no column of its file says as it is loaded: a list does not wipe coordinates."""
    if not old.centres:
        return register
    unsaid = [name for name, columns in _UNSAID.items() if not columns & set(mapping)]
    centres = [_kept(each, old.centres.get(each.key), unsaid) for each in register.centres]
    stations = register.stations
    if "registered_voters" not in mapping:
        stations = [
            replace(each, registered_voters=old.stations[each.key]["registered_voters"])
            if each.key in old.stations
            else each
            for each in stations
        ]
    return replace(register, centres=centres, stations=stations)


def _kept(centre: Centre, before: Mapping[str, Any] | None, unsaid: list[str]) -> Centre:
    if before is None or not unsaid:
        return centre
    return replace(centre, **{name: before[name] for name in unsaid})


def stations_compared(
    register: Register, mapping: Mapping[str, str], old: Loaded
) -> Mapping[str, Mapping[str, Any]]:
    """The loaded stations that a register speaks of: a file of centres alone leaves those of its centres."""
    if not mapping or {"station_code", "station_count"} & set(mapping):
        return old.stations
    centres = {each.key for each in register.centres}
    return {key: row for key, row in old.stations.items() if row["centre_key"] not in centres}
