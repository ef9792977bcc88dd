"""Assignments and visits."""

from __future__ import annotations

from datetime import UTC, datetime

from eom.deployment.models import Assignment, Team, Visit
from eom.deployment.services import teams, visits
from eom.extensions import db
from eom.missions.models.mission import Mission
from eom.observers.models import Appointment
from eom.stations.models import PollingStation
from tests.factories.observers import make_appointment
from tests.factories.stations import a_station


def an_assignment(
    mission: Mission, *, station: PollingStation | None = None, appointment: Appointment | None = None
) -> Assignment:
    """Someone at a station in the mission's first round."""
    station = station or a_station(mission)
    appointment = appointment or make_appointment(mission)
    made = Assignment(
        mission_id=mission.id, round_id=mission.rounds[0].id, appointment_id=appointment.id,
        polling_station_id=station.id,
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    return made


def a_team(mission: Mission, *members: Appointment, name: str = "Norte 1", **more: object) -> Team:
    """A team, led by the first of its members."""
    lead = members[0].id if members else None
    return teams.make_team(mission, name=name, members=[each.id for each in members], lead=lead, **more)


def a_visit(
    mission: Mission, station: PollingStation, at: datetime = datetime(2019, 10, 20, 13, tzinfo=UTC)
) -> Visit:
    """A checklist that came from a station in the mission's first round."""
    return visits.record_visit(
        mission_id=mission.id, round_id=mission.rounds[0].id, polling_station_id=station.id,
        at=at,
    )  # fmt: skip
