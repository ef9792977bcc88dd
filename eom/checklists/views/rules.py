"""The rules by which a mission marks reports."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, url_for

from eom.checklists import jobs as work
from eom.checklists.forms import RuleEditForm, RuleForm
from eom.checklists.queries import rules as queries
from eom.checklists.queries.forms import forms
from eom.checklists.services import flagging
from eom.core import i18n, jobs
from eom.core.i18n import _
from eom.extensions import db
from eom.missions.models.mission import Mission
from eom.web import worker
from eom.web.access import requires
from eom.web.responses import saved

bp = Blueprint("rules", __name__, url_prefix="/missions/<mission>/rules")


@bp.get("")
@requires("checklist.publish")
def index(mission: Mission) -> str:
    """The rules of the mission's forms."""
    found = queries.rules(db.session(), mission)
    return render_template("checklists/rules/index.html", mission=mission, rules=found)


@bp.route("/new", methods=["GET", "POST"])
@requires("checklist.publish")
def new(mission: Mission) -> Any:
    """Add a rule; it is asked of every report of its form, also of those that came before."""
    form = RuleForm.among([(str(each.id), each.words) for each in forms(db.session(), mission)])
    if form.validate_on_submit():
        with form.shows_errors():
            values = form.payload()
            rule = flagging.add_rule(mission, **(values | {"form_id": int(values["form_id"])}))
            return _ask_all(mission, rule.form_id, _("Rule added"))
    return render_template("checklists/rules/form.html", mission=mission, form=form, rule=None), form.status


@bp.route("/<int:rule_id>/edit", methods=["GET", "POST"])
@requires("checklist.publish")
def edit(mission: Mission, rule_id: int) -> Any:
    """Change a rule, or switch it off."""
    rule = queries.rule_in(db.session(), mission, rule_id)
    form = RuleEditForm(obj=rule)
    if form.validate_on_submit():
        with form.shows_errors():
            flagging.edit_rule(rule, **form.payload())
            return _ask_all(mission, rule.form_id, _("Rule changed"))
        rule = queries.rule_in(db.session(), mission, rule_id)
    return render_template("checklists/rules/form.html", mission=mission, form=form, rule=rule), form.status


def _ask_all(mission: Mission, form_id: int, message: str) -> Any:
    job = jobs.create(
        db.session(), work.FLAG, language=i18n.language(), mission_id=mission.id, form_id=form_id
    )
    answer = saved(url_for("jobs.show", job_id=job.id), message)
    worker.enqueue(job)
    return answer
