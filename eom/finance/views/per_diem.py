"""Per diem rates by place."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request, url_for

from eom.core import clock
from eom.core.db import get_in
from eom.core.i18n import _
from eom.extensions import db
from eom.finance.exports import per_diem as exports
from eom.finance.forms.commitment import PerDiemForm
from eom.finance.models.commitment import PerDiemRate
from eom.finance.services import per_diem
from eom.web import responses
from eom.web.access import can, requires
from eom.web.responses import saved

bp = Blueprint("per_diem", __name__, url_prefix="/finance/per-diem")


@bp.get("")
@requires("finance.read")
def index() -> Any:
    """The rates, by country and place."""
    link = (lambda row: url_for(".new", like=row.id)) if can("rate.edit") else None
    definition = exports.rates(db.session(), link)
    return responses.listed(definition, "per-diem-rates", "finance/per_diem/index.html")


@bp.route("/new", methods=["GET", "POST"])
@requires("rate.edit")
def new() -> Any:
    """Record what a day in a place is worth from a day on, or correct a rate that was not used yet."""
    like = request.args.get("like", type=int)
    form = PerDiemForm(obj=get_in(db.session(), PerDiemRate, like) if like else None)
    if not like and not form.is_submitted():
        form.starts_on.data = clock.today()
    if form.validate_on_submit():
        with form.shows_errors():
            row = per_diem.record_rate(**form.payload())
            return saved(url_for(".index"), _("Rate of %(place)s recorded", place=row.place))
    return render_template("finance/per_diem/form.html", form=form), form.status
