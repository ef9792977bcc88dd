"""Reading the roster and the appointments of a mission."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session, contains_eager, joinedload

from eom.core.countries import fold
from eom.missions.models.mission import Mission
from eom.observers.models import OBSERVING_ROLES, Appointment, AppointmentState, Person, PersonNationality


@dataclass(frozen=True)
class Readiness:
    """How far a mission's people are: living appointments, and how many have each step behind them."""

    people_count: int
    pledged_count: int
    trained_count: int
    accredited_count: int


def roster() -> sa.Select[Person]:
    """Everyone on the roster."""
    return sa.select(Person)


def nationalities(session: Session) -> list[str]:
    """The nationalities that someone on the roster has, as alpha-3 codes."""
    return list(
        session.scalars(sa.select(PersonNationality.country).distinct().order_by(PersonNationality.country))
    )


def appointments(mission: Mission) -> sa.Select[Appointment]:
    """The appointments in a mission with their people, the withdrawn ones included."""
    return (
        sa.select(Appointment)
        .join(Appointment.person)
        .options(contains_eager(Appointment.person))
        .where(Appointment.mission_id == mission.id)
    )


def places_of(mission_id: int, user_id: int) -> sa.Select[Appointment]:
    """The living appointments in a mission of the person whose account it is."""
    return (
        sa.select(Appointment)
        .join(Appointment.person)
        .where(
            Appointment.mission_id == mission_id,
            Appointment.state != AppointmentState.WITHDRAWN,
            Person.user_id == user_id,
        )
    )


def appointments_of(session: Session, person: Person, ids: Collection[int] | None) -> list[Appointment]:
    """A person's appointments in the missions of ``ids`` (None: all), the newest first."""
    query = (
        sa.select(Appointment)
        .where(Appointment.person_id == person.id)
        .options(joinedload(Appointment.mission))
        .order_by(Appointment.starts_on.desc().nulls_last(), Appointment.id.desc())
    )
    return list(session.scalars(query if ids is None else query.where(Appointment.mission_id.in_(ids))))


def readiness(session: Session, mission: Mission) -> Readiness:
    """How far the people in observing roles of a mission are with pledge, training and accreditation."""
    row = session.execute(
        sa.select(
            sa.func.count(),
            sa.func.count(Appointment.pledge_signed_on),
            sa.func.count(Appointment.trained_on),
            sa.func.count(Appointment.accredited_on),
        ).where(
            Appointment.mission_id == mission.id,
            Appointment.state != AppointmentState.WITHDRAWN,
            Appointment.role.in_(OBSERVING_ROLES),
        )
    ).one()
    return Readiness(*row)


def choices(session: Session, mission: Mission, limit: int = 2000) -> list[tuple[str, str]]:
    """(id, name and e-mail) of the people on the roster who have no living place in the mission."""
    there = sa.select(Appointment.person_id).where(
        Appointment.mission_id == mission.id, Appointment.state != AppointmentState.WITHDRAWN
    )
    query = sa.select(Person).where(Person.id.not_in(there)).order_by(Person.family_names, Person.given_names)
    return [
        (str(person.id), f"{person.family_names}, {person.given_names} ({', '.join(person.countries)})")
        for person in session.scalars(query.limit(limit))
    ]


def people_by_email(session: Session, emails: Collection[str]) -> dict[str, Person]:
    """The people who have one of the addresses, by address in small letters."""
    found: dict[str, Person] = {}
    wanted = sorted({email.casefold() for email in emails})
    for start in range(0, len(wanted), 500):
        query = sa.select(Person).where(sa.func.lower(Person.email).in_(wanted[start : start + 500]))
        found.update({str(person.email).casefold(): person for person in session.scalars(query)})
    return found


def people_by_name(session: Session, names: Collection[str]) -> dict[tuple[str, frozenset[str]], Person]:
    """The people with one of the (folded, whole) names, by (name, nationalities)."""
    wanted = set(names)
    rows = session.execute(sa.select(Person.id, Person.given_names, Person.family_names).order_by(Person.id))
    # Folding takes accents and case away, which SQL does differently on each database.
    ids = [id_ for id_, given, family in rows if fold(f"{given} {family}") in wanted]
    found: dict[tuple[str, frozenset[str]], Person] = {}
    for start in range(0, len(ids), 500):
        query = sa.select(Person).where(Person.id.in_(ids[start : start + 500])).order_by(Person.id)
        for person in session.scalars(query):
            found.setdefault((fold(person.name), frozenset(person.countries)), person)
    return found


def roles_held(session: Session, mission: Mission) -> set[tuple[int, str]]:
    """(person id, role) of every appointment in a mission."""
    query = sa.select(Appointment.person_id, Appointment.role).where(Appointment.mission_id == mission.id)
    return {(person_id, role.value) for person_id, role in session.execute(query)}
