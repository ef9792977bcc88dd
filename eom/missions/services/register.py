"""The register of missions: recorded and changed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import available_timezones

from eom.core import audit, clock
from eom.core.countries import alpha2
from eom.core.errors import Conflict, InvalidInput
from eom.core.i18n import lazy
from eom.extensions import db
from eom.missions import queries
from eom.missions.models.mission import Mission, Stage, StationWord
from eom.missions.models.process import ElectoralProcess, ProcessKind, Round, RoundKind
from eom.missions.services import milestones

CODE = re.compile(r"[A-Z]{3}-\d{4}(-[A-Z0-9]+)?")


@dataclass(frozen=True)
class PastMission:
    """A mission as a public source tells of it; None is "not stated in what was read"."""

    country: str
    name: str
    year: int
    polling_on: date | None
    kind: ProcessKind
    round_kind: RoundKind
    facts: dict[str, Any]


@dataclass(frozen=True)
class Registered:
    """What came of an import: the missions that were added, and how many were there before."""

    added: list[Mission]
    known_count: int


def create_mission(
    *,
    code: str,
    name: str,
    country: str,
    host_authority: str | None = None,
    starts_on: date | None = None,
    ends_on: date | None = None,
    time_zone: str = "UTC",
    station_word: StationWord = StationWord.STATION,
    chief_name: str | None = None,
    chief_origin: str | None = None,
    note: str | None = None,
    is_demonstration: bool = False,
) -> Mission:
    """Record a mission with its milestones. Raises InvalidInput, and Conflict for a code in use."""
    code = code.strip().upper()
    if not CODE.fullmatch(code) or len(code) > 20:
        raise InvalidInput(
            lazy("“%(code)s” is no code: three letters, a year and, if needed, a suffix were expected, as in "
                 "BOL-2019 or BOL-2021-2.", code=code[:30]),
            "code",
        )  # fmt: skip
    if code in queries.codes(db.session()):
        raise Conflict(lazy("There is a mission %(code)s already.", code=code), "code")
    mission = Mission(code=code, stage=Stage.REQUESTED, is_demonstration=is_demonstration)
    _fill(
        mission, name=name, country=country, host_authority=host_authority, starts_on=starts_on, ends_on=ends_on,
        time_zone=time_zone, station_word=station_word, chief_name=chief_name, chief_origin=chief_origin, note=note,
    )  # fmt: skip
    db.session.add(mission)
    milestones.plan(mission)
    return mission


def edit_mission(
    mission: Mission,
    *,
    name: str,
    country: str,
    host_authority: str | None,
    starts_on: date | None,
    ends_on: date | None,
    time_zone: str,
    station_word: StationWord,
    chief_name: str | None,
    chief_origin: str | None,
    note: str | None,
) -> Mission:
    """Change what is known of a mission; its code stays. Raises InvalidInput."""
    _fill(
        mission, name=name, country=country, host_authority=host_authority, starts_on=starts_on, ends_on=ends_on,
        time_zone=time_zone, station_word=station_word, chief_name=chief_name, chief_origin=chief_origin, note=note,
    )  # fmt: skip
    db.session.flush()
    return mission


def add_past_missions(records: Sequence[PastMission], *, file_name: str) -> Registered:
    """Add the missions of a register that are not there yet; the same file again adds nothing.

    A mission is known by its country, name and polling day. Its code is country and year, with -2, -3
    in the order of the polling days when a year has several.
    """
    known, taken = queries.identities(db.session()), queries.codes(db.session())
    added: list[Mission] = []
    for record in sorted(records, key=lambda r: (r.country, r.polling_on or date.max, r.name)):
        identity = (record.country, record.name.casefold(), record.polling_on)
        if identity in known:
            continue
        known.add(identity)
        code = _free_code(record.country, record.year, taken)
        taken.add(code)
        added.append(_past_mission(record, code))
    db.session.add_all(added)
    db.session.flush()
    if added:
        audit.record(
            db.session(), "imported", "missions", None, file_name,
            added=len(added), known=len(records) - len(added), codes=[mission.code for mission in added],
        )  # fmt: skip
    return Registered(added, len(records) - len(added))


def _past_mission(record: PastMission, code: str) -> Mission:
    is_past = record.polling_on is None or record.polling_on < clock.today()
    mission = Mission(
        code=code, name=record.name, country=record.country, stage=Stage.CLOSED if is_past else Stage.ACCEPTED,
        **record.facts,
    )  # fmt: skip
    mission.processes = [ElectoralProcess(kind=record.kind, name=record.name)]
    if record.polling_on:
        mission.rounds = [Round(kind=record.round_kind, polling_on=record.polling_on)]
    return mission


def _free_code(country: str, year: int, taken: set[str]) -> str:
    code, number = f"{country}-{year:04d}", 1
    while code in taken:
        number += 1
        code = f"{country}-{year:04d}-{number}"
    return code


def _fill(mission: Mission, **values: Any) -> None:
    if not (values["name"] or "").strip():
        raise InvalidInput(lazy("A mission needs a name."), "name")
    if alpha2(values["country"] or "") is None:
        raise InvalidInput(lazy("“%(code)s” is no country.", code=str(values["country"])[:10]), "country")
    if values["time_zone"] not in available_timezones():
        raise InvalidInput(
            lazy("“%(zone)s” is no time zone.", zone=str(values["time_zone"])[:60]), "time_zone"
        )
    starts_on, ends_on = values["starts_on"], values["ends_on"]
    if starts_on and ends_on and ends_on < starts_on:
        raise InvalidInput(lazy("The mission ends before it starts."), "ends_on")
    for name, value in values.items():
        setattr(mission, name, value)
