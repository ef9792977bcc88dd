"""Files of exports made in the background: kept for a day beside the database, then gone."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from pathlib import Path

from eom.core import clock
from eom.core.errors import NotFound
from eom.core.i18n import lazy
from eom.core.jobs import Job

KEPT_HOURS = 24


def place(folder: Path, job_id: str) -> Path:
    """Where the file of a job lies; its folder is there afterwards, readable by the application alone."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder / job_id


def found(folder: Path, job: Job) -> Path:
    """The file of a job that is done. Raises NotFound when it has expired, or is not there yet."""
    path = folder / job.id
    if job.ended_at is None or clock.now() - job.ended_at > timedelta(hours=KEPT_HOURS) or not path.is_file():
        if job.ended_at is not None:
            path.unlink(missing_ok=True)
        raise NotFound(
            lazy(
                "This file is not kept any more: files of exports go after %(hours)d hours.", hours=KEPT_HOURS
            ),
            next_step=lazy("Export it again."),
        )
    return path


def clear(folder: Path) -> int:
    """Delete what has expired, whoever made it; how many files."""
    limit = clock.now().timestamp() - KEPT_HOURS * 3600
    deleted = 0
    for path in folder.iterdir() if folder.is_dir() else ():
        with suppress(FileNotFoundError):
            if path.stat().st_mtime < limit:
                path.unlink()
                deleted += 1
    return deleted
