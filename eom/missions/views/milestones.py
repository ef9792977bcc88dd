"""Milestones of a mission and their documents."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, url_for

from eom.core import clock
from eom.core.db import get_in
from eom.core.errors import InvalidInput, NotFound
from eom.core.i18n import _, lazy
from eom.core.storage import StoredFile
from eom.extensions import db
from eom.missions import queries
from eom.missions.forms import MilestoneForm
from eom.missions.models.milestone import Milestone
from eom.missions.models.mission import Mission
from eom.missions.services import milestones
from eom.web import responses
from eom.web.access import requires
from eom.web.limits import accepts
from eom.web.navigation import Entry
from eom.web.responses import saved

bp = Blueprint("milestones", __name__, url_prefix="/missions/<mission>/milestones")

MISSION_NAVIGATION = (Entry(lazy("Milestones"), "milestones.index", "mission.read", "flag", order=2),)


@bp.get("")
@requires("mission.read")
def index(mission: Mission) -> str:
    """All milestones in due order."""
    today = clock.today(mission.time_zone)
    plan = queries.plan(db.session(), mission, today)
    return render_template("missions/milestones/index.html", mission=mission, plan=plan, today=today)


@bp.post("/plan")
@requires("milestone.edit")
def plan(mission: Mission) -> Any:
    """Give a mission the milestones it lacks."""
    milestones.plan(mission)
    return saved(url_for(".index", mission=mission.code), _("The milestones are planned"))


@bp.route("/<int:milestone_id>/edit", methods=["GET", "POST"])
@requires("milestone.edit")
@accepts(26)
def edit(mission: Mission, milestone_id: int) -> Any:
    """Change a milestone's dates, owner, note and document."""
    milestone = get_in(db.session(), Milestone, milestone_id, mission_id=mission.id)
    form = MilestoneForm(obj=milestone)
    if form.validate_on_submit():
        with form.shows_errors():
            milestones.edit_milestone(milestone, **form.payload())
            _attach(milestone, form)
            return saved(url_for(".index", mission=mission.code), _("Milestone changed"))
    return render_template(
        "missions/milestones/form.html", mission=mission, form=form, milestone=milestone
    ), form.status


@bp.get("/<int:milestone_id>/document")
@requires("document.read")
def document(mission: Mission, milestone_id: int) -> Any:
    """The document of a milestone, to keep."""
    milestone = get_in(db.session(), Milestone, milestone_id, mission_id=mission.id)
    if milestone.document_id is None:
        raise NotFound(lazy("This milestone has no document."))
    kept = get_in(db.session(), StoredFile, milestone.document_id, mission_id=mission.id)
    return responses.attachment(responses.store().get(kept.sha256), kept.name, kept.content_type)


def _attach(milestone: Milestone, form: MilestoneForm) -> None:
    sent = form.document.data
    if sent is not None and getattr(sent, "filename", None):
        try:
            milestones.attach_document(milestone, responses.store(), sent.read(), sent.filename)
        except InvalidInput as error:
            error.field = "document"
            raise
