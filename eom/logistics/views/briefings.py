"""The briefings of a mission."""

from __future__ import annotations

from functools import partial
from typing import Any

from flask import Blueprint, render_template, url_for

from eom.core.db import get_in
from eom.core.i18n import _, ngettext
from eom.extensions import db
from eom.logistics.exports import lists as exports
from eom.logistics.forms.people import AttendanceForm, BriefingForm
from eom.logistics.models.briefings import Briefing
from eom.logistics.services import gathering
from eom.missions.models.mission import Mission
from eom.web import responses
from eom.web.access import requires
from eom.web.fresh import fresh_for_files
from eom.web.responses import saved

bp = Blueprint("briefings", __name__, url_prefix="/missions/<mission>/logistics/briefings")


@bp.get("")
@requires("logistics.read")
@fresh_for_files
def index(mission: Mission) -> Any:
    """The briefings and how many came."""

    def link(id_: int) -> str:
        return url_for(".show", mission=mission.code, briefing_id=id_)

    return responses.listed(
        exports.briefings(mission, link),
        f"{mission.code}-briefings",
        "logistics/briefings/index.html",
        mission=mission,
    )


@bp.route("/new", methods=["GET", "POST"])
@requires("logistics.edit")
def new(mission: Mission) -> Any:
    """Note a briefing."""
    return _form(mission, None)


@bp.route("/<int:briefing_id>/edit", methods=["GET", "POST"])
@requires("logistics.edit")
def edit(mission: Mission, briefing_id: int) -> Any:
    """Change a briefing."""
    return _form(mission, get_in(db.session(), Briefing, briefing_id, mission_id=mission.id))


@bp.post("/<int:briefing_id>/remove")
@requires("logistics.edit")
def remove(mission: Mission, briefing_id: int) -> Any:
    """Take a briefing away, with the list of who came."""
    gathering.remove_briefing(get_in(db.session(), Briefing, briefing_id, mission_id=mission.id))
    return saved(url_for(".index", mission=mission.code), _("Briefing taken away"))


@bp.get("/<int:briefing_id>")
@requires("logistics.read")
def show(mission: Mission, briefing_id: int) -> str:
    """A briefing and who came."""
    briefing = get_in(db.session(), Briefing, briefing_id, mission_id=mission.id)
    form = AttendanceForm.of(mission, briefing)
    return render_template("logistics/briefings/show.html", mission=mission, form=form, briefing=briefing)


@bp.post("/<int:briefing_id>/attendance")
@requires("logistics.edit")
def attendance(mission: Mission, briefing_id: int) -> Any:
    """Note exactly who came."""
    briefing = get_in(db.session(), Briefing, briefing_id, mission_id=mission.id)
    form = AttendanceForm.of(mission, briefing)
    if form.validate_on_submit():
        with form.shows_errors():
            count = gathering.note_attendance(
                mission, briefing, [int(each) for each in form.present.data or ()]
            )
            words = ngettext("%(num)d person came", "%(num)d people came", count)
            return saved(url_for(".index", mission=mission.code), words)
    return render_template(
        "logistics/briefings/show.html", mission=mission, form=form, briefing=briefing
    ), form.status


def _form(mission: Mission, briefing: Briefing | None) -> Any:
    form = BriefingForm.of(mission, briefing)
    return responses.filled(
        form, partial(gathering.edit_briefing, mission, briefing), url_for(".index", mission=mission.code),
        _("Briefing saved"), "logistics/briefings/form.html", mission=mission, briefing=briefing,
    )  # fmt: skip
