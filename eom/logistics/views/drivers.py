"""The hired drivers of a mission."""

from __future__ import annotations

from functools import partial
from typing import Any

from flask import Blueprint, url_for

from eom.core.db import get_in
from eom.core.i18n import _
from eom.extensions import db
from eom.logistics.exports import lists as exports
from eom.logistics.forms.things import DriverForm
from eom.logistics.models.things import Driver
from eom.logistics.services import fleet
from eom.missions.models.mission import Mission
from eom.web import responses
from eom.web.access import can, requires
from eom.web.fresh import fresh_for_files
from eom.web.responses import saved

bp = Blueprint("drivers", __name__, url_prefix="/missions/<mission>/logistics/drivers")


@bp.get("")
@requires("logistics.read")
@fresh_for_files
def index(mission: Mission) -> Any:
    """The drivers, how they are reached and what they drive."""
    edits = can("logistics.edit", mission)

    def link(id_: int) -> str | None:
        return url_for(".edit", mission=mission.code, driver_id=id_) if edits else None

    return responses.listed(
        exports.drivers(mission, link),
        f"{mission.code}-drivers",
        "logistics/drivers/index.html",
        mission=mission,
    )


@bp.route("/new", methods=["GET", "POST"])
@requires("logistics.edit")
def new(mission: Mission) -> Any:
    """Note a driver."""
    return _form(mission, None)


@bp.route("/<int:driver_id>/edit", methods=["GET", "POST"])
@requires("logistics.edit")
def edit(mission: Mission, driver_id: int) -> Any:
    """Change a driver."""
    return _form(mission, get_in(db.session(), Driver, driver_id, mission_id=mission.id))


@bp.post("/<int:driver_id>/remove")
@requires("logistics.edit")
def remove(mission: Mission, driver_id: int) -> Any:
    """Take a driver away: their vehicles stand without one."""
    fleet.remove_driver(get_in(db.session(), Driver, driver_id, mission_id=mission.id))
    return saved(url_for(".index", mission=mission.code), _("Driver taken away"))


def _form(mission: Mission, driver: Driver | None) -> Any:
    form = DriverForm.of(driver)
    return responses.filled(
        form, partial(fleet.edit_driver, mission, driver), url_for(".index", mission=mission.code),
        _("Driver saved"), "logistics/drivers/form.html", mission=mission, driver=driver,
    )  # fmt: skip
