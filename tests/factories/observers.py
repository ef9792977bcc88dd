"""People and appointments with sensible defaults."""

from __future__ import annotations

from itertools import count
from typing import Any

from eom.missions.models.mission import Mission
from eom.observers.models import Appointment, AppointmentRole, Person
from eom.observers.services import appointing, roster

_numbers = count(1)


def make_person(*nationalities: str, **values: Any) -> Person:
    """Someone on the roster; from Argentina unless told otherwise."""
    number = next(_numbers)
    given = {
        "given_names": "Lucía",
        "family_names": f"Prueba {number}",
        "email": f"lucia{number}@example.org",
    } | values
    return roster.add_person(nationalities=nationalities or ("ARG",), **given)


def make_appointment(
    mission: Mission, *nationalities: str, role: AppointmentRole = AppointmentRole.OBSERVER, **person: Any
) -> Appointment:
    """A new person's place in a mission."""
    return appointing.appoint(mission, make_person(*nationalities, **person), role=role)
