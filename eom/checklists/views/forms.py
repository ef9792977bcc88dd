"""The checklists of a mission: published by those who lead it, filled in by observers."""

from __future__ import annotations

import json
from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask_security import current_user
from flask_wtf.csrf import generate_csrf

from eom.checklists.forms import ContendersForm, WorkbookForm
from eom.checklists.queries import forms, media, mine, submissions
from eom.checklists.services import files, publishing
from eom.core.i18n import _, lazy, ngettext
from eom.extensions import db
from eom.missions.models.mission import Mission
from eom.web import security
from eom.web.access import requires
from eom.web.navigation import Entry
from eom.web.responses import saved, store

bp = Blueprint("checklists", __name__, url_prefix="/missions/<mission>/checklists")

MISSION_NAVIGATION = (
    Entry(lazy("My checklists"), "checklists.mine", "checklist.fill", "ui-checks", lazy("Field"), 5),
    Entry(lazy("Checklists"), "checklists.index", "checklist.publish", "clipboard-check", lazy("Field"), 30),
)
TOKEN_HEADER = "X-CSRFToken"  # noqa: S105 - the name of a header


@bp.get("")
@requires("checklist.publish")
def index(mission: Mission) -> Any:
    """The forms of the mission, their versions, and what came."""
    session = db.session()
    return render_template(
        "checklists/index.html", mission=mission, counts=submissions.counts(session, mission),
        versions={each.form_id: each for each in forms.current_versions(session, mission)},
        contenders=media.contenders(session, store(), mission),
    )  # fmt: skip


@bp.post("/standard")
@requires("checklist.publish")
def publish_standard(mission: Mission) -> Any:
    """Publish the four standard checklists."""
    new = sum(each.is_new for each in publishing.publish_library(mission, store()))
    words = ngettext("%(num)d checklist published", "%(num)d checklists published", new)
    return saved(url_for(".index", mission=mission.code), words)


@bp.route("/publish", methods=["GET", "POST"])
@requires("checklist.publish")
def publish(mission: Mission) -> Any:
    """Publish an XLSForm of one's own."""
    form = WorkbookForm()
    if form.validate_on_submit():
        with form.shows_errors():
            done = publishing.publish(
                mission, store(), form.file.data.read(), form.file.data.filename, kind=form.kind.data or None
            )
            words = _("%(form)s published", form=done.version.form.words)
            same = _("These questions are published already: nothing changes")
            return saved(url_for(".index", mission=mission.code), words if done.is_new else same)
    return render_template("checklists/publish.html", mission=mission, form=form), form.status


@bp.route("/contenders", methods=["GET", "POST"])
@requires("checklist.publish")
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
    """The questions of a version in the reader's language, and the form's other versions."""
    version = forms.version_in(db.session(), mission, version_id)
    return render_template(
        "checklists/show.html", mission=mission, version=version, form=forms.definition(version),
        versions=forms.versions(db.session(), version.form),
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
    nonce = f"'nonce-{security.csp_nonce()}'"
    security.allow(
        script_src=["'wasm-unsafe-eval'"], style_src=[nonce], img_src=["blob:", "data:"], worker_src=["blob:", "data:"],
        font_src=["data:"],
    )  # fmt: skip
    base = url_for("openrosa.media", mission=mission.code, version_id=version.id, name="x")
    return render_template(
        "checklists/fill.html", mission=mission, version=version, station=chosen,
        attachments_url=base.rsplit("/", 1)[0], answers=json.dumps({"station": chosen.value} if chosen else {}),
        token=generate_csrf(), token_header=TOKEN_HEADER, words=_words(),
    )  # fmt: skip


def _words() -> dict[str, str]:
    """What ODK Web Forms itself writes, in English, with the same in the reader's language."""
    return {
        "Send": _("Send"), "Cancel": _("Cancel"), "Close": _("Close"), "Remove": _("Remove"), "Add": _("Add"),
        "Choose image": _("Choose a picture"), "Take picture": _("Take a picture"), "No file chosen": _("No file chosen"),
        "Captured image preview": _("The chosen picture"), "Remove selection": _("Take the choice away"),
        "Get location": _("Find where I am"), "Try again": _("Try again"), "Finding your location": _("Finding where you are"),
        "Capturing location...": _("Finding where you are"), "Good accuracy": _("Precise"), "Poor accuracy": _("Not precise"),
        "Unknown accuracy": _("Precision unknown"), "Cannot access location": _("Your position cannot be read"),
        "Grant location permission in the browser settings and make sure location is turned on.": _(
            "Allow the browser to read your position, and turn it on."
        ),
        "Location unavailable. Enable GPS and browser permissions, then restart the form to try again.": _(
            "Allow the browser to read your position, and turn it on."
        ),
        "No results found": _("Nothing matches"), "No available options": _("Nothing to choose"),
        "change language": _("Language of the form"), "Change language": _("Language of the form"),
        "Search...": _("Search"), "Powered by": _("Made with"), "Choose Date": _("Choose a date"),
        "Previous Hour": _("Hour before"), "Next Hour": _("Hour after"), "Previous Minute": _("Minute before"),
        "Next Minute": _("Minute after"), "Required": _("Required"),
        "Condition not satisfied: required": _("This answer is needed."),
        "Condition not satisfied: constraint": _("This answer breaks a rule of the form."),
    }  # fmt: skip
