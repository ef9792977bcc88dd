"""People and appointments with sensible defaults."""

from __future__ import annotations

from datetime import date
from itertools import count
from typing import Any

from eom.missions.models.mission import Mission
from eom.observers.models import Appointment, AppointmentRole, Person
from eom.observers.services import appointing, dossiers, roster

# All with as many digits: names sort as they were made, whichever tests ran before.
_numbers = count(10_001)


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


DOSSIER: dict[str, Any] = {
    "passport_number": "AAC778812", "passport_country": "ARG", "passport_expires_on": date(2031, 5, 1),
    "birth_date": date(1984, 2, 29), "blood_type": "AB-", "medical_notes": "Allergic to penicillin",
    "emergency_name": "Rosa Prueba", "emergency_relation": "sister", "emergency_phone": "+54 11 5555 0199",
}  # fmt: skip


def fill_dossier(person: Person, **values: Any) -> Person:
    """The person with a whole dossier on file."""
    dossiers.edit_dossier(person, values=DOSSIER | values)
    return person
