"""Fiscal years and their closing."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask_security import current_user

from eom.core import clock
from eom.core.errors import NotFound
from eom.core.i18n import _, lazy
from eom.extensions import db
from eom.finance.exports import years as exports
from eom.finance.forms.year import CloseYearForm
from eom.finance.queries import years as queries
from eom.finance.services import closing
from eom.web import responses
from eom.web.access import requires
from eom.web.fresh import fresh
from eom.web.responses import saved

bp = Blueprint("years", __name__, url_prefix="/finance/years")


@bp.get("")
@requires("finance.read")
def index() -> Any:
    """The fiscal years, the latest first."""
    rows = queries.years(db.session())
    if kind := request.args.get("format"):
        return responses.table_file(exports.table(rows), "fiscal-years", kind)
    return render_template("finance/years/index.html", rows=rows)


@bp.get("/<int:year>")
@requires("finance.read")
def show(year: int) -> str:
    """What the books of a year hold, and whether it can be closed."""
    row = _row(year)
    return render_template(
        "finance/years/show.html",
        row=row,
        has_ended=clock.today().year > year,
        earlier=queries.first_open_year(db.session(), before=year),
    )


@bp.route("/<int:year>/close", methods=["GET", "POST"])
@requires("year.close")
@fresh
def close(year: int) -> Any:
    """Close a year for good, after a question."""
    form = CloseYearForm()
    if form.validate_on_submit():
        with form.shows_errors():
            closing.close_year(year, by=current_user.name)
            return saved(url_for(".show", year=year), _("The fiscal year %(year)d is closed", year=year))
    return render_template("finance/years/close.html", form=form, row=_row(year)), form.status


def _row(year: int) -> queries.Books:
    if not queries.FIRST <= year <= queries.LAST:
        raise NotFound(lazy("There is no fiscal year %(year)d in the books.", year=year))
    return queries.year(db.session(), year)
