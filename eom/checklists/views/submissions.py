"""What observers sent: the list, one submission, its files, and a summary for the mission's page."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask_security import current_user

from eom.accounts.models import User
from eom.accounts.permissions import Permission
from eom.checklists.queries import answers, listing, submissions
from eom.core import i18n
from eom.core.i18n import lazy
from eom.extensions import db
from eom.missions.models.mission import Mission
from eom.web import responses
from eom.web.access import can, requires
from eom.web.navigation import Entry
from eom.web.responses import store

bp = Blueprint("submissions", __name__, url_prefix="/missions/<mission>/submissions")

MISSION_NAVIGATION = (
    Entry(lazy("Received checklists"), "submissions.index", "checklist.read", "inbox", lazy("Field"), 32),
)
MISSION_SUMMARIES = (
    Entry(lazy("Received checklists"), "submissions.summary", "submission.read", "inbox", order=20),
)


@bp.get("")
@requires("checklist.read")
def index(mission: Mission) -> Any:
    """What came; an observer sees their own."""
    own = _own_of(mission)
    definition = listing.submissions(db.session(), mission, _link(mission), own_of=own)
    if (file := responses.download(definition, f"{mission.code}-checklists")) is not None:
        return file
    return render_template(
        "checklists/submissions/index.html", mission=mission, is_own=own is not None,
        listing=definition.show(db.session(), request.path, request.args),
    )  # fmt: skip


@bp.get("/<int:submission_id>")
@requires("checklist.read")
def show(mission: Mission, submission_id: int) -> Any:
    """One submission in the reader's words."""
    session, language = db.session(), i18n.language()
    found = submissions.submission_in(session, mission, submission_id, own_of=_own_of(mission))
    return render_template(
        "checklists/submissions/show.html", mission=mission, submission=found,
        sections=answers.answers_with_labels(session, store(), found, language),
        flags=answers.flags_in_words(found, language), versions=submissions.edits(session, found),
    )  # fmt: skip


@bp.get("/<int:submission_id>/form.xml")
@requires("checklist.read")
def raw(mission: Mission, submission_id: int) -> Any:
    """The submission as it was sent, byte for byte."""
    found = submissions.submission_in(db.session(), mission, submission_id, own_of=_own_of(mission))
    return responses.attachment(found.xml, f"{mission.code}-{found.id}.xml", "application/xml")


@bp.get("/<int:submission_id>/files/<int:attachment_id>")
@requires("checklist.read")
def file(mission: Mission, submission_id: int, attachment_id: int) -> Any:
    """A file that came with a submission."""
    found = submissions.submission_in(db.session(), mission, submission_id, own_of=_own_of(mission))
    kept = submissions.attachment_in(db.session(), found, attachment_id)
    stored = kept.stored_file
    return responses.attachment(store().get(stored.sha256), kept.name, stored.content_type)


@bp.get("/summary")
@requires("submission.read")
def summary(mission: Mission) -> Any:
    """What came, by form: a part of the mission's page."""
    counts = submissions.counts(db.session(), mission)
    return render_template("checklists/submissions/_summary.html", mission=mission, counts=counts)


def _own_of(mission: Mission) -> User | None:
    """The person themselves, for whom may see only their own submissions."""
    if can(Permission.SUBMISSION_READ, mission):
        return None
    return current_user._get_current_object()  # type: ignore[no-any-return]


def _link(mission: Mission) -> Any:
    return lambda id_: url_for("submissions.show", mission=mission.code, submission_id=id_)
