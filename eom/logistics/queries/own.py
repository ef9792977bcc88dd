"""What somebody's own mission holds for them: journeys, nights, team and vehicle, card, briefings, whom to call."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from eom.deployment.models import Team, TeamMember
from eom.logistics.models.briefings import Attendance, Briefing
from eom.logistics.models.credentials import Credential, PersonPhoto
from eom.logistics.models.movements import Hotel, Stay, Travel, TravelState
from eom.logistics.models.things import Equipment, Loan, Vehicle
from eom.logistics.queries import calls
from eom.missions.models.mission import OVER, Mission
from eom.observers.models import Appointment, AppointmentState, Person


@dataclass(frozen=True)
class Itinerary:
    """Someone's own logistics in one mission."""

    appointment: Appointment
    mission: Mission
    travels: Sequence[Travel]
    stays: Sequence[Stay]
    team: Team | None
    vehicles: Sequence[Vehicle]
    loans: Sequence[Loan]
    credential: Credential | None
    briefings: Sequence[tuple[Briefing, bool]]
    caller: Person | None


def itineraries(session: Session, user_id: int) -> list[Itinerary]:
    """Of every mission that is not over and in which an account's person has a place, the newest first."""
    query = (
        sa.select(Appointment)
        .join(Appointment.person)
        .join(Appointment.mission)
        .where(
            Person.user_id == user_id, Appointment.state != AppointmentState.WITHDRAWN, Mission.stage.not_in(OVER)
        )
        .options(joinedload(Appointment.mission))
        .order_by(Appointment.starts_on.desc().nulls_last(), Appointment.id.desc())
    )  # fmt: skip
    return [_of(session, each) for each in session.scalars(query)]


def _of(session: Session, appointment: Appointment) -> Itinerary:
    team = session.scalar(
        sa.select(Team)
        .join(TeamMember, TeamMember.team_id == Team.id)
        .where(TeamMember.appointment_id == appointment.id)
    )
    line = next(
        (each for each in calls.lines(session, appointment.mission) if each.appointment.id == appointment.id),
        None,
    )
    own = _own(session, appointment)
    return Itinerary(
        appointment, appointment.mission, own["travels"], own["stays"], team,
        _vehicles(session, team) if team else (), own["loans"], _card(session, appointment),
        _briefings(session, appointment), line.caller if line else None,
    )  # fmt: skip


def _own(session: Session, appointment: Appointment) -> dict[str, Sequence[Any]]:
    travels = sa.select(Travel).where(
        Travel.appointment_id == appointment.id, Travel.travel_state != TravelState.CANCELLED
    )
    stays = sa.select(Stay).where(Stay.appointment_id == appointment.id).options(joinedload(Stay.hotel))
    loans = sa.select(Loan).where(Loan.appointment_id == appointment.id, Loan.returned_on.is_(None))
    return {
        "travels": session.scalars(travels.order_by(Travel.travel_at.nulls_last(), Travel.id)).all(),
        "stays": session.scalars(stays.order_by(Stay.from_on, Stay.id)).all(),
        "loans": session.scalars(loans.options(joinedload(Loan.equipment)).order_by(Loan.id)).all(),
    }


def _vehicles(session: Session, team: Team) -> Sequence[Vehicle]:
    query = sa.select(Vehicle).where(Vehicle.team_id == team.id).options(joinedload(Vehicle.driver))
    return session.scalars(query.order_by(Vehicle.plate)).all()


def _card(session: Session, appointment: Appointment) -> Credential | None:
    return session.scalar(
        sa.select(Credential).where(
            Credential.appointment_id == appointment.id, Credential.revoked_at.is_(None)
        )
    )


def _briefings(session: Session, appointment: Appointment) -> list[tuple[Briefing, bool]]:
    came = sa.select(Attendance.briefing_id).where(Attendance.appointment_id == appointment.id)
    query = sa.select(Briefing, Briefing.id.in_(came)).where(Briefing.mission_id == appointment.mission_id)
    return list(session.execute(query.order_by(Briefing.held_at, Briefing.id)).tuples().all())


def records(session: Session, person_id: int) -> dict[str, list[dict[str, Any]]]:
    """Everything that logistics holds of a person, as JSON types, by what it is: for their own copy."""
    own = sa.select(Appointment.id).where(Appointment.person_id == person_id)
    found: dict[str, list[dict[str, Any]]] = {}
    for name, model, columns in (
        ("travels", Travel, ("direction", "travel_state", "travel_at", "carrier", "service_number", "terminal", "picked_up_by", "note")),
        ("stays", Stay, ("from_on", "until_on", "room", "is_shared", "note")),
        ("loans", Loan, ("issued_on", "returned_on", "condition_back")),
        ("credentials", Credential, ("number", "valid_from", "valid_until", "revoked_at", "revoked_because")),
    ):  # fmt: skip
        table: Any = model
        rows = session.scalars(sa.select(table).where(table.appointment_id.in_(own)).order_by(table.id)).all()
        found[name] = [{each: _plain(getattr(row, each)) for each in columns} for row in rows]
    hotels = sa.select(Hotel.name).join(Stay, Stay.hotel_id == Hotel.id).where(Stay.appointment_id.in_(own))
    for stay, hotel in zip(found["stays"], session.scalars(hotels.order_by(Stay.id)), strict=True):
        stay["hotel"] = hotel
    things = (
        sa.select(Equipment.serial)
        .join(Loan, Loan.equipment_id == Equipment.id)
        .where(Loan.appointment_id.in_(own))
    )
    for loan, serial in zip(found["loans"], session.scalars(things.order_by(Loan.id)), strict=True):
        loan["serial"] = serial
    came = (
        sa.select(Briefing.title, Briefing.held_at).join(Attendance, Attendance.briefing_id == Briefing.id)
        .where(Attendance.appointment_id.in_(own)).order_by(Briefing.held_at, Briefing.id)
    )  # fmt: skip
    found["briefings"] = [{"title": title, "held_at": at.isoformat()} for title, at in session.execute(came)]
    photo = session.scalar(sa.select(PersonPhoto.picture).where(PersonPhoto.person_id == person_id))
    found["photo"] = [{"picture": photo}] if photo else []
    return found


def _plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else getattr(value, "value", value)
