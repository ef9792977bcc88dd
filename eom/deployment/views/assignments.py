"""Who is assigned to which polling stations."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, render_template, request, url_for

from eom.core.db import get_in
from eom.core.i18n import _, lazy, ngettext
from eom.deployment import exports
from eom.deployment.forms import TEAM, AssignmentForm
from eom.deployment.models import Team
from eom.deployment.queries import assignments as queries
from eom.deployment.queries import planning
from eom.deployment.services import assigning, teams
from eom.extensions import db
from eom.missions.models.mission import Mission
from eom.missions.models.process import Round
from eom.observers.models import Appointment
from eom.web import responses
from eom.web.access import areas, requires
from eom.web.fresh import fresh_for_files
from eom.web.navigation import Entry
from eom.web.responses import saved

bp = Blueprint("assignments", __name__, url_prefix="/missions/<mission>/assignments")

MISSION_NAVIGATION = (
    Entry(lazy("Assignments"), "assignments.index", "deployment.read", "signpost-split", lazy("Field"), 22),
)


@bp.get("")
@requires("deployment.read")
@fresh_for_files
def index(mission: Mission) -> Any:
    """Everyone's stations."""
    definition = exports.assignments(db.session(), mission, areas("deployment.read", mission))
    return responses.listed(
        definition, f"{mission.code}-assignments", "deployment/assignments/index.html", mission=mission
    )


@bp.route("/new", methods=["GET", "POST"])
@requires("deployment.edit")
def new(mission: Mission) -> Any:
    """Assign someone to stations."""
    form = AssignmentForm.within(mission, request.args.get("codes", ""), request.args.get("team", ""))
    if form.validate_on_submit():
        with form.shows_errors():
            count = _assign(mission, form)
            words = ngettext("%(num)d polling station assigned", "%(num)d polling stations assigned", count)
            return _warned(mission, form, saved(url_for(".index", mission=mission.code), words))
    return render_template("deployment/assignments/form.html", mission=mission, form=form), form.status


def _assign(mission: Mission, form: AssignmentForm) -> int:
    session = db.session()
    what: dict[str, Any] = {
        "round_": get_in(session, Round, int(form.round_id.data), mission_id=mission.id),
        "stations": assigning.stations_named(mission, form.codes.data, areas("deployment.edit", mission)),
        "selection": form.selection.data,
    }
    if form.who.data.startswith(TEAM):
        team = get_in(session, Team, int(form.who.data.removeprefix(TEAM)), mission_id=mission.id)
        return teams.assign_team(mission, team, **what)
    appointment = get_in(session, Appointment, int(form.who.data), mission_id=mission.id)
    return assigning.assign(mission, appointment=appointment, **what)


def _warned(mission: Mission, form: AssignmentForm, answer: Any) -> Any:
    """The answer, with a warning where some of the stations lie where nobody goes."""
    round_ = get_in(db.session(), Round, int(form.round_id.data), mission_id=mission.id)
    stations = assigning.stations_named(mission, form.codes.data, areas("deployment.edit", mission))
    closed = planning.no_go(db.session(), mission.id, round_.polling_on, [each.centre for each in stations])
    for each in {area.id: area for area in closed.values()}.values():
        words = _(
            "Some of these stations lie in “%(area)s”, where nobody goes: %(reason)s",
            area=each.name,
            reason=each.reason,
        )
        flash(str(words), "warning")
    return answer


@bp.post("/<int:assignment_id>/remove")
@requires("deployment.edit")
def remove(mission: Mission, assignment_id: int) -> Any:
    """Take an assignment away."""
    limit = areas("deployment.edit", mission)
    assigning.unassign(queries.assignment_in(db.session(), mission, assignment_id, limit))
    return saved(url_for(".index", mission=mission.code), _("Assignment removed"))
