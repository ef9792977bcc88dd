"""Journeys, nights, vehicles, cards and headcounts with sensible defaults."""

from __future__ import annotations

import io
from datetime import date, time
from itertools import count
from typing import Any

from PIL import Image

from eom.logistics.models.briefings import Briefing
from eom.logistics.models.calls import Headcount
from eom.logistics.models.credentials import Credential
from eom.logistics.models.movements import Direction, Hotel, Stay, Travel, TravelState
from eom.logistics.models.things import Driver, Equipment, EquipmentKind, Vehicle, VehicleKind
from eom.logistics.services import credentials, fleet, gathering, lodging, travelling
from eom.missions.models.mission import Mission
from eom.observers.models import Appointment
from eom.observers.services import appointing
from tests.factories.observers import make_appointment

_numbers = count(10_001)
DAY = date(2019, 10, 18)


def a_photo(size: tuple[int, int] = (300, 400)) -> bytes:
    """The bytes of a JPEG picture."""
    out = io.BytesIO()
    Image.new("RGB", size, (90, 120, 160)).save(out, "JPEG")
    return out.getvalue()


def a_travel(mission: Mission, appointment: Appointment | None = None, **more: Any) -> Travel:
    """A booked arrival on the 18th of October 2019 at half past two, where the mission is."""
    given = {
        "direction": Direction.ARRIVAL, "travel_state": TravelState.BOOKED, "on": DAY, "at": time(14, 30),
        "carrier": "Avianca", "service_number": "AV 247", "terminal": "El Alto",
    } | more  # fmt: skip
    appointment = appointment or make_appointment(mission)
    return travelling.note_travel(mission, appointment_id=appointment.id, **given)


def a_hotel(mission: Mission, **more: Any) -> Hotel:
    """A hotel of a name of its own."""
    return lodging.edit_hotel(mission, None, **({"name": f"Hotel {next(_numbers)}", "town": "La Paz"} | more))


def a_stay(
    mission: Mission, appointment: Appointment | None = None, hotel: Hotel | None = None, **more: Any
) -> Stay:
    """Four nights from the 18th of October 2019."""
    given = {"from_on": DAY, "until_on": date(2019, 10, 22)} | more
    appointment, hotel = appointment or make_appointment(mission), hotel or a_hotel(mission)
    return lodging.edit_stay(mission, None, appointment_id=appointment.id, hotel_id=hotel.id, **given)


def a_driver(mission: Mission, **more: Any) -> Driver:
    """A hired driver."""
    return fleet.edit_driver(
        mission, None, **({"name": f"Chofer {next(_numbers)}", "phone": "+591 70000000"} | more)
    )


def a_vehicle(mission: Mission, **more: Any) -> Vehicle:
    """A car of five seats."""
    given = {"plate": f"{next(_numbers)} XYZ", "vehicle_kind": VehicleKind.CAR, "seats": 5} | more
    return fleet.edit_vehicle(mission, None, **given)


def a_thing(mission: Mission, **more: Any) -> Equipment:
    """A radio."""
    given = {"equipment_kind": EquipmentKind.RADIO, "serial": f"R-{next(_numbers)}"} | more
    return fleet.edit_equipment(mission, None, **given)


def accredited(mission: Mission, **person: Any) -> Appointment:
    """Somebody with pledge, training and accreditation."""
    appointment = make_appointment(mission, **person)
    appointing.record_steps(
        appointment, pledge_signed_on=DAY, trained_on=DAY, accredited_on=DAY, credential_number=None
    )
    return appointment


def a_card(mission: Mission, appointment: Appointment | None = None, **more: Any) -> Credential:
    """A card from the first of October to the end of the year 2019."""
    given = {"valid_from": date(2019, 10, 1), "valid_until": date(2019, 12, 31)} | more
    return credentials.issue(mission, appointment or accredited(mission), **given)


def a_briefing(mission: Mission, **more: Any) -> Briefing:
    """A briefing that was held on the 18th of October 2019."""
    given = {"title": "Security", "on": DAY, "at": time(9), "language": "es"} | more
    return gathering.edit_briefing(mission, None, **given)


def a_headcount(mission: Mission, occasion: str = "Earthquake") -> Headcount:
    """A headcount that is open."""
    return gathering.begin_headcount(mission, occasion=occasion)
