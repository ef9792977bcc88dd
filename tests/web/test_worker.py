"""Background work: done once, its progress seen from outside, and taken up again when its process dies."""

from __future__ import annotations

import os
from datetime import timedelta

import pytest

from eom.core import clock, jobs
from eom.core.db import writing
from eom.core.errors import InvalidFile, Refused, RowError
from eom.core.jobs import Job, JobState
from eom.extensions import db
from eom.web import worker
from tests.patience import wait_until

LONG_AGO = clock.now() - timedelta(minutes=5)


@pytest.fixture
def kind(monkeypatch):
    """Registers the work of a kind for this test alone."""
    monkeypatch.setattr(jobs, "_kinds", dict(jobs._kinds))

    def register(work) -> str:
        jobs.job("test")(work)
        return "test"

    return register


def waiting(kind: str, **values) -> str:
    with writing():
        row = jobs.create(db.session(), kind, **values)
        db.session.commit()
    return row.id


def stopped(kind: str, state: JobState = JobState.RUNNING) -> str:
    """A job whose row beat last five minutes ago."""
    with writing():
        row = Job(kind=kind, state=state, created_at=LONG_AGO, heartbeat_at=LONG_AGO)
        db.session.add(row)
        db.session.commit()
    return row.id


def row_of(job_id: str) -> Job:
    db.session.rollback()
    db.session.expire_all()
    return db.session.get(Job, job_id)


def test_a_job_is_done_and_keeps_its_result(own_app, kind):
    job_id = waiting(kind(lambda row, progress: {"lines": [["Rows", row.arguments["n"]]]}), n=3)
    worker.perform(job_id)
    row = row_of(job_id)
    assert (row.state, row.result, row.error) == (JobState.DONE, {"lines": [["Rows", 3]]}, None)
    assert row.ended_at is not None


def test_a_job_that_is_done_is_not_done_again(own_app, kind):
    calls = []
    job_id = waiting(kind(lambda row, progress: calls.append(row.id) or {}))
    worker.perform(job_id)
    worker.perform(job_id)
    assert calls == [job_id]


def test_progress_is_seen_while_the_job_runs(own_app, kind):
    seen = []

    def work(row, progress):
        progress(1, 4, "Reading")
        seen.append(worker.progress_of(row))
        if db.engine.dialect.name == "postgresql":
            with db.engine.connect() as another:
                seen[-1] = tuple(another.execute(db.select(Job.done, Job.total, Job.step)).one())
        return {}

    job_id = waiting(kind(work))
    worker.perform(job_id)
    assert seen == [(1, 4, "Reading")]
    assert worker.progress_of(row_of(job_id))[2] in ("", "Reading")


def test_a_refusal_is_told_in_the_persons_language_with_its_rows(own_app, kind):
    def work(row, progress):
        raise InvalidFile("The file is wrong.", [RowError(3, "latitude", "91", "-90 to 90")])

    job_id = waiting(kind(work))
    worker.perform(job_id)
    row = row_of(job_id)
    assert row.state is JobState.FAILED
    assert row.error["message"] == "The file is wrong."
    assert row.error["errors"] == [{"row": 3, "column": "latitude", "value": "91", "expected": "-90 to 90"}]


def test_what_a_failed_job_had_written_is_taken_back(own_app, kind):
    def work(row, progress):
        db.session.add(Job(kind="left behind"))
        db.session.flush()
        raise Refused("No.", next_step="Try another.")

    job_id = waiting(kind(work))
    worker.perform(job_id)
    assert row_of(job_id).error == {"message": "No.", "next_step": "Try another.", "errors": []}
    assert db.session.query(Job).count() == 1


def test_a_fault_of_ours_is_logged_and_not_shown(own_app, kind, caplog):
    job_id = waiting(kind(lambda row, progress: 1 / 0))
    worker.perform(job_id)
    row = row_of(job_id)
    assert row.state is JobState.FAILED
    assert "Nothing was written" in row.error["message"] and "zero" not in row.error["message"]
    assert "ZeroDivisionError" in caplog.text


def test_a_job_whose_process_died_is_taken_up_again(own_app, kind):
    job_id = stopped(kind(lambda row, progress: {"again": True}))
    assert worker.abandoned() == [job_id]
    worker.perform(job_id)
    assert row_of(job_id).result == {"again": True}
    assert worker.abandoned() == []


def test_a_job_that_waits_unqueued_is_queued(own_app, kind):
    job_id = stopped(kind(lambda row, progress: {}), JobState.WAITING)
    assert worker.abandoned() == [job_id]


def test_a_long_job_whose_file_beats_is_left_alone(own_app, kind):
    """On SQLite a running job's row cannot be written: it beats in its file of progress."""
    job_id = stopped(kind(lambda row, progress: {"twice": True}))
    path = worker._progress_path(job_id)
    worker._write_progress(path, 1, 9, "Reading")
    assert worker.abandoned() == []
    worker.perform(job_id)
    assert row_of(job_id).state is JobState.RUNNING
    os.utime(path, (LONG_AGO.timestamp(), LONG_AGO.timestamp()))
    assert worker.abandoned() == [job_id]


def test_a_job_beats_without_telling_its_progress(own_app, kind, monkeypatch):
    monkeypatch.setattr(worker, "BEAT_SECONDS", 0.01)
    beats = []

    def work(row, progress):
        job_id, first = row.id, last_beat(row.id)
        wait_until(lambda: last_beat(job_id) > first, "the job does not beat")
        beats.append(job_id)
        return {}

    job_id = waiting(kind(work))
    worker.perform(job_id)
    assert beats == [job_id]


def last_beat(job_id: str) -> float:
    if db.engine.dialect.name == "sqlite":
        return worker._progress_path(job_id).stat().st_mtime_ns
    with db.engine.connect() as connection:
        return connection.scalar(db.select(Job.heartbeat_at).where(Job.id == job_id)).timestamp()


def test_the_sweep_runs_what_was_abandoned(own_app, kind):
    job_id = stopped(kind(lambda row, progress: {"swept": True}))
    queue = own_app.extensions["eom_queue"]
    queue.immediate = True
    sweep = next(task for name, task in queue._registry._registry.items() if name.endswith("sweep"))
    sweep().execute()
    assert row_of(job_id).result == {"swept": True}


def test_the_audit_names_the_person_and_the_job(own_app, kind):
    seen = []
    job_id = waiting(kind(lambda row, progress: seen.append(dict(db.session().info)) or {}))
    worker.perform(job_id)
    assert seen[0]["request_id"] == f"job {job_id[:8]}"
