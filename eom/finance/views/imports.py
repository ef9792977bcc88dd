"""Expenditures from a spreadsheet: send it, look at what it would do, then book it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request, url_for

from eom.core.i18n import ngettext
from eom.finance.forms.extract import SIGNS, ExtractForm
from eom.finance.imports import expenditures
from eom.finance.services import ledger_intake
from eom.missions.models.mission import Mission
from eom.web import uploads
from eom.web.access import requires
from eom.web.limits import accepts
from eom.web.responses import saved

bp = Blueprint("expenditure_imports", __name__, url_prefix="/missions/<mission>/expenditures/import")


@bp.route("", methods=["GET", "POST"])
@requires("expenditure.record")
@accepts(25)
def new(mission: Mission) -> Any:
    """Send a file; the answer shows what it holds, or everything that is wrong with it."""
    form = ExtractForm()
    if form.validate_on_submit():
        with form.shows_errors():
            kept = uploads.keep(form.file.data, _purpose(mission))
            return _preview(mission, kept, form.decimal_mark.data or None)
    return render_template("finance/imports/form.html", mission=mission, form=form), form.status


@bp.post("/again")
@requires("expenditure.record")
def again(mission: Mission) -> Any:
    """Read the file that was sent with another decimal sign."""
    kept = uploads.kept(request.form.get("token", ""), _purpose(mission))
    return _preview(mission, kept, _mark())


@bp.post("/apply")
@requires("expenditure.record")
def apply(mission: Mission) -> Any:
    """Book the file that was looked at, read as it was confirmed."""
    kept = uploads.kept(request.form.get("token", ""), _purpose(mission))
    read = expenditures.read_extract(kept.data, kept.name, _mark())
    ledger_intake.refuse(read.errors)
    booked = ledger_intake.take(read.lines, mission=mission, file_name=kept.name)
    words = ngettext("%(num)d expenditure recorded", "%(num)d expenditures recorded", booked.added_count)
    rest = ngettext("%(num)d was there already", "%(num)d were there already", booked.known_count)
    return saved(url_for("expenditures.index", mission=mission.code), f"{words}, {rest}")


def _preview(mission: Mission, kept: uploads.Kept, mark: str | None) -> Any:
    read = expenditures.read_extract(kept.data, kept.name, mark)
    booked, refused = ledger_intake.look(read.lines, mission=mission)
    errors = sorted([*read.errors, *refused], key=lambda each: each.row or 0)
    page = render_template(
        "finance/imports/preview.html",
        mission=mission,
        kept=kept,
        read=read,
        booked=booked,
        errors=errors,
        signs=SIGNS,
    )
    return page, 422 if errors else 200


def _purpose(mission: Mission) -> str:
    return f"expenditures {mission.id}"


def _mark() -> str | None:
    given = request.form.get("decimal_mark", "")
    return given if given in (".", ",") else None
