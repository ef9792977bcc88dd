"""The vehicles of a mission."""

from __future__ import annotations

from functools import partial
from typing import Any

from flask import Blueprint, url_for

from eom.core.db import get_in
from eom.core.i18n import _
from eom.extensions import db
from eom.logistics.exports import lists as exports
from eom.logistics.forms.things import VehicleForm
from eom.logistics.models.things import Vehicle
from eom.logistics.services import fleet
from eom.missions.models.mission import Mission
from eom.web import responses
from eom.web.access import can, requires
from eom.web.fresh import fresh_for_files
from eom.web.responses import saved

bp = Blueprint("vehicles", __name__, url_prefix="/missions/<mission>/logistics/vehicles")


@bp.get("")
@requires("logistics.read")
@fresh_for_files
def index(mission: Mission) -> Any:
    """The vehicles with who drives them and for which team."""
    edits = can("logistics.edit", mission)

    def link(id_: int) -> str | None:
        return url_for(".edit", mission=mission.code, vehicle_id=id_) if edits else None

    return responses.listed(
        exports.vehicles(mission, link),
        f"{mission.code}-vehicles",
        "logistics/vehicles/index.html",
        mission=mission,
    )


@bp.route("/new", methods=["GET", "POST"])
@requires("logistics.edit")
def new(mission: Mission) -> Any:
    """Note a vehicle."""
    return _form(mission, None)


@bp.route("/<int:vehicle_id>/edit", methods=["GET", "POST"])
@requires("logistics.edit")
def edit(mission: Mission, vehicle_id: int) -> Any:
    """Change a vehicle."""
    return _form(mission, get_in(db.session(), Vehicle, vehicle_id, mission_id=mission.id))


@bp.post("/<int:vehicle_id>/remove")
@requires("logistics.edit")
def remove(mission: Mission, vehicle_id: int) -> Any:
    """Take a vehicle away."""
    fleet.remove_vehicle(get_in(db.session(), Vehicle, vehicle_id, mission_id=mission.id))
    return saved(url_for(".index", mission=mission.code), _("Vehicle taken away"))


def _form(mission: Mission, vehicle: Vehicle | None) -> Any:
    form = VehicleForm.of(mission, vehicle)
    return responses.filled(
        form, partial(fleet.edit_vehicle, mission, vehicle), url_for(".index", mission=mission.code),
        _("Vehicle saved"), "logistics/vehicles/form.html", mission=mission, vehicle=vehicle,
    )  # fmt: skip
