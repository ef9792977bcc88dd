"""Loading the authority's register: read, compared with what is there, applied whole or not at all."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from eom.core import audit, clock, events
from eom.core.errors import Refused
from eom.core.i18n import lazy
from eom.core.spreadsheets import Table, read_table
from eom.extensions import db
from eom.missions.models.mission import Mission
from eom.stations import queries
from eom.stations.completing import complete
from eom.stations.difference import RegisterDifference, compare
from eom.stations.geography import Notice, Register, read_register
from eom.stations.geography_levels import Boundaries, Located, locate
from eom.stations.heads import find_headings
from eom.stations.joining import join_tables
from eom.stations.mapping import FIELDS, check_mapping, columns_of, guess_mapping
from eom.stations.models import RegisterImport
from eom.stations.services import boundaries, findings, rows
from eom.stations.services.leaning import finder, keep_unsaid, known_of, stations_compared
from eom.stations.vector_files import is_vector, points_table

MAX_ROWS = 400_000
STEPS = 5
Progress = Callable[[int, int, str], None]
# Another file of the same register: its bytes and its name.
Second = tuple[bytes, str]
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


def read_files(data: bytes, name: str, second: Second | None = None) -> tuple[Table, list[Notice]]:
    """The table of a file, with the columns of a second one joined by their common code."""
    table = read_file(data, name)
    if second is None:
        return table, []
    table, words = join_tables(table, read_file(*second))
    return table, [Notice(None, words)]


def mapping_for(mission: Mission, table: Table) -> dict[str, str]:
    """The mapping to begin with: the one that the mission used last when it fits this file, else a guess."""
    kept = queries.last_mapping(db.session(), mission)
    if kept and set(columns_of(kept).values()) <= set(table.headers):
        return kept
    return guess_mapping(table.headers, table.sample())


def prepare(
    mission: Mission,
    data: bytes,
    name: str,
    mapping: Mapping[str, str],
    progress: Progress = _silent,
    *,
    second: Second | None = None,
) -> Prepared:
    """Read a register and compare it with what the mission has; writes nothing.

    ``mapping`` is heading by field (``stations.mapping.FIELDS``), with "crs" for coordinates in metres;
    ``second`` is another file (data, name) whose columns are joined. What no column says stays as it is
    loaded. Raises InvalidInput for a mapping that will not do, InvalidFile with every row that is wrong.
    """
    progress(0, STEPS, str(lazy("Reading the file")))
    table, notices = read_files(data, name, second)
    check_mapping(mapping, table.headers)
    progress(1, STEPS, str(lazy("Reading its rows")))
    old = rows.loaded(db.session(), mission.id)
    levels = boundaries.levels_of(mission)
    known = known_of(old, mission.country)
    whole, complete_mapping, done = complete(table, mapping, known, finder(mission.country, levels, old))
    register = read_register(whole, complete_mapping, mission.country)
    del table, whole
    register = keep_unsaid(register, complete_mapping, old)
    register, mended = findings.overlay(mission, register)
    register.notices[:0] = [*notices, *done, *mended]
    digest = hashlib.sha256(data).hexdigest()
    return _compared(mission, register, (name, digest), dict(mapping), (old, levels), progress)


def prepare_copy(mission: Mission, source: Mission, progress: Progress = _silent) -> Prepared:
    """Compare the register of another mission to the same country with what the mission has; writes nothing.

    Raises Refused for another country, for the mission itself and for one without a register.
    """
    if source.id == mission.id or source.country != mission.country:
        raise Refused(lazy("The register of a mission to another country cannot be taken over."))
    progress(1, STEPS, str(lazy("Reading the register of %(code)s", code=source.code)))
    register = rows.register_of(db.session(), source.id, source.country)
    if not register.centres:
        raise Refused(lazy("%(code)s has no register.", code=source.code))
    old = rows.loaded(db.session(), mission.id)
    levels = boundaries.levels_of(mission)
    return _compared(
        mission,
        register,
        (source.code, hashlib.sha256(source.code.encode()).hexdigest()),
        {},
        (old, levels),
        progress,
    )


def _compared(
    mission: Mission,
    register: Register,
    origin: tuple[str, str],
    mapping: dict[str, str],
    basis: tuple[rows.Loaded, Mapping[int, Boundaries]],
    progress: Progress,
) -> Prepared:
    """A register placed in its boundaries and compared; ``origin`` is a file's name and digest."""
    old, levels = basis
    progress(2, STEPS, str(lazy("Finding the places on the map")))
    located = locate(register, levels)
    progress(3, STEPS, str(lazy("Comparing with what is loaded")))
    difference = compare(old.areas, old.centres, stations_compared(register, mapping, old), register)
    back = old.missing_stations & set(difference.stations.added)
    return Prepared(register, located, difference, *origin, mapping, len(back))


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
        findings.refresh(mission)
        events.stations_imported.send(mission, mission_id=mission.id)
    progress(STEPS, STEPS, str(lazy("Done")))
    return load


def import_register(
    mission: Mission,
    data: bytes,
    name: str,
    mapping: Mapping[str, str] | None = None,
    progress: Progress = _silent,
    *,
    second: Second | None = None,
) -> RegisterImport:
    """Prepare and apply in one step; without ``mapping`` the last one or a guess. Raises as ``prepare``."""
    chosen = mapping or mapping_for(mission, read_files(data, name, second)[0])
    return apply(mission, prepare(mission, data, name, chosen, progress, second=second), progress)


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
