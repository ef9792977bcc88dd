"""What is handed out, and comes back."""

from __future__ import annotations

from functools import partial
from typing import Any

from flask import Blueprint, render_template, url_for

from eom.core import clock
from eom.core.db import get_in
from eom.core.i18n import _
from eom.extensions import db
from eom.logistics.exports import lists as exports
from eom.logistics.forms.things import EquipmentForm, HandOutForm, ReturnForm
from eom.logistics.models.things import Equipment
from eom.logistics.services import fleet
from eom.missions.models.mission import Mission
from eom.web import responses
from eom.web.access import can, requires
from eom.web.fresh import fresh_for_files
from eom.web.responses import saved

bp = Blueprint("equipment", __name__, url_prefix="/missions/<mission>/logistics/equipment")


@bp.get("")
@requires("logistics.read")
@fresh_for_files
def index(mission: Mission) -> Any:
    """The things and who has them."""
    edits = can("logistics.edit", mission)

    def link(id_: int) -> str | None:
        return url_for(".move", mission=mission.code, equipment_id=id_) if edits else None

    return responses.listed(
        exports.equipment(mission, link),
        f"{mission.code}-equipment",
        "logistics/equipment/index.html",
        mission=mission,
    )


@bp.route("/new", methods=["GET", "POST"])
@requires("logistics.edit")
def new(mission: Mission) -> Any:
    """Note a thing."""
    return _form(mission, None)


@bp.route("/<int:equipment_id>/edit", methods=["GET", "POST"])
@requires("logistics.edit")
def edit(mission: Mission, equipment_id: int) -> Any:
    """Change a thing."""
    return _form(mission, _thing(mission, equipment_id))


@bp.route("/<int:equipment_id>", methods=["GET", "POST"])
@requires("logistics.edit")
def move(mission: Mission, equipment_id: int) -> Any:
    """Hand a thing out, or note that it came back."""
    thing = _thing(mission, equipment_id)
    loan = fleet.loan_of(thing)
    form = HandOutForm.of(mission) if loan is None else ReturnForm(returned_on=clock.today(mission.time_zone))
    if form.validate_on_submit():
        with form.shows_errors():
            if loan is None:
                fleet.hand_out(mission, thing, **form.payload())
            else:
                fleet.take_back(thing, **form.payload())
            return saved(
                url_for(".index", mission=mission.code), _("Handed out") if loan is None else _("Came back")
            )
    page = render_template(
        "logistics/equipment/move.html", mission=mission, form=form, thing=thing, loan=loan
    )
    return page, form.status


def _thing(mission: Mission, equipment_id: int) -> Equipment:
    return get_in(db.session(), Equipment, equipment_id, mission_id=mission.id)


def _form(mission: Mission, thing: Equipment | None) -> Any:
    form = EquipmentForm.of(thing)
    return responses.filled(
        form, partial(fleet.edit_equipment, mission, thing), url_for(".index", mission=mission.code),
        _("Saved"), "logistics/equipment/form.html", mission=mission, thing=thing,
    )  # fmt: skip
