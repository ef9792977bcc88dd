"""What a plan is made from: teams with base and languages, stations with their place, areas that nobody enters."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session, contains_eager, joinedload

from eom.deployment import no_go_shapes
from eom.deployment.models import Assignment, Team, TeamMember
from eom.deployment.plan_models import NoGoArea, Plan, PlanStop, TeamArea
from eom.deployment.plan_rules import Rules, minute_of
from eom.deployment.routing import Crew, Stop
from eom.deployment.routing_reasons import Reason
from eom.missions.models.mission import Mission
from eom.missions.models.process import Round
from eom.observers.models import Appointment, AppointmentState
from eom.stations.models import Area, PollingStation, VotingCentre
from eom.stations.queries import Areas, within

# Hours of a team that has told none: before the opening, and after the count, in minutes.
EARLY, LATE = 150, 180
MOST_STATIONS = 2000


@dataclass(frozen=True)
class Material:
    """Teams and stations that a search can use, and why the others cannot be: by id of station, of team."""

    crews: list[Crew]
    stops: list[Stop]
    left_stations: dict[int, Reason]
    left_teams: dict[int, Reason]


def material(session: Session, plan: Plan) -> Material:
    """Everything that a plan's search needs, in few queries."""
    rules = Rules.of(plan.parameters)
    crews, left_teams = _crews(session, plan.mission_id, rules)
    stops, left_stations = _stops(session, plan, rules)
    return Material(crews, stops, left_stations, left_teams)


def _crews(session: Session, mission_id: int, rules: Rules) -> tuple[list[Crew], dict[int, Reason]]:
    query = sa.select(Team).where(Team.mission_id == mission_id).order_by(Team.name, Team.id)
    if rules.teams:
        query = query.where(Team.id.in_(rules.teams))
    teams = list(session.scalars(query.options(_people())))
    limits: dict[int, set[int]] = {}
    for team_id, area_id in session.execute(
        sa.select(TeamArea.team_id, TeamArea.area_id).where(TeamArea.team_id.in_([each.id for each in teams]))
    ):
        limits.setdefault(team_id, set()).add(area_id)
    crews, left = [], {}
    for team in teams:
        if team.latitude is None or team.longitude is None:
            left[team.id] = Reason("no_base")
        elif not _observers(team):
            left[team.id] = Reason("nobody_observes")
        else:
            crews.append(_crew(team, rules, limits.get(team.id)))
    return crews, left


def _people() -> sa.orm.interfaces.ORMOption:
    return sa.orm.selectinload(Team.members).joinedload(TeamMember.appointment).joinedload(Appointment.person)


def _observers(team: Team) -> list[Appointment]:
    people = [each.appointment for each in team.members]
    return [
        each for each in people if each.role.is_observing and each.state is not AppointmentState.WITHDRAWN
    ]


def _crew(team: Team, rules: Rules, areas: set[int] | None) -> Crew:
    spoken = {code for each in team.members for code in each.appointment.person.languages}
    return Crew(
        team.id, float(team.latitude or 0), float(team.longitude or 0),
        minute_of(team.starts_at) if team.starts_at else max(rules.opens - EARLY, 0),
        minute_of(team.ends_at) if team.ends_at else rules.closes + rules.counting + LATE,
        bool(team.vehicle), frozenset(spoken), frozenset(areas) if areas else None,
    )  # fmt: skip


def _stops(session: Session, plan: Plan, rules: Rules) -> tuple[list[Stop], dict[int, Reason]]:
    rows = session.execute(
        sa.select(PlanStop, PollingStation, VotingCentre)
        .join(PollingStation, PollingStation.id == PlanStop.polling_station_id)
        .join(VotingCentre, VotingCentre.id == PollingStation.centre_id)
        .where(PlanStop.plan_id == plan.id)
        .order_by(PlanStop.polling_station_id)
    ).all()
    above = area_paths(session, plan.mission_id)
    closed = no_go(session, plan.mission_id, plan.round.polling_on, [centre for _s, _p, centre in rows])
    stops, left = [], {}
    for kept, station, centre in rows:
        if centre.id in closed:
            left[station.id] = Reason("no_go", {"area": closed[centre.id].id})
        elif centre.latitude is None or centre.longitude is None:
            left[station.id] = Reason("no_place")
        else:
            areas = above.get(centre.area_id, frozenset())
            language = next(
                (code for id_, code in (rules.languages or {}).items() if int(id_) in areas), None
            )
            stops.append(
                Stop(station.id, centre.latitude, centre.longitude, areas, language, kept.fixed_team_id)
            )
    return stops, left


def area_paths(session: Session, mission_id: int) -> dict[int, frozenset[int]]:
    """Each area of a mission with the ids of itself and all above it."""
    rows = session.execute(sa.select(Area.id, Area.parent_id).where(Area.mission_id == mission_id))
    parents: dict[int, int | None] = {id_: parent for id_, parent in rows.tuples()}  # noqa: C416 - a row is no pair
    found: dict[int, frozenset[int]] = {}
    for id_ in parents:
        path: set[int] = set()
        at: int | None = id_
        while at is not None and at not in path:
            path.add(at)
            at = parents.get(at)
        found[id_] = frozenset(path)
    return found


def no_go(
    session: Session, mission_id: int, on: date, centres: Iterable[VotingCentre]
) -> dict[int, NoGoArea]:
    """The centres, by id, that lie where nobody goes on a day, with the first such area by name."""
    areas = no_go_areas_on(session, mission_id, on)
    if not areas:
        return {}
    listed = list({each.id: each for each in centres}.values())
    above = area_paths(session, mission_id)
    placed = [each for each in listed if each.latitude is not None and each.longitude is not None]
    points = [(float(each.latitude or 0), float(each.longitude or 0)) for each in placed]
    found: dict[int, NoGoArea] = {}
    for area in areas:
        if area.area_id is not None:
            hit = [each.id for each in listed if area.area_id in above.get(each.area_id, ())]
        else:
            within_shape = no_go_shapes.inside(area.shape or {}, points) if points else []
            hit = [each.id for each, is_in in zip(placed, within_shape, strict=True) if is_in]
        for id_ in hit:
            found.setdefault(id_, area)
    return found


def no_go_areas_on(session: Session, mission_id: int, on: date) -> Sequence[NoGoArea]:
    """The areas of a mission that nobody enters on a day, by name."""
    return session.scalars(
        sa.select(NoGoArea)
        .where(
            NoGoArea.mission_id == mission_id,
            sa.or_(NoGoArea.starts_on.is_(None), NoGoArea.starts_on <= on),
            sa.or_(NoGoArea.ends_on.is_(None), NoGoArea.ends_on >= on),
        )
        .order_by(NoGoArea.name, NoGoArea.id)
    ).all()


def assigned_stations(
    session: Session, mission: Mission, round_: Round, areas: Areas = None
) -> list[PollingStation]:
    """The stations that somebody is assigned to in a round."""
    assigned = sa.select(Assignment.polling_station_id).where(
        Assignment.mission_id == mission.id, Assignment.round_id == round_.id
    )
    return _present(session, mission, PollingStation.id.in_(assigned), areas)


def stations_in(
    session: Session, mission: Mission, area_ids: Sequence[int], areas: Areas = None
) -> list[PollingStation]:
    """The stations that lie in some areas; at most one more than a plan may have."""
    return _present(session, mission, within(area_ids), areas)


def _present(
    session: Session, mission: Mission, criterion: sa.ColumnElement[bool], areas: Areas
) -> list[PollingStation]:
    return list(
        session.scalars(
            sa.select(PollingStation)
            .join(PollingStation.centre)
            .options(contains_eager(PollingStation.centre))
            .where(
                PollingStation.mission_id == mission.id,
                PollingStation.is_missing.is_(False),
                criterion,
                within(areas),
            )
            .order_by(PollingStation.id)
            .limit(MOST_STATIONS + 1)
        )
    )


def languages_of_observers(session: Session, mission: Mission) -> list[str]:
    """The codes of the languages that somebody of a mission speaks."""
    people = session.scalars(
        sa.select(Appointment)
        .where(Appointment.mission_id == mission.id)
        .options(joinedload(Appointment.person))
    )
    return sorted({code for each in people for code in each.person.languages})
