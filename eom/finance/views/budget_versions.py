"""Versions of a budget: submitted, approved by a second person, sent back, and what differs between them."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, url_for

from eom.core.db import get_in
from eom.core.i18n import _
from eom.extensions import db
from eom.finance.exports import budgets as exports
from eom.finance.forms.budget import ReasonForm
from eom.finance.models.budget import OBJECTS, BudgetVersion
from eom.finance.queries import budgets as reading
from eom.finance.services import budgets
from eom.missions.models.mission import Mission
from eom.web import responses
from eom.web.access import requires
from eom.web.fresh import fresh
from eom.web.responses import saved

bp = Blueprint("budget_versions", __name__, url_prefix="/missions/<mission>/budget/versions/<int:budget_id>")


@bp.get("")
@requires("finance.read")
def show(mission: Mission, budget_id: int) -> Any:
    """A version with its lines, who prepared and approved it, and what differs from the one before."""
    version = _version(mission, budget_id)
    before = reading.version_before(db.session(), version)
    return render_template(
        "finance/budgets/version.html", mission=mission, version=version, before=before,
        difference=reading.difference(before.lines, version.lines) if before else None,
        objects=OBJECTS,
    )  # fmt: skip


@bp.get("/lines.<kind>")
@requires("finance.read")
def lines(mission: Mission, budget_id: int, kind: str) -> Any:
    """The lines of a version as csv or xlsx."""
    version = _version(mission, budget_id)
    return responses.table_file(exports.lines(version), f"{mission.code}-budget-{version.number}", kind)


@bp.post("/submit")
@requires("budget.edit")
def submit(mission: Mission, budget_id: int) -> Any:
    """Ask for approval."""
    budgets.submit(_version(mission, budget_id))
    return saved(url_for("budgets.draft", mission=mission.code), _("The budget waits for a second person"))


@bp.post("/approve")
@requires("budget.approve")
@fresh
def approve(mission: Mission, budget_id: int) -> Any:
    """Approve it for good."""
    version = budgets.approve(_version(mission, budget_id))
    words = _("Version %(number)d of the budget is approved", number=version.number)
    return saved(url_for("budgets.show", mission=mission.code), words)


@bp.route("/send-back", methods=["GET", "POST"])
@requires("budget.approve")
def send_back(mission: Mission, budget_id: int) -> Any:
    """Make it a draft again, with the reason."""
    version, form = _version(mission, budget_id), ReasonForm()
    if form.validate_on_submit():
        with form.shows_errors():
            budgets.send_back(version, **form.payload())
            return saved(url_for("budgets.draft", mission=mission.code), _("The budget is a draft again"))
    page = render_template("finance/budgets/send_back.html", mission=mission, form=form, version=version)
    return page, form.status


@bp.post("/discard")
@requires("budget.edit")
def discard(mission: Mission, budget_id: int) -> Any:
    """Throw a draft away."""
    budgets.discard(_version(mission, budget_id))
    return saved(url_for("budgets.show", mission=mission.code), _("The draft is gone"))


def _version(mission: Mission, budget_id: int) -> BudgetVersion:
    return get_in(db.session(), BudgetVersion, budget_id, mission_id=mission.id)
