"""SQLite as an embedded server: durable, with foreign keys, and writers that queue on one lock.

Waiting on SQLite's own busy timeout costs hundreds of milliseconds at p99; a lock file taken
before ``BEGIN IMMEDIATE`` costs tens (traps.md, 6).
"""

from __future__ import annotations

import fcntl
import os
import time
from typing import Any

import sqlalchemy as sa

from eom.core.db import intends_to_write
from eom.core.errors import Conflict
from eom.core.i18n import lazy

LOCK_DEADLINE_SECONDS = 20.0


def tune(engine: sa.Engine) -> None:
    """Make an SQLite engine durable and orderly; nothing for other databases."""
    if engine.dialect.name != "sqlite":
        return
    path = engine.url.database
    lock_path = f"{path}.lock" if path and path != ":memory:" else None

    @sa.event.listens_for(engine, "connect")
    def _connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            "busy_timeout=20000",
            "cache_size=-65536",
            "temp_store=MEMORY",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @sa.event.listens_for(engine, "begin")
    def _begin(connection: sa.Connection) -> None:
        if not intends_to_write():
            connection.exec_driver_sql("BEGIN")
            return
        if lock_path and "write_lock" not in connection.info:
            connection.info["write_lock"] = _take(lock_path)
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    # The connection goes back to the pool right after its transaction ends.
    @sa.event.listens_for(engine, "checkin")
    def _checkin(_connection: Any, record: Any) -> None:
        release(record.info)


def release(info: dict[str, Any]) -> None:
    """Give the writers' lock back, if this connection holds it."""
    handle = info.pop("write_lock", None)
    if handle is not None:
        os.close(handle)


def _take(path: str) -> int:
    handle = os.open(path, os.O_CREAT | os.O_RDWR, 0o600)
    deadline = time.monotonic() + LOCK_DEADLINE_SECONDS
    pause = 0.001
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return handle
        except BlockingIOError:
            if time.monotonic() > deadline:
                os.close(handle)
                raise Conflict(
                    lazy("Another change is being written and has not ended in time."),
                    next_step=lazy("Nothing was lost. Try again in a moment."),
                ) from None
            time.sleep(pause)
            pause = min(pause * 1.5, 0.02)
