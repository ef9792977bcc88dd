"""The register's rows in bulk: tens of thousands at a time, by natural key, in a few statements.

These statements pass the audit listener by on purpose: one entry tells of the whole load.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eom.stations.difference import RegisterDifference
from eom.stations.geography import Area as ReadArea
from eom.stations.geography import Centre as ReadCentre
from eom.stations.geography import Register
from eom.stations.geography import Station as ReadStation
from eom.stations.geography_levels import Boundaries, Located, locate
from eom.stations.models import Area, PollingStation, VotingCentre

AREAS: Any = Area.__table__
CENTRES: Any = VotingCentre.__table__
STATIONS: Any = PollingStation.__table__
CHUNK = 5_000
Row = dict[str, Any]


@dataclass(frozen=True)
class Loaded:
    """What a mission has, by natural key and in the fields of the records; missing rows are left out."""

    areas: dict[str, Row]
    centres: dict[str, Row]
    stations: dict[str, Row]
    missing_stations: set[str]


def loaded(session: Session, mission_id: int, *, with_stations: bool = True) -> Loaded:
    """The register of a mission as it stands, in three reads; or its areas and centres alone, in two."""
    area_rows = _all(session, AREAS, mission_id)
    centre_rows = _all(session, CENTRES, mission_id)
    station_rows = _all(session, STATIONS, mission_id) if with_stations else []
    area_keys = {row["id"]: row["key"] for row in area_rows}
    centre_keys = {row["id"]: row["key"] for row in centre_rows}
    areas = {
        row["key"]: row | {"parent_key": area_keys.get(row["parent_id"])}
        for row in area_rows
        if not row["is_missing"]
    }
    centres = {
        row["key"]: row
        | {"area_key": area_keys[row["area_id"]]}
        | {name: row[name] or "" for name in ("locality", "district", "zone", "address")}
        for row in centre_rows
        if not row["is_missing"]
    }
    stations = {
        row["key"]: row | {"centre_key": centre_keys[row["centre_id"]]}
        for row in station_rows
        if not row["is_missing"]
    }
    return Loaded(areas, centres, stations, {row["key"] for row in station_rows if row["is_missing"]})


def write(
    session: Session,
    mission_id: int,
    register: Register,
    located: Iterable[Located],
    difference: RegisterDifference,
) -> None:
    """Bring a mission's rows to what a register says."""
    places = {each.centre_key: each for each in located}
    boundaries = _boundaries(register, places)
    area_ids = _areas(session, mission_id, register, boundaries)
    centre_ids = _centres(session, mission_id, register, area_ids, places)
    _stations(session, mission_id, register, centre_ids)
    for table, part in (
        (STATIONS, difference.stations), (CENTRES, difference.centres), (AREAS, difference.areas),
    ):  # fmt: skip
        _mark_missing(session, table, mission_id, part.missing)
    if session.get_bind().dialect.name == "postgresql":
        # Without fresh statistics the first lists after a load take the wrong plan.
        session.execute(sa.text("ANALYZE areas, voting_centres, polling_stations"))


def register_of(
    session: Session, mission_id: int, host_country: str, *, with_stations: bool = True
) -> Register:
    """What a mission has as a register, without what newer files no longer hold."""
    found = loaded(session, mission_id, with_stations=with_stations)
    areas = [
        ReadArea(key, row["name"], row["level"], row["parent_key"], row["country"], row["is_abroad"])
        for key, row in found.areas.items()
    ]
    centres = [
        ReadCentre(
            key, row["name"], row["code"], row["area_key"], row["locality"], row["district"], row["zone"],
            row["address"], row["latitude"], row["longitude"], 0,
        )
        for key, row in found.centres.items()
    ]  # fmt: skip
    stations = [
        ReadStation(key, row["code"], row["centre_key"], row["registered_voters"], 0)
        for key, row in found.stations.items()
    ]
    areas.sort(key=lambda each: each.level)
    return Register(host_country, areas, centres, stations, is_numbered_nationally=True)


def relocate(
    session: Session,
    mission_id: int,
    host_country: str,
    levels: Mapping[int, Boundaries],
    only: int | None = None,
) -> None:
    """Flag the centres that lie outside their stated areas by these boundaries; ``only`` one of them."""
    register = register_of(session, mission_id, host_country, with_stations=False)
    ids = _ids(session, CENTRES, mission_id)
    flags = {each.centre_key: each for each in locate(register, levels)}
    values = [
        {"at": ids[key], "new_outside": key in flags and flags[key].is_outside,
         "new_found": flags[key].found_in if key in flags and flags[key].is_outside else None}
        for key in (each.key for each in register.centres)
        if only is None or ids[key] == only
    ]  # fmt: skip
    change = (
        sa.update(CENTRES)
        .where(CENTRES.c.id == sa.bindparam("at"))
        .values(is_outside_area=sa.bindparam("new_outside"), found_in=sa.bindparam("new_found"))
    )
    for start in range(0, len(values), CHUNK):
        session.connection().execute(change, values[start : start + CHUNK])
    session.expire_all()


def _areas(
    session: Session, mission_id: int, register: Register, boundaries: dict[str, str]
) -> dict[str, int]:
    """Write the areas from the top down, so that parents have ids; ids by key."""
    for level in sorted({each.level for each in register.areas}):
        ids = _ids(session, AREAS, mission_id)
        values = [
            {
                "mission_id": mission_id, "key": each.key, "name": each.name, "level": each.level,
                "country": each.country, "is_abroad": each.is_abroad, "is_missing": False,
                "boundary": boundaries.get(each.key),
                "parent_id": ids[each.parent_key] if each.parent_key else None,
            }
            for each in register.areas
            if each.level == level
        ]  # fmt: skip
        _put(session, AREAS, ids, values)
    return _ids(session, AREAS, mission_id)


def _centres(
    session: Session,
    mission_id: int,
    register: Register,
    area_ids: dict[str, int],
    places: dict[str, Located],
) -> dict[str, int]:
    areas = {each.key: each for each in register.areas}
    values = [
        _centre_row(mission_id, each, areas, area_ids, places.get(each.key)) for each in register.centres
    ]
    _put(session, CENTRES, _ids(session, CENTRES, mission_id), values)
    return _ids(session, CENTRES, mission_id)


def _centre_row(
    mission_id: int,
    centre: ReadCentre,
    areas: dict[str, ReadArea],
    area_ids: dict[str, int],
    place: Located | None,
) -> Row:
    outside = place is not None and place.is_outside
    return {
        "mission_id": mission_id, "key": centre.key, "name": centre.name, "code": centre.code,
        "area_id": area_ids[centre.area_key], "first_area_id": area_ids[_top(areas, centre.area_key)],
        "locality": centre.locality or None, "district": centre.district or None, "zone": centre.zone or None,
        "address": centre.address or None, "latitude": centre.latitude, "longitude": centre.longitude,
        "is_abroad": areas[centre.area_key].is_abroad, "is_missing": False, "is_outside_area": outside,
        "found_in": place.found_in if place is not None and outside else None,
    }  # fmt: skip


def _stations(session: Session, mission_id: int, register: Register, centre_ids: dict[str, int]) -> None:
    values = [
        {
            "mission_id": mission_id, "key": each.key, "code": each.code, "centre_id": centre_ids[each.centre_key],
            "registered_voters": each.registered_voters, "is_missing": False,
        }
        for each in register.stations
    ]  # fmt: skip
    _put(session, STATIONS, _ids(session, STATIONS, mission_id), values)


def _put(session: Session, table: Any, ids: dict[str, int], values: list[Row]) -> None:
    """Insert the rows whose key is new, update the others; a station may change its centre meanwhile."""
    added = [row for row in values if row["key"] not in ids]
    _add(session, table, added)
    kept = _differing(session, table, [row for row in values if row["key"] in ids])
    if kept:
        names = [name for name in kept[0] if name not in ("at", "key", "mission_id")]
        change = (
            sa.update(table)
            .where(table.c.id == sa.bindparam("at"))
            .values({name: sa.bindparam(f"new_{name}") for name in names})
        )
        for start in range(0, len(kept), CHUNK):
            part = kept[start : start + CHUNK]
            parameters = [{"at": row["at"], **{f"new_{name}": row[name] for name in names}} for row in part]
            session.connection().execute(change, parameters)


def _differing(session: Session, table: Any, values: list[Row]) -> list[Row]:
    """The rows that differ in anything from what is there, with its id as ``at``."""
    if not values:
        return []
    now = {row["key"]: row for row in _all(session, table, values[0]["mission_id"])}
    return [
        {"at": now[row["key"]]["id"], **row}
        for row in values
        if any(now[row["key"]][name] != value for name, value in row.items())
    ]


def _add(session: Session, table: Any, added: list[Row]) -> None:
    """Insert rows; on PostgreSQL by COPY, which takes a quarter of the time."""
    connection = session.connection()
    if added and connection.dialect.name == "postgresql":
        names = tuple(added[0])
        columns = ", ".join(f'"{name}"' for name in names)
        raw: Any = connection.connection.driver_connection
        with raw.cursor() as cursor, cursor.copy(f"COPY {table.name} ({columns}) FROM STDIN") as copy:
            for row in added:
                copy.write_row([row[name] for name in names])
        return
    for start in range(0, len(added), CHUNK):
        session.execute(sa.insert(table), added[start : start + CHUNK])


def _mark_missing(session: Session, table: Any, mission_id: int, keys: list[str]) -> None:
    for start in range(0, len(keys), CHUNK // 10):
        part = keys[start : start + CHUNK // 10]
        session.connection().execute(
            sa.update(table)
            .where(table.c.mission_id == mission_id, table.c.key.in_(part))
            .values(is_missing=True)
        )


def _boundaries(register: Register, places: dict[str, Located]) -> dict[str, str]:
    """The boundary that each first-level area of the host is, by its key."""
    areas = {each.key: each for each in register.areas}
    found: dict[str, str] = {}
    for centre in register.centres:
        place = places.get(centre.key)
        if place is not None and place.stated is not None:
            found.setdefault(_top(areas, centre.area_key), place.stated)
    return found


def _top(areas: dict[str, ReadArea], key: str) -> str:
    while (parent := areas[key].parent_key) is not None:
        key = parent
    return key


def _all(session: Session, table: Any, mission_id: int) -> list[Row]:
    found = session.execute(sa.select(table).where(table.c.mission_id == mission_id))
    return [dict(row) for row in found.mappings()]


def _ids(session: Session, table: Any, mission_id: int) -> dict[str, int]:
    found = session.execute(sa.select(table.c.key, table.c.id).where(table.c.mission_id == mission_id))
    return dict(found.tuples().all())
