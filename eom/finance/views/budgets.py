"""A mission's budget against its spending."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, url_for

from eom.core.db import get_in
from eom.core.i18n import _, lazy
from eom.extensions import db
from eom.finance.forms.budget import BudgetLineForm
from eom.finance.models.budget import BudgetLine
from eom.finance.queries import balances
from eom.finance.services import budgets
from eom.missions.models.mission import Mission
from eom.web.access import requires
from eom.web.navigation import Entry
from eom.web.responses import saved

bp = Blueprint("budgets", __name__, url_prefix="/missions/<mission>/budget")

MISSION_NAVIGATION = (Entry(lazy("Budget"), "budgets.show", "finance.read", "cash-coin", lazy("Money"), 40),)


@bp.get("")
@requires("finance.read")
def show(mission: Mission) -> Any:
    """Planned and spent by object, and the lines of the plan."""
    session = db.session()
    return render_template(
        "finance/budgets/show.html", mission=mission, lines=balances.plan(session, mission.id),
        objects=balances.budget_against_spending(session, mission.id),
        icr_cents=balances.icr_of_mission(session, mission.id),
    )  # fmt: skip


@bp.route("/lines/new", methods=["GET", "POST"])
@requires("budget.edit")
def new(mission: Mission) -> Any:
    """Plan a line."""
    form = BudgetLineForm()
    if form.validate_on_submit():
        with form.shows_errors():
            given = form.payload()
            budgets.plan_line(mission, object_number=int(given.pop("object_number")), **given)
            return saved(url_for(".show", mission=mission.code), _("Line added to the budget"))
    return render_template("finance/budgets/form.html", mission=mission, form=form, line=None), form.status


@bp.route("/lines/<int:line_id>/edit", methods=["GET", "POST"])
@requires("budget.edit")
def edit(mission: Mission, line_id: int) -> Any:
    """Change a planned line."""
    line = get_in(db.session(), BudgetLine, line_id, mission_id=mission.id)
    form = BudgetLineForm(obj=line)
    if form.validate_on_submit():
        with form.shows_errors():
            given = form.payload()
            budgets.change_line(line, object_number=int(given.pop("object_number")), **given)
            return saved(url_for(".show", mission=mission.code), _("Line of the budget changed"))
    page = render_template("finance/budgets/form.html", mission=mission, form=form, line=line)
    return page, form.status


@bp.post("/lines/<int:line_id>/remove")
@requires("budget.edit")
def remove(mission: Mission, line_id: int) -> Any:
    """Take a planned line away."""
    budgets.remove_line(get_in(db.session(), BudgetLine, line_id, mission_id=mission.id))
    return saved(url_for(".show", mission=mission.code), _("Line removed from the budget"))
