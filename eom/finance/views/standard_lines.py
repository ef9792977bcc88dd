"""The lines that most missions need."""

from __future__ import annotations

from functools import partial
from typing import Any

from flask import Blueprint, url_for

from eom.core.db import get_in
from eom.core.i18n import _
from eom.extensions import db
from eom.finance.exports import standard_lines as exports
from eom.finance.forms.budget import StandardLineForm
from eom.finance.models.budget import StandardLine
from eom.finance.services import budget_templates
from eom.web import responses
from eom.web.access import can, requires
from eom.web.responses import saved

bp = Blueprint("standard_lines", __name__, url_prefix="/finance/standard-lines")


@bp.get("")
@requires("finance.read")
def index() -> Any:
    """The lines, by object."""
    link = (lambda row: url_for(".edit", standard_id=row.id)) if can("budget.edit") else None
    definition = exports.lines(link)
    return responses.listed(definition, "standard-lines", "finance/standard_lines/index.html")


@bp.route("/new", methods=["GET", "POST"])
@requires("budget.edit")
def new() -> Any:
    """Record a line."""
    return _form(None, StandardLineForm())


@bp.route("/<int:standard_id>/edit", methods=["GET", "POST"])
@requires("budget.edit")
def edit(standard_id: int) -> Any:
    """Change a line; budgets keep theirs."""
    line = get_in(db.session(), StandardLine, standard_id)
    return _form(line, StandardLineForm(obj=line))


@bp.post("/<int:standard_id>/remove")
@requires("budget.edit")
def remove(standard_id: int) -> Any:
    """Take a line away; budgets keep theirs."""
    budget_templates.remove_standard_line(get_in(db.session(), StandardLine, standard_id))
    return saved(url_for(".index"), _("The standard line is gone"))


def _form(line: StandardLine | None, form: StandardLineForm) -> Any:
    return responses.filled(
        form, partial(budget_templates.record_standard_line, line), url_for(".index"),
        _("The standard line is kept"), "finance/standard_lines/form.html", line=line,
    )  # fmt: skip
