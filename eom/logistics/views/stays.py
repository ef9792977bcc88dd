"""Who sleeps where."""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from functools import partial
from typing import Any

from flask import Blueprint, request, url_for

from eom.core.db import get_in
from eom.core.i18n import _
from eom.extensions import db
from eom.logistics.exports import lists as exports
from eom.logistics.forms.movements import StayForm
from eom.logistics.models.movements import Stay
from eom.logistics.services import lodging
from eom.missions.models.mission import Mission
from eom.web import responses
from eom.web.access import areas, can, requires
from eom.web.fresh import fresh_for_files
from eom.web.responses import saved

bp = Blueprint("stays", __name__, url_prefix="/missions/<mission>/logistics/stays")


@bp.get("")
@requires("logistics.read")
@fresh_for_files
def index(mission: Mission) -> Any:
    """Who sleeps where, from when to when."""
    edits = can("logistics.edit", mission)

    def link(id_: int) -> str | None:
        return url_for(".edit", mission=mission.code, stay_id=id_) if edits else None

    return responses.listed(
        exports.stays(db.session(), mission, link, areas("logistics.read", mission)),
        f"{mission.code}-stays",
        "logistics/stays/index.html",
        mission=mission,
    )


@bp.route("/new", methods=["GET", "POST"])
@requires("logistics.edit")
def new(mission: Mission) -> Any:
    """Note nights; ``person``, ``from`` and ``until`` of the address are chosen to begin with."""
    return _form(mission, None, **_begin())


@bp.route("/<int:stay_id>/edit", methods=["GET", "POST"])
@requires("logistics.edit")
def edit(mission: Mission, stay_id: int) -> Any:
    """Change a stay."""
    return _form(mission, get_in(db.session(), Stay, stay_id, mission_id=mission.id))


@bp.post("/<int:stay_id>/remove")
@requires("logistics.edit")
def remove(mission: Mission, stay_id: int) -> Any:
    """Take nights away."""
    lodging.remove_stay(get_in(db.session(), Stay, stay_id, mission_id=mission.id))
    return saved(url_for(".index", mission=mission.code), _("Nights taken away"))


def _begin() -> dict[str, Any]:
    """What the address says of the nights to note; what is no day is left out."""
    begin: dict[str, Any] = {"appointment_id": request.args.get("person", "")}
    for field, name in (("from_on", "from"), ("until_on", "until")):
        with suppress(ValueError):
            begin[field] = date.fromisoformat(request.args.get(name, ""))
    return begin


def _form(mission: Mission, stay: Stay | None, **begin: Any) -> Any:
    form = StayForm.of(mission, stay, **begin)
    return responses.filled(
        form, partial(lodging.edit_stay, mission, stay), url_for(".index", mission=mission.code),
        _("Nights saved"), "logistics/stays/form.html", mission=mission, stay=stay,
    )  # fmt: skip
