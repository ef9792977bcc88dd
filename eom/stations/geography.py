"""A register as it stands in a file: the tree of areas, the voting centres, the polling stations.

Pure: a table and a mapping in, frozen records out, or every error with its row. Areas have levels 1 to
3 from the top; a country abroad is a level-0 area of its own, so places abroad never mix with the
host's. Keys are folded names joined by "/", stable from one file of a register to the next.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from eom.core.countries import fold
from eom.core.i18n import lazy
from eom.core.spreadsheets import Table
from eom.stations.geography_centres import Sighting, settle_centres
from eom.stations.geography_points import extent, refuse_impossible_points
from eom.stations.geography_rows import RowReader
from eom.stations.mapping import check_mapping


@dataclass(frozen=True, slots=True)
class Area:
    """An administrative area. ``parent_key`` is None at the top; ``country`` is ISO alpha-3."""

    key: str
    name: str
    level: int
    parent_key: str | None
    country: str
    is_abroad: bool


@dataclass(frozen=True, slots=True)
class Centre:
    """A voting centre; coordinates in degrees (WGS 84) or both None; ``row`` is its first row."""

    key: str
    name: str
    code: str | None
    area_key: str
    locality: str
    district: str
    zone: str
    address: str
    latitude: float | None
    longitude: float | None
    row: int


@dataclass(frozen=True, slots=True)
class Station:
    """A polling station (table); ``registered_voters`` is None where the file does not say."""

    key: str
    code: str
    centre_key: str
    registered_voters: int | None
    row: int


@dataclass(frozen=True, slots=True)
class Notice:
    """Something worth a look that does not stop the import. ``message`` is a lazy string."""

    row: int | None
    message: Any


@dataclass(frozen=True)
class Register:
    """A whole register. ``is_numbered_nationally``: each station's number occurs once in the file."""

    host_country: str
    areas: list[Area]
    centres: list[Centre]
    stations: list[Station]
    is_numbered_nationally: bool
    notices: list[Notice] = field(default_factory=list)

    @property
    def without_coordinates_count(self) -> int:
        """Centres that cannot be shown on a map."""
        return sum(1 for centre in self.centres if centre.latitude is None)

    @property
    def registered_voters(self) -> int:
        """All registered voters the file names."""
        return sum(station.registered_voters or 0 for station in self.stations)


def read_register(table: Table, mapping: Mapping[str, str], host_country: str) -> Register:
    """Read a register of the host country (ISO alpha-3).

    Raises InvalidInput for an unusable mapping, InvalidFile with row errors (capped, with their total
    in the message) for anything wrong in the rows. Rows without coordinates load.
    """
    check_mapping(mapping, table.headers)
    reader = RowReader(table, mapping, host_country, extent(host_country))
    is_counted = "station_count" in mapping
    areas, sightings, spelled = _gather(reader)
    centres: list[Centre] = []
    stations: list[Station] = []
    notices = [*(Notice(row, message) for row, message in reader.notices), *spelled]
    for group in sightings.values():
        for key, first, point, members, remark in settle_centres(group):
            centres.append(_centre(key, first, point))
            stations += [station for member in members for station in _stations(key, member)]
            if remark is not None:
                notices.append(Notice(first.row, remark))
    refuse_impossible_points([_host_point(centre, areas) for centre in centres], host_country)
    if is_counted or not stations:
        _refuse_repeated_centres(sightings, reader)
    stations, is_national = _number(stations, reader, is_counted=is_counted)
    if is_counted and "registered_voters" in mapping:
        words = lazy("The file counts voters by centre: they are divided evenly among its stations.")
        notices.append(Notice(None, words))
    return Register(host_country, list(areas.values()), centres, stations, is_national, notices)


def _gather(reader: RowReader) -> tuple[dict[str, Area], dict[str, list[Sighting]], list[Notice]]:
    """Areas by key, rows by the centre they speak of, a notice for each area written in several ways."""
    areas: dict[str, Area] = {}
    sightings: dict[str, list[Sighting]] = {}
    spellings: dict[str, set[str]] = {}
    for sighting in reader.sightings():
        if sighting.area_key not in areas:
            _plant(areas, sighting)
        for _level, (key, name) in sighting.path:
            if areas[key].name != name:
                spellings.setdefault(key, set()).add(name)
        sightings.setdefault(sighting.group_key, []).append(sighting)
    reader.stop_on_errors()
    return areas, sightings, [_spelled(areas[key].name, others) for key, others in spellings.items()]


def _spelled(name: str, others: set[str]) -> Notice:
    words = lazy(
        "“%(name)s” is also written %(others)s: one area.", name=name, others=", ".join(sorted(others))
    )
    return Notice(None, words)


def _host_point(centre: Centre, areas: Mapping[str, Area]) -> tuple[float, float] | None:
    if centre.latitude is None or centre.longitude is None or areas[centre.area_key].is_abroad:
        return None
    return centre.latitude, centre.longitude


def _plant(areas: dict[str, Area], sighting: Sighting) -> None:
    """Add the area of a row and those above it."""
    parent = None
    for level, (key, name) in sighting.path:
        if key not in areas:
            areas[key] = Area(key, name, level, parent, sighting.country, sighting.is_abroad)
        parent = key


def _centre(key: str, first: Sighting, point: tuple[float, float] | None) -> Centre:
    return Centre(
        key=key,
        name=first.name,
        code=first.code or None,
        area_key=first.area_key,
        locality=first.locality,
        district=first.district,
        zone=first.zone,
        address=first.address,
        latitude=point[0] if point else None,
        longitude=point[1] if point else None,
        row=first.row,
    )


def _stations(centre_key: str, row: Sighting) -> Iterator[Station]:
    """The station of a row, or as many as it counts, numbered in the centre from 1."""
    if row.station_code:
        yield Station("", row.station_code, centre_key, row.registered_voters, row.row)
    for place in range(row.station_count):
        voters = row.registered_voters
        if voters is not None:
            voters = voters // row.station_count + (place < voters % row.station_count)
        yield Station("", str(place + 1), centre_key, voters, row.row)


def _number(
    stations: list[Station], reader: RowReader, *, is_counted: bool = False
) -> tuple[list[Station], bool]:
    """Stations with their keys, and whether numbers are national.

    Numbers that repeat in more than one station of a hundred are numbers within a centre; a rarer
    repetition is a mistake. Raises InvalidFile naming each repeated number.
    """
    is_national = not is_counted and len({station.code for station in stations}) >= 0.99 * len(stations)
    keyed: list[Station] = []
    seen: dict[str, int] = {}
    for station in sorted(stations, key=lambda one: one.row):
        code = fold(station.code)
        key = code if is_national else f"{station.centre_key}/{code}"
        if key in seen:
            expected = lazy("a number used once; row %(row)s has it already", row=seen[key])
            reader.refuse(station.row, "station_code", station.code, expected)
        seen.setdefault(key, station.row)
        keyed.append(
            Station(
                key,
                station.code,
                station.centre_key,
                station.registered_voters,
                station.row,
            )
        )
    reader.stop_on_errors()
    return keyed, is_national


def _refuse_repeated_centres(sightings: Mapping[str, list[Sighting]], reader: RowReader) -> None:
    """In a file of centres, counted or alone, each may stand once. Raises InvalidFile."""
    for group in sightings.values():
        for _key, first, _point, members, _remark in settle_centres(group):
            for member in members[1:]:
                expected = lazy("a centre named once; row %(row)s has it already", row=first.row)
                reader.refuse(member.row, "centre_name", member.name, expected)
    reader.stop_on_errors()
