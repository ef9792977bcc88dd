"""Reviewing submissions: deciding about one or many, commenting, taking back what was decided.

Who decides says which act they saw last of each submission (0: none). When another has acted since,
nothing is changed and they are told.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from eom.accounts.models import User
from eom.checklists.models.review import ReviewAct, ReviewBatch
from eom.checklists.models.submission import Submission, SubmissionState
from eom.checklists.queries import review as queries
from eom.core import clock
from eom.core.db import get_in
from eom.core.errors import Conflict, InvalidInput, NotFound, Refused
from eom.core.i18n import lazy
from eom.extensions import db
from eom.missions.models.mission import Mission

S = SubmissionState
# From a state to those that a reviewer may give.
TRANSITIONS: dict[SubmissionState, frozenset[SubmissionState]] = {
    S.RECEIVED: frozenset({S.CHECKED, S.APPROVED, S.REJECTED, S.TO_CORRECT}),
    S.CHECKED: frozenset({S.RECEIVED, S.APPROVED, S.REJECTED, S.TO_CORRECT}),
    S.APPROVED: frozenset({S.CHECKED, S.REJECTED, S.TO_CORRECT}),
    S.REJECTED: frozenset({S.RECEIVED}),
    S.TO_CORRECT: frozenset({S.RECEIVED, S.CHECKED, S.REJECTED}),
}
# In the order of the buttons.
DECISIONS = (S.CHECKED, S.APPROVED, S.TO_CORRECT, S.REJECTED, S.RECEIVED)
NEEDS_COMMENT = frozenset({S.REJECTED, S.TO_CORRECT})
MAX_AT_ONCE = 200
MAX_COMMENT = 2_000


@dataclass(frozen=True)
class Undone:
    """What an undo came to: how many submissions went back, and how many had been changed since."""

    taken_back_count: int
    left_count: int


def decide(
    mission: Mission,
    seen: Mapping[int, int],
    state: SubmissionState,
    *,
    by: User,
    comment: str | None = None,
    areas: queries.Areas = None,
) -> ReviewBatch:
    """Give submissions a state, all or none; ``seen`` is the last act seen, by the id of the submission.

    Those that have the state already stay as they are. Raises InvalidInput without a comment where one is
    needed, NotFound outside the mission or ``areas``, Conflict when another was faster, Refused for a step
    that the table of transitions does not have.
    """
    comment = _comment(comment)
    if state in NEEDS_COMMENT and comment is None:
        raise InvalidInput(lazy("Say why: the observer and your colleagues need to know."), "comment")
    submissions = _locked(mission, seen, areas)
    _refuse_if_changed(seen)
    changing = [each for each in submissions if each.state is not state]
    for each in changing:
        _refuse_step(each, state)
    if not changing:
        raise Refused(lazy("All of them are “%(state)s” already.", state=state.label))
    batch = ReviewBatch(mission_id=mission.id, by_id=by.id, state=state)
    db.session.add(batch)
    db.session.flush()
    for each in changing:
        _change(each, state, by=by, comment=comment, batch_id=batch.id)
    db.session.flush()
    return batch


def comment_on(submission: Submission, text: str | None, *, by: User) -> ReviewAct:
    """Say something about a submission without changing its state. Raises InvalidInput for nothing."""
    words = _comment(text)
    if words is None:
        raise InvalidInput(lazy("Write a comment."), "comment")
    state = submission.state
    act = ReviewAct(submission_id=submission.id, from_state=state, to_state=state, comment=words, by_id=by.id)
    db.session.add(act)
    db.session.flush()
    return act


def undo(mission: Mission, batch_id: int, *, by: User, areas: queries.Areas = None) -> Undone:
    """Take back one's own decision. Submissions decided or corrected since stay as they are.

    Raises NotFound for another's decision, Refused when it was taken back before or all changed since.
    """
    batch = get_in(db.session(), ReviewBatch, batch_id, mission_id=mission.id, by_id=by.id)
    db.session.refresh(batch, with_for_update=True)
    if batch.undone_at is not None:
        raise Refused(lazy("This was taken back before."))
    acts = {each.submission_id: each for each in batch.acts}
    held = _rows(mission, acts, areas)
    last = queries.last_changes(db.session(), acts)
    free = [each for each in held if each.is_current and last.get(each.id) == acts[each.id].id]
    if not free:
        raise Refused(lazy("All of them were changed since: nothing was taken back."))
    for each in free:
        _change(each, acts[each.id].from_state, by=by, comment=None, is_undo=True)
    batch.undone_at = clock.now()
    db.session.flush()
    return Undone(len(free), len(acts) - len(free))


def _locked(mission: Mission, ids: Mapping[int, int], areas: queries.Areas) -> list[Submission]:
    if not ids:
        raise InvalidInput(lazy("Choose at least one form."))
    if len(ids) > MAX_AT_ONCE:
        raise InvalidInput(lazy("No more than %(limit)s forms at once.", limit=MAX_AT_ONCE))
    found = _rows(mission, ids, areas)
    if len(found) != len(ids):
        raise NotFound(lazy("There is no such submission, or it is not yours to see."))
    return found


def _rows(mission: Mission, ids: Mapping[int, object], areas: queries.Areas) -> list[Submission]:
    """The submissions, locked in one order, or two reviewers would wait for each other."""
    query = (
        queries.reviewable(mission, areas)
        .where(Submission.id.in_(list(ids)))
        .order_by(Submission.id)
        .with_for_update(of=Submission)
        .execution_options(populate_existing=True)
    )
    return list(db.session.scalars(query))


def _refuse_if_changed(seen: Mapping[int, int]) -> None:
    last = queries.last_acts(db.session(), seen)
    changed = [id_ for id_, act_id in seen.items() if last.get(id_, 0) != act_id]
    if changed:
        raise Conflict(
            lazy("Someone else was faster: %(count)s of these forms changed meanwhile.", count=len(changed)),
            next_step=lazy("Nothing was changed. Look at them again."),
        )


def _refuse_step(submission: Submission, state: SubmissionState) -> None:
    if not submission.is_current:
        raise Refused(
            lazy("A correction has taken the place of this form."),
            next_step=lazy("Open its newest version and decide about that."),
        )
    if state not in TRANSITIONS[submission.state]:
        raise Refused(
            lazy(
                "A form that is “%(before)s” cannot become “%(after)s” at once.",
                before=submission.state.label,
                after=state.label,
            )
        )


def _change(
    submission: Submission, state: SubmissionState, *, by: User, comment: str | None,
    batch_id: int | None = None, is_undo: bool = False,
) -> None:  # fmt: skip
    db.session.add(
        ReviewAct(
            submission_id=submission.id, batch_id=batch_id, from_state=submission.state, to_state=state,
            comment=comment, by_id=by.id, is_undo=is_undo,
        )
    )  # fmt: skip
    submission.state = state


def _comment(text: str | None) -> str | None:
    words = (text or "").strip()
    if len(words) > MAX_COMMENT:
        raise InvalidInput(lazy("A comment has at most %(limit)s characters.", limit=MAX_COMMENT), "comment")
    return words or None
