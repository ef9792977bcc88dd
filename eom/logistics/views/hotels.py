"""The hotels of a mission."""

from __future__ import annotations

from functools import partial
from typing import Any

from flask import Blueprint, url_for

from eom.core.db import get_in
from eom.core.i18n import _
from eom.extensions import db
from eom.logistics.exports import lists as exports
from eom.logistics.forms.movements import HotelForm
from eom.logistics.models.movements import Hotel
from eom.logistics.services import lodging
from eom.missions.models.mission import Mission
from eom.web import responses
from eom.web.access import can, requires
from eom.web.fresh import fresh_for_files
from eom.web.responses import saved

bp = Blueprint("hotels", __name__, url_prefix="/missions/<mission>/logistics/hotels")


@bp.get("")
@requires("logistics.read")
@fresh_for_files
def index(mission: Mission) -> Any:
    """The hotels with their guests."""
    edits = can("logistics.edit", mission)

    def link(id_: int) -> str | None:
        return url_for(".edit", mission=mission.code, hotel_id=id_) if edits else None

    return responses.listed(
        exports.hotels(mission, link),
        f"{mission.code}-hotels",
        "logistics/hotels/index.html",
        mission=mission,
    )


@bp.route("/new", methods=["GET", "POST"])
@requires("logistics.edit")
def new(mission: Mission) -> Any:
    """Note a hotel."""
    return _form(mission, None)


@bp.route("/<int:hotel_id>/edit", methods=["GET", "POST"])
@requires("logistics.edit")
def edit(mission: Mission, hotel_id: int) -> Any:
    """Change a hotel."""
    return _form(mission, get_in(db.session(), Hotel, hotel_id, mission_id=mission.id))


@bp.post("/<int:hotel_id>/remove")
@requires("logistics.edit")
def remove(mission: Mission, hotel_id: int) -> Any:
    """Take a hotel away in which nobody has nights."""
    lodging.remove_hotel(get_in(db.session(), Hotel, hotel_id, mission_id=mission.id))
    return saved(url_for(".index", mission=mission.code), _("Hotel taken away"))


def _form(mission: Mission, hotel: Hotel | None) -> Any:
    form = HotelForm.of(hotel)
    return responses.filled(
        form, partial(lodging.edit_hotel, mission, hotel), url_for(".index", mission=mission.code),
        _("Hotel saved"), "logistics/hotels/form.html", mission=mission, hotel=hotel,
    )  # fmt: skip
