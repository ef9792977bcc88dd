"""The list of submissions: its columns, filters and search, for the page and for the files."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from eom.accounts.models import User
from eom.checklists.models.form import Form
from eom.checklists.models.submission import Submission, SubmissionState
from eom.checklists.queries import rows
from eom.checklists.queries.submissions import current
from eom.core import i18n
from eom.core.i18n import _, lazy
from eom.core.listing import Column, Filter, ListDefinition
from eom.missions.models.mission import Mission
from eom.stations.models import Area, PollingStation, VotingCentre

TONES = {
    SubmissionState.RECEIVED: "info",
    SubmissionState.CHECKED: "primary",
    SubmissionState.APPROVED: "success",
    SubmissionState.REJECTED: "danger",
    SubmissionState.TO_CORRECT: "warning",
}
FLAGGED = (("yes", lazy("With something to look at")), ("no", lazy("Nothing to look at")))


def submissions(
    session: Session, mission: Mission, link: Callable[[int], str], *, own_of: User | None = None,
    areas: Collection[int] = (),
) -> ListDefinition:  # fmt: skip
    """The submissions of a mission, the newest first; ``link`` gives the address of one from its id.

    ``own_of`` keeps the list to what one person sent, and to stations in ``areas``.
    """
    seen = current(mission, own_of=own_of, areas=areas)
    search = (
        PollingStation.code,
        VotingCentre.name,
        Submission.station_answer,
        Submission.instance_id,
        User.name,
    )
    return ListDefinition(
        rows.whole(seen).options(joinedload(Submission.entered_by)),
        _columns(mission, link),
        _filters(session, mission, seen, is_own=own_of is not None and not areas),
        search,
        sort="received",
        descending=True,
        tie=Submission.id.desc(),
        plain=seen,
    )


def _columns(mission: Mission, link: Callable[[int], str]) -> tuple[Column, ...]:
    zone = mission.time_zone
    return (
        Column(
            "received",
            lazy("Received"),
            lambda s: (s.received_at, zone),
            Submission.received_at,
            "moment",
            href=lambda s: link(s.id),
        ),
        Column("form", lazy("Form"), lambda s: str(s.form.words), Form.title),
        Column("station", lazy("Polling station"), rows.station_code, PollingStation.code),
        Column("centre", lazy("Voting centre"), _centre, VotingCentre.name),
        Column("area", lazy("Area"), _area, Area.name),
        Column("person", lazy("Sent by"), lambda s: s.submitted_by and s.submitted_by.name, User.name),
        Column("state", lazy("State"), lambda s: s.state, Submission.state, "badge", tone=_tone),
        Column("flags", lazy("To look at"), lambda s: s.flag_count or None, Submission.flag_count, "number"),
        Column("complete", lazy("Complete"), lambda s: s.is_complete, kind="boolean"),
        Column("entered", lazy("Typed in by"), _entered),
    )


def _filters(
    session: Session, mission: Mission, seen: sa.Select[Submission], *, is_own: bool
) -> tuple[Filter, ...]:
    by_person = () if is_own else (_person_filter(session, seen),)
    return (
        rows.by_form(session, mission),
        rows.by_area(session, seen),
        *by_person,
        rows.by_state(),
        Filter("flagged", lazy("To look at"), _is_flagged, choices=FLAGGED),
    )


def _person_filter(session: Session, seen: sa.Select[Submission]) -> Filter:
    # Asked of each account whether there is one, not of each report whose it is.
    has_sent = seen.where(Submission.submitted_by_id == User.id).correlate(User).exists()
    people = session.execute(sa.select(User.id, User.name).where(has_sent))
    choices = sorted(((str(id_), name) for id_, name in people), key=lambda pair: i18n.sort_key(pair[1]))
    return Filter("person", lazy("Sent by"), lambda v: Submission.submitted_by_id == int(v), choices=choices)


def _is_flagged(value: str) -> Any:
    return Submission.flag_count > 0 if value == "yes" else Submission.flag_count == 0


def _centre(submission: Submission) -> str | None:
    return submission.polling_station.centre.name if submission.polling_station is not None else None


def _area(submission: Submission) -> str | None:
    station = submission.polling_station
    return station.centre.first_area.words if station is not None else None


def _tone(submission: Submission) -> str:
    return TONES.get(submission.state, "neutral")


def _entered(submission: Submission) -> str | None:
    if submission.entered_by is None:
        return _("by SMS") if submission.by_sms else None
    if submission.by_sms:
        return _("%(name)s, from an SMS", name=submission.entered_by.name)
    return (
        _("%(name)s, by telephone", name=submission.entered_by.name)
        if submission.by_telephone
        else submission.entered_by.name
    )
