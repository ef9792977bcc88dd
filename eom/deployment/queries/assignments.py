"""Reading who is assigned where."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eom.core.errors import NotFound
from eom.core.i18n import lazy
from eom.deployment.models import Assignment, Visit
from eom.missions.models.mission import Mission
from eom.missions.models.process import Round
from eom.observers.models import OBSERVING_ROLES, Appointment, AppointmentState, Person
from eom.stations.models import Area, PollingStation, VotingCentre
from eom.stations.queries import Areas, station_within, within


def assignments(mission: Mission, areas: Areas = None) -> Any:
    """(assignment, person, station, centre, first-level area, round, visit or None) of a mission, or of areas."""
    return (
        sa.select(Assignment, Person, PollingStation, VotingCentre, Area, Round, Visit)
        .join(Appointment, Appointment.id == Assignment.appointment_id)
        .join(Person, Person.id == Appointment.person_id)
        .join(PollingStation, PollingStation.id == Assignment.polling_station_id)
        .join(VotingCentre, VotingCentre.id == PollingStation.centre_id)
        .join(Area, Area.id == VotingCentre.first_area_id)
        .join(Round, Round.id == Assignment.round_id)
        .outerjoin(
            Visit,
            sa.and_(
                Visit.polling_station_id == Assignment.polling_station_id,
                Visit.round_id == Assignment.round_id,
            ),
        )
        .where(Assignment.mission_id == mission.id, within(areas))
    )


def assignment_in(session: Session, mission: Mission, assignment_id: int, areas: Areas = None) -> Assignment:
    """An assignment of a mission. Raises NotFound, also for one to a station outside ``areas``."""
    query = sa.select(Assignment).where(Assignment.id == assignment_id, Assignment.mission_id == mission.id)
    found = session.scalar(query.where(station_within(areas, Assignment.polling_station_id)))
    if found is None:
        raise NotFound(lazy("There is nothing here, or it is not yours to see."))
    return found


def people_to_assign(session: Session, mission: Mission) -> list[tuple[int, str]]:
    """(appointment id, name) of everyone who observes in a mission and has not withdrawn, by name."""
    rows = session.execute(
        sa.select(Appointment.id, Person.given_names, Person.family_names)
        .join(Person, Person.id == Appointment.person_id)
        .where(
            Appointment.mission_id == mission.id,
            Appointment.role.in_(OBSERVING_ROLES),
            Appointment.state != AppointmentState.WITHDRAWN,
        )
        .order_by(Person.family_names, Person.given_names, Appointment.id)
    )
    return [(id_, f"{family}, {given}") for id_, given, family in rows]


def stations_by_code(
    session: Session, mission: Mission, codes: Iterable[str], areas: Areas = None
) -> dict[str, list[PollingStation]]:
    """The stations of a mission, or of some areas of it, that have one of some numbers."""
    found: dict[str, list[PollingStation]] = {}
    wanted = list(dict.fromkeys(codes))
    for start in range(0, len(wanted), 500):
        for station in session.scalars(
            sa.select(PollingStation).where(
                PollingStation.mission_id == mission.id,
                PollingStation.code.in_(wanted[start : start + 500]),
                PollingStation.is_missing.is_(False),
                station_within(areas),
            )
        ):
            found.setdefault(station.code, []).append(station)
    return found


def assigned_station_ids(session: Session, round_: Round, appointment: Appointment) -> set[int]:
    """The stations that someone is assigned to in a round."""
    return set(
        session.scalars(
            sa.select(Assignment.polling_station_id).where(
                Assignment.round_id == round_.id, Assignment.appointment_id == appointment.id
            )
        )
    )
