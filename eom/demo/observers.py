"""Ninety-two invented people and their places in BOL-2019."""

from __future__ import annotations

from datetime import date, timedelta

from eom.accounts.models import User
from eom.accounts.permissions import Role
from eom.demo.people import InventedPerson, invented_people
from eom.extensions import db
from eom.missions.models.mission import Mission
from eom.observers.models import Appointment, AppointmentRole, Expertise, Gender
from eom.observers.services import appointing, roster

STARTS_ON, ENDS_ON = date(2019, 10, 14), date(2019, 10, 24)
# The invented person behind each account with a place in the mission, by their number in the list.
BEHIND = {Role.CHIEF: 0, Role.DEPUTY: 1, Role.COORDINATOR: 15, Role.OBSERVER: 24}


def make_observers(mission: Mission, users: dict[Role, User]) -> list[Appointment]:
    """Everyone with pledge, training and accreditation; the last two still wait for theirs."""
    invented = invented_people()
    appointments = [_appoint(mission, each) for each in invented]
    for number, each in enumerate(appointments[:-2]):
        trained = STARTS_ON + timedelta(days=number % 2)
        appointing.record_steps(
            each, pledge_signed_on=STARTS_ON - timedelta(days=3 + number % 5), trained_on=trained,
            accredited_on=trained + timedelta(days=1), credential_number=f"DEMO-{number + 1:03d}",
        )  # fmt: skip
    for role, number in BEHIND.items():
        appointments[number].person.user_id = users[role].id
    mission.chief_name = appointments[0].person.name
    db.session.flush()
    return appointments


def _appoint(mission: Mission, invented: InventedPerson) -> Appointment:
    person = roster.add_person(
        given_names=invented.given_names, family_names=invented.family_names, nationalities=invented.nationalities,
        gender=Gender(invented.gender), languages=invented.languages, expertise=invented.expertise,
        email=invented.email, is_demonstration=True,
    )  # fmt: skip
    return appointing.appoint(
        mission, person, role=AppointmentRole(invented.role),
        expertise=Expertise(invented.expertise[0]) if invented.expertise else None,
        starts_on=STARTS_ON, ends_on=ENDS_ON, origin=invented.nationalities[0],
    )  # fmt: skip
