"""Rates of exchange from a spreadsheet: send it, look at what it would do, then record it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request, url_for

from eom.core.i18n import ngettext
from eom.finance.forms.extract import SIGNS, RateListForm
from eom.finance.imports import rates as imports
from eom.finance.services import ledger_intake, rate_intake
from eom.web import uploads
from eom.web.access import requires
from eom.web.limits import accepts
from eom.web.responses import saved

bp = Blueprint("rate_imports", __name__, url_prefix="/finance/rates/import")
PURPOSE = "rates"


@bp.route("", methods=["GET", "POST"])
@requires("rate.edit")
@accepts(25)
def new() -> Any:
    """Send a file; the answer shows what it holds, or everything that is wrong with it."""
    form = RateListForm()
    if form.validate_on_submit():
        with form.shows_errors():
            return _preview(uploads.keep(form.file.data, PURPOSE), form.decimal_mark.data or None)
    return render_template("finance/rates/import.html", form=form), form.status


@bp.post("/again")
@requires("rate.edit")
def again() -> Any:
    """Read the file that was sent with another decimal sign."""
    return _preview(uploads.kept(request.form.get("token", ""), PURPOSE), _mark())


@bp.post("/apply")
@requires("rate.edit")
def apply() -> Any:
    """Record the rates of the file that was looked at, read as it was confirmed."""
    kept = uploads.kept(request.form.get("token", ""), PURPOSE)
    read = imports.read_rates(kept.data, kept.name, _mark())
    ledger_intake.refuse(read.errors)
    found = rate_intake.take(read.lines, file_name=kept.name)
    words = ngettext(
        "%(num)d rate recorded", "%(num)d rates recorded", found.added_count + found.changed_count
    )
    rest = ngettext("%(num)d was there already", "%(num)d were there already", found.known_count)
    return saved(url_for("rates.index"), f"{words}, {rest}")


def _preview(kept: uploads.Kept, mark: str | None) -> Any:
    read = imports.read_rates(kept.data, kept.name, mark)
    errors = [*read.errors, *rate_intake.errors(read.lines)]
    found = rate_intake.look(read.lines)
    page = render_template(
        "finance/rates/preview.html", kept=kept, read=read, found=found, signs=SIGNS,
        errors=sorted(errors, key=lambda each: each.row or 0),
    )  # fmt: skip
    return page, 422 if errors else 200


def _mark() -> str | None:
    given = request.form.get("decimal_mark", "")
    return given if given in (".", ",") else None
