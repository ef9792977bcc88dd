"""Arrivals and departures from a spreadsheet: send it, look at what it would do, then note them."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request, url_for

from eom.core.i18n import ngettext
from eom.extensions import db
from eom.logistics import imports
from eom.logistics.forms.movements import TravelFileForm
from eom.logistics.queries import people
from eom.logistics.services import travelling
from eom.missions.models.mission import Mission
from eom.web import uploads
from eom.web.access import requires
from eom.web.limits import accepts
from eom.web.responses import saved

bp = Blueprint("travel_imports", __name__, url_prefix="/missions/<mission>/logistics/travels/import")


@bp.route("", methods=["GET", "POST"])
@requires("logistics.edit")
@accepts(25)
def new(mission: Mission) -> Any:
    """Send a file; the answer shows its journeys, or everything that is wrong with it."""
    form = TravelFileForm()
    if form.validate_on_submit():
        with form.shows_errors():
            kept = uploads.keep(form.file.data, f"travels {mission.id}")
            known = people.contacts(db.session(), mission)
            read = imports.read_travels(kept.data, kept.name, mission, known)
            names = {id_: name for id_, name, _email in known}
            page = render_template(
                "logistics/travels/preview.html", mission=mission, read=read, kept=kept, names=names
            )
            return page, 422 if read.errors else 200
    return render_template("logistics/travels/import.html", mission=mission, form=form), form.status


@bp.post("/apply")
@requires("logistics.edit")
def apply(mission: Mission) -> Any:
    """Note the journeys of the file that was looked at."""
    kept = uploads.kept(request.form.get("token", ""), f"travels {mission.id}")
    read = imports.read_travels(kept.data, kept.name, mission, people.contacts(db.session(), mission))
    new_count, changed = travelling.take(mission, read.checked(), file_name=kept.name)
    words = ngettext("%(num)d journey noted", "%(num)d journeys noted", new_count)
    rest = ngettext("%(num)d changed", "%(num)d changed", changed)
    return saved(url_for("travels.index", mission=mission.code), f"{words}, {rest}")
