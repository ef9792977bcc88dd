"""Moving stations between the teams of a plan, fixing them, and adopting the plan."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import Blueprint, current_app, render_template, request, url_for

from eom.core.i18n import _
from eom.deployment.plan_forms import MoveForm, hour
from eom.deployment.plan_models import Plan
from eom.deployment.plan_rules import Rules
from eom.deployment.plan_words import FAULTS
from eom.deployment.queries import planning
from eom.deployment.queries import plans as queries
from eom.deployment.queries.plans import StopRow
from eom.deployment.routing import may_visit
from eom.deployment.services import adopting, plans
from eom.deployment.services.plans import Moved
from eom.deployment.views.plan_pages import Words
from eom.deployment.views.plans import plan_in, whole
from eom.extensions import db
from eom.missions.models.mission import Mission
from eom.web.access import requires
from eom.web.responses import saved
from eom.web.urls import row_number

bp = Blueprint("plan_changes", __name__, url_prefix="/missions/<mission>/plans/<int:plan_id>")
NOBODY = "none"


@bp.route("/stops/<int:stop_id>", methods=["GET", "POST"])
@requires("deployment.edit")
def move(mission: Mission, plan_id: int, stop_id: int) -> Any:
    """What another team would cost: before and after for both teams, then the move."""
    whole(mission)
    plan = plan_in(mission, plan_id)
    row = queries.stop_in(db.session(), plan, stop_id)
    material = planning.material(db.session(), plan)
    costs, origin = _costs(plan, row, material)
    form = MoveForm(team=request.args.get("team", ""))
    words = Words(mission)
    form.team.choices = [(str(each.to), words.teams.get(each.to or 0, "")) for each in costs] + [
        (NOBODY, _("No team"))
    ]
    wanted = form.team.data if form.team.data in {value for value, _name in form.team.choices} else ""
    preview = (
        _preview(plan, row, material, wanted)
        if wanted and row.station.id not in material.left_stations
        else None
    )
    if form.validate_on_submit() and preview is not None:
        with form.shows_errors():
            plans.move(plan, row.stop, preview)
            return saved(url_for("plans.show", mission=mission.code, plan_id=plan.id), _("Station moved"))
    return render_template(
        "deployment/plans/move.html", mission=mission, plan=plan, form=form, row=words.stop(row), costs=costs[:10],
        origin=words.teams.get(origin or 0), teams=words.teams, preview=_told(preview, words), wanted=wanted,
        closed=row.station.id in material.left_stations, breaks_limits=_breaks_limits(row, material, wanted),
    ), form.status  # fmt: skip


def _costs(plan: Plan, row: StopRow, material: planning.Material) -> tuple[list[Moved], int | None]:
    """Every team's cost by the estimate, the least first; the team that has the station."""
    orders = plans.orders_of(db.session(), plan)
    origin = next((team for team, order in orders.items() if row.station.id in order), None)
    if row.station.id in material.left_stations:
        return [], origin
    problem = plans.problem_of(material, Rules.of(plan.parameters))
    return plans.moves(problem, orders, row.station.id), origin


def _preview(plan: Plan, row: StopRow, material: planning.Material, wanted: str) -> Moved:
    """The move to one team, with travel from the routing server where one is set."""
    orders = plans.orders_of(db.session(), plan)
    to = None if wanted == NOBODY else row_number(wanted)
    origin = next((team for team, order in orders.items() if row.station.id in order), None)
    part = plans.part_of(material, orders, {origin, to}, row.station.id)
    server = current_app.extensions["eom_settings"].routing_url
    problem = plans.problem_of(part, Rules.of(plan.parameters), server)
    return plans.moved(problem, orders, row.station.id, to)


def _breaks_limits(row: StopRow, material: planning.Material, wanted: str) -> bool:
    """Whether the team keeps to other areas or lacks the language that the station needs."""
    crew = next((each for each in material.crews if str(each.id) == wanted), None)
    stop = next((each for each in material.stops if each.id == row.station.id), None)
    return bool(crew and stop) and not may_visit(crew, replace(stop, crew=None))  # type: ignore[arg-type, type-var]


def _told(preview: Moved | None, words: Words) -> list[dict[str, Any]]:
    """Each of the two teams before and after, for the page."""
    if preview is None:
        return []
    return [
        {"team": words.teams.get(before.crew_id, ""), "before": before, "after": after,
         "returns": (hour(before.returns), hour(after.returns)), "sets_out": (hour(before.sets_out), hour(after.sets_out)),
         "faults": [str(FAULTS[each.value]) for each in sorted(after.faults)]}
        for before, after in zip(preview.before, preview.after, strict=True)
    ]  # fmt: skip


@bp.post("/stops/<int:stop_id>/fix")
@requires("deployment.edit")
def fix(mission: Mission, plan_id: int, stop_id: int) -> Any:
    """Fix a station to the team that has it, or leave it to the next search."""
    whole(mission)
    plan = plan_in(mission, plan_id)
    row = queries.stop_in(db.session(), plan, stop_id)
    holder = next(
        (each.team_id for each in queries.route_rows(db.session(), plan) if each.id == row.stop.route_id),
        None,
    )
    plans.fix(plan, row.stop, None if row.stop.fixed_team_id is not None else holder)
    words = _("Left to the next search") if row.stop.fixed_team_id is None else _("Fixed to its team")
    return saved(url_for("plans.show", mission=mission.code, plan_id=plan.id), words)


@bp.route("/adopt", methods=["GET", "POST"])
@requires("deployment.edit")
def adopt(mission: Mission, plan_id: int) -> Any:
    """Say what adopting changes, then do it."""
    whole(mission)
    plan = plan_in(mission, plan_id)
    if request.method == "POST":
        adopting.adopt(plan)
        return saved(
            url_for("plans.show", mission=mission.code, plan_id=plan.id),
            _("Plan adopted: the teams find their stations in the order of their route"),
        )
    return render_template(
        "deployment/plans/adopt.html", mission=mission, plan=plan, found=adopting.look(plan)
    )


@bp.post("/withdraw")
@requires("deployment.edit")
def withdraw(mission: Mission, plan_id: int) -> Any:
    """Take an adopted plan back; assignments stay."""
    whole(mission)
    plan = plan_in(mission, plan_id)
    adopting.withdraw(plan)
    return saved(
        url_for("plans.show", mission=mission.code, plan_id=plan.id), _("The plan is no longer adopted")
    )
