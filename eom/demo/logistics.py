"""The logistics of BOL-2019, invented: who came when, where they slept, in what they moved, their cards and briefings."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import time, timedelta

import sqlalchemy as sa

from eom.demo.observers import ENDS_ON, STARTS_ON
from eom.deployment.models import Team
from eom.extensions import db
from eom.logistics.models.calls import Reached
from eom.logistics.models.movements import Direction, Hotel, TravelState
from eom.logistics.models.things import Driver, EquipmentKind, VehicleKind
from eom.logistics.services import credentials, fleet, gathering, lodging, travelling
from eom.missions.models.mission import Mission
from eom.observers.models import Appointment, AppointmentRole

FLIGHTS = (
    ("Avianca", "AV 247", time(3, 35)), ("LATAM", "LA 2411", time(13, 10)), ("Copa", "CM 441", time(23, 55)),
    ("BoA", "OB 760", time(9, 20)),
)  # fmt: skip
HOTELS = (
    ("Hotel Mirador (invented)", "La Paz"),
    ("Hotel Jacarandá (invented)", "Santa Cruz"),
    ("Hotel Plaza (invented)", "Cochabamba"),
)
# Of the last ones something is still open, so that the board has something to say.
OPEN = 5


def arrange(mission: Mission, appointments: Sequence[Appointment]) -> None:
    """Everything but a few things that the board then shows as open."""
    dice = random.Random(2019)
    hotels = [_hotel(mission, name, town) for name, town in HOTELS]
    for place, each in enumerate(appointments):
        is_open = place >= len(appointments) - OPEN
        _bring(mission, each, dice, is_open=is_open)
        _house(mission, each, hotels[place % len(hotels)], is_open=is_open)
    _motorise(mission)
    _equip(mission, appointments)
    _gather(mission, appointments)
    credentials.issue_all(mission, valid_from=STARTS_ON, valid_until=ENDS_ON)


def _bring(mission: Mission, each: Appointment, dice: random.Random, *, is_open: bool) -> None:
    carrier, number, at = dice.choice(FLIGHTS)
    for direction, on in ((Direction.ARRIVAL, STARTS_ON), (Direction.DEPARTURE, ENDS_ON)):
        if is_open and direction is Direction.DEPARTURE:
            travelling.note_travel(
                mission, appointment_id=each.id, direction=direction, travel_state=TravelState.PLANNED
            )
        else:
            travelling.note_travel(
                mission, appointment_id=each.id, direction=direction, travel_state=TravelState.DONE, on=on, at=at,
                carrier=carrier, service_number=number, terminal="El Alto", picked_up_by="Driver of the mission",
            )  # fmt: skip


def _hotel(mission: Mission, name: str, town: str) -> Hotel:
    return lodging.edit_hotel(mission, None, name=name, town=town, desk_phone="+591 2 0000000")


def _house(mission: Mission, each: Appointment, hotel: Hotel, *, is_open: bool) -> None:
    until = ENDS_ON - timedelta(days=2) if is_open else ENDS_ON
    lodging.edit_stay(
        mission, None, appointment_id=each.id, hotel_id=hotel.id, from_on=STARTS_ON, until_on=until
    )


def _motorise(mission: Mission) -> None:
    """A vehicle a team; the drivers of the last teams are still to be found."""
    teams = db.session.scalars(sa.select(Team).where(Team.mission_id == mission.id).order_by(Team.name)).all()
    for number, team in enumerate(teams, 1):
        driver: Driver | None = None
        if number <= len(teams) - 3:
            driver = fleet.edit_driver(
                mission,
                None,
                name=f"Invented driver {number:02}",
                phone="+591 70000000",
                provider="Transportes (invented)",
            )
        fleet.edit_vehicle(
            mission, None, plate=f"{1000 + number} DEM", vehicle_kind=VehicleKind.FOUR_BY_FOUR, seats=5, team_id=team.id,
            driver_id=driver.id if driver else None, provider="Transportes (invented)",
        )  # fmt: skip


def _equip(mission: Mission, appointments: Sequence[Appointment]) -> None:
    for number, each in enumerate(appointments[:30], 1):
        thing = fleet.edit_equipment(
            mission, None, equipment_kind=EquipmentKind.RADIO, serial=f"DEMO-R{number:02}"
        )
        fleet.hand_out(mission, thing, appointment_id=each.id, issued_on=STARTS_ON + timedelta(days=1))
        if number <= 26:
            fleet.take_back(thing, returned_on=ENDS_ON)


def _gather(mission: Mission, appointments: Sequence[Appointment]) -> None:
    day_of_briefing = STARTS_ON + timedelta(days=1)
    present = [each.id for each in appointments[:-OPEN]]
    for title, at in (("Security briefing", time(9)), ("Checklists and field app", time(11))):
        briefing = gathering.edit_briefing(
            mission, None, title=title, on=day_of_briefing, at=at, venue="La Paz", language="es"
        )
        gathering.note_attendance(mission, briefing, present)
    guard = next(each for each in appointments if each.role is AppointmentRole.GENERAL_COORDINATOR)
    gathering.decide_calls(mission, focal=guard.id, callers={})
    headcount = gathering.begin_headcount(mission, occasion="Exercise before polling day (invented)")
    for each in appointments[:-OPEN]:
        gathering.note_answer(mission, headcount, appointment_id=each.id, reached=Reached.REACHED)
    gathering.end_headcount(headcount)
