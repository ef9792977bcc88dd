"""The call tree of a mission, on the screen and on paper, and headcounts after something happened."""

from __future__ import annotations

from functools import partial
from typing import Any

from flask import Blueprint, render_template, url_for
from flask_security import current_user

from eom.core.db import get_in
from eom.core.i18n import _
from eom.extensions import db
from eom.logistics.exports import lists as exports
from eom.logistics.forms.people import AnswerForm, CallTreeForm, HeadcountForm
from eom.logistics.models.calls import Headcount
from eom.logistics.queries import calls as queries
from eom.logistics.services import gathering
from eom.missions.models.mission import Mission
from eom.web import reading, responses
from eom.web.access import requires
from eom.web.fresh import fresh_for_files
from eom.web.responses import saved

bp = Blueprint("calls", __name__, url_prefix="/missions/<mission>/logistics")


@bp.get("/call-tree")
@requires("logistics.read")
def tree(mission: Mission) -> str:
    """Who calls whom."""
    lines = queries.lines(db.session(), mission)
    focal = queries.focal_point(db.session(), mission)
    return render_template("logistics/calls/tree.html", mission=mission, lines=lines, focal=focal)


@bp.get("/call-tree/paper")
@requires("logistics.read")
def paper(mission: Mission) -> str:
    """The call tree to print; that the numbers go out is told in the trail."""
    reading.exported("lists", "call-tree", f"{mission.code}-call-tree")
    lines = queries.lines(db.session(), mission)
    return render_template("logistics/calls/paper.html", mission=mission, lines=lines)


@bp.route("/call-tree/edit", methods=["GET", "POST"])
@requires("logistics.edit")
def edit(mission: Mission) -> Any:
    """Choose the security focal point, and who calls a team."""
    form = CallTreeForm.of(mission)
    return responses.filled(
        form, partial(gathering.decide_calls, mission), url_for(".tree", mission=mission.code),
        _("Call tree changed"), "logistics/calls/form.html", mission=mission,
    )  # fmt: skip


@bp.get("/headcounts")
@requires("logistics.read")
@fresh_for_files
def headcounts(mission: Mission) -> Any:
    """The headcounts of the mission."""

    def link(id_: int) -> str:
        return url_for(".headcount", mission=mission.code, headcount_id=id_)

    return responses.listed(
        exports.headcounts(mission, link), f"{mission.code}-headcounts", "logistics/calls/headcounts.html",
        mission=mission,
    )  # fmt: skip


@bp.route("/headcounts/new", methods=["GET", "POST"])
@requires("headcount.record")
def begin(mission: Mission) -> Any:
    """Begin to call everyone."""
    form = HeadcountForm()
    if form.validate_on_submit():
        with form.shows_errors():
            made = gathering.begin_headcount(mission, **form.payload())
            return saved(
                url_for(".headcount", mission=mission.code, headcount_id=made.id), _("Headcount begun")
            )
    return render_template("logistics/calls/begin.html", mission=mission, form=form), form.status


@bp.get("/headcounts/<int:headcount_id>")
@requires("logistics.read")
def headcount(mission: Mission, headcount_id: int) -> str:
    """Who was reached, who not, who needs help."""
    found = get_in(db.session(), Headcount, headcount_id, mission_id=mission.id)
    count = queries.count(db.session(), mission, found)
    return render_template("logistics/calls/headcount.html", mission=mission, headcount=found, count=count)


@bp.post("/headcounts/<int:headcount_id>/<int:appointment_id>")
@requires("headcount.record")
def answer(mission: Mission, headcount_id: int, appointment_id: int) -> Any:
    """Note what is known of someone."""
    found = get_in(db.session(), Headcount, headcount_id, mission_id=mission.id)
    to = url_for(".headcount", mission=mission.code, headcount_id=found.id)
    form = AnswerForm()
    if form.validate_on_submit():
        gathering.note_answer(
            mission, found, appointment_id=appointment_id, by_id=current_user.id, **form.payload()
        )
        return saved(f"{to}#person-{appointment_id}", _("Noted"))
    count = queries.count(db.session(), mission, found)
    return render_template(
        "logistics/calls/headcount.html", mission=mission, headcount=found, count=count
    ), 422


@bp.post("/headcounts/<int:headcount_id>/end")
@requires("headcount.record")
def end(mission: Mission, headcount_id: int) -> Any:
    """End a headcount: it stays as it stands."""
    found = get_in(db.session(), Headcount, headcount_id, mission_id=mission.id)
    gathering.end_headcount(found)
    return saved(url_for(".headcount", mission=mission.code, headcount_id=found.id), _("Headcount ended"))
