"""Work that goes on after the page is answered.

The truth about a job is its row: state, progress, result. The queue (huey) only carries ids, so a
process killed in the middle loses nothing: ``sweep`` queues what stopped beating. Kinds of jobs are
functions registered with ``job``; they take the row and are idempotent.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from eom.core import clock
from eom.core.db import Base
from eom.core.i18n import lazy
from eom.core.types import JSONDocument, Labelled, UTCDateTime, one_of

HEARTBEAT_LIMIT = timedelta(seconds=60)


class JobState(Labelled):
    """Where a job stands."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"

    @classmethod
    def labels(cls) -> dict[str, Any]:
        return {
            "waiting": lazy("Waiting"),
            "running": lazy("Running"),
            "done": lazy("Done"),
            "failed": lazy("Failed"),
        }


class Job(Base):
    """One piece of work: what it is, for whom, how far it is and what came of it."""

    __tablename__ = "jobs"
    __audited__ = False

    id: Mapped[str] = mapped_column(sa.String(36), primary_key=True, default=lambda: str(uuid.uuid4()))
    kind: Mapped[str] = mapped_column(sa.String(60))
    state: Mapped[JobState] = mapped_column(one_of(JobState), default=JobState.WAITING, index=True)
    arguments: Mapped[dict[str, Any]] = mapped_column(JSONDocument(), default=dict)
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    step: Mapped[str | None] = mapped_column(sa.String(200))
    result: Mapped[dict[str, Any] | None] = mapped_column(JSONDocument())
    error: Mapped[dict[str, Any] | None] = mapped_column(JSONDocument())
    actor_id: Mapped[int | None] = mapped_column()
    actor_name: Mapped[str] = mapped_column(sa.String(200), default="system")
    language: Mapped[str] = mapped_column(sa.String(5), default="en")
    mission_id: Mapped[int | None] = mapped_column(sa.ForeignKey("missions.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime(), default=clock.now)
    heartbeat_at: Mapped[datetime | None] = mapped_column(UTCDateTime())
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime())

    @property
    def is_over(self) -> bool:
        """Whether nothing more will happen."""
        return self.state in (JobState.DONE, JobState.FAILED)

    @property
    def share(self) -> float:
        """How much is done, 0..1."""
        if self.state is JobState.DONE:
            return 1.0
        return min(self.done / self.total, 1.0) if self.total else 0.0


Work = Callable[[Job, "Callable[[int, int, str], None]"], dict[str, Any]]
_kinds: dict[str, Work] = {}


def job(kind: str) -> Callable[[Work], Work]:
    """Register a function as the work of ``kind``.

    It is called with the row and ``progress(done, total, step)`` and returns the result (JSON types).
    """

    def register(work: Work) -> Work:
        _kinds[kind] = work
        return work

    return register


def work_of(kind: str) -> Work:
    """The function of a kind. Raises KeyError for a kind nobody registered."""
    return _kinds[kind]


def create(
    session: Session, kind: str, *, language: str = "en", mission_id: int | None = None, **arguments: Any
) -> Job:
    """Write the row of a new job; the caller commits, then queues its id."""
    row = Job(
        kind=kind,
        arguments=arguments,
        language=language,
        mission_id=mission_id,
        actor_id=session.info.get("actor_id"),
        actor_name=session.info.get("actor_name", "system"),
    )
    session.add(row)
    session.flush()
    return row


def stopped_beating(session: Session) -> list[str]:
    """Ids of jobs whose process seems dead, and of those that wait without being queued."""
    limit = clock.now() - HEARTBEAT_LIMIT
    beat = sa.func.coalesce(Job.heartbeat_at, Job.created_at)
    unfinished = Job.state.in_([JobState.WAITING, JobState.RUNNING])
    return list(session.scalars(sa.select(Job.id).where(unfinished, beat < limit)))
