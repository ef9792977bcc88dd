"""What every list of submissions shows of a row, and how it can be narrowed."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session, contains_eager

from eom.checklists.models.submission import Submission, SubmissionState
from eom.checklists.queries.forms import forms
from eom.core import i18n
from eom.core.i18n import lazy
from eom.core.listing import Filter
from eom.missions.models.mission import Mission
from eom.stations.models import Area, PollingStation, VotingCentre


def whole(query: sa.Select[Submission]) -> sa.Select[Submission]:
    """Submissions with their form, sender, station, centre and area, in one statement."""
    return (
        query.join(Submission.form)
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


def station_code(submission: Submission) -> str | None:
    """The code of the station; what was answered where the register does not hold it."""
    station = submission.polling_station
    return station.code if station is not None else submission.station_answer


def by_form(session: Session, mission: Mission) -> Filter:
    """Narrow to one of the mission's forms."""
    listed = [(str(form.id), form.words) for form in forms(session, mission)]
    return Filter("form", lazy("Form"), lambda v: Submission.form_id == int(v), choices=listed)


def by_area(session: Session, seen: sa.Select[Submission]) -> Filter:
    """Narrow to a first-level area, or a country abroad, from which something has come."""
    # Asked of each station whether there is one, not of each report where it is from.
    heard = (
        sa.select(VotingCentre.first_area_id)
        .join(PollingStation, PollingStation.centre_id == VotingCentre.id)
        .where(
            seen.where(Submission.polling_station_id == PollingStation.id).correlate(PollingStation).exists()
        )
    )
    areas = session.scalars(sa.select(Area).where(Area.id.in_(heard)))
    listed = sorted(((str(each.id), each.words) for each in areas), key=lambda pair: i18n.sort_key(pair[1]))
    return Filter("area", lazy("Area"), lambda v: VotingCentre.first_area_id == int(v), choices=listed)


def by_state() -> Filter:
    """Narrow to one state of review."""
    return Filter(
        "state",
        lazy("State"),
        lambda v: Submission.state == SubmissionState(v),
        choices=SubmissionState.choices(),
    )
