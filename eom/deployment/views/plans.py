"""Plans of a polling day: made, computed in the background, looked at, compared, adopted."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, current_app, jsonify, redirect, render_template, request, url_for

from eom.core import i18n, jobs
from eom.core.db import get_in
from eom.core.errors import InvalidInput, Refused
from eom.core.i18n import _, lazy
from eom.deployment import jobs as plan_jobs
from eom.deployment import plan_exports
from eom.deployment.models import Selection
from eom.deployment.plan_forms import BY_CODE, IN_AREAS, SAMPLED, PlanForm
from eom.deployment.plan_models import Plan
from eom.deployment.queries import planning, samples
from eom.deployment.queries import plans as queries
from eom.deployment.services import assigning, plans
from eom.deployment.views import plan_pages
from eom.extensions import db
from eom.missions.models.mission import Mission
from eom.missions.models.process import Round
from eom.stations.models import PollingStation
from eom.web import responses, worker
from eom.web.access import areas, requires
from eom.web.fresh import fresh_for_files
from eom.web.navigation import Entry
from eom.web.responses import saved

bp = Blueprint("plans", __name__, url_prefix="/missions/<mission>/plans")

MISSION_NAVIGATION = (Entry(lazy("Plans"), "plans.index", "deployment.read", "compass", lazy("Field"), 23),)


@bp.get("")
@requires("deployment.read")
@fresh_for_files
def index(mission: Mission) -> Any:
    """All plans."""

    def link(id_: int) -> str:
        return url_for(".show", mission=mission.code, plan_id=id_)

    return responses.listed(
        plan_exports.plans(mission, link), f"{mission.code}-plans", "deployment/plans/index.html", mission=mission,
        names=queries.plan_names(db.session(), mission),
    )  # fmt: skip


@bp.route("/new", methods=["GET", "POST"])
@requires("deployment.edit")
def new(mission: Mission) -> Any:
    """Make a plan and begin to compute it."""
    whole(mission)
    form = PlanForm.within(mission)
    if form.validate_on_submit():
        with form.shows_errors():
            round_ = get_in(db.session(), Round, int(form.round_id.data), mission_id=mission.id)
            plan = plans.make_plan(
                mission, round_=round_, name=form.name.data, stations=_stations(mission, round_, form),
                rules=form.rules(),
                selection=Selection.RANDOM if form.source.data == SAMPLED else form.selection.data,
            )  # fmt: skip
            return _compute(mission, plan)
    return render_template("deployment/plans/form.html", mission=mission, form=form), form.status


def _stations(mission: Mission, round_: Round, form: PlanForm) -> list[PollingStation]:
    session = db.session()
    if form.source.data == BY_CODE:
        return assigning.stations_named(mission, form.codes.data or "")
    if form.source.data == IN_AREAS:
        return planning.stations_in(session, mission, [int(each) for each in form.areas.data or []])
    if form.source.data == SAMPLED:
        sample = samples.adopted(session, round_.id)
        if sample is None:
            raise InvalidInput(lazy("No sample is adopted for this polling day."), "source")
        return list(samples.stations_in_force(session, sample))
    return planning.assigned_stations(session, mission, round_)


def whole(mission: Mission) -> None:
    """A plan is for all of a mission. Raises Refused for somebody who is limited to some areas of it."""
    if areas("deployment.edit", mission) is not None:
        raise Refused(lazy("A plan is for the whole mission, and your place in it is limited to some areas."),
                      next_step=lazy("Ask the chief of mission or a coordinator of the whole mission."))  # fmt: skip


def plan_in(mission: Mission, plan_id: int) -> Plan:
    """A plan of a mission. Raises NotFound."""
    return get_in(db.session(), Plan, plan_id, mission_id=mission.id)


@bp.get("/<int:plan_id>")
@requires("deployment.read")
def show(mission: Mission, plan_id: int) -> Any:
    """A plan: its map, every team's day, why each choice, what has no team."""
    plan = plan_in(mission, plan_id)
    limit = areas("deployment.read", mission)
    if kind := request.args.get("format"):
        rows = plan_exports.routes(*queries.team_days(db.session(), plan, limit))
        return responses.table_file(rows, f"{mission.code}-plan-{plan.id}", kind)
    return render_template(
        "deployment/plans/show.html", mission=mission, plan=plan, shown=plan_pages.shown(mission, plan, limit),
        is_running=queries.is_running(db.session(), plan),
    )  # fmt: skip


@bp.get("/<int:plan_id>/map.json")
@requires("deployment.read")
def points(mission: Mission, plan_id: int) -> Any:
    """The routes for the map; texts are data, never markup."""
    plan = plan_in(mission, plan_id)
    return jsonify(plan_pages.map_data(mission, plan, areas("deployment.read", mission)))


@bp.post("/<int:plan_id>/compute")
@requires("deployment.edit")
def compute(mission: Mission, plan_id: int) -> Any:
    """Search for the routes again, with what was fixed meanwhile."""
    whole(mission)
    return _compute(mission, plan_in(mission, plan_id))


def _compute(mission: Mission, plan: Plan) -> Any:
    server = current_app.extensions["eom_settings"].routing_url
    row = jobs.create(
        db.session(),
        plan_jobs.PLAN,
        language=i18n.language(),
        mission_id=mission.id,
        plan_id=plan.id,
        server=server,
    )
    plans.begin(plan, row.id)
    job_id = row.id
    worker.enqueue(row)
    return redirect(url_for("jobs.show", job_id=job_id), 303)


@bp.post("/<int:plan_id>/remove")
@requires("deployment.edit")
def remove(mission: Mission, plan_id: int) -> Any:
    """Delete a plan that is not adopted."""
    whole(mission)
    plans.remove_plan(plan_in(mission, plan_id))
    return saved(url_for(".index", mission=mission.code), _("Plan deleted"))


@bp.get("/compare")
@requires("deployment.read")
def compare(mission: Mission) -> Any:
    """Two plans side by side."""
    names = queries.plan_names(db.session(), mission)
    one, other = (plan_pages.chosen(mission, request.args.get(name), names) for name in ("a", "b"))
    limit = areas("deployment.read", mission)
    return render_template(
        "deployment/plans/compare.html", mission=mission, names=names, chosen=(one, other),
        rows=plan_pages.compared(one, other, limit) if one and other else [],
        moved=plan_pages.stations_moved(one, other, limit) if one and other else [],
    )  # fmt: skip
