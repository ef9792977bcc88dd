"""Reading what has been sent: one submission, its earlier versions, the counts of a mission."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload, selectinload, undefer

from eom.accounts.models import User
from eom.checklists.models.form import Form
from eom.checklists.models.submission import Submission, SubmissionAttachment
from eom.checklists.queries.forms import forms
from eom.core.errors import NotFound
from eom.core.i18n import lazy
from eom.missions.models.mission import Mission
from eom.stations.models import PollingStation, VotingCentre
from eom.stations.queries import station_within


@dataclass(frozen=True)
class FormCount:
    """How many submissions of a form there are, from how many polling stations."""

    form: Form
    submission_count: int
    station_count: int


@dataclass(frozen=True)
class MissionCounts:
    """What a mission has received. Edited submissions count once; stations are those known."""

    submission_count: int
    station_count: int
    flagged_count: int
    last_received_at: datetime | None
    by_form: list[FormCount]


def seen_by(own_of: User | None, areas: Collection[int] = ()) -> sa.ColumnElement[bool]:
    """The criterion of what may be seen: everything (None), or what a person sent and what concerns areas."""
    if own_of is None:
        return sa.true()
    own = Submission.submitted_by_id == own_of.id
    return sa.or_(own, station_within(areas, Submission.polling_station_id)) if areas else own


def current(
    mission: Mission, *, own_of: User | None = None, areas: Collection[int] = ()
) -> sa.Select[Submission]:
    """The submissions of a mission without those that an edit replaced.

    ``own_of`` keeps one person's, and those of stations in ``areas``.
    """
    query = sa.select(Submission).where(Submission.mission_id == mission.id, Submission.is_current)
    return query.where(seen_by(own_of, areas))


def submission_in(
    session: Session, mission: Mission, submission_id: int, *, own_of: User | None = None,
    areas: Collection[int] = (), within: Collection[int] | None = None,
) -> Submission:  # fmt: skip
    """A submission of a mission with all that its page shows. Raises NotFound, also for another's.

    ``own_of`` is the person who may see only what they sent themselves, and what concerns ``areas``;
    ``within`` keeps to stations of some areas, whoever sent it.
    """
    query = (
        sa.select(Submission)
        .where(Submission.id == submission_id, Submission.mission_id == mission.id)
        .options(
            undefer(Submission.answers),
            joinedload(Submission.form),
            joinedload(Submission.version),
            joinedload(Submission.submitted_by),
            joinedload(Submission.entered_by),
            joinedload(Submission.polling_station)
            .joinedload(PollingStation.centre)
            .joinedload(VotingCentre.first_area),
            selectinload(Submission.attachments),
            selectinload(Submission.conflicts),
        )
    )
    limit = station_within(within, Submission.polling_station_id)
    found = session.scalar(query.where(seen_by(own_of, areas), limit))
    if found is None:
        raise NotFound(lazy("There is no such submission, or it is not yours to see."))
    return found


def held(session: Session, form_id: int, instance_id: str) -> Submission | None:
    """The submission of an identity, locked until the transaction ends."""
    return session.scalar(
        sa.select(Submission)
        .where(Submission.form_id == form_id, Submission.instance_id == instance_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def attachment_in(session: Session, submission: Submission, attachment_id: int) -> SubmissionAttachment:
    """A file of a submission. Raises NotFound."""
    found = session.scalar(
        sa.select(SubmissionAttachment).where(
            SubmissionAttachment.id == attachment_id, SubmissionAttachment.submission_id == submission.id
        )
    )
    if found is None:
        raise NotFound(lazy("There is no such file."))
    return found


def edits(session: Session, submission: Submission) -> list[Submission]:
    """The whole line of versions that a submission belongs to, the first as sent first."""
    line = [submission]
    while line[0].replaces_id is not None:
        line.insert(0, session.get_one(Submission, line[0].replaces_id))
    while (after := session.scalar(_replacing(line[-1]))) is not None:
        line.append(after)
    return line


def counts(
    session: Session, mission: Mission, *, own_of: User | None = None, areas: Collection[int] = ()
) -> MissionCounts:
    """What a mission has received in all and by form, in the order of its forms."""
    kept = current(mission, own_of=own_of, areas=areas).subquery()
    stations = sa.func.count(sa.distinct(kept.c.polling_station_id))
    whole = session.execute(
        sa.select(
            sa.func.count(),
            stations,
            sa.func.count(sa.case((kept.c.flag_count > 0, 1))),
            sa.func.max(kept.c.received_at),
        ).select_from(kept)
    ).one()
    rows = session.execute(sa.select(kept.c.form_id, sa.func.count(), stations).group_by(kept.c.form_id))
    found = {form_id: (submissions, at) for form_id, submissions, at in rows}
    by_form = [FormCount(form, *found.get(form.id, (0, 0))) for form in forms(session, mission)]
    sent, heard, flagged, last = whole
    return MissionCounts(sent, heard, flagged, last, by_form)


def _replacing(submission: Submission) -> sa.Select[Submission]:
    return sa.select(Submission).where(Submission.replaces_id == submission.id)
