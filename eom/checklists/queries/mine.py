"""What an observer has to fill in: the forms at each of their own stations, and which were sent."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eom.accounts.models import User
from eom.checklists.models.form import FormVersion
from eom.checklists.models.submission import Submission
from eom.checklists.queries.forms import current_versions
from eom.checklists.queries.media import StationChoice, own_station_choices
from eom.missions.models.mission import Mission


@dataclass(frozen=True)
class Task:
    """A form at a station; ``sent_ids`` are the person's own submissions of it there, the newest first."""

    version: FormVersion
    sent_ids: tuple[int, ...]

    @property
    def is_done(self) -> bool:
        """Whether it was sent at least once."""
        return bool(self.sent_ids)


@dataclass(frozen=True)
class StationTasks:
    """A person's station with its forms."""

    station: StationChoice
    tasks: tuple[Task, ...]

    @property
    def done_count(self) -> int:
        """How many forms were sent from there."""
        return sum(task.is_done for task in self.tasks)


def tasks_of(session: Session, mission: Mission, user: User) -> list[StationTasks]:
    """The stations of a person in a mission with every current form, in the order of polling day."""
    versions = current_versions(session, mission)
    sent: dict[tuple[int, int | None], list[int]] = {}
    rows = session.execute(
        sa.select(Submission.form_id, Submission.polling_station_id, Submission.id)
        .where(
            Submission.mission_id == mission.id, Submission.submitted_by_id == user.id, Submission.is_current,
            Submission.polling_station_id.is_not(None),
        )
        .order_by(Submission.received_at.desc(), Submission.id.desc())
    )  # fmt: skip
    for form_id, station_id, id_ in rows:
        sent.setdefault((form_id, station_id), []).append(id_)
    return [
        StationTasks(
            station,
            tuple(Task(each, tuple(sent.get((each.form_id, station.station_id), ()))) for each in versions),
        )
        for station in own_station_choices(session, mission, user)
    ]
