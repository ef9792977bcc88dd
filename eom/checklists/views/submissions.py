"""What observers sent: the list, one submission, its files, and a summary for the mission's page."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, TypedDict

from flask import Blueprint, render_template, request, url_for
from flask_security import current_user

from eom.accounts.models import User
from eom.accounts.permissions import Permission
from eom.checklists.queries import answers, listing, review, submissions
from eom.core import i18n
from eom.core.i18n import lazy
from eom.extensions import db
from eom.missions.models.mission import Mission
from eom.web import responses
from eom.web.access import areas, can, requires
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
    seen = seen_by_person(mission)
    definition = listing.submissions(db.session(), mission, _link(mission), **seen)
    if (file := responses.download(definition, f"{mission.code}-checklists")) is not None:
        return file
    return render_template(
        "checklists/submissions/index.html", mission=mission, is_own=_is_own(seen),
        listing=definition.show(db.session(), request.path, request.args),
    )  # fmt: skip


@bp.get("/<int:submission_id>")
@requires("checklist.read")
def show(mission: Mission, submission_id: int) -> Any:
    """One submission in the reader's words."""
    session, language = db.session(), i18n.language()
    found = submissions.submission_in(session, mission, submission_id, **seen_by_person(mission))
    return render_template(
        "checklists/submissions/show.html", mission=mission, submission=found,
        sections=answers.answers_with_labels(session, store(), found, language),
        flags=answers.flags_in_words(found, language), versions=submissions.edits(session, found),
        reason=review.reason(session, found),
    )  # fmt: skip


@bp.get("/<int:submission_id>/form.xml")
@requires("checklist.read")
def raw(mission: Mission, submission_id: int) -> Any:
    """The submission as it was sent, byte for byte."""
    found = submissions.submission_in(db.session(), mission, submission_id, **seen_by_person(mission))
    return responses.attachment(found.xml, f"{mission.code}-{found.id}.xml", "application/xml")


@bp.get("/<int:submission_id>/files/<int:attachment_id>")
@requires("checklist.read")
def file(mission: Mission, submission_id: int, attachment_id: int) -> Any:
    """A file that came with a submission."""
    found = submissions.submission_in(db.session(), mission, submission_id, **seen_by_person(mission))
    kept = submissions.attachment_in(db.session(), found, attachment_id)
    stored = kept.stored_file
    return responses.picture(stored.sha256, kept.name, stored.content_type)


@bp.get("/summary")
@requires("submission.read")
def summary(mission: Mission) -> Any:
    """What came, by form: a part of the mission's page."""
    counts = submissions.counts(db.session(), mission, **seen_by_person(mission))
    return render_template("checklists/submissions/_summary.html", mission=mission, counts=counts)


class Seen(TypedDict):
    """What someone sees, as the queries take it: everything without a person, else theirs and some areas'."""

    own_of: User | None
    areas: Collection[int]


def seen_by_person(mission: Mission, permission: Permission = Permission.SUBMISSION_READ) -> Seen:
    """What the person who asks sees: an observer their own, a coordinator of areas also what came from them."""
    person: User = current_user._get_current_object()
    if not can(permission, mission):
        return {"own_of": person, "areas": ()}
    limit = areas(permission, mission)
    return {"own_of": None if limit is None else person, "areas": limit or ()}


def _is_own(seen: Seen) -> bool:
    """Whether a list holds nothing but the person's own."""
    return seen["own_of"] is not None and not seen["areas"]


def _link(mission: Mission) -> Any:
    return lambda id_: url_for("submissions.show", mission=mission.code, submission_id=id_)
