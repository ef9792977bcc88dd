"""The hands of ``core.jobs``: huey carries ids, a worker process does the work.

Without Redis the queue is a SQLite file in the instance folder, so the embedded default needs no
service. The row of a job is the truth; ``sweep`` queues what stopped beating. A job beats from a
thread of its own: in its row, or on SQLite, where it holds the one write transaction, in a file.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Event, Thread
from typing import Any

import sqlalchemy as sa
from flask import Flask, current_app
from huey import Huey, RedisHuey, SqliteHuey, crontab
from huey.api import Task

from eom.core import audit, clock, jobs
from eom.core.db import writing
from eom.core.errors import AppError, InvalidFile
from eom.core.i18n import _, in_locale
from eom.core.jobs import Job, JobState
from eom.extensions import db

BEAT_SECONDS = 15.0


def bind(app: Flask, *, redis_url: str | None, folder: str, immediate: bool) -> Huey:
    """Make the queue and its two tasks for an application."""
    queue: Huey = (
        RedisHuey("eom", url=redis_url) if redis_url
        else SqliteHuey("eom", filename=f"{folder}/queue.sqlite", immediate=immediate)
    )  # fmt: skip

    @queue.task()
    def run(job_id: str) -> None:
        with app.app_context():
            perform(job_id)

    @queue.periodic_task(crontab(minute="*"))
    def sweep() -> None:
        with app.app_context():
            for job_id in abandoned():
                run(job_id)

    app.extensions["eom_queue"] = queue
    app.extensions["eom_run_job"] = run
    return queue


def enqueue(job: Job) -> Task:
    """Commit the job's row and hand its id to the queue."""
    job_id = job.id
    db.session.commit()
    return current_app.extensions["eom_run_job"](job_id)


def abandoned() -> list[str]:
    """Ids of unfinished jobs that nobody works on: neither their row nor their file beats."""
    return [job_id for job_id in jobs.stopped_beating(db.session()) if not _file_beats(job_id)]


def perform(job_id: str) -> None:
    """Do a job, once: a second worker with the same id finds it taken. Ends in DONE or FAILED."""
    with writing():
        row = _take(job_id)
        if row is None:
            return
        audit.acting(db.session(), row.actor_id, row.actor_name, f"job {job_id[:8]}")
        with in_locale(row.language), _beating(job_id):
            try:
                result = jobs.work_of(row.kind)(row, _reporter(job_id))
                _finish(job_id, JobState.DONE, result=result)
            except AppError as error:
                db.session.rollback()
                _finish(job_id, JobState.FAILED, error=described(error))
            except Exception:
                db.session.rollback()
                current_app.logger.exception("job %s failed", job_id)
                message = _("Something went wrong on our side. Nothing was written.")
                _finish(job_id, JobState.FAILED, error={"message": f"{message} ({job_id[:8]})", "errors": []})


def described(error: AppError) -> dict[str, Any]:
    """An error as JSON types, in the reader's language."""
    listed = [each.as_dict() for each in error.errors] if isinstance(error, InvalidFile) else []
    return {
        "message": str(error.message),
        "next_step": error.next_step and str(error.next_step),
        "errors": listed,
    }


def _take(job_id: str) -> Job | None:
    limit = clock.now() - jobs.HEARTBEAT_LIMIT
    if _file_beats(job_id):
        return None
    taken = db.session.execute(
        sa.update(Job)
        .where(
            Job.id == job_id,
            sa.or_(
                Job.state == JobState.WAITING,
                sa.and_(Job.state == JobState.RUNNING, Job.heartbeat_at < limit),
            ),
        )
        .values(state=JobState.RUNNING, heartbeat_at=clock.now())
    ).rowcount  # type: ignore[attr-defined]
    db.session.commit()
    return db.session.get(Job, job_id) if taken else None


@contextmanager
def _beating(job_id: str) -> Iterator[None]:
    """Inside, a thread shows every BEAT_SECONDS that the job's process lives, whatever the work does."""
    beat, over = _beat_of(job_id), Event()

    def go_on() -> None:
        while not over.wait(BEAT_SECONDS):
            with suppress(OSError, sa.exc.SQLAlchemyError):
                beat()

    thread = Thread(target=go_on, name=f"beat {job_id[:8]}", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _beat_of(job_id: str) -> Callable[[], None]:
    if db.engine.dialect.name == "sqlite":
        path = _progress_path(job_id)
        _write_progress(path, 0, 0, "")
        return lambda: os.utime(path)
    engine, statement = db.engine, sa.update(Job).where(Job.id == job_id)

    def beat() -> None:
        with engine.begin() as connection:
            connection.execute(statement.values(heartbeat_at=clock.now()))

    return beat


def _reporter(job_id: str) -> Callable[[int, int, str], None]:
    """``progress(done, total, step)``: kept outside the job's own transaction, so others see it."""
    if db.engine.dialect.name == "sqlite":
        path = _progress_path(job_id)
        return lambda done, total, step: _write_progress(path, done, total, step)

    def report(done: int, total: int, step: str) -> None:
        values = {"done": done, "total": total, "step": step[:200], "heartbeat_at": clock.now()}
        with db.engine.begin() as connection:
            connection.execute(sa.update(Job).where(Job.id == job_id).values(values))

    return report


def _progress_path(job_id: str) -> Path:
    folder: Path = current_app.extensions["eom_settings"].instance / "progress"
    return folder / job_id


def _write_progress(path: Path, done: int, total: int, step: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_suffix(".new")
    temporary.write_text(f"{done}\n{total}\n{step[:200]}", encoding="utf-8")
    temporary.replace(path)


def _file_beats(job_id: str) -> bool:
    try:
        age = clock.now().timestamp() - _progress_path(job_id).stat().st_mtime
    except FileNotFoundError:
        return False
    return age < jobs.HEARTBEAT_LIMIT.total_seconds()


def progress_of(job: Job) -> tuple[int, int, str]:
    """(done, total, step) of a running job, wherever its worker keeps them."""
    with suppress(FileNotFoundError):
        if not job.is_over:
            done, total, step = _progress_path(job.id).read_text(encoding="utf-8").split("\n", 2)
            return int(done), int(total), step
    return job.done, job.total, job.step or ""


def _finish(job_id: str, state: JobState, **values: Any) -> None:
    row = db.session.get(Job, job_id)
    if row is None:
        return
    row.state, row.ended_at = state, clock.now()
    for name, value in values.items():
        setattr(row, name, value)
    db.session.commit()
    _progress_path(job_id).unlink(missing_ok=True)
