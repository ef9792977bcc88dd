"""The stations and centres of a mission, as lists and pages."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request, url_for

from eom.core.i18n import lazy
from eom.extensions import db
from eom.missions.models.mission import Mission
from eom.stations import exports, queries
from eom.web import responses
from eom.web.access import areas, requires
from eom.web.navigation import Entry

bp = Blueprint("stations", __name__, url_prefix="/missions/<mission>/stations")

MISSION_NAVIGATION = (
    Entry(lazy("Polling stations"), "stations.index", "station.read", "building", lazy("Field"), 20),
)


@bp.get("")
@requires("station.read")
def index(mission: Mission) -> Any:
    """The polling stations."""
    session = db.session()
    limit = areas("station.read", mission)
    definition = exports.stations(
        session, mission, _link(mission), in_full="format" in request.args, areas=limit
    )
    if (file := responses.download(definition, f"{mission.code}-stations")) is not None:
        return file
    listing = definition.show(session, request.path, request.args)
    # The register's figures stand on the first page of the whole list only.
    whole = listing.page == 1 and not listing.is_filtered
    return render_template(
        "stations/index.html", mission=mission, listing=listing, last=queries.last_import(session, mission),
        figures=queries.register_figures(session, mission, limit) if whole else None,
    )  # fmt: skip


@bp.get("/centres")
@requires("station.read")
def centres(mission: Mission) -> Any:
    """The voting centres."""
    session = db.session()
    definition = exports.centres(session, mission, _link(mission), areas=areas("station.read", mission))
    return responses.listed(definition, f"{mission.code}-centres", "stations/centres.html", mission=mission)


@bp.get("/centres/<int:centre_id>")
@requires("station.read")
def centre(mission: Mission, centre_id: int) -> Any:
    """One voting centre with its stations."""
    session = db.session()
    found = queries.centre_in(session, mission, centre_id, areas("station.read", mission))
    return render_template(
        "stations/centre.html", mission=mission, centre=found, stations=queries.stations_of(session, found),
        areas=queries.path_of(session, found.area),
    )  # fmt: skip


def _link(mission: Mission) -> Any:
    return lambda id_: url_for("stations.centre", mission=mission.code, centre_id=id_)
