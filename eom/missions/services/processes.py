"""What is elected and on which days: added, changed, and removed while nothing hangs on them."""

from __future__ import annotations

from datetime import date, time
from zoneinfo import available_timezones

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from eom.core.db import Base
from eom.core.errors import Conflict, InvalidInput, Refused
from eom.core.i18n import day, lazy
from eom.extensions import db
from eom.missions.models.milestone import Milestone
from eom.missions.models.mission import Mission
from eom.missions.models.process import ElectoralProcess, ProcessKind, Round, RoundKind
from eom.missions.services import milestones


def add_process(mission: Mission, *, kind: ProcessKind, name: str | None) -> ElectoralProcess:
    """Add an electoral process."""
    process = ElectoralProcess(kind=kind, name=name)
    mission.processes.append(process)
    db.session.flush()
    return process


def edit_process(process: ElectoralProcess, *, kind: ProcessKind, name: str | None) -> ElectoralProcess:
    """Change an electoral process."""
    process.kind, process.name = kind, name
    db.session.flush()
    return process


def remove_process(process: ElectoralProcess) -> None:
    """Remove an electoral process. Raises Refused while something refers to it."""
    _remove(process, process.mission.processes)


def add_round(
    mission: Mission,
    *,
    kind: RoundKind,
    polling_on: date,
    opens_at: time | None,
    closes_at: time | None,
    time_zone: str,
) -> Round:
    """Add a polling day with its milestones. Raises Conflict for a day the mission has, InvalidInput."""
    _check(mission, None, polling_on, opens_at, closes_at, time_zone)
    added = Round(
        kind=kind, polling_on=polling_on, opens_at=opens_at, closes_at=closes_at, time_zone=time_zone
    )
    mission.rounds.append(added)
    db.session.flush()
    milestones.plan(mission)
    return added


def edit_round(
    round_: Round,
    *,
    kind: RoundKind,
    polling_on: date,
    opens_at: time | None,
    closes_at: time | None,
    time_zone: str,
) -> Round:
    """Change a polling day; due days that follow it move along. Raises Conflict, InvalidInput."""
    mission = round_.mission
    _check(mission, round_, polling_on, opens_at, closes_at, time_zone)
    before, round_before = milestones.first_polling_day(mission), round_.polling_on
    round_.kind, round_.polling_on, round_.time_zone = kind, polling_on, time_zone
    round_.opens_at, round_.closes_at = opens_at, closes_at
    db.session.flush()
    milestones.move(mission, before, round_, round_before)
    return round_


def remove_round(round_: Round) -> None:
    """Remove a polling day and its open milestones.

    Raises Refused while a milestone of it is done, or while assignments or visits refer to it.
    """
    mission = round_.mission
    own = [each for each in mission.milestones if each.round is round_]
    if any(each.is_done or each.document_id for each in own):
        raise Refused(lazy("A milestone of this polling day is done: it can no longer be removed."))
    _refuse_used(round_, besides={Milestone.__tablename__})
    for each in own:
        mission.milestones.remove(each)
    db.session.flush()
    _remove(round_, mission.rounds)


def _check(
    mission: Mission,
    itself: Round | None,
    polling_on: date,
    opens_at: time | None,
    closes_at: time | None,
    zone: str,
) -> None:
    if any(each is not itself and each.polling_on == polling_on for each in mission.rounds):
        raise Conflict(
            lazy("This mission has a polling day on %(day)s already.", day=day(polling_on)), "polling_on"
        )
    if opens_at and closes_at and closes_at <= opens_at:
        raise InvalidInput(lazy("Voting closes before it opens."), "closes_at")
    if zone not in available_timezones():
        raise InvalidInput(lazy("“%(zone)s” is no time zone.", zone=zone[:60]), "time_zone")


def _refuse_used(row: Base, besides: set[str]) -> None:
    """Look through every table that refers to the row's: what hangs on it keeps it."""
    own = row.__table__
    for table in Base.metadata.tables.values():
        for key in table.foreign_keys:
            if key.column.table is own and table.name not in besides:
                found = sa.select(sa.literal(1)).select_from(table).where(key.parent == row.id).limit(1)  # type: ignore[attr-defined]
                if db.session.scalar(found):
                    raise Refused(lazy("This is in use and can no longer be removed."))


def _remove(row: Base, siblings: list) -> None:  # type: ignore[type-arg]
    _refuse_used(row, besides=set())
    siblings.remove(row)
    try:
        db.session.flush()
    except IntegrityError:
        raise Refused(lazy("This is in use and can no longer be removed.")) from None
