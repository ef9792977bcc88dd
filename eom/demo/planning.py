"""The bases of the teams of BOL-2019, an area where nobody goes, and a plan of the polling day. All invented."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from eom.deployment.models import Selection
from eom.deployment.plan_models import Plan
from eom.deployment.plan_rules import Rules
from eom.deployment.queries import planning
from eom.deployment.routing_reasons import nearest_team
from eom.deployment.services import no_go, plans
from eom.extensions import db
from eom.missions.models.mission import Mission
from eom.stations.models import PollingStation

RULES = Rules(visit=30, opening=30, counting=90, seconds=20)
# The search of the demonstration ends after so many solutions, on a machine of any speed at the same one.
SOLUTIONS = 400
# West, south, east, north, in degrees.
CUT_OFF = (-69.0, -15.0, -67.9, -14.2)


def base_of(stations: Sequence[PollingStation]) -> dict[str, Any]:
    """Where a team sleeps: the centre nearest to the middle of its stations, and what it drives."""
    centres = [each.centre for each in stations if each.centre.latitude is not None]
    if not centres:
        return {}
    latitude = sorted(each.latitude or 0 for each in centres)[len(centres) // 2]
    longitude = sorted(each.longitude or 0 for each in centres)[len(centres) // 2]
    nearest = min(
        centres,
        key=lambda each: (
            ((each.latitude or 0) - latitude) ** 2 + ((each.longitude or 0) - longitude) ** 2,
            each.id,
        ),
    )
    return {
        "base": (nearest.locality or nearest.name)[:160], "latitude": nearest.latitude, "longitude": nearest.longitude,
        "vehicle": "4x4 (invented)",
    }  # fmt: skip


def plan_the_day(mission: Mission) -> Plan:
    """A plan for everything that is assigned in the country, computed, not adopted: the reader may compare, change and adopt it."""
    from eom.deployment.routing_solving import solve

    west, south, east, north = CUT_OFF
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    no_go.make_no_go(
        mission, name="Road to Apolo (invented)", reason="Landslides have cut the road; nobody drives there.",
        geojson=json.dumps({"type": "Polygon", "coordinates": [ring]}),
    )  # fmt: skip
    round_ = mission.rounds[0]
    assigned = planning.assigned_stations(db.session(), mission, round_)
    stations = [each for each in assigned if not each.centre.is_abroad]
    plan = plans.make_plan(
        mission, round_=round_, name="Polling day", stations=stations, rules=RULES, selection=Selection.RANDOM
    )
    material = planning.material(db.session(), plan)
    problem = plans.problem_of(material, RULES)
    found = solve(problem, RULES.seconds, nearest_team(problem), solution_limit=SOLUTIONS)
    plans.keep_outcome(plan, plans.outcome_of(problem, found, material))
    return plan
