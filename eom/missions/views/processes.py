"""Electoral processes and polling days of a mission."""

from __future__ import annotations

from functools import partial
from typing import Any

from flask import Blueprint, render_template, url_for

from eom.core.db import get_in
from eom.core.i18n import _, lazy
from eom.extensions import db
from eom.missions.forms import ProcessForm, RoundForm
from eom.missions.models.mission import Mission
from eom.missions.models.process import ElectoralProcess, Round
from eom.missions.services import processes
from eom.web import responses
from eom.web.access import requires
from eom.web.navigation import Entry
from eom.web.responses import saved

bp = Blueprint("processes", __name__, url_prefix="/missions/<mission>")

MISSION_NAVIGATION = (
    Entry(lazy("Processes and rounds"), "processes.index", "mission.read", "calendar-event", order=3),
)


@bp.get("/processes")
@requires("mission.read")
def index(mission: Mission) -> str:
    """What is elected and when."""
    return render_template("missions/processes/index.html", mission=mission)


@bp.route("/processes/new", methods=["GET", "POST"])
@requires("mission.edit")
def new(mission: Mission) -> Any:
    """Add an electoral process."""
    form = ProcessForm()
    return responses.filled(
        form, partial(processes.add_process, mission), url_for(".index", mission=mission.code),
        _("Electoral process added"), "missions/processes/form.html", mission=mission, process=None,
    )  # fmt: skip


@bp.route("/processes/<int:process_id>/edit", methods=["GET", "POST"])
@requires("mission.edit")
def edit(mission: Mission, process_id: int) -> Any:
    """Change an electoral process."""
    process = get_in(db.session(), ElectoralProcess, process_id, mission_id=mission.id)
    form = ProcessForm(obj=process)
    return responses.filled(
        form, partial(processes.edit_process, process), url_for(".index", mission=mission.code),
        _("Electoral process changed"), "missions/processes/form.html", mission=mission, process=process,
    )  # fmt: skip


@bp.post("/processes/<int:process_id>/remove")
@requires("mission.edit")
def remove(mission: Mission, process_id: int) -> Any:
    """Remove an electoral process nothing refers to."""
    processes.remove_process(get_in(db.session(), ElectoralProcess, process_id, mission_id=mission.id))
    return saved(url_for(".index", mission=mission.code), _("Electoral process removed"))


@bp.route("/rounds/new", methods=["GET", "POST"])
@requires("mission.edit")
def new_round(mission: Mission) -> Any:
    """Add a polling day."""
    form = RoundForm(time_zone=mission.time_zone)
    return responses.filled(
        form, partial(processes.add_round, mission), url_for(".index", mission=mission.code),
        _("Polling day added"), "missions/processes/round_form.html", mission=mission, round=None,
    )  # fmt: skip


@bp.route("/rounds/<int:round_id>/edit", methods=["GET", "POST"])
@requires("mission.edit")
def edit_round(mission: Mission, round_id: int) -> Any:
    """Change a polling day."""
    round_ = get_in(db.session(), Round, round_id, mission_id=mission.id)
    form = RoundForm(obj=round_)
    return responses.filled(
        form, partial(processes.edit_round, round_), url_for(".index", mission=mission.code),
        _("Polling day changed"), "missions/processes/round_form.html", mission=mission, round=round_,
    )  # fmt: skip


@bp.post("/rounds/<int:round_id>/remove")
@requires("mission.edit")
def remove_round(mission: Mission, round_id: int) -> Any:
    """Remove a polling day nothing refers to."""
    processes.remove_round(get_in(db.session(), Round, round_id, mission_id=mission.id))
    return saved(url_for(".index", mission=mission.code), _("Polling day removed"))
