"""How far a polling day has come: how many stations have been reported on, by stage, area and hour."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eom.checklists.models.form import Form, FormKind
from eom.checklists.models.submission import Submission, SubmissionState
from eom.deployment.queries import coverage
from eom.missions.models.mission import Mission
from eom.missions.models.process import Round
from eom.stations.models import PollingStation, VotingCentre
from eom.stations.queries import Areas, within

STAGES = (FormKind.OPENING, FormKind.VOTING, FormKind.CLOSING, FormKind.COUNTING)


@dataclass(frozen=True)
class AreaProgress:
    """A first-level area: its stations that are planned, visited, and reported on by stage, each counted once."""

    name: str
    planned_count: int
    visited_count: int
    reported: dict[FormKind, int] = field(default_factory=dict)

    def share(self, stage: FormKind) -> float | None:
        """Stations reported on for a stage among those planned (more than 1 where more came than was planned)."""
        return self.reported.get(stage, 0) / self.planned_count if self.planned_count else None


@dataclass(frozen=True)
class HourProgress:
    """An hour in the round's zone: stations first reported on in it, by stage, and until its end."""

    hour: datetime
    reported: dict[FormKind, int]
    so_far: dict[FormKind, int]


def by_area(
    session: Session, mission: Mission, round_: Round | None, areas: Areas = None
) -> list[AreaProgress]:
    """Every area that has stations planned or reported on, in the order of the coverage."""
    reported: dict[int, dict[FormKind, int]] = {}
    query = (
        _reports(mission, round_, areas)
        .with_only_columns(
            VotingCentre.first_area_id, Form.kind, sa.func.count(Submission.polling_station_id.distinct())
        )
        .group_by(VotingCentre.first_area_id, Form.kind)
    )
    for area_id, kind, count in session.execute(query):
        reported.setdefault(area_id, {})[kind] = count
    rows = coverage.coverage_by_area(session, mission, round_, areas)
    return [
        AreaProgress(each.name, each.planned_count, each.visited_count, reported.get(each.area_id or 0, {}))
        for each in rows
        if each.planned_count or each.visited_count or each.area_id in reported
    ]


def total(name: str, rows: Sequence[AreaProgress]) -> AreaProgress:
    """The sum of areas under a name."""
    reported: Counter[FormKind] = Counter()
    for each in rows:
        reported.update(each.reported)
    return AreaProgress(
        name,
        sum(each.planned_count for each in rows),
        sum(each.visited_count for each in rows),
        dict(reported),
    )


def by_hour(
    session: Session, mission: Mission, round_: Round | None, areas: Areas = None
) -> list[HourProgress]:
    """The hours in which a station was first reported on for a stage, by when the checklist was filled."""
    at = sa.func.min(sa.func.coalesce(Submission.ended_at, Submission.started_at, Submission.received_at))
    query = (
        _reports(mission, round_, areas)
        .with_only_columns(Form.kind, sa.type_coerce(at, Submission.received_at.type))
        .group_by(Form.kind, Submission.polling_station_id)
    )
    zone = ZoneInfo(round_.time_zone if round_ else mission.time_zone)
    found: dict[datetime, Counter[FormKind]] = {}
    for kind, first in session.execute(query):
        hour = first.astimezone(zone).replace(minute=0, second=0, microsecond=0)
        found.setdefault(hour, Counter())[kind] += 1
    so_far: Counter[FormKind] = Counter()
    rows = []
    for hour in sorted(found):
        so_far.update(found[hour])
        rows.append(HourProgress(hour, dict(found[hour]), dict(so_far)))
    return rows


def _reports(mission: Mission, round_: Round | None, areas: Areas) -> sa.Select[Any]:
    """The checklists of polling day that stand, with form and centre."""
    return (
        sa.select(Submission.id)
        .select_from(Submission)
        .join(Form, Form.id == Submission.form_id)
        .join(PollingStation, PollingStation.id == Submission.polling_station_id)
        .join(VotingCentre, VotingCentre.id == PollingStation.centre_id)
        .where(
            Submission.mission_id == mission.id,
            Submission.round_id == (round_.id if round_ else -1),
            Submission.is_current.is_(True),
            Submission.state != SubmissionState.REJECTED,
            Form.kind.in_(STAGES),
            within(areas),
        )
    )
