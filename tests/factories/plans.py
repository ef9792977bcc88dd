"""Plans of a polling day, computed without a search, and areas where nobody goes."""

from __future__ import annotations

from eom.deployment.models import Team
from eom.deployment.plan_models import NoGoArea, Plan
from eom.deployment.plan_rules import Rules
from eom.deployment.queries import planning
from eom.deployment.routing import Solution
from eom.deployment.services import no_go, plans
from eom.extensions import db
from eom.missions.models.mission import Mission
from eom.stations.models import PollingStation
from tests.factories.stations import a_station

BASE = {"latitude": -16.5, "longitude": -68.15, "vehicle": "4x4", "base": "La Paz"}
SHAPE = '{"type": "Polygon", "coordinates": [[[-65, -20], [-64, -20], [-64, -19], [-65, -19], [-65, -20]]]}'


def a_plan(
    mission: Mission, *stations: PollingStation, name: str = "Plan A", rules: Rules | None = None
) -> Plan:
    """A plan of the mission's first round, not computed."""
    stations = stations or (a_station(mission),)
    return plans.make_plan(
        mission, round_=mission.rounds[0], name=name, stations=stations, rules=rules or Rules(seconds=1)
    )


def a_computed_plan(mission: Mission, *teams: Team, stations=(), name: str = "Plan A", orders=None) -> Plan:
    """A plan whose stations are given to the teams in turn (or as ``orders`` says, by team), with their times."""
    plan = a_plan(mission, *stations, name=name)
    material = planning.material(db.session(), plan)
    problem = plans.problem_of(material, Rules.of(plan.parameters))
    given: dict[int, list[int]] = {each.id: [] for each in material.crews}
    for number, stop in enumerate(material.stops):
        if material.crews and orders is None:
            given[material.crews[number % len(material.crews)].id].append(stop.id)
    solution = Solution({team: tuple(order) for team, order in (orders or given).items()})
    plans.keep_outcome(plan, plans.outcome_of(problem, solution, material))
    db.session.expire(plan)
    return plan


def a_no_go(mission: Mission, *, name: str = "Landslide", **more: object) -> NoGoArea:
    """An area where nobody goes: a square, unless told otherwise."""
    where = more or {"geojson": SHAPE}
    return no_go.make_no_go(mission, name=name, reason="The road is cut", **where)
