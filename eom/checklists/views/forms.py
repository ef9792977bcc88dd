"""The checklists of a mission: published by those who lead it, filled in by observers."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask_security import current_user

from eom.checklists.forms import ContendersForm
from eom.checklists.queries import forms, media, mine, submissions
from eom.checklists.services import files, publishing
from eom.checklists.views import filling
from eom.core.i18n import _, lazy, ngettext
from eom.extensions import db
from eom.missions.models.mission import Mission
from eom.web.access import requires
from eom.web.limits import accepts
from eom.web.navigation import Entry
from eom.web.responses import saved, store

bp = Blueprint("checklists", __name__, url_prefix="/missions/<mission>/checklists")

MISSION_NAVIGATION = (
    Entry(lazy("My checklists"), "checklists.mine", "checklist.fill", "ui-checks", lazy("Field"), 5),
    Entry(lazy("Checklists"), "checklists.index", "checklist.publish", "clipboard-check", lazy("Field"), 30),
)


@bp.get("")
@requires("checklist.publish")
def index(mission: Mission) -> Any:
    """The forms of the mission, their versions, and what came."""
    session = db.session()
    return render_template(
        "checklists/index.html", mission=mission, counts=submissions.counts(session, mission),
        versions={each.form_id: each for each in forms.newest_versions(session, mission)},
        drafts=forms.drafts(session, mission),
        contenders=media.contenders(session, store(), mission),
    )  # fmt: skip


@bp.post("/standard")
@requires("checklist.publish")
def publish_standard(mission: Mission) -> Any:
    """Publish the standard checklists."""
    new = sum(each.is_new for each in publishing.publish_library(mission, store()))
    words = ngettext("%(num)d checklist published", "%(num)d checklists published", new)
    return saved(url_for(".index", mission=mission.code), words)


@bp.route("/contenders", methods=["GET", "POST"])
@requires("checklist.publish")
@accepts(10)
def contenders(mission: Mission) -> Any:
    """Give the forms their parties or candidates."""
    form = ContendersForm()
    if form.validate_on_submit():
        with form.shows_errors():
            files.attach_contenders(mission, store(), form.file.data.read(), form.file.data.filename)
            return saved(url_for(".index", mission=mission.code), _("Parties or candidates loaded"))
    return render_template("checklists/contenders.html", mission=mission, form=form), form.status


@bp.get("/versions/<int:version_id>")
@requires("checklist.publish")
def show(mission: Mission, version_id: int) -> Any:
    """The questions of a version in the reader's language, and the files that it lacks."""
    version = forms.version_in(db.session(), mission, version_id)
    return render_template(
        "checklists/show.html", mission=mission, version=version, form=forms.definition(version),
        missing=media.missing_of(db.session(), mission, version.media),
    )  # fmt: skip


@bp.get("/mine", endpoint="mine")
@requires("checklist.fill")
def mine_(mission: Mission) -> Any:
    """What the person has to fill in, by station."""
    found = mine.tasks_of(db.session(), mission, current_user._get_current_object())
    versions = forms.current_versions(db.session(), mission)
    return render_template("checklists/mine.html", mission=mission, stations=found, versions=versions)


@bp.get("/<int:version_id>/fill")
@requires("checklist.fill")
def fill(mission: Mission, version_id: int) -> Any:
    """Fill a form in the browser, at the station that was chosen."""
    version = forms.version_in(db.session(), mission, version_id)
    choices = media.own_station_choices(db.session(), mission, current_user._get_current_object())
    chosen = next((each for each in choices if each.value == request.args.get("station")), None)
    named: dict[str, Any] = {"mission": mission.code, "version_id": version.id}
    return filling.page(
        mission, version, heading=version.form.words, lede=chosen.label if chosen else _("Choose the station in the form."),
        above=(_("My checklists"), url_for(".mine", mission=mission.code)),
        form=url_for("openrosa.form", **named), attachments=url_for("openrosa.media", **named, name="x"),
        submission=url_for("openrosa.submission", mission=mission.code), back=url_for(".mine", mission=mission.code),
        answers={"station": chosen.value} if chosen else {},
    )  # fmt: skip
