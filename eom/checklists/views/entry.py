"""Typing in for observers: a report by telephone, a correction."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, render_template, url_for

from eom.checklists.forms import EntryForm
from eom.checklists.models.submission import Submission
from eom.checklists.queries import entry, submissions
from eom.checklists.queries.forms import current_versions
from eom.checklists.views import filling
from eom.core.errors import Refused
from eom.core.i18n import _, lazy
from eom.extensions import db
from eom.missions.models.mission import Mission
from eom.web.access import requires
from eom.web.navigation import Entry

bp = Blueprint("entry", __name__, url_prefix="/missions/<mission>/entry")
MISSION_NAVIGATION = (
    Entry(lazy("By telephone"), "entry.index", "submission.enter", "telephone", lazy("Field"), 34),
)


@bp.route("", methods=["GET", "POST"])
@requires("submission.enter")
def index(mission: Mission) -> Any:
    """Choose whose report it is, and the form."""
    observers = entry.observers(db.session(), mission)
    versions = current_versions(db.session(), mission)
    form = EntryForm.among(
        [(str(each.id), str(each.person)) for each in observers],
        [(str(each.id), each.form.words) for each in versions],
    )
    if form.validate_on_submit():
        to = url_for(
            ".fill", mission=mission.code, appointment_id=form.observer.data, version_id=form.form.data
        )
        return redirect(to, 303)
    return render_template(
        "checklists/entry/index.html", mission=mission, form=form, has_both=bool(observers and versions)
    ), form.status


@bp.get("/<int:appointment_id>/<int:version_id>")
@requires("submission.enter")
def fill(mission: Mission, appointment_id: int, version_id: int) -> str:
    """Fill a form while the observer is on the telephone."""
    observer = entry.observer_in(db.session(), mission, appointment_id)
    version = entry.version_in(db.session(), mission, version_id)
    named: dict[str, Any] = {"mission": mission.code, "appointment_id": observer.id}
    return filling.page(
        mission, version, heading=_("%(form)s, told by %(who)s", form=version.form.words, who=str(observer.person)),
        above=(_("By telephone"), url_for(".index", mission=mission.code)),
        form=url_for("entry_api.form", mission=mission.code, version_id=version.id),
        attachments=url_for("entry_api.file", **named, version_id=version.id, name="x"),
        submission=url_for("entry_api.telephone", **named), back=url_for(".index", mission=mission.code),
    )  # fmt: skip


@bp.get("/corrections/<int:submission_id>")
@requires("submission.enter")
def correct(mission: Mission, submission_id: int) -> str:
    """Correct a report; what was sent is kept."""
    found = submissions.submission_in(db.session(), mission, submission_id)
    if not found.is_current:
        raise Refused(
            lazy("The form that this one corrects was corrected before."),
            next_step=lazy("Open its newest version and correct that."),
        )
    named: dict[str, Any] = {"mission": mission.code, "submission_id": found.id}
    return filling.page(
        mission, found.version, heading=_("Correct: %(form)s", form=found.form.words),
        above=(_("Received checklists"), url_for("submissions.index", mission=mission.code)),
        form=url_for("entry_api.form", mission=mission.code, version_id=found.form_version_id),
        attachments=url_for("entry_api.file_of", **named, name="x"),
        submission=url_for("entry_api.correction", **named), back=url_for("submissions.index", mission=mission.code),
        instance=url_for("submissions.raw", **named), files=_files(mission, found),
    )  # fmt: skip


def _files(mission: Mission, found: Submission) -> dict[str, str]:
    return {
        each.name: url_for(
            "submissions.file", mission=mission.code, submission_id=found.id, attachment_id=each.id
        )
        for each in found.attachments
        if each.is_named
    }
