"""Appointments: who gets a place in a mission, and the three steps before they deploy."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from eom.core import clock
from eom.core.errors import Conflict, InvalidInput, Refused
from eom.core.i18n import country_name, lazy
from eom.extensions import db
from eom.missions.models.mission import Mission, Stage
from eom.observers.models import Appointment, AppointmentRole, AppointmentState, Expertise, Person


def bar_to_observing(countries: Iterable[str], host: str, role: AppointmentRole) -> object | None:
    """Why someone of these nationalities cannot have the role in the host country; None when they can.

    Observers are never nationals of the host country, whatever other nationality they have
    (Declaration of Principles for International Election Observation, 2005); support staff may be.
    """
    if not role.is_observing or host not in set(countries):
        return None
    return lazy(
        "A national of the host country cannot be appointed “%(role)s”: this person is a national of %(country)s. "
        "They may serve in a support role.",
        role=role.label,
        country=country_name(host),
    )


def appoint(
    mission: Mission,
    person: Person,
    *,
    role: AppointmentRole,
    expertise: Expertise | None = None,
    starts_on: date | None = None,
    ends_on: date | None = None,
    is_remote: bool = False,
    origin: str | None = None,
    state: AppointmentState = AppointmentState.CONFIRMED,
) -> Appointment:
    """Give a person a place in a mission.

    ``origin`` is the nationality they are counted under; the only one when they have one. Raises Refused
    for a host national in an observing role and for a mission that was cancelled, Conflict for a role
    they have, InvalidInput.
    """
    if mission.stage is Stage.CANCELLED:
        raise Refused(lazy("This mission was cancelled: nobody can be appointed."))
    if any(each.mission_id == mission.id and each.role is role for each in person.appointments):
        raise Conflict(lazy("%(name)s has this role in the mission already.", name=person.name), "role")
    appointment = Appointment(mission=mission, person=person, state=state)
    with db.session.no_autoflush:
        _fill(appointment, mission, person, role, expertise, starts_on, ends_on, is_remote, origin)
    db.session.add(appointment)
    db.session.flush()
    return appointment


def edit_appointment(
    appointment: Appointment,
    *,
    role: AppointmentRole,
    expertise: Expertise | None,
    starts_on: date | None,
    ends_on: date | None,
    is_remote: bool,
    origin: str | None,
    state: AppointmentState,
) -> Appointment:
    """Change an appointment. Raises as ``appoint``."""
    person, mission = appointment.person, appointment.mission
    others = [
        each for each in person.appointments if each is not appointment and each.mission_id == mission.id
    ]
    if any(each.role is role for each in others):
        raise Conflict(lazy("%(name)s has this role in the mission already.", name=person.name), "role")
    _fill(appointment, mission, person, role, expertise, starts_on, ends_on, is_remote, origin)
    appointment.state = state
    db.session.flush()
    return appointment


def record_steps(
    appointment: Appointment,
    *,
    pledge_signed_on: date | None,
    trained_on: date | None,
    accredited_on: date | None,
    credential_number: str | None,
) -> Appointment:
    """Record the pledge of the Code of Conduct, the training and the accreditation.

    Raises InvalidInput for a day to come, for another day than that of a pledge signed in the system, for an accreditation without pledge and training or dated
    before them, and for a credential without accreditation.
    """
    today = clock.today(appointment.mission.time_zone)
    days = {"pledge_signed_on": pledge_signed_on, "trained_on": trained_on, "accredited_on": accredited_on}
    for name, day in days.items():
        if day is not None and day > today:
            raise InvalidInput(lazy("This day has not come yet."), name)
    if appointment.pledges and pledge_signed_on != appointment.pledge_signed_on:
        raise InvalidInput(lazy("The pledge was signed in the system: its day stays."), "pledge_signed_on")
    if accredited_on is not None:
        if pledge_signed_on is None:
            raise InvalidInput(lazy("Accreditation needs the signed pledge first."), "accredited_on")
        if trained_on is None:
            raise InvalidInput(lazy("Accreditation needs the training first."), "accredited_on")
        if accredited_on < max(pledge_signed_on, trained_on):
            raise InvalidInput(
                lazy("Accreditation cannot be before the pledge and the training."), "accredited_on"
            )
    if credential_number and accredited_on is None:
        raise InvalidInput(lazy("A credential comes with the accreditation: give its day."), "accredited_on")
    for name, day in days.items():
        setattr(appointment, name, day)
    appointment.credential_number = credential_number
    db.session.flush()
    return appointment


def _fill(
    appointment: Appointment, mission: Mission, person: Person, role: AppointmentRole, expertise: Expertise | None,
    starts_on: date | None, ends_on: date | None, is_remote: bool, origin: str | None,
) -> None:  # fmt: skip
    if (bar := bar_to_observing(person.countries, mission.country, role)) is not None:
        raise Refused(bar, "role")
    if starts_on and ends_on and ends_on < starts_on:
        raise InvalidInput(lazy("The appointment ends before it starts."), "ends_on")
    if origin and origin not in person.countries:
        raise InvalidInput(
            lazy("%(country)s is not among this person's nationalities.", country=country_name(origin)),
            "origin",
        )
    if role is AppointmentRole.SPECIALIST and expertise is None:
        raise InvalidInput(lazy("Say in which area the specialist works."), "expertise")
    appointment.role, appointment.expertise = role, expertise
    appointment.starts_on, appointment.ends_on, appointment.is_remote = starts_on, ends_on, is_remote
    appointment.origin = origin or (person.countries[0] if len(person.countries) == 1 else None)
