"""The Regular Fund: its appropriation by year, what missions were given of it, and what is left."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from flask import Blueprint, render_template, request, url_for

from eom.core import clock
from eom.core.i18n import _
from eom.extensions import db
from eom.finance.forms.regular_fund import AppropriationForm
from eom.finance.queries import awards
from eom.finance.queries import regular_fund as queries
from eom.finance.services import regular_fund
from eom.web import responses
from eom.web.access import requires
from eom.web.responses import saved

bp = Blueprint("regular_fund", __name__, url_prefix="/finance/regular-fund")


@bp.get("")
@requires("finance.read")
def index() -> Any:
    """Every year's appropriation."""
    years = queries.appropriations(db.session())
    if kind := request.args.get("format"):
        return responses.table_file(_rows(years), "regular-fund", kind)
    return render_template("finance/regular_fund/index.html", years=years, total=queries.total(years))


@bp.get("/<int:year>")
@requires("finance.read")
def show(year: int) -> str:
    """A year's appropriation, and what each mission was given of it."""
    session = db.session()
    every = {each.year: each for each in queries.appropriations(session)}
    found = queries.awards_of_year(session, year)
    return render_template(
        "finance/regular_fund/show.html",
        year=every.get(year) or queries.Appropriation(year),
        awards=found,
        accounts=awards.accounts(session, [each.id for each in found]),
        parts=queries.parts_of_year(session, year),
    )


@bp.route("/new", methods=["GET", "POST"])
@requires("award.edit")
def new() -> Any:
    """Record an appropriation."""
    form = AppropriationForm(year=clock.today().year, decided_on=clock.today())
    if form.validate_on_submit():
        with form.shows_errors():
            award = regular_fund.appropriate(**form.payload())
            words = _("Appropriation recorded as award %(reference)s", reference=award.reference)
            return saved(url_for(".show", year=award.appropriation_year), words)
    return render_template("finance/regular_fund/form.html", form=form), form.status


def _rows(years: list[queries.Appropriation]) -> Iterator[list[Any]]:
    yield [_("Year"), _("Appropriated (US$)"), _("Allocated to missions (US$)"), _("Left to allocate (US$)"),
           _("Received (US$)"), _("Spent (US$)"), _("Unspent (US$)")]  # fmt: skip
    for each in years:
        cents = (each.appropriated_cents, each.allocated_cents, each.left_cents, each.received_cents,
                 each.spent_cents, each.unspent_cents)  # fmt: skip
        yield [each.year or _("Without a year"), *(Decimal(value) / 100 for value in cents)]
