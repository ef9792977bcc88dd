"""Review: the queue by urgency, a submission beside what it may contradict, decisions and their undo."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask_security import current_user

from eom.accounts.models import User
from eom.accounts.permissions import Permission
from eom.checklists.forms import CommentForm, DecisionForm
from eom.checklists.models.submission import Submission
from eom.checklists.queries import answers, comparing, submissions
from eom.checklists.queries import review as queries
from eom.checklists.services import review
from eom.core import i18n
from eom.core.i18n import _, lazy, ngettext
from eom.extensions import db
from eom.missions.models.mission import Mission
from eom.web.access import areas, requires
from eom.web.navigation import Entry
from eom.web.responses import saved, store

bp = Blueprint("review", __name__, url_prefix="/missions/<mission>/review")

MISSION_NAVIGATION = (
    Entry(lazy("Review"), "review.index", Permission.SUBMISSION_REVIEW, "list-check", lazy("Field"), 33),
)


@bp.get("")
@requires(Permission.SUBMISSION_REVIEW)
def index(mission: Mission) -> Any:
    """What waits, the most urgent first; one decides about one or many."""
    return _queue(mission, DecisionForm())


@bp.post("/decide")
@requires(Permission.SUBMISSION_REVIEW)
def decide(mission: Mission) -> Any:
    """Give the chosen submissions a state; the page of one leads to the next."""
    form = DecisionForm()
    if form.validate_on_submit():
        with form.shows_errors():
            batch = review.decide(
                mission, form.seen(), form.state.data, by=_person(), comment=form.comment.data,
                areas=_areas(mission),
            )  # fmt: skip
            words = ngettext(
                "%(num)d form is now “%(state)s”", "%(num)d forms are now “%(state)s”", len(batch.acts),
                state=batch.state.label,
            )  # fmt: skip
            return saved(_after(mission, batch.acts[0].submission_id), words)
    if (one := request.form.get("one", type=int)) is not None:
        return _page(mission, one, form)
    return _queue(mission, form)


@bp.post("/decisions/<int:batch_id>/undo")
@requires(Permission.SUBMISSION_REVIEW)
def undo(mission: Mission, batch_id: int) -> Any:
    """Take back one's own decision, where nobody has acted since."""
    done = review.undo(mission, batch_id, by=_person(), areas=_areas(mission))
    words = ngettext("%(num)d form taken back", "%(num)d forms taken back", done.taken_back_count)
    if done.left_count:
        words = f"{words}. " + ngettext(
            "%(num)d stays: it was changed since", "%(num)d stay: they were changed since", done.left_count
        )
    return saved(url_for(".index", mission=mission.code), words)


@bp.get("/<int:submission_id>")
@requires(Permission.SUBMISSION_REVIEW)
def show(mission: Mission, submission_id: int) -> Any:
    """A submission with its photos, what is to be looked at, its versions, and others about the same."""
    return _page(mission, submission_id, DecisionForm())


@bp.post("/<int:submission_id>/comment")
@requires(Permission.SUBMISSION_REVIEW)
def comment(mission: Mission, submission_id: int) -> Any:
    """Say something about a submission."""
    found = submissions.submission_in(db.session(), mission, submission_id, within=_areas(mission))
    form = CommentForm()
    if form.validate_on_submit():
        with form.shows_errors():
            review.comment_on(found, form.comment.data, by=_person())
            return saved(
                url_for(".show", mission=mission.code, submission_id=submission_id), _("Comment kept")
            )
    return _page(mission, submission_id, form)


def _queue(mission: Mission, form: DecisionForm) -> Any:
    session, limit = db.session(), _areas(mission)
    asked = request.args if request.method == "GET" else {}
    path = url_for(".index", mission=mission.code)
    definition = queries.queue(session, mission, limit, _link(mission), is_open=not asked.get("state"))
    listing = definition.show(session, path, asked)
    language = i18n.language()
    return render_template(
        "checklists/review/index.html", mission=mission, listing=listing, form=form,
        seen=queries.last_acts(session, [each.id for each in listing.rows]),
        flags={each.id: answers.kinds_of_flags(each, language) for each in listing.rows},
        last=queries.last_batch(session, mission, _person()), states=review.DECISIONS,
        chosen=set(request.form.getlist("submission")),
    ), form.status  # fmt: skip


def _page(mission: Mission, submission_id: int, form: DecisionForm | CommentForm) -> Any:
    session, limit, language = db.session(), _areas(mission), i18n.language()
    found = submissions.submission_in(session, mission, submission_id, within=limit)
    line = submissions.edits(session, found)
    others = queries.duplicates(session, found, limit)
    return render_template(
        "checklists/review/show.html", mission=mission, submission=found, form=form,
        sections=answers.answers_with_labels(session, store(), found, language),
        flags=answers.flags_in_words(found, language), acts=queries.history(session, [each.id for each in line]),
        versions=line, changes=comparing.compared(session, store(), line, language, only_different=True),
        others=others, beside=comparing.compared(session, store(), [found, *others], language),
        seen=queries.last_acts(session, [found.id]).get(found.id, 0), states=_steps(found),
        following=queries.next_in_queue(session, mission, limit, found),
    ), form.status  # fmt: skip


def _steps(submission: Submission) -> list[Any]:
    if not submission.is_current:
        return []
    return [each for each in review.DECISIONS if each in review.TRANSITIONS[submission.state]]


def _after(mission: Mission, submission_id: int) -> str:
    """Where a decision leads: from the page of one to the next that waits, else to the queue."""
    if "one" in request.form:
        decided = db.session.get_one(Submission, submission_id)
        following = queries.next_in_queue(db.session(), mission, _areas(mission), decided)
        if following is not None:
            return url_for(".show", mission=mission.code, submission_id=following)
    return url_for(".index", mission=mission.code)


def _areas(mission: Mission) -> queries.Areas:
    return areas(Permission.SUBMISSION_REVIEW, mission)


def _person() -> User:
    return current_user._get_current_object()  # type: ignore[no-any-return]


def _link(mission: Mission) -> Any:
    return lambda id_: url_for("review.show", mission=mission.code, submission_id=id_)
