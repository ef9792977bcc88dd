"""The register, a mission's home page, and its stages."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Any

from flask import Blueprint, render_template, url_for
from flask_security import current_user

from eom.accounts.permissions import Permission
from eom.core import clock
from eom.core.i18n import _, day, lazy
from eom.extensions import db
from eom.missions import exports, queries
from eom.missions.forms import CancelForm, EditMissionForm, NewMissionForm
from eom.missions.models.milestone import Milestone
from eom.missions.models.mission import Mission, Stage
from eom.missions.services import lifecycle, register
from eom.web import responses
from eom.web.access import can, requires
from eom.web.navigation import Entry
from eom.web.responses import saved

bp = Blueprint("missions", __name__)

NAVIGATION = (
    Entry(lazy("Missions"), "missions.index", "mission.read", "globe-americas", order=20, anywhere=True),
)
MISSION_NAVIGATION = (Entry(lazy("Overview"), "missions.show", "mission.read", "speedometer2", order=1),)


@bp.get("/missions")
@requires("mission.read", anywhere=True)
def index() -> Any:
    """The register of missions one may see."""
    ids = current_user.missions_with(Permission.MISSION_READ)
    definition = exports.register(db.session(), ids, lambda code: url_for("missions.show", mission=code))
    return responses.listed(definition, "missions", "missions/index.html")


@bp.route("/missions/new", methods=["GET", "POST"])
@requires("mission.create")
def new() -> Any:
    """Record a mission."""
    form = NewMissionForm()
    if form.validate_on_submit():
        with form.shows_errors():
            mission = register.create_mission(**form.payload())
            return saved(
                url_for(".show", mission=mission.code), _("Mission %(code)s recorded", code=mission.code)
            )
    return render_template("missions/form.html", form=form, mission=None), form.status


@bp.get("/missions/<mission>")
@requires("mission.read")
def show(mission: Mission) -> str:
    """The mission's home page: where it stands and what to do next."""
    today = clock.today(mission.time_zone)
    plan = queries.plan(db.session(), mission, today)
    return render_template(
        "missions/show.html",
        mission=mission,
        today=today,
        plan=plan,
        steps=_steps(mission),
        todo=[_todo(mission, row, today) for row in (plan.overdue + plan.coming)[:5]],
        next_stage=lifecycle.next_stage(mission.stage),
        missing=lifecycle.missing(mission),
        cancelled=Stage.CANCELLED,
    )


@bp.route("/missions/<mission>/edit", methods=["GET", "POST"])
@requires("mission.edit")
def edit(mission: Mission) -> Any:
    """Change what is known of a mission."""
    form = EditMissionForm(obj=mission)
    if form.validate_on_submit():
        with form.shows_errors():
            register.edit_mission(mission, **form.payload())
            return saved(url_for(".show", mission=mission.code), _("Mission changed"))
    return render_template("missions/form.html", form=form, mission=mission), form.status


@bp.post("/missions/<mission>/advance")
@requires("mission.advance")
def advance(mission: Mission) -> Any:
    """Move the mission to its next stage."""
    stage = lifecycle.advance(mission)
    return saved(
        url_for(".show", mission=mission.code),
        _("The mission is now in stage “%(stage)s”", stage=stage.label),
    )


@bp.route("/missions/<mission>/cancel", methods=["GET", "POST"])
@requires("mission.advance")
def cancel(mission: Mission) -> Any:
    """End the mission before its time."""
    form = CancelForm()
    return responses.filled(
        form, partial(lifecycle.cancel, mission), url_for(".show", mission=mission.code),
        _("Mission cancelled"), "missions/cancel.html", mission=mission,
    )  # fmt: skip


def _steps(mission: Mission) -> list[dict[str, Any]]:
    """The stages as the stepper shows them."""
    here = lifecycle.ORDER.index(mission.stage) if mission.stage in lifecycle.ORDER else -1
    ended = mission.stage is Stage.CLOSED
    return [
        {
            "label": stage.label,
            "state": "done" if place < here or ended else "current" if place == here else "todo",
        }
        for place, stage in enumerate(lifecycle.ORDER)
    ]


def _todo(mission: Mission, milestone: Milestone, today: date) -> dict[str, Any]:
    """A milestone as the checklist shows it; it leads to its form for those who may change it."""
    may = can("milestone.edit", mission)
    return {
        "label": milestone.kind.label,
        "state": "overdue" if milestone.is_overdue(today) else "todo",
        "note": _("Due on %(day)s", day=day(milestone.due_on)) if milestone.due_on else "",
        "url": url_for("milestones.edit", mission=mission.code, milestone_id=milestone.id) if may else "",
    }
