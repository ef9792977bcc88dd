"""A team's day as a page to print and as files for a navigation device and a calendar."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, render_template, request

from eom.core import clock
from eom.core.i18n import _, day
from eom.deployment import itinerary_files, route_map
from eom.deployment.itinerary_files import Call
from eom.deployment.plan_models import Plan
from eom.deployment.plan_words import PARTS
from eom.deployment.queries import plans as queries
from eom.deployment.queries import teams
from eom.deployment.queries.plans import TeamDay
from eom.deployment.views.plan_pages import Words
from eom.deployment.views.plans import plan_in
from eom.extensions import db
from eom.missions.models.mission import Mission
from eom.stations import geography_points
from eom.web import responses
from eom.web.access import areas, requires

bp = Blueprint(
    "itineraries", __name__, url_prefix="/missions/<mission>/plans/<int:plan_id>/teams/<int:team_id>"
)


@bp.get("")
@requires("deployment.read")
def show(mission: Mission, plan_id: int, team_id: int) -> str:
    """The page to print: map, times, stations, who is in the team."""
    plan = plan_in(mission, plan_id)
    found = queries.day_of(db.session(), plan, team_id, areas("deployment.read", mission))
    team = found.route.team
    return render_template(
        "deployment/plans/itinerary.html", mission=mission, plan=plan, team=team,
        day=Words(mission).day(1, found), members=teams.members_of(db.session(), team),
        map=_map(mission, found), no_go=queries.no_go_areas(db.session(), mission),
    )  # fmt: skip


def _map(mission: Mission, found: TeamDay) -> Any:
    team = found.route.team
    base = None if team.latitude is None else (float(team.latitude), float(team.longitude or 0))
    stops = [
        (float(each.centre.latitude), float(each.centre.longitude))
        for each in found.stops
        if each.centre.latitude is not None and each.centre.longitude is not None
    ]
    return route_map.route_svg(
        base, stops, geography_points.first_level_boundaries(mission.country),
        _("Map of the way of team %(name)s", name=team.name), team.base or _("Base"),
    )  # fmt: skip


@bp.get("/route.gpx")
@requires("deployment.read")
def gpx(mission: Mission, plan_id: int, team_id: int) -> Any:
    """The day for a navigation device."""
    plan, found = _found(mission, plan_id, team_id)
    data = itinerary_files.gpx(_title(plan, found), _calls(mission, plan, found))
    return responses.attachment(data, f"{_name(mission, found)}.gpx", "application/gpx+xml")


@bp.get("/route.ics")
@requires("deployment.read")
def ics(mission: Mission, plan_id: int, team_id: int) -> Any:
    """The day for a calendar."""
    plan, found = _found(mission, plan_id, team_id)
    host = request.host.split(":")[0]
    data = itinerary_files.ics(
        _title(plan, found), _calls(mission, plan, found), host=host, made_at=clock.now()
    )
    return responses.attachment(data, f"{_name(mission, found)}.ics", "text/calendar; charset=utf-8")


def _found(mission: Mission, plan_id: int, team_id: int) -> tuple[Plan, TeamDay]:
    plan = plan_in(mission, plan_id)
    return plan, queries.day_of(db.session(), plan, team_id, areas("deployment.read", mission))


def _title(plan: Plan, found: TeamDay) -> str:
    return _("Team %(name)s", name=found.route.team.name) + f", {day(plan.round.polling_on)}"


def _name(mission: Mission, found: TeamDay) -> str:
    return f"{mission.code}-{found.route.team.name}"


def _calls(mission: Mission, plan: Plan, found: TeamDay) -> list[Call]:
    zone = ZoneInfo(plan.round.time_zone)
    midnight = datetime.combine(plan.round.polling_on, datetime.min.time(), zone).astimezone(UTC)
    return [
        Call(
            f"plan-{mission.code}-{plan.round_id}-{found.route.team_id}-{each.station.id}",
            f"{each.stop.position}. {each.station.code} · {each.centre.name}",
            " · ".join(str(part) for part in (PARTS.get(each.stop.part or "", ""), each.centre.locality, each.centre.address) if part),
            midnight + timedelta(minutes=each.stop.arrives or 0), midnight + timedelta(minutes=each.stop.leaves or 0),
            float(each.centre.latitude), float(each.centre.longitude or 0),
        )
        for each in found.stops
        if each.centre.latitude is not None
    ]  # fmt: skip
