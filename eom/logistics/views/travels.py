"""Arrivals and departures."""

from __future__ import annotations

from functools import partial
from typing import Any

from flask import Blueprint, request, url_for

from eom.core.db import get_in
from eom.core.i18n import _
from eom.extensions import db
from eom.logistics.exports import lists as exports
from eom.logistics.forms.movements import TravelForm
from eom.logistics.models.movements import Travel
from eom.logistics.services import travelling
from eom.missions.models.mission import Mission
from eom.web import responses
from eom.web.access import areas, can, requires
from eom.web.fresh import fresh_for_files
from eom.web.responses import saved

bp = Blueprint("travels", __name__, url_prefix="/missions/<mission>/logistics/travels")


@bp.get("")
@requires("logistics.read")
@fresh_for_files
def index(mission: Mission) -> Any:
    """Who comes and goes, in the order of the clock."""
    edits = can("logistics.edit", mission)

    def link(id_: int) -> str | None:
        return url_for(".edit", mission=mission.code, travel_id=id_) if edits else None

    definition = exports.travels(mission, link, areas("logistics.read", mission))
    return responses.listed(
        definition, f"{mission.code}-travels", "logistics/travels/index.html", mission=mission
    )


@bp.route("/new", methods=["GET", "POST"])
@requires("logistics.edit")
def new(mission: Mission) -> Any:
    """Note an arrival or a departure; ``person`` and ``direction`` of the address are chosen to begin with."""
    begin: dict[str, Any] = {
        "appointment_id": request.args.get("person", ""),
        "direction": request.args.get("direction", ""),
    }
    form = TravelForm.of(mission, **begin)
    return responses.filled(
        form, partial(travelling.note_travel, mission), url_for(".index", mission=mission.code),
        _("Journey noted"), "logistics/travels/form.html", mission=mission, travel=None,
    )  # fmt: skip


@bp.route("/<int:travel_id>/edit", methods=["GET", "POST"])
@requires("logistics.edit")
def edit(mission: Mission, travel_id: int) -> Any:
    """Change a journey."""
    travel = get_in(db.session(), Travel, travel_id, mission_id=mission.id)
    form = TravelForm.of(mission, travel)
    return responses.filled(
        form, partial(travelling.edit_travel, mission, travel), url_for(".index", mission=mission.code),
        _("Journey changed"), "logistics/travels/form.html", mission=mission, travel=travel,
    )  # fmt: skip


@bp.post("/<int:travel_id>/remove")
@requires("logistics.edit")
def remove(mission: Mission, travel_id: int) -> Any:
    """Take a journey away."""
    travelling.remove_travel(get_in(db.session(), Travel, travel_id, mission_id=mission.id))
    return saved(url_for(".index", mission=mission.code), _("Journey taken away"))
