"""A mission's budget against its spending, and the draft of its next version."""

from __future__ import annotations

from functools import partial
from typing import Any

from flask import Blueprint, render_template, url_for

from eom.core.db import get_in
from eom.core.i18n import _, lazy
from eom.extensions import db
from eom.finance.forms.budget import BudgetLineForm, DraftForm
from eom.finance.models.budget import OBJECTS, BudgetLine
from eom.finance.queries import balances
from eom.finance.queries import budgets as reading
from eom.finance.services import budgets
from eom.missions.models.mission import Mission
from eom.web import responses
from eom.web.access import requires
from eom.web.navigation import Entry
from eom.web.responses import saved

bp = Blueprint("budgets", __name__, url_prefix="/missions/<mission>/budget")

MISSION_NAVIGATION = (Entry(lazy("Budget"), "budgets.show", "finance.read", "cash-coin", lazy("Money"), 40),)


@bp.get("")
@requires("finance.read")
def show(mission: Mission) -> Any:
    """The approved budget, what was spent and what is bound, by object and by line."""
    session = db.session()
    versions = reading.versions(session, mission.id)
    current = next((each for each in versions if each.is_approved), None)
    return render_template(
        "finance/budgets/show.html", mission=mission, versions=versions, current=current,
        draft=next((each for each in versions if not each.is_approved), None),
        objects=balances.budget_against_spending(session, mission.id),
        lines=reading.standings(session, current) if current else [],
        without=reading.without_line(session, mission.id), icr_cents=balances.icr_of_mission(session, mission.id),
    )  # fmt: skip


@bp.get("/draft")
@requires("finance.read")
def draft(mission: Mission) -> Any:
    """The version that is written or waits for approval, and what differs from the approved one."""
    session = db.session()
    version, before = reading.open_version(session, mission.id), reading.approved(session, mission.id)
    difference = reading.difference(before.lines, version.lines) if version and before else None
    return render_template(
        "finance/budgets/draft.html", mission=mission, version=version, before=before, difference=difference, objects=OBJECTS,
    )  # fmt: skip


@bp.route("/draft/begin", methods=["GET", "POST"])
@requires("budget.edit")
def begin(mission: Mission) -> Any:
    """Begin the next version, or say what the draft is for."""
    version = reading.open_version(db.session(), mission.id)
    form = DraftForm(obj=version or reading.approved(db.session(), mission.id))
    if version is None and not form.is_submitted():
        form.purpose.data = ""
    if form.validate_on_submit():
        with form.shows_errors():
            budgets.describe_draft(budgets.open_draft(mission), **form.payload())
            return saved(url_for(".draft", mission=mission.code), _("The draft is there: plan its lines"))
    return render_template(
        "finance/budgets/begin.html", mission=mission, form=form, version=version
    ), form.status


@bp.route("/lines/new", methods=["GET", "POST"])
@requires("budget.edit")
def new(mission: Mission) -> Any:
    """Plan a line."""
    form = BudgetLineForm.blank()
    return responses.filled(
        form, partial(budgets.plan_line, mission), url_for(".draft", mission=mission.code),
        _("Line added to the budget"), "finance/budgets/form.html", mission=mission, line=None,
    )  # fmt: skip


@bp.route("/lines/<int:line_id>/edit", methods=["GET", "POST"])
@requires("budget.edit")
def edit(mission: Mission, line_id: int) -> Any:
    """Change a planned line."""
    line = get_in(db.session(), BudgetLine, line_id, mission_id=mission.id)
    form = BudgetLineForm(obj=line)
    if form.validate_on_submit():
        with form.shows_errors():
            budgets.change_line(line, **form.payload())
            return saved(url_for(".draft", mission=mission.code), _("Line of the budget changed"))
    page = render_template("finance/budgets/form.html", mission=mission, form=form, line=line)
    return page, form.status


@bp.post("/lines/<int:line_id>/remove")
@requires("budget.edit")
def remove(mission: Mission, line_id: int) -> Any:
    """Take a planned line away."""
    budgets.remove_line(get_in(db.session(), BudgetLine, line_id, mission_id=mission.id))
    return saved(url_for(".draft", mission=mission.code), _("Line removed from the budget"))
