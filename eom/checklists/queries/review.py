"""What waits for review, in the order of urgency, and what was decided."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable

import sqlalchemy as sa
from sqlalchemy.orm import Session, contains_eager, joinedload

from eom.accounts.models import User
from eom.checklists.models.form import Form, FormKind
from eom.checklists.models.review import ReviewAct, ReviewBatch
from eom.checklists.models.submission import Finding, Submission, SubmissionState
from eom.checklists.openrosa_checks import Rule
from eom.checklists.queries import rows
from eom.core.i18n import lazy
from eom.core.listing import Column, Filter, ListDefinition
from eom.missions.models.mission import Mission
from eom.stations.models import PollingStation, VotingCentre
from eom.stations.queries import station_within

Areas = Collection[int] | None
OPEN = (SubmissionState.RECEIVED, SubmissionState.CHECKED)
MAX_DUPLICATES = 4


def reviewable(mission: Mission, areas: Areas) -> sa.Select[Submission]:
    """The submissions of a mission that a reviewer may decide about; ``areas`` None: all of them."""
    limit = station_within(areas, Submission.polling_station_id)
    return sa.select(Submission).where(Submission.mission_id == mission.id, limit)


def _urgency(session: Session, mission: Mission) -> sa.ColumnElement[int]:
    """Incidents first, then what has something to look at, then the rest."""
    incidents = sa.select(Form.id).where(Form.mission_id == mission.id, Form.kind == FormKind.INCIDENT)
    # Their few ids, so that an index of submissions alone can tell.
    is_incident = Submission.form_id.in_(session.scalars(incidents).all())
    return sa.case((is_incident, 0), (Submission.flag_count > 0, 1), else_=2)


def queue(
    session: Session, mission: Mission, areas: Areas, link: Callable[[int], str], *, is_open: bool
) -> ListDefinition:
    """What is to be reviewed, the most urgent first; ``is_open`` leaves out what was decided."""
    query = reviewable(mission, areas).where(Submission.is_current)
    if is_open:
        query = query.where(Submission.state.in_(OPEN))
    return ListDefinition(
        rows.whole(query),
        _columns(session, mission, link),
        _filters(session, mission, areas),
        (PollingStation.code, VotingCentre.name, Submission.station_answer, User.name),
        sort="urgency",
        tie=Submission.id,
        page_size=50,
        plain=query,
    )


def next_in_queue(session: Session, mission: Mission, areas: Areas, but: Submission) -> int | None:
    """The id of the most urgent submission nobody has looked at yet, other than one."""
    query = reviewable(mission, areas).where(
        Submission.is_current, Submission.state == SubmissionState.RECEIVED, Submission.id != but.id
    )
    urgency = _urgency(session, mission)
    ordered = query.order_by(urgency, Submission.received_at, Submission.id)
    return session.scalar(ordered.with_only_columns(Submission.id).limit(1))


def last_acts(session: Session, ids: Iterable[int]) -> dict[int, int]:
    """The newest act of each submission that has one, by the id of the submission."""
    return _last(session, ids, sa.true())


def last_changes(session: Session, ids: Iterable[int]) -> dict[int, int]:
    """The newest act of each submission that changed its state, by the id of the submission."""
    return _last(session, ids, ReviewAct.from_state != ReviewAct.to_state)


def history(session: Session, ids: Iterable[int]) -> list[ReviewAct]:
    """What was decided and said about submissions, the oldest first."""
    query = (
        sa.select(ReviewAct)
        .where(ReviewAct.submission_id.in_(list(ids)))
        .order_by(ReviewAct.id)
        .options(joinedload(ReviewAct.by))
    )
    return list(session.scalars(query))


def reason(session: Session, submission: Submission) -> ReviewAct | None:
    """The decision that rejected a submission or asks for its correction, with why; None while there is none."""
    if submission.state not in (SubmissionState.REJECTED, SubmissionState.TO_CORRECT):
        return None
    return session.scalar(
        sa.select(ReviewAct)
        .where(
            ReviewAct.submission_id == submission.id, ReviewAct.to_state == submission.state,
            ReviewAct.from_state != submission.state, ReviewAct.comment.is_not(None),
        )
        .order_by(ReviewAct.id.desc())
        .limit(1)
    )  # fmt: skip


def last_batch(session: Session, mission: Mission, user: User) -> tuple[ReviewBatch, int] | None:
    """A person's newest decision with the number of its submissions, unless it was taken back."""
    batch = session.scalar(
        sa.select(ReviewBatch)
        .where(ReviewBatch.mission_id == mission.id, ReviewBatch.by_id == user.id)
        .order_by(ReviewBatch.id.desc())
        .limit(1)
    )
    if batch is None or batch.undone_at is not None:
        return None
    count = session.scalar(
        sa.select(sa.func.count()).select_from(ReviewAct).where(ReviewAct.batch_id == batch.id)
    )
    return batch, count or 0


def duplicates(session: Session, submission: Submission, areas: Areas = None) -> list[Submission]:
    """Others about the same station, stage and round that were not rejected, the oldest first."""
    if submission.polling_station_id is None or submission.form.kind is FormKind.INCIDENT:
        return []
    line = {submission.id, submission.replaces_id}
    limit = station_within(areas, Submission.polling_station_id)
    query = (
        sa.select(Submission)
        .join(Submission.form)
        .where(
            Submission.mission_id == submission.mission_id, Submission.is_current, limit,
            Submission.polling_station_id == submission.polling_station_id,
            Submission.round_id.is_not_distinct_from(submission.round_id),
            Form.kind == submission.form.kind, Submission.state != SubmissionState.REJECTED,
            Submission.id.not_in([id_ for id_ in line if id_ is not None]),
        )
        .options(contains_eager(Submission.form), joinedload(Submission.submitted_by))
        .order_by(Submission.received_at, Submission.id)
        .limit(MAX_DUPLICATES)
    )  # fmt: skip
    return list(session.scalars(query))


def _last(session: Session, ids: Iterable[int], criterion: sa.ColumnElement[bool]) -> dict[int, int]:
    query = (
        sa.select(ReviewAct.submission_id, sa.func.max(ReviewAct.id))
        .where(ReviewAct.submission_id.in_(list(ids)), criterion)
        .group_by(ReviewAct.submission_id)
    )
    return {row[0]: row[1] for row in session.execute(query)}


def _columns(session: Session, mission: Mission, link: Callable[[int], str]) -> tuple[Column, ...]:
    """The order of urgency; the page draws its own rows."""
    received = [_urgency(session, mission), Submission.received_at]
    return (
        Column(
            "urgency", lazy("Received"), lambda s: (s.received_at, mission.time_zone), received, "moment",
            href=lambda s: link(s.id),
        ),
    )  # fmt: skip


def _filters(session: Session, mission: Mission, areas: Areas) -> tuple[Filter, ...]:
    flags = [*Rule.choices(), *Finding.choices()]
    return (
        rows.by_form(session, mission),
        rows.by_area(session, reviewable(mission, areas)),
        rows.by_state(),
        Filter("flag", lazy("To look at"), is_flagged_by, choices=flags),
    )


def is_flagged_by(rule: str) -> sa.ColumnElement[bool]:
    """The criterion that one of a submission's flags is of a rule.

    The document is searched as text: a quote inside an answer is escaped there and cannot be taken for it.
    Only rows with flags are read for that.
    """
    text = sa.cast(Submission.flags, sa.Text)
    return sa.and_(
        Submission.flag_count > 0,
        sa.or_(
            text.contains(f'"rule": "{rule}"', autoescape=True),
            text.contains(f'"rule":"{rule}"', autoescape=True),
        ),
    )
