"""The lists of logistics, and what is still lacking in each."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from eom.core import clock
from eom.deployment.models import Team, TeamMember
from eom.logistics.models.briefings import Attendance, Briefing
from eom.logistics.models.credentials import Credential, PersonPhoto
from eom.logistics.models.movements import Direction, Hotel, Stay, Travel, TravelState
from eom.logistics.models.things import Driver, Equipment, Loan, Vehicle
from eom.logistics.queries.people import in_country, living, seen
from eom.missions.models.mission import Mission
from eom.observers.models import OBSERVING_ROLES, Appointment, AppointmentRole, AppointmentState, Person
from eom.stations.queries import Areas

FIRM = (TravelState.BOOKED, TravelState.DONE)


@cache
def joined() -> tuple[Any, Any, Any]:
    """The arrival, the departure and the card of a row of ``people``: made when all models are known."""
    return (
        aliased(Travel, name="arrival"),
        aliased(Travel, name="departure"),
        aliased(Credential, name="card"),
    )


def _member_count() -> Any:
    counted = sa.select(sa.func.count(TeamMember.id)).where(TeamMember.team_id == Vehicle.team_id)
    return counted.correlate(Vehicle).scalar_subquery()


def people(mission: Mission, areas: Areas = None) -> Any:
    """(appointment, person, arrival, departure, card, their team's name) of everyone in the country."""
    arrival, departure, card = joined()
    query = in_country(mission, areas).order_by(None)
    for travel, direction in ((arrival, Direction.ARRIVAL), (departure, Direction.DEPARTURE)):
        query = query.outerjoin(
            travel,
            sa.and_(
                travel.appointment_id == Appointment.id, travel.direction == direction,
                travel.travel_state != TravelState.CANCELLED,
            ),
        ).add_columns(travel)  # fmt: skip
    query = query.outerjoin(card, sa.and_(card.appointment_id == Appointment.id, card.revoked_at.is_(None)))
    team = (
        sa.select(Team.name).join(TeamMember, TeamMember.team_id == Team.id)
        .where(TeamMember.appointment_id == Appointment.id).correlate(Appointment).scalar_subquery()
    )  # fmt: skip
    return query.add_columns(card, team.label("team_name"))


def lacks(mission: Mission, what: str) -> sa.ColumnElement[bool]:
    """The criterion on ``people`` that someone lacks: arrival, departure, credential, photo or briefing."""
    arrival, departure, card = joined()
    criteria: dict[str, Any] = {
        "arrival": sa.or_(arrival.id.is_(None), arrival.travel_state.not_in(FIRM)),
        "departure": sa.or_(departure.id.is_(None), departure.travel_state.not_in(FIRM)),
        "credential": card.id.is_(None),
        "photo": sa.not_(sa.exists().where(PersonPhoto.person_id == Appointment.person_id)),
        "briefing": missed(mission),
    }
    return criteria[what]  # type: ignore[no-any-return]


def missed(mission: Mission) -> sa.ColumnElement[bool]:
    """The criterion that someone who observes missed a needed briefing: it was held, is not held again, and they
    came to none of its title."""
    now = clock.now()
    again, other, came = aliased(Briefing), aliased(Briefing), aliased(Attendance)
    same = sa.and_(again.mission_id == mission.id, again.title == Briefing.title, again.held_at > now)
    attended = (
        sa.select(came.id).join(other, other.id == came.briefing_id)
        .where(other.mission_id == mission.id, other.title == Briefing.title, came.appointment_id == Appointment.id)
        .correlate(Briefing, Appointment)
    )  # fmt: skip
    absent = (
        sa.select(Briefing.id)
        .where(
            Briefing.mission_id == mission.id, Briefing.is_needed, Briefing.held_at <= now,
            sa.not_(sa.select(again.id).where(same).correlate(Briefing).exists()), sa.not_(attended.exists()),
        )
        .correlate(Appointment)
    )  # fmt: skip
    return sa.and_(Appointment.role.in_(OBSERVING_ROLES), absent.exists())


def travels(mission: Mission, areas: Areas = None) -> Any:
    """(journey, person) of a mission's people who have not withdrawn."""
    return (
        sa.select(Travel, Person)
        .join(Appointment, Appointment.id == Travel.appointment_id)
        .join(Person, Person.id == Appointment.person_id)
        .where(
            Travel.mission_id == mission.id, Appointment.state != AppointmentState.WITHDRAWN, seen(mission, areas)
        )
    )  # fmt: skip


def on_day(mission: Mission, on: date) -> sa.ColumnElement[bool]:
    """The criterion that a journey is on a day of the mission's zone."""
    zone = ZoneInfo(mission.time_zone)
    first = datetime.combine(on, time(), zone)
    return sa.and_(
        Travel.travel_at >= first, Travel.travel_at < datetime.combine(on + timedelta(days=1), time(), zone)
    )


def stays(mission: Mission, areas: Areas = None) -> Any:
    """(stay, hotel, person) of a mission's people."""
    return (
        sa.select(Stay, Hotel, Person)
        .join(Hotel, Hotel.id == Stay.hotel_id)
        .join(Appointment, Appointment.id == Stay.appointment_id)
        .join(Person, Person.id == Appointment.person_id)
        .where(Stay.mission_id == mission.id, seen(mission, areas))
    )


def hotels(mission: Mission) -> Any:
    """(hotel, how many people have nights there) of a mission."""
    guests = (
        sa.select(sa.func.count(sa.distinct(Stay.appointment_id))).where(Stay.hotel_id == Hotel.id)
        .correlate(Hotel).scalar_subquery()
    )  # fmt: skip
    return sa.select(Hotel, guests.label("guest_count")).where(Hotel.mission_id == mission.id)


def vehicles(mission: Mission) -> Any:
    """(vehicle, team, driver, members of the team) of a mission."""
    return (
        sa.select(Vehicle, Team, Driver, _member_count().label("member_count"))
        .outerjoin(Team, Team.id == Vehicle.team_id)
        .outerjoin(Driver, Driver.id == Vehicle.driver_id)
        .where(Vehicle.mission_id == mission.id)
    )


def vehicle_lacks(what: str) -> sa.ColumnElement[bool]:
    """The criterion on ``vehicles`` that one lacks: a driver, a team, or seats for its team."""
    drives = (
        sa.select(TeamMember.id).join(Appointment, Appointment.id == TeamMember.appointment_id)
        .where(TeamMember.team_id == Vehicle.team_id, Appointment.role == AppointmentRole.DRIVER)
        .correlate(Vehicle).exists()
    )  # fmt: skip
    same = aliased(Vehicle)
    room = (
        sa.select(sa.func.sum(same.seats))
        .where(same.team_id == Vehicle.team_id)
        .correlate(Vehicle)
        .scalar_subquery()
    )
    hired = sa.case((sa.and_(Vehicle.driver_id.is_not(None), sa.not_(drives)), 1), else_=0)
    criteria: dict[str, Any] = {
        "driver": sa.and_(Vehicle.driver_id.is_(None), sa.not_(drives)),
        "team": Vehicle.team_id.is_(None),
        "seats": sa.and_(Vehicle.team_id.is_not(None), _member_count() + hired > room),
    }
    return criteria[what]  # type: ignore[no-any-return]


def drivers(mission: Mission) -> Any:
    """(driver, the plate of one of their vehicles) of a mission."""
    plate = (
        sa.select(sa.func.min(Vehicle.plate))
        .where(Vehicle.driver_id == Driver.id)
        .correlate(Driver)
        .scalar_subquery()
    )
    return sa.select(Driver, plate.label("plate")).where(Driver.mission_id == mission.id)


def equipment(mission: Mission) -> Any:
    """(thing, its open loan, who has it) of a mission."""
    return (
        sa.select(Equipment, Loan, Person)
        .outerjoin(Loan, sa.and_(Loan.equipment_id == Equipment.id, Loan.returned_on.is_(None)))
        .outerjoin(Appointment, Appointment.id == Loan.appointment_id)
        .outerjoin(Person, Person.id == Appointment.person_id)
        .where(Equipment.mission_id == mission.id)
    )


def credentials(mission: Mission, areas: Areas = None) -> Any:
    """(card, appointment, person) of a mission, revoked ones too."""
    return (
        sa.select(Credential, Appointment, Person)
        .join(Appointment, Appointment.id == Credential.appointment_id)
        .join(Person, Person.id == Appointment.person_id)
        .where(Credential.mission_id == mission.id, seen(mission, areas))
    )


def briefings(mission: Mission) -> Any:
    """(briefing, how many came) of a mission."""
    came = (
        sa.select(sa.func.count(Attendance.id)).where(Attendance.briefing_id == Briefing.id)
        .correlate(Briefing).scalar_subquery()
    )  # fmt: skip
    return sa.select(Briefing, came.label("came_count")).where(Briefing.mission_id == mission.id)


def invited(mission: Mission) -> Any:
    """(appointment, person) of whom a briefing is for, by name."""
    return living(mission)
