"""Fiscal years: what they still need, their closing by two people, and opening one again."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask_security import current_user

from eom.core import clock
from eom.core.errors import NotFound
from eom.core.i18n import _, lazy
from eom.extensions import db
from eom.finance.exports import years as exports
from eom.finance.forms.year import AgreeForm, CloseYearForm, ReopenYearForm
from eom.finance.queries import carried, year_end
from eom.finance.queries import years as queries
from eom.finance.services import year_end as services
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
def show(year: int) -> Any:
    """What the books of a year hold, what it still needs, and what each award brought in and carries forward."""
    session, row = db.session(), _row(year)
    accounts = carried.carried(session, year)
    if kind := request.args.get("format"):
        return responses.table_file(exports.accounts(accounts), f"fiscal-year-{year}-by-award", kind)
    asked = year_end.reopenings(session, year)
    return render_template(
        "finance/years/show.html", row=row, has_ended=clock.today().year > year, accounts=accounts,
        checks=() if row.is_closed else year_end.checks(session, year, accounts),
        reopened=[each for each in asked if not each.is_asked],
        asked=next((each for each in asked if each.is_asked), None),
        me=current_user.id,
    )  # fmt: skip


@bp.post("/<int:year>/prepare")
@requires("year.close")
@fresh
def prepare(year: int) -> Any:
    """Say that a year is complete; a colleague closes it."""
    services.prepare_year(_row(year).year)
    return saved(url_for(".show", year=year), _("The year is prepared: another person closes it"))


@bp.route("/<int:year>/close", methods=["GET", "POST"])
@requires("year.close")
@fresh
def close(year: int) -> Any:
    """Close a year that somebody else prepared, after a question."""
    form = CloseYearForm()
    if form.validate_on_submit():
        with form.shows_errors():
            services.close_prepared(year)
            return saved(url_for(".show", year=year), _("The fiscal year %(year)d is closed", year=year))
    return render_template("finance/years/close.html", form=form, row=_row(year)), form.status


@bp.route("/<int:year>/reopen", methods=["GET", "POST"])
@requires("year.reopen")
@fresh
def reopen(year: int) -> Any:
    """Ask that a closed year be opened again, with a reason."""
    form = ReopenYearForm()
    if form.validate_on_submit():
        with form.shows_errors():
            services.ask_reopening(year, reason=form.reason.data)
            return saved(url_for(".show", year=year), _("Asked: another person decides"))
    return render_template("finance/years/reopen.html", form=form, row=_row(year)), form.status


@bp.route("/<int:year>/reopen/agree", methods=["GET", "POST"])
@requires("year.reopen")
@fresh
def agree(year: int) -> Any:
    """Open a closed year again, as somebody else asked."""
    form = AgreeForm()
    if form.validate_on_submit():
        with form.shows_errors():
            services.reopen(year)
            return saved(url_for(".show", year=year), _("The fiscal year %(year)d is open again", year=year))
    asked = next((each for each in year_end.reopenings(db.session(), year) if each.is_asked), None)
    return render_template("finance/years/agree.html", form=form, row=_row(year), asked=asked), form.status


@bp.post("/<int:year>/reopen/decline")
@requires("year.reopen")
@fresh
def decline(year: int) -> Any:
    """Leave a year closed that somebody asked to open again."""
    services.decline_reopening(_row(year).year)
    return saved(url_for(".show", year=year), _("The year stays closed"))


def _row(year: int) -> queries.Books:
    if not queries.FIRST <= year <= queries.LAST:
        raise NotFound(lazy("There is no fiscal year %(year)d in the books.", year=year))
    return queries.year(db.session(), year)
