"""The list of submissions: its columns, filters and search, for the page and for the files."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, contains_eager

from eom.accounts.models import User
from eom.checklists.models import Form, Submission, SubmissionState
from eom.checklists.queries.forms import forms
from eom.checklists.queries.submissions import current
from eom.core import i18n
from eom.core.i18n import lazy
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
    session: Session, mission: Mission, link: Callable[[int], str], *, own_of: User | None = None
) -> ListDefinition:
    """The submissions of a mission, the newest first; ``link`` gives the address of one from its id.

    ``own_of`` keeps the list to what one person sent.
    """
    search = (
        PollingStation.code,
        VotingCentre.name,
        Submission.station_answer,
        Submission.instance_id,
        User.name,
    )
    return ListDefinition(
        _query(mission, own_of),
        _columns(mission, link),
        _filters(session, mission, own_of),
        search,
        sort="received",
        descending=True,
        tie=Submission.id.desc(),
    )


def _query(mission: Mission, own_of: User | None) -> sa.Select[Submission]:
    """Everything a row shows, in one statement."""
    return (
        current(mission, own_of=own_of)
        .join(Submission.form)
        .outerjoin(Submission.submitted_by)
        .outerjoin(Submission.polling_station)
        .outerjoin(PollingStation.centre)
        .outerjoin(VotingCentre.first_area)
        .options(
            contains_eager(Submission.form),
            contains_eager(Submission.submitted_by),
            contains_eager(Submission.polling_station)
            .contains_eager(PollingStation.centre)
            .contains_eager(VotingCentre.first_area),
        )
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
        Column("station", lazy("Polling station"), _station, PollingStation.code),
        Column("centre", lazy("Voting centre"), _centre, VotingCentre.name),
        Column("area", lazy("Area"), _area, Area.name),
        Column("person", lazy("Sent by"), lambda s: s.submitted_by and s.submitted_by.name, User.name),
        Column("flags", lazy("To look at"), lambda s: s.flag_count or None, Submission.flag_count, "number"),
        Column("complete", lazy("All files arrived"), lambda s: s.is_complete, kind="boolean"),
        Column("state", lazy("State"), lambda s: s.state, Submission.state, "badge", tone=_tone),
    )


def _filters(session: Session, mission: Mission, own_of: User | None) -> tuple[Filter, ...]:
    listed = [(str(form.id), form.words) for form in forms(session, mission)]
    by_person = () if own_of else (_person_filter(session, mission),)
    return (
        Filter("form", lazy("Form"), lambda v: Submission.form_id == int(v), choices=listed),
        Filter(
            "area",
            lazy("Area"),
            lambda v: VotingCentre.first_area_id == int(v),
            choices=_areas(session, mission),
        ),
        *by_person,
        Filter(
            "state",
            lazy("State"),
            lambda v: Submission.state == SubmissionState(v),
            choices=SubmissionState.choices(),
        ),
        Filter("flagged", lazy("To look at"), _is_flagged, choices=FLAGGED),
    )


def _person_filter(session: Session, mission: Mission) -> Filter:
    sent = sa.select(Submission.submitted_by_id).where(Submission.mission_id == mission.id).distinct()
    people = session.execute(sa.select(User.id, User.name).where(User.id.in_(sent)))
    choices = sorted(((str(id_), name) for id_, name in people), key=lambda pair: i18n.sort_key(pair[1]))
    return Filter("person", lazy("Sent by"), lambda v: Submission.submitted_by_id == int(v), choices=choices)


def _areas(session: Session, mission: Mission) -> list[tuple[str, str]]:
    """The first-level areas and the countries abroad from which something has come."""
    heard = (
        sa.select(VotingCentre.first_area_id)
        .join(PollingStation, PollingStation.centre_id == VotingCentre.id)
        .join(Submission, Submission.polling_station_id == PollingStation.id)
        .where(Submission.mission_id == mission.id)
    )
    areas = session.scalars(sa.select(Area).where(Area.id.in_(heard)))
    return sorted(((str(each.id), each.words) for each in areas), key=lambda pair: i18n.sort_key(pair[1]))


def _is_flagged(value: str) -> Any:
    return Submission.flag_count > 0 if value == "yes" else Submission.flag_count == 0


def _station(submission: Submission) -> str | None:
    station = submission.polling_station
    return station.code if station is not None else submission.station_answer


def _centre(submission: Submission) -> str | None:
    return submission.polling_station.centre.name if submission.polling_station is not None else None


def _area(submission: Submission) -> str | None:
    station = submission.polling_station
    return station.centre.first_area.words if station is not None else None


def _tone(submission: Submission) -> str:
    return TONES.get(submission.state, "neutral")
