"""Arrivals and departures: noted, changed, taken away, and many at once from a file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time

import sqlalchemy as sa

from eom.core import audit
from eom.core.errors import Conflict, InvalidInput
from eom.core.i18n import lazy
from eom.extensions import db
from eom.logistics import period
from eom.logistics.models.movements import Direction, Travel, TravelState
from eom.logistics.queries import people
from eom.missions.models.mission import Mission

LIVING = (TravelState.PLANNED, TravelState.BOOKED, TravelState.DONE)


@dataclass(frozen=True)
class TravelRow:
    """A line of a file: ``row`` is its number in the sheet, day and time are the mission's."""

    row: int
    appointment_id: int
    direction: Direction
    on: date
    at: time
    carrier: str | None = None
    service_number: str | None = None
    terminal: str | None = None
    picked_up_by: str | None = None


def note_travel(mission: Mission, **told: object) -> Travel:
    """A new journey; ``told`` as ``edit_travel`` takes it, and raises."""
    travel = Travel(mission_id=mission.id)
    edit_travel(mission, travel, **told)  # type: ignore[arg-type]
    return travel


def edit_travel(
    mission: Mission, travel: Travel, *, appointment_id: int, direction: Direction, travel_state: TravelState,
    on: date | None = None, at: time | None = None, carrier: str | None = None, service_number: str | None = None,
    terminal: str | None = None, picked_up_by: str | None = None, note: str | None = None,
) -> None:  # fmt: skip
    """Change a journey; ``on`` and ``at`` are in the mission's zone.

    Raises NotFound for somebody of another mission, InvalidInput for half an instant, a booked journey without one and
    a day outside the mission, Conflict for a second arrival (or departure) of the same person.
    """
    appointment = people.one(db.session(), mission, appointment_id)
    _check(mission, travel_state, on, at)
    if travel_state in LIVING:
        _refuse_second(travel, appointment_id, direction)
    travel.appointment_id, travel.direction, travel.travel_state = appointment.id, direction, travel_state
    travel.travel_at = period.instant(mission, on, at) if on and at else None
    travel.carrier, travel.service_number, travel.terminal = carrier, service_number, terminal
    travel.picked_up_by, travel.note = picked_up_by, note
    db.session.add(travel)
    db.session.flush()


def take(mission: Mission, rows: Sequence[TravelRow], *, file_name: str) -> tuple[int, int]:
    """Note the journeys of a file as booked; (new, changed). Who has one in that direction has it changed.

    Raises as ``edit_travel`` does.
    """
    held = {
        (each.appointment_id, each.direction): each
        for each in db.session.scalars(
            sa.select(Travel).where(Travel.mission_id == mission.id, Travel.travel_state.in_(LIVING))
        )
    }
    new = 0
    for row in rows:
        travel = held.get((row.appointment_id, row.direction))
        new += travel is None
        edit_travel(
            mission, travel or Travel(mission_id=mission.id), appointment_id=row.appointment_id, direction=row.direction,
            travel_state=TravelState.DONE if travel and travel.travel_state is TravelState.DONE else TravelState.BOOKED,
            on=row.on, at=row.at, carrier=row.carrier, service_number=row.service_number, terminal=row.terminal,
            picked_up_by=row.picked_up_by or (travel.picked_up_by if travel else None), note=travel.note if travel else None,
        )  # fmt: skip
    audit.record(
        db.session(), "imported", "travels", mission.id, mission.code, mission_id=mission.id, file=file_name,
        rows=len(rows),
    )  # fmt: skip
    return new, len(rows) - new


def remove_travel(travel: Travel) -> None:
    """Take a journey away; the trail keeps that it was there."""
    db.session.delete(travel)
    db.session.flush()


def _check(mission: Mission, state: TravelState, on: date | None, at: time | None) -> None:
    if on is not None:
        period.check(mission, on, "on")
    if (on is None) != (at is None):
        raise InvalidInput(lazy("Give the day and the time, or neither."), "on" if on is None else "at")
    if on is None and state in (TravelState.BOOKED, TravelState.DONE):
        raise InvalidInput(lazy("What is booked has a day and a time."), "on")


def _refuse_second(travel: Travel, appointment_id: int, direction: Direction) -> None:
    same = sa.select(Travel.id).where(
        Travel.appointment_id == appointment_id,
        Travel.direction == direction,
        Travel.travel_state.in_(LIVING),
    )
    with db.session.no_autoflush:
        found = db.session.scalars(same).first()
    if found is not None and found != travel.id:
        raise Conflict(
            lazy("This person has one already: “%(direction)s”.", direction=direction.label), "appointment_id",
            lazy("Change that one, or cancel it first."),
        )  # fmt: skip
