"""The coverage of a mission: a map, the same figures in a table, and the data behind the map."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from flask import Blueprint, Response, jsonify, render_template, request, url_for

from eom.core.errors import InvalidInput, NotFound
from eom.core.i18n import _, day, hour, lazy, number, percent
from eom.deployment import exports, picture_map
from eom.deployment.queries import clusters, coverage, hours
from eom.deployment.queries.coverage import Coverage, View
from eom.extensions import db
from eom.missions.models.mission import Mission
from eom.missions.models.process import Round
from eom.stations import coverage_map, geography_points
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
    round_, until = _when(mission)
    rows = coverage.coverage_by_area(db.session(), mission, round_, areas("coverage.read", mission), until)
    if kind := request.args.get("format"):
        return responses.table_file(exports.coverage_rows(rows), f"{mission.code}-coverage", kind)
    area = next((each for each in rows if str(each.area_id) == request.args.get("area")), None)
    home = [each for each in rows if not each.is_abroad]
    return render_template(
        "deployment/coverage.html", mission=mission, rows=rows, area=area, shade=_shade(), round=round_,
        rounds=sorted(mission.rounds, key=lambda each: each.polling_on),
        until=hours.name_of(until) if until else None,
        hours=[(hours.name_of(each), each) for each in hours.hours_of(round_)] if round_ else [],
        home=coverage.total(_("In the country"), home),
        abroad=coverage.total(_("Abroad"), (each for each in rows if each.is_abroad)),
        total=coverage.total(_("Total"), rows),
        map=_map(mission, round_, rows, area, until) if rows else None,
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
    """The centres with coordinates and their states, for the map; 304 when nothing has changed.

    Where they are too many for a browser, only what ``bbox`` (south, west, north, east) shows at ``zoom``,
    gathered into clusters. With ``shaded`` the colours of the areas too.
    """
    round_, until = _when(mission)
    area_id, allowed = request.args.get("area", type=row_number), areas("coverage.read", mission)
    found: dict[str, Any]
    if clusters.centre_count(db.session(), mission, area_id, allowed) <= clusters.ENOUGH_FOR_THE_BROWSER:
        found = {"points": coverage.points(db.session(), mission, round_, area_id, allowed, until)}
    else:
        view = _view()
        gathered, alone = clusters.clusters(db.session(), mission, round_, view, area_id, allowed, until)
        found = {"clusters": gathered, "points": alone}
    if "shaded" in request.args:
        rows = coverage.coverage_by_area(db.session(), mission, round_, allowed, until)
        found["shades"] = {
            name: [coverage_map.shade(share), "" if share is None else percent(share)]
            for name, share in _shares(rows).items()
        }
    answer = Response(json.dumps(found, separators=(",", ":")), mimetype="application/json")
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.add_etag()
    return answer.make_conditional(request)


@bp.get("/map")
@requires("coverage.read")
def picture(mission: Mission) -> Any:
    """The map as a picture for a report: areas shaded by their share, visited and planned centres as points."""
    extension = request.args.get("format", "svg")
    if extension not in picture_map.CONTENT_TYPES:
        raise NotFound(lazy("The map is drawn as svg or png."))
    round_, until = _when(mission)
    allowed = areas("coverage.read", mission)
    rows = coverage.coverage_by_area(db.session(), mission, round_, allowed, until)
    data = picture_map.draw(
        boundaries=geography_points.first_level_boundaries(mission.country) or {"features": []},
        shares=_shares(rows), title=_picture_title(mission, round_, until), kind=extension,
        points=coverage.standing(db.session(), mission, round_, until, coverage.drawn(mission, None, allowed)).values(),
        extent=geography_points.extent(mission.country),
        words=picture_map.Words(*(str(text) for text in (
            _("Share of stations planned") if _shade() == "planned" else _("Share of stations visited"),
            _("No stations"), _("Centre planned"), _("Centre visited"),
        ))),
    )  # fmt: skip
    return responses.attachment(
        data, f"{mission.code}-coverage.{extension}", picture_map.CONTENT_TYPES[extension]
    )


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


def _when(mission: Mission) -> tuple[Round | None, datetime | None]:
    """The round that is asked for, and the hour of its polling day until which visits count."""
    round_ = coverage.round_to_show(mission, request.args.get("round"))
    return round_, hours.hour_named(round_, request.args.get("until"))


def _shade() -> str:
    return "planned" if request.args.get("shade") == "planned" else "visited"


def _view() -> View:
    """What the map shows. Raises InvalidInput when that cannot be read."""
    try:
        south, west, north, east = (float(each) for each in request.args["bbox"].split(","))
        zoom = int(request.args["zoom"])
    except (KeyError, ValueError):
        raise InvalidInput(lazy("The map needs bbox (south, west, north, east) and zoom."), "bbox") from None
    if not (
        -90 <= south <= north <= 90 and -360 <= west <= east <= 360 and 0 <= zoom <= coverage_map.MAX_ZOOM
    ):
        raise InvalidInput(lazy("What the map is to show lies outside the world."), "bbox")
    return View(south, west, north, east, zoom)


def _shares(rows: list[Coverage]) -> dict[str, float | None]:
    """The share to shade by, of each boundary."""
    is_planned = _shade() == "planned"
    return {
        each.boundary: each.planned_share if is_planned else each.visited_share
        for each in rows
        if each.boundary
    }


def _picture_title(mission: Mission, round_: Round | None, until: datetime | None) -> str:
    words = [mission.code, _("Coverage")]
    if round_ is not None:
        words.append(day(round_.polling_on))
    if until is not None:
        words.append(_("until %(hour)s", hour=hour(until)))
    return " · ".join(words)


def _map(
    mission: Mission, round_: Any, rows: list[Coverage], area: Coverage | None, until: datetime | None
) -> MapParts:
    chosen: dict[str, Any] = {
        "round": round_.id if round_ else None, "area": area.area_id if area else None,
        "until": hours.name_of(until) if until else None, "shade": _shade(),
    }  # fmt: skip
    details = url_for(".centre", mission=mission.code, centre_id=0, round=chosen["round"])
    return country_map(
        mission.country, _shares(rows), points_url=url_for(".points", mission=mission.code, **chosen),
        details_url=details.replace("/0", "/{id}", 1), around=area.boundary if area else None,
        labels={"map": _("Map of the coverage of %(mission)s", mission=mission.code)},
    )  # fmt: skip
