"""People from a spreadsheet: send it, look at what it would do, then add them."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request, url_for

from eom.core.i18n import ngettext
from eom.missions.models.mission import Mission
from eom.observers import imports
from eom.observers.forms import PeopleFileForm
from eom.observers.services import intake
from eom.web import uploads
from eom.web.access import requires
from eom.web.limits import accepts
from eom.web.responses import saved

bp = Blueprint("people_imports", __name__, url_prefix="/missions/<mission>/appointments/import")


@bp.route("", methods=["GET", "POST"])
@requires("appointment.edit")
@accepts(25)
def new(mission: Mission) -> Any:
    """Send a file; the answer shows its people, or everything that is wrong with it."""
    form = PeopleFileForm()
    if form.validate_on_submit():
        with form.shows_errors():
            kept = uploads.keep(form.file.data, f"people {mission.id}")
            read = imports.read_people(kept.data, kept.name)
            errors = sorted(
                [*read.errors, *intake.barred(mission, read.rows)], key=lambda error: error.row or 0
            )
            page = render_template(
                "observers/import_preview.html",
                mission=mission,
                read=read,
                errors=errors,
                kept=kept,
            )
            return page, 422 if errors else 200
    return render_template("observers/import.html", mission=mission, form=form), form.status


@bp.post("/apply")
@requires("appointment.edit")
def apply(mission: Mission) -> Any:
    """Add the people of the file that was looked at."""
    kept = uploads.kept(request.form.get("token", ""), f"people {mission.id}")
    taken = intake.take(mission, imports.read_people(kept.data, kept.name).checked(), file_name=kept.name)
    count = taken.appointment_count
    words = ngettext("%(num)d person appointed", "%(num)d people appointed", count)
    rest = ngettext("%(num)d row changed nothing", "%(num)d rows changed nothing", taken.unchanged_count)
    return saved(url_for("appointments.index", mission=mission.code), f"{words}, {rest}")
