"""The board of a mission's logistics, and who lacks what."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, url_for

from eom.accounts.permissions import Permission
from eom.core import clock
from eom.core.i18n import lazy
from eom.extensions import db
from eom.logistics.exports import lists as exports
from eom.logistics.queries import board as queries
from eom.missions.models.mission import Mission
from eom.web import responses
from eom.web.access import areas, requires
from eom.web.fresh import fresh_for_files
from eom.web.navigation import Entry

bp = Blueprint("logistics", __name__, url_prefix="/missions/<mission>/logistics")

MISSION_NAVIGATION = (
    Entry(lazy("Logistics"), "logistics.board", Permission.LOGISTICS_READ, "suitcase", lazy("Field"), 22),
)


@bp.get("")
@requires("logistics.read")
def board(mission: Mission) -> str:
    """Who comes and goes today and tomorrow, and what is still open."""
    found = queries.board(
        db.session(), mission, clock.today(mission.time_zone), areas("logistics.read", mission)
    )
    return render_template("logistics/board.html", mission=mission, board=found)


@bp.get("/people")
@requires("logistics.read")
@fresh_for_files
def people(mission: Mission) -> Any:
    """Everyone in the country with how they come and go, their card, and what they lack."""

    def link(id_: int) -> str:
        return url_for(".person", mission=mission.code, appointment_id=id_)

    definition = exports.people(mission, link, areas("logistics.read", mission))
    return responses.listed(definition, f"{mission.code}-logistics", "logistics/people.html", mission=mission)


@bp.get("/people/<int:appointment_id>")
@requires("logistics.read")
def person(mission: Mission, appointment_id: int) -> str:
    """Someone's journeys, nights, things and card, with a way to add what is lacking."""
    found = queries.file_of(db.session(), mission, appointment_id, areas("logistics.read", mission))
    return render_template("logistics/person.html", mission=mission, file=found)


@bp.get("/nights")
@requires("logistics.read")
def nights(mission: Mission) -> str:
    """Who has nights in the mission that no hotel covers."""
    found = queries.roofless(db.session(), mission, areas("logistics.read", mission))
    return render_template("logistics/nights.html", mission=mission, people=found)
