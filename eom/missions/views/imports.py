"""A register of past missions: send the file, look at what it would do, then add it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request, url_for

from eom.core.i18n import ngettext
from eom.missions import imports
from eom.missions.forms import RegisterFileForm
from eom.missions.services import register
from eom.web import uploads
from eom.web.access import requires
from eom.web.limits import accepts
from eom.web.responses import saved

bp = Blueprint("mission_imports", __name__, url_prefix="/missions/import")


@bp.route("", methods=["GET", "POST"])
@requires("mission.create")
@accepts(25)
def new() -> Any:
    """Send a file; the answer shows its missions, or everything that is wrong with it."""
    form = RegisterFileForm()
    if form.validate_on_submit():
        with form.shows_errors():
            kept = uploads.keep(form.file.data, "missions")
            read = imports.read_register(kept.data, kept.name)
            page = render_template("missions/import_preview.html", read=read, kept=kept)
            return page, 422 if read.errors else 200
    return render_template("missions/import.html", form=form), form.status


@bp.post("/apply")
@requires("mission.create")
def apply() -> Any:
    """Add the missions of the file that was looked at."""
    kept = uploads.kept(request.form.get("token", ""), "missions")
    records = imports.read_register(kept.data, kept.name).checked()
    result = register.add_past_missions(records, file_name=kept.name)
    count = len(result.added)
    words = ngettext("%(num)d mission added", "%(num)d missions added", count)
    known = ngettext("%(num)d known already", "%(num)d known already", result.known_count)
    return saved(url_for("missions.index"), f"{words}, {known}")
