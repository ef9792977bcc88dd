"""Who of the mission has said that they are safe, for those who lead it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request

from eom.accounts.permissions import Permission
from eom.checklists.queries import safety
from eom.core.i18n import lazy
from eom.extensions import db
from eom.missions.models.mission import Mission
from eom.web import responses
from eom.web.access import areas, requires
from eom.web.navigation import Entry

bp = Blueprint("safety", __name__, url_prefix="/missions/<mission>/safety")

MISSION_NAVIGATION = (
    Entry(lazy("Safety"), "safety.index", Permission.SAFETY_READ, "shield-check", lazy("Field"), 34),
)


@bp.get("")
@requires(Permission.SAFETY_READ)
def index(mission: Mission) -> Any:
    """The last word of each observer; a coordinator of areas sees those assigned there."""
    definition = safety.last_words(mission, areas(Permission.SAFETY_READ, mission))
    if (file := responses.download(definition, f"{mission.code}-safety")) is not None:
        return file
    return render_template(
        "checklists/safety.html", mission=mission,
        listing=definition.show(db.session(), request.path, request.args),
    )  # fmt: skip
