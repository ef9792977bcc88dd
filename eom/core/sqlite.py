"""SQLite as an embedded server: durable, with foreign keys, and writers that queue on one lock.

Waiting on SQLite's own busy timeout costs hundreds of milliseconds at p99; a lock file taken
before ``BEGIN IMMEDIATE`` costs tens (traps.md, 6).
"""

from __future__ import annotations

import fcntl
import os
import threading
import time
from typing import Any, ClassVar

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
            connection.info["write_lock"] = Turn(lock_path)
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    # The connection goes back to the pool right after its transaction ends.
    @sa.event.listens_for(engine, "checkin")
    def _checkin(_connection: Any, record: Any) -> None:
        release(record.info)


def release(info: dict[str, Any]) -> None:
    """Give the writers' lock back, if this connection holds it."""
    turn = info.pop("write_lock", None)
    if turn is not None:
        turn.give_back()


class Turn:
    """The right to write, held by one connection of one process.

    Threads of a process queue on a lock of its own, so that one of them at most asks for the file's locks.
    There are two: who has the first is next and waits for the second, which is the writer's. So a process
    that has just written cannot take the next turn before another one that waits.
    """

    _queues: ClassVar[dict[str, threading.Lock]] = {}

    def __init__(self, path: str) -> None:
        deadline = time.monotonic() + LOCK_DEADLINE_SECONDS
        self._queue = self._queues.setdefault(path, threading.Lock())
        if not self._queue.acquire(timeout=LOCK_DEADLINE_SECONDS):
            raise _too_long()
        self._handle: int | None = None
        next_one = None
        try:
            next_one = _locked(f"{path}.next", deadline)
            self._handle = _locked(path, deadline)
        finally:
            if next_one is not None:
                os.close(next_one)
            if self._handle is None:
                self._queue.release()

    def give_back(self) -> None:
        """Let the next one write."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None
            self._queue.release()


def _locked(path: str, deadline: float) -> int:
    """A handle of a file that nobody else has locked. Raises Conflict at the deadline."""
    handle = os.open(path, os.O_CREAT | os.O_RDWR, 0o600)
    pause = 0.0002
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return handle
        except BlockingIOError:
            if time.monotonic() > deadline:
                os.close(handle)
                raise _too_long() from None
            time.sleep(pause)
            # Whoever writes long is looked at less often.
            pause = min(pause * 1.1, 0.005)


def _too_long() -> Conflict:
    return Conflict(
        lazy("Another change is being written and has not ended in time."),
        next_step=lazy("Nothing was lost. Try again in a moment."),
    )
