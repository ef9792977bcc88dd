"""The coverage of a mission: a map, the same figures in a table, and the data behind the map."""

from __future__ import annotations

import json
from typing import Any

from flask import Blueprint, Response, current_app, jsonify, render_template, request, url_for

from eom.core.i18n import _, lazy, number
from eom.deployment import exports
from eom.deployment.queries import coverage
from eom.deployment.queries.coverage import Coverage
from eom.extensions import db
from eom.missions.models.mission import Mission
from eom.stations import coverage_map, geography_points
from eom.stations.queries import centre_in
from eom.web import responses, security
from eom.web.access import areas, requires
from eom.web.assets import asset
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


def _map(
    mission: Mission, round_: Any, rows: list[Coverage], area: Coverage | None, shade: str
) -> coverage_map.MapParts:
    settings = current_app.extensions["eom_settings"]
    boundaries = geography_points.first_level_boundaries(mission.country)
    shaded = _shaded(boundaries, rows, shade) if boundaries else None
    chosen: dict[str, Any] = {"round": round_.id if round_ else None, "area": area.area_id if area else None}
    details = url_for(".centre", mission=mission.code, centre_id=0, round=chosen["round"])
    if settings.tile_url:
        security.allow(img_src=[coverage_map.tile_origin(settings.tile_url)])
    return coverage_map.render_map(
        shaded, url_for(".points", mission=mission.code, **chosen), details.replace("/0", "/{id}", 1),
        _bounds(mission, shaded, area), {"map": _("Map of the coverage of %(mission)s", mission=mission.code)},
        asset_url=asset, tile_url=settings.tile_url, tile_attribution=settings.tile_attribution,
    )  # fmt: skip


def _shaded(boundaries: dict[str, Any], rows: list[Coverage], shade: str) -> dict[str, Any]:
    """The boundaries with the share of their area."""
    by_boundary = {each.boundary: each for each in rows if each.boundary}
    features = []
    for feature in boundaries["features"]:
        row = by_boundary.get(feature["properties"]["name"])
        share = row and (row.planned_share if shade == "planned" else row.visited_share)
        properties = {"name": feature["properties"]["name"], "share": share}
        features.append({"type": "Feature", "properties": properties, "geometry": feature["geometry"]})
    return {"type": "FeatureCollection", "features": features}


def _bounds(mission: Mission, shaded: dict[str, Any] | None, area: Coverage | None) -> Any:
    """What the map shows first, ((south, west), (north, east)): the chosen area, else the country."""
    if area and area.boundary and shaded:
        for feature in shaded["features"]:
            if feature["properties"]["name"] == area.boundary:
                pairs = list(_pairs(feature["geometry"]["coordinates"]))
                return (
                    (min(y for _x, y in pairs), min(x for x, _y in pairs)),
                    (max(y for _x, y in pairs), max(x for x, _y in pairs)),
                )
    box = geography_points.extent(mission.country)
    return ((box[1], box[0]), (box[3], box[2])) if box else None


def _pairs(coordinates: Any) -> Any:
    if isinstance(coordinates[0], int | float):
        yield coordinates[0], coordinates[1]
        return
    for each in coordinates:
        yield from _pairs(each)
