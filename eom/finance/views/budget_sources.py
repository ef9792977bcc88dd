"""Where a budget may begin: another mission's, scaled, or the standard lines."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, url_for

from eom.core.db import get_in
from eom.core.i18n import _, money, ngettext
from eom.extensions import db
from eom.finance.forms.budget import CopyForm, StandardForm
from eom.finance.models.budget import BudgetVersion
from eom.finance.queries import budgets as reading
from eom.finance.queries import standard_lines
from eom.finance.services import budget_templates
from eom.missions.models.mission import Mission
from eom.web.access import requires
from eom.web.responses import saved

bp = Blueprint("budget_sources", __name__, url_prefix="/missions/<mission>/budget")


@bp.route("/copy", methods=["GET", "POST"])
@requires("budget.edit")
def copy(mission: Mission) -> Any:
    """Copy another mission's budget: first what was scaled and by how much, then the lines."""
    found = reading.sources(db.session(), mission.id)
    choices = [(str(version.id), _source_name(version, of)) for version, of in found]
    form, lines, source = CopyForm.among(choices), [], None
    if form.validate_on_submit():
        with form.shows_errors():
            asked = form.payload()
            source = get_in(db.session(), BudgetVersion, int(asked["budget_id"]))
            sizes = {name: int(asked[name]) for name in ("observer_count", "day_count")}
            lines = budget_templates.scale(source, **sizes)
            if asked["is_seen"]:
                draft = budget_templates.copy_budget(mission, source, **sizes)
                words = ngettext("%(num)d line copied", "%(num)d lines copied", len(draft.lines))
                return saved(url_for("budgets.draft", mission=mission.code), words)
    page = render_template(
        "finance/budgets/copy.html",
        mission=mission,
        form=form,
        lines=lines,
        source=source,
        has_sources=bool(found),
    )
    return page, form.status


@bp.route("/standard", methods=["GET", "POST"])
@requires("budget.edit")
def standard(mission: Mission) -> Any:
    """Plan standard lines for the size of this mission."""
    version = reading.open_version(db.session(), mission.id)
    lines = standard_lines.every(db.session())
    given = {"observer_count": version.observer_count, "day_count": version.day_count} if version else {}
    form = StandardForm.among([(str(each.id), _line_name(each)) for each in lines], **given)
    if form.validate_on_submit():
        with form.shows_errors():
            asked = form.payload()
            made = budget_templates.add_standard_lines(
                mission, [int(each) for each in asked["line_ids"]], observer_count=int(asked["observer_count"]),
                day_count=int(asked["day_count"]),
            )  # fmt: skip
            words = ngettext("%(num)d line planned", "%(num)d lines planned", len(made))
            return saved(url_for("budgets.draft", mission=mission.code), words)
    page = render_template("finance/budgets/standard.html", mission=mission, form=form, has_lines=bool(lines))
    return page, form.status


def _source_name(version: BudgetVersion, mission: Mission) -> str:
    if version.observer_count and version.day_count:
        return _(
            "%(mission)s, version %(number)d: %(observers)d observers, %(days)d days", mission=mission.code,
            number=version.number, observers=version.observer_count, days=version.day_count,
        )  # fmt: skip
    return _("%(mission)s, version %(number)d", mission=mission.code, number=version.number)


def _line_name(line: Any) -> str:
    parts = [f"{line.object_number} {line.description}", money(line.unit_cents), str(line.basis.label)]
    return " · ".join(parts)
