"""Assignments and visits."""

from __future__ import annotations

from datetime import UTC, datetime

from eom.deployment.models import Assignment, Team, Visit
from eom.deployment.sample_models import Sample, SampleDesign
from eom.deployment.services import drawing, teams, visits
from eom.extensions import db
from eom.missions.models.mission import Mission
from eom.observers.models import Appointment
from eom.stations.models import PollingStation
from tests.factories.observers import make_appointment
from tests.factories.stations import a_centre, a_station, an_area


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


def a_country(mission: Mission, **stations: int) -> list[PollingStation]:
    """A first-level area of each name with so many stations, three to a centre; ``abroad`` is a country abroad."""
    made = []
    for name, count in stations.items():
        area = an_area(mission, name="Argentina" if name == "abroad" else name, is_abroad=name == "abroad")
        for number in range(count):
            if number % 3 == 0:
                centre = a_centre(mission, area=area, longitude=-64.73 + number / 100)
            made.append(a_station(mission, centre=centre, registered_voters=100 + 10 * number))
    return made


def a_sample(
    mission: Mission, *, size: int = 1, name: str = "First", seed: str = "2019", **asked: object
) -> Sample:
    """A sample of the mission's first round, drawn; simple unless it is asked for otherwise."""
    wanted = drawing.Asked(**({"design": SampleDesign.SIMPLE, "size": size, "reserve": 0.5} | asked))
    return drawing.draw_sample(mission, round_=mission.rounds[0], name=name, asked=wanted, seed=seed)
