"""Rates of exchange by month."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request, url_for

from eom.core import clock
from eom.core.i18n import _, month_name
from eom.extensions import db
from eom.finance.exports import rates as exports
from eom.finance.forms.rate import RateForm
from eom.finance.models.rate import ExchangeRate
from eom.finance.queries import rates as queries
from eom.finance.services import rates
from eom.web import responses
from eom.web.access import can, requires
from eom.web.responses import saved

bp = Blueprint("rates", __name__, url_prefix="/finance/rates")


@bp.get("")
@requires("finance.read")
def index() -> Any:
    """The rates, the latest month first."""

    def link(rate: ExchangeRate) -> str:
        return url_for(".new", currency=rate.currency, month=f"{rate.month:%Y-%m}")

    may = can("rate.edit")
    definition = exports.register(db.session(), link if may else None, in_full="format" in request.args)
    if (file := responses.download(definition, "exchange-rates")) is not None:
        return file
    today = clock.today()
    return render_template(
        "finance/rates/index.html",
        listing=definition.show(db.session(), request.path, request.args),
        missing=queries.missing(db.session(), today),
        today=today,
    )


@bp.route("/new", methods=["GET", "POST"])
@requires("rate.edit")
def new() -> Any:
    """Record a month's rate, or correct one that was not used yet."""
    month = queries.month_of(request.args.get("month", "")) or clock.today().replace(day=1)
    currency = request.args.get("currency", "").upper()
    known = queries.rate_row(db.session(), currency, month)
    form = RateForm(obj=known, currency=currency, month=month)
    if form.validate_on_submit():
        with form.shows_errors():
            row = rates.record_rate(**form.payload())
            words = _(
                "Rate of %(currency)s for %(month)s recorded",
                currency=row.currency,
                month=month_name(row.month),
            )
            return saved(url_for(".index", currency=row.currency), words)
    return render_template("finance/rates/form.html", form=form, known=known), form.status
