"""The coverage of a mission: a map, the same figures in a table, and the data behind the map."""

from __future__ import annotations

import json
from typing import Any

from flask import Blueprint, Response, jsonify, render_template, request, url_for

from eom.core.i18n import _, lazy, number
from eom.deployment import exports
from eom.deployment.queries import coverage
from eom.deployment.queries.coverage import Coverage
from eom.extensions import db
from eom.missions.models.mission import Mission
from eom.stations.country_map import country_map
from eom.stations.coverage_map import MapParts
from eom.stations.queries import centre_in
from eom.web import responses
from eom.web.access import areas, requires
from eom.web.navigation import Entry
from eom.web.urls import row_number

bp = Blueprint("coverage", __name__, url_prefix="/missions/<mission>/coverage")

MISSION_NAVIGATION = (Entry(lazy("Coverage"), "coverage.show", "coverage.read", "map", lazy("Field"), 10),)
MISSION_SUMMARIES = (Entry(lazy("Coverage"), "coverage.summary", "coverage.read", "map", order=10),)


@bp.get("")
@requires("coverage.read")
def show(mission: Mission) -> Any:
    """The map and the table of planned and visited stations."""
    round_ = coverage.round_to_show(mission, request.args.get("round"))
    rows = coverage.coverage_by_area(db.session(), mission, round_, areas("coverage.read", mission))
    if kind := request.args.get("format"):
        return responses.table_file(exports.coverage_rows(rows), f"{mission.code}-coverage", kind)
    area = next((each for each in rows if str(each.area_id) == request.args.get("area")), None)
    shade = "planned" if request.args.get("shade") == "planned" else "visited"
    home = [each for each in rows if not each.is_abroad]
    return render_template(
        "deployment/coverage.html", mission=mission, rows=rows, area=area, shade=shade, round=round_,
        rounds=sorted(mission.rounds, key=lambda each: each.polling_on),
        home=coverage.total(_("In the country"), home),
        abroad=coverage.total(_("Abroad"), (each for each in rows if each.is_abroad)),
        total=coverage.total(_("Total"), rows),
        map=_map(mission, round_, rows, area, shade) if rows else None,
    )  # fmt: skip


@bp.get("/summary")
@requires("coverage.read")
def summary(mission: Mission) -> str:
    """Planned and visited stations of the round that counts now: a part of the mission's page."""
    round_ = coverage.round_to_show(mission, None)
    rows = coverage.coverage_by_area(db.session(), mission, round_, areas("coverage.read", mission))
    return render_template(
        "deployment/_summary.html", mission=mission, total=coverage.total(_("Total"), rows)
    )


@bp.get("/points")
@requires("coverage.read")
def points(mission: Mission) -> Any:
    """The centres with coordinates and their states, for the map; 304 when nothing has changed."""
    round_ = coverage.round_to_show(mission, request.args.get("round"))
    area_id = request.args.get("area", type=row_number)
    found = coverage.points(db.session(), mission, round_, area_id, areas("coverage.read", mission))
    answer = Response(json.dumps({"points": found}, separators=(",", ":")), mimetype="application/json")
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.add_etag()
    return answer.make_conditional(request)


@bp.get("/centres/<int:centre_id>")
@requires("coverage.read")
def centre(mission: Mission, centre_id: int) -> Response:
    """A centre and how its stations stand, fetched when its point is chosen."""
    found = centre_in(db.session(), mission, centre_id, areas("coverage.read", mission))
    round_ = coverage.round_to_show(mission, request.args.get("round"))
    states = coverage.station_states(db.session(), found, round_)
    return jsonify(
        title=found.name,
        rows=[[_("Polling station %(code)s", code=each.code), _words(each)] for each in states],
        url=url_for("stations.centre", mission=mission.code, centre_id=found.id),
    )


def _words(station: coverage.StationState) -> str:
    if station.visit_count:
        return _("Visited, checklists: %(count)s", count=number(station.visit_count))
    return _("Planned") if station.is_planned else _("Not planned")


def _map(mission: Mission, round_: Any, rows: list[Coverage], area: Coverage | None, shade: str) -> MapParts:
    chosen: dict[str, Any] = {"round": round_.id if round_ else None, "area": area.area_id if area else None}
    details = url_for(".centre", mission=mission.code, centre_id=0, round=chosen["round"])
    shares = {
        each.boundary: each.planned_share if shade == "planned" else each.visited_share
        for each in rows
        if each.boundary
    }
    return country_map(
        mission.country, shares, points_url=url_for(".points", mission=mission.code, **chosen),
        details_url=details.replace("/0", "/{id}", 1), around=area.boundary if area else None,
        labels={"map": _("Map of the coverage of %(mission)s", mission=mission.code)},
    )  # fmt: skip
