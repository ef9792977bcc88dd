"""Loading the authority's register: read, compared with what is there, applied whole or not at all."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from eom.core import audit, clock, events
from eom.core.i18n import lazy
from eom.core.spreadsheets import Table, read_table
from eom.extensions import db
from eom.missions.models.mission import Mission
from eom.stations import queries
from eom.stations.difference import RegisterDifference, compare
from eom.stations.geography import Register, read_register
from eom.stations.geography_points import Located, first_level_boundaries, match_boundaries
from eom.stations.heads import find_headings
from eom.stations.mapping import FIELDS, columns_of, guess_mapping
from eom.stations.models import RegisterImport
from eom.stations.services import rows
from eom.stations.vector_files import is_vector, points_table

MAX_ROWS = 400_000
STEPS = 5
Progress = Callable[[int, int, str], None]
_FIELD_WORDS = {
    "name": lazy("Name"), "code": lazy("Number or code"), "centre_key": lazy("Voting centre"),
    "area_key": lazy("Area"), "parent_key": lazy("Area above"), "coordinates": lazy("Coordinates"),
    "is_abroad": lazy("Abroad"),
}  # fmt: skip


def _silent(_done: int, _total: int, _step: str) -> None:
    return None


@dataclass(frozen=True)
class Prepared:
    """A register that was read and compared, and nothing written of it yet."""

    register: Register
    located: list[Located]
    difference: RegisterDifference
    file_name: str
    sha256: str
    mapping: dict[str, str]
    returned_count: int

    @property
    def changes_nothing(self) -> bool:
        """Whether applying it would leave everything as it is."""
        return self.difference.is_empty

    @property
    def summary(self) -> dict[str, int]:
        """Its figures by name, for people and for programs."""
        stations, centres = self.difference.stations, self.difference.centres
        moved = sum(1 for each in centres.changed if each.moved_metres is not None)
        return {
            "areas": len(self.register.areas),
            "centres": len(self.register.centres),
            "stations": len(self.register.stations),
            "registered_voters": self.register.registered_voters,
            "stations_abroad": self.stations_abroad,
            "centres_without_coordinates": self.register.without_coordinates_count,
            "centres_outside_their_area": sum(1 for each in self.located if each.is_outside),
            "stations_added": len(stations.added) - self.returned_count,
            "stations_changed": len(stations.changed),
            "stations_missing": len(stations.missing),
            "stations_back": self.returned_count,
            "centres_added": len(centres.added),
            "centres_changed": len(centres.changed),
            "centres_moved": moved,
            "centres_missing": len(centres.missing),
            "areas_added": len(self.difference.areas.added),
            "areas_missing": len(self.difference.areas.missing),
        }

    @property
    def stations_abroad(self) -> int:
        """Stations in other countries."""
        abroad = {each.key for each in self.register.areas if each.is_abroad}
        centres = {each.key for each in self.register.centres if each.area_key in abroad}
        return sum(1 for each in self.register.stations if each.centre_key in centres)


def read_file(data: bytes, name: str) -> Table:
    """The table in a file of any kind that is taken. Raises InvalidFile saying what is wrong with it."""
    if is_vector(data) or (data.startswith(b"\x1f\x8b") and ".geojson" in name.lower()):
        return points_table(data, max_features=MAX_ROWS)
    return read_table(data, name, max_rows=MAX_ROWS, find_headings=find_headings)


def mapping_for(mission: Mission, table: Table) -> dict[str, str]:
    """The mapping to begin with: the one that the mission used last when it fits this file, else a guess."""
    kept = queries.last_mapping(db.session(), mission)
    if kept and set(columns_of(kept).values()) <= set(table.headers):
        return kept
    return guess_mapping(table.headers, table.sample())


def prepare(
    mission: Mission, data: bytes, name: str, mapping: Mapping[str, str], progress: Progress = _silent
) -> Prepared:
    """Read a register and compare it with what the mission has; writes nothing.

    ``mapping`` is heading by field (``stations.mapping.FIELDS``). Raises InvalidInput for a mapping that
    will not do, InvalidFile with every row that is wrong.
    """
    progress(0, STEPS, str(lazy("Reading the file")))
    table = read_file(data, name)
    progress(1, STEPS, str(lazy("Reading its rows")))
    register = read_register(table, mapping, mission.country)
    progress(2, STEPS, str(lazy("Finding the places on the map")))
    boundaries = first_level_boundaries(mission.country)
    located = match_boundaries(register, boundaries) if boundaries else []
    progress(3, STEPS, str(lazy("Comparing with what is loaded")))
    old = rows.loaded(db.session(), mission.id)
    difference = compare(old.areas, old.centres, old.stations, register)
    back = old.missing_stations & set(difference.stations.added)
    digest = hashlib.sha256(data).hexdigest()
    return Prepared(register, located, difference, name, digest, dict(mapping), len(back))


def apply(mission: Mission, prepared: Prepared, progress: Progress = _silent) -> RegisterImport:
    """Write a prepared register: what is new is added, what differs is changed, what is gone is marked.

    Nothing is ever deleted: a station that a newer file does not hold keeps its checklists. A register
    that changes nothing leaves the rows alone; its load and mapping are recorded all the same.
    """
    session = db.session()
    progress(4, STEPS, str(lazy("Writing")))
    if not prepared.changes_nothing:
        rows.write(session, mission.id, prepared.register, prepared.located, prepared.difference)
    load = RegisterImport(
        mission_id=mission.id, file_name=prepared.file_name[:200], sha256=prepared.sha256,
        mapping=prepared.mapping, summary=prepared.summary, applied_at=clock.now(),
    )  # fmt: skip
    session.add(load)
    session.flush()
    audit.record(
        session, "imported", "register_imports", load.id, prepared.file_name, mission_id=mission.id,
        **prepared.summary,
    )  # fmt: skip
    if not prepared.changes_nothing:
        events.stations_imported.send(mission, mission_id=mission.id)
    progress(STEPS, STEPS, str(lazy("Done")))
    return load


def import_register(
    mission: Mission,
    data: bytes,
    name: str,
    mapping: Mapping[str, str] | None = None,
    progress: Progress = _silent,
) -> RegisterImport:
    """Prepare and apply in one step; without ``mapping`` the last one or a guess. Raises as ``prepare``."""
    chosen = mapping or mapping_for(mission, read_file(data, name))
    return apply(mission, prepare(mission, data, name, chosen, progress), progress)


def change_examples(difference: RegisterDifference, count: int = 20) -> dict[str, list[dict[str, Any]]]:
    """The first changes of each kind as plain values, for a page: name, fields, metres moved."""
    return {
        kind: [
            {
                "name": each.name,
                "moved_metres": each.moved_metres,
                "fields": [
                    [_words(name), _plain(old), _plain(new)] for name, (old, new) in each.fields.items()
                ],
            }
            for each in part.changed[:count]
        ]
        for kind, part in (("stations", difference.stations), ("centres", difference.centres))
    }


def _words(field: str) -> str:
    return str(_FIELD_WORDS.get(field) or FIELDS.get(field) or field)


def _plain(value: Any) -> str:
    if isinstance(value, tuple):
        return ", ".join(f"{part:.5f}" for part in value)
    return "" if value is None else str(value)
