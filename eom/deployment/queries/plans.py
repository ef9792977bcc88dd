"""Reading plans: their routes and stations, what stands in the way, what an adopted one tells each team."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from eom.core.errors import NotFound
from eom.core.i18n import lazy, sort_key
from eom.core.jobs import Job, JobState
from eom.deployment.models import Assignment, Team, TeamMember
from eom.deployment.plan_models import NoGoArea, Plan, PlanRoute, PlanState, PlanStop, TeamArea
from eom.missions.models.mission import Mission
from eom.missions.models.process import Round
from eom.observers.models import Appointment, Person
from eom.stations.models import Area, PollingStation, VotingCentre
from eom.stations.queries import Areas, within


@dataclass(frozen=True)
class StopRow:
    """A station of a plan with its centre."""

    stop: PlanStop
    station: PollingStation
    centre: VotingCentre


@dataclass(frozen=True)
class TeamDay:
    """A team's route with its stations in order."""

    route: PlanRoute
    stops: tuple[StopRow, ...]


def plans(mission: Mission) -> Any:
    """(plan, round, stations, those with a team) of a mission."""
    counted = sa.select(sa.func.count(PlanStop.id)).where(PlanStop.plan_id == Plan.id).correlate(Plan)
    return (
        sa.select(
            Plan, Round, counted.scalar_subquery().label("station_count"),
            counted.where(PlanStop.route_id.is_not(None)).scalar_subquery().label("served_count"),
        )
        .join(Round, Round.id == Plan.round_id)
        .where(Plan.mission_id == mission.id)
    )  # fmt: skip


def is_running(session: Session, plan: Plan) -> bool:
    """Whether a search for the plan goes on: one that broke off does not."""
    if plan.state is not PlanState.COMPUTING or plan.job_id is None:
        return False
    state = session.scalar(sa.select(Job.state).where(Job.id == plan.job_id))
    return state in (JobState.WAITING, JobState.RUNNING)


def plan_names(session: Session, mission: Mission) -> list[tuple[int, str]]:
    """(id, name) of the plans of a mission, by name."""
    rows = session.execute(
        sa.select(Plan.id, Plan.name).where(Plan.mission_id == mission.id).order_by(Plan.name)
    )
    return [(id_, name) for id_, name in rows]


def stops_by_station(session: Session, plan: Plan) -> dict[int, PlanStop]:
    """The stations of a plan by the id of the polling station."""
    rows = session.scalars(sa.select(PlanStop).where(PlanStop.plan_id == plan.id))
    return {each.polling_station_id: each for each in rows}


def route_rows(session: Session, plan: Plan) -> Sequence[PlanRoute]:
    """The routes of a plan with their teams, by the teams' names."""
    return session.scalars(
        sa.select(PlanRoute)
        .join(Team, Team.id == PlanRoute.team_id)
        .where(PlanRoute.plan_id == plan.id)
        .options(joinedload(PlanRoute.team))
        .order_by(Team.name, Team.id)
    ).all()


def stop_rows(session: Session, plan: Plan, areas: Areas = None) -> list[StopRow]:
    """The stations of a plan in the order of their routes; those without one last, by number."""
    rows = session.execute(
        sa.select(PlanStop, PollingStation, VotingCentre)
        .join(PollingStation, PollingStation.id == PlanStop.polling_station_id)
        .join(VotingCentre, VotingCentre.id == PollingStation.centre_id)
        .where(PlanStop.plan_id == plan.id, within(areas))
        .order_by(
            PlanStop.route_id.is_(None),
            PlanStop.route_id,
            PlanStop.position,
            PollingStation.code,
            PlanStop.id,
        )
    )
    return [StopRow(*row) for row in rows]


def team_days(session: Session, plan: Plan, areas: Areas = None) -> tuple[list[TeamDay], list[StopRow]]:
    """The routes of a plan by team, and the stations without one; of some areas or of all."""
    stops = stop_rows(session, plan, areas)
    held: dict[int | None, list[StopRow]] = {}
    for each in stops:
        held.setdefault(each.stop.route_id, []).append(each)
    days = [TeamDay(route, tuple(held.get(route.id, ()))) for route in route_rows(session, plan)]
    return days, held.get(None, [])


def stop_in(session: Session, plan: Plan, stop_id: int, areas: Areas = None) -> StopRow:
    """A station of a plan. Raises NotFound, also outside ``areas``."""
    found = next((each for each in stop_rows(session, plan, areas) if each.stop.id == stop_id), None)
    if found is None:
        raise NotFound(lazy("There is nothing here, or it is not yours to see."))
    return found


def day_of(session: Session, plan: Plan, team_id: int, areas: Areas = None) -> TeamDay:
    """A team's day in a plan. Raises NotFound for a team that is not in it."""
    days, _left = team_days(session, plan, areas)
    found = next((each for each in days if each.route.team_id == team_id), None)
    if found is None:
        raise NotFound(lazy("There is nothing here, or it is not yours to see."))
    return found


def ordered_stations(session: Session, plan: Plan) -> list[tuple[int, int]]:
    """(team's id, station's id) of a plan in the order of each route."""
    rows = session.execute(
        sa.select(PlanRoute.team_id, PlanStop.polling_station_id)
        .join(PlanRoute, PlanRoute.id == PlanStop.route_id)
        .where(PlanStop.plan_id == plan.id)
        .order_by(PlanRoute.team_id, PlanStop.position)
    )
    return [(team_id, station_id) for team_id, station_id in rows]


def adopted_plan(session: Session, round_id: int) -> Plan | None:
    """The plan that is adopted for a round."""
    return session.scalar(
        sa.select(Plan).where(Plan.round_id == round_id, Plan.state == PlanState.ADOPTED).order_by(Plan.id)
    )


def assignments_of_teams(session: Session, round_id: int, team_ids: Sequence[int]) -> Sequence[Assignment]:
    """What the people of some teams are assigned to in a round."""
    return session.scalars(
        sa.select(Assignment)
        .join(TeamMember, TeamMember.appointment_id == Assignment.appointment_id)
        .where(Assignment.round_id == round_id, TeamMember.team_id.in_(team_ids))
        .order_by(Assignment.id)
    ).all()


@dataclass(frozen=True)
class PlannedStop:
    """When a person is to be at a station: minutes after midnight of the polling day; the place in the day from 1."""

    polling_station_id: int
    position: int
    arrives: int
    leaves: int
    part: str


def planned_for(session: Session, mission: Mission, user_id: int) -> dict[int, PlannedStop]:
    """The stations of a person's team in adopted plans, by id; the newest polling day's where there are several."""
    rows = session.execute(
        sa.select(
            PlanStop.polling_station_id, PlanStop.position, PlanStop.arrives, PlanStop.leaves, PlanStop.part
        )
        .join(PlanRoute, PlanRoute.id == PlanStop.route_id)
        .join(Plan, Plan.id == PlanRoute.plan_id)
        .join(Round, Round.id == Plan.round_id)
        .join(TeamMember, TeamMember.team_id == PlanRoute.team_id)
        .join(Appointment, Appointment.id == TeamMember.appointment_id)
        .join(Person, Person.id == Appointment.person_id)
        .where(Plan.mission_id == mission.id, Plan.state == PlanState.ADOPTED, Person.user_id == user_id)
        .order_by(Round.polling_on, PlanStop.position)
    )
    return {
        row[0]: PlannedStop(row[0], row[1] or 0, row[2] or 0, row[3] or 0, row[4] or "visit") for row in rows
    }


def team_area_ids(session: Session, team: Team) -> list[int]:
    """The ids of the areas that a team keeps to."""
    return list(
        session.scalars(
            sa.select(TeamArea.area_id).where(TeamArea.team_id == team.id).order_by(TeamArea.area_id)
        )
    )


def team_area_names(session: Session, team: Team) -> list[str]:
    """The names of the areas that a team keeps to."""
    kept = session.scalars(
        sa.select(Area)
        .join(TeamArea, TeamArea.area_id == Area.id)
        .where(TeamArea.team_id == team.id)
        .order_by(Area.name)
    )
    return [str(each.words) for each in kept]


def no_go_areas(session: Session, mission: Mission) -> Sequence[NoGoArea]:
    """Where nobody of a mission goes, by name."""
    return session.scalars(
        sa.select(NoGoArea)
        .where(NoGoArea.mission_id == mission.id)
        .options(joinedload(NoGoArea.area))
        .order_by(NoGoArea.name, NoGoArea.id)
    ).all()


def areas_to_close(session: Session, mission: Mission) -> list[tuple[int, str]]:
    """(id, name with those above it) of the areas of a mission down to the third level, by that name."""
    areas = {
        each.id: each
        for each in session.scalars(
            sa.select(Area).where(Area.mission_id == mission.id, Area.is_missing.is_(False))
        )
    }
    named = [(each.id, " / ".join(_path(each, areas))) for each in areas.values()]
    return sorted(named, key=lambda each: (sort_key(each[1]), each[0]))


def _path(area: Area, areas: dict[int, Area]) -> list[str]:
    names, at = [str(area.words)], area.parent_id
    while at is not None and at in areas and len(names) < 5:
        names.insert(0, str(areas[at].words))
        at = areas[at].parent_id
    return names
