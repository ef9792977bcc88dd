"""Boundaries of levels 2 and 3, by upload."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, url_for

from eom.core.i18n import lazy
from eom.core.storage import bare_name
from eom.extensions import db
from eom.missions.models.mission import Mission
from eom.stations import queries
from eom.stations.forms import BoundariesForm
from eom.stations.services import boundaries
from eom.web.access import requires
from eom.web.limits import accepts
from eom.web.responses import saved

bp = Blueprint("station_boundaries", __name__, url_prefix="/missions/<mission>/stations/boundaries")


@bp.route("", methods=["GET", "POST"], endpoint="index")
@requires("station.import")
@accepts()
def index(mission: Mission) -> Any:
    """What is loaded of boundaries, and a form to load a level."""
    form = BoundariesForm()
    if form.validate_on_submit():
        with form.shows_errors():
            sent = form.file.data
            count = boundaries.load(
                mission, sent.read(), bare_name(sent.filename or "file"), level=int(form.level.data),
                name_column=form.name_column.data or "",
            )  # fmt: skip
            return saved(
                url_for(".index", mission=mission.code), lazy("%(count)s boundaries are loaded.", count=count)
            )
    return render_template(
        "stations/boundaries.html", mission=mission, form=form,
        loaded=queries.loaded_boundaries(db.session(), mission),
    ), form.status  # fmt: skip


@bp.post("/<int:level>/remove")
@requires("station.import")
def remove(mission: Mission, level: int) -> Any:
    """Forget the boundaries of a level."""
    boundaries.remove(mission, level)
    return saved(url_for(".index", mission=mission.code), lazy("The boundaries are removed."))
