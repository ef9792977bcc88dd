"""A server killed in the middle of its work: what it confirmed is there, once and whole."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from functools import partial
from itertools import count
from pathlib import Path
from threading import Event, Thread

import sqlalchemy as sa

from eom.checklists.models.submission import Submission
from eom.core import audit_proof
from eom.core.audit import AuditEntry
from eom.core.db import writing
from eom.core.storage import Store
from eom.deployment.models import Visit
from eom.extensions import db
from eom.settings import ROOT
from tests import people
from tests.factories import checklists as factory
from tests.factories.checklists import filled
from tests.patience import LIMIT_SECONDS, wait_until
from tests.ports import reserved_port

# A life of the server ends when all of it is killed; before, one of its workers is killed, more than once.
LIVES, WORKERS_KILLED, SENDERS, CONFIRMED_BETWEEN_KILLS = 2, 3, 4, 10


KIND = "multipart/form-data; boundary=b"


class Field:
    """Telephones that send one submission after another, each until it is confirmed."""

    def __init__(self, token: str) -> None:
        self.path = f"/openrosa/KIL-2019/{token}/submission"
        self.numbers = count()
        self.waiting: list[int] = []
        self.confirmed: list[int] = []
        self.wrong: list[tuple[int, bytes]] = []

    def is_through(self, enough: int) -> bool:
        """Whether so many were confirmed, or something else was answered."""
        return len(self.confirmed) >= enough or bool(self.wrong)

    def send(self, port: int, ended: Event) -> None:
        """Send until the day has ended; a line that breaks is opened again, and what was on it is sent again."""
        line = http.client.HTTPConnection("127.0.0.1", port, timeout=LIMIT_SECONDS)
        while not ended.is_set():
            number = self.waiting.pop() if self.waiting else next(self.numbers)
            try:
                line.request("POST", self.path, body_of(number), {"Content-Type": KIND})
                answer = line.getresponse()
                words = answer.read()
            except (OSError, http.client.HTTPException):
                self.waiting.append(number)
                line.close()
                time.sleep(0.01)
                continue
            if answer.status == 201:
                self.confirmed.append(number)
            elif answer.status == 503 and answer.headers["Retry-After"]:
                # The server is too busy in this moment: a telephone comes back, as it is told.
                self.waiting.append(number)
                time.sleep(0.1)
            else:
                self.wrong.append((answer.status, words))
                return


def photo_of(number: int) -> bytes:
    """A photo of its own for every submission with an odd number."""
    return b"\xff\xd8\xff" + b"%d" % number * 500


def body_of(number: int) -> bytes:
    """A submission, with its photo if it has one."""
    disposition = b'--b\r\nContent-Disposition: form-data; name="%s"; filename="%s"\r\n\r\n'
    named = {"photo": f"{number}.jpg"} if number % 2 else {}
    xml = filled(str(number % 3), f"uuid:{number}", **named)
    body = disposition % (b"xml_submission_file", b"s.xml") + xml + b"\r\n"
    if named:
        body += disposition % (b"p", b"%d.jpg" % number) + photo_of(number) + b"\r\n"
    return body + b"--b--\r\n"


@contextmanager
def served(url: str, folder: Path) -> Iterator[tuple[int, subprocess.Popen]]:
    """A server of two processes in a group of its own, which is killed in the end."""
    environment = os.environ | {
        "DATABASE_URL": url, "EOM_INSTANCE": str(folder), "EOM_AUDIT_KEY": "a" * 40, "PYTHONWARNINGS": "ignore",
        "EOM_STORAGE": str(folder / "files"), "EOM_WARM": "0",
    }  # fmt: skip
    with reserved_port() as port:
        command = [Path(sys.executable).with_name("granian"), "--interface", "wsgi", "--workers", "2", "--port", str(port),
                   "--backpressure", "8", "--respawn-failed-workers", "--respawn-interval", "0.1", "--log-level", "critical", "wsgi:app"]  # fmt: skip
        server = subprocess.Popen(command, cwd=ROOT, env=environment, start_new_session=True)
        try:
            wait_until(lambda: answers(port, server), "the server did not answer", pause=0.05)
            yield port, server
        finally:
            workers = children_of(server)
            os.killpg(server.pid, signal.SIGKILL)
            server.wait()
            # What was under way in the system when they were killed comes to its end, too.
            wait_until(lambda: not any(map(is_running, workers)), "a killed process goes on")


def answers(port: int, server: subprocess.Popen) -> bool:
    """Whether somebody listens."""
    assert server.poll() is None, "the server did not start"
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


def children_of(server: subprocess.Popen) -> list[int]:
    return [int(each) for each in Path(f"/proc/{server.pid}/task/{server.pid}/children").read_text().split()]


def told_of(pid: int, what: str) -> bytes:
    """What /proc tells of a process; nothing when it is gone."""
    try:
        return Path(f"/proc/{pid}/{what}").read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        return b""


def is_running(pid: int) -> bool:
    """Whether a process is there and does something: a dead one may wait to be buried."""
    return told_of(pid, "stat").rpartition(b")")[2].split()[:1] not in ([], [b"Z"], [b"X"])


def workers_of(server: subprocess.Popen) -> list[int]:
    """The processes below the server that answer."""
    return [each for each in children_of(server) if b"granian" in told_of(each, "cmdline")]


def one_worker_of(server: subprocess.Popen) -> int:
    """A process that answers, as soon as there is one."""
    found: list[int] = []
    wait_until(lambda: found.extend(workers_of(server)[:1]) or found, "the server has no workers")
    return found[0]


def nobody_else_writes() -> bool:
    """Whether PostgreSQL has ended what was begun on lines that are dead."""
    if db.engine.dialect.name == "sqlite":
        return True
    busy = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle'"
    busy += " AND backend_type = 'client backend'"
    with db.engine.connect() as line:
        return line.scalar(sa.text(busy)) == 0


def test_what_was_confirmed_is_there_once_whenever_the_server_is_killed(own_app, tmp_path):
    with writing():
        mission = people.make_mission("KIL-2019", "BOL", date(2019, 10, 20))
        for code in ("0", "1", "2"):
            factory.make_station(mission, code)
        factory.publish_standard(mission)
        _device, token = factory.admit_device(mission)
        db.session.commit()
        db.session.remove()
    url, field = own_app.config["SQLALCHEMY_DATABASE_URI"].replace("+psycopg", ""), Field(token)
    kills = sum(live_through(url, tmp_path, field) for _life in range(LIVES))
    assert kills == LIVES * (WORKERS_KILLED + 1)
    assert field.wrong == []
    wait_until(nobody_else_writes, "a transaction of the dead goes on")
    assert len(field.confirmed) == len(set(field.confirmed)) >= kills * CONFIRMED_BETWEEN_KILLS
    rows = db.session.scalars(sa.select(Submission)).all()
    ids = [row.instance_id for row in rows]
    assert {f"uuid:{number}" for number in field.confirmed} <= set(ids)
    assert len(ids) == len(set(ids))
    # Nothing is half there: what is kept has its photo, was recorded and counted at its station.
    for row in rows:
        number = int(row.instance_id.removeprefix("uuid:"))
        assert [own_store(tmp_path).get(each.stored_file.sha256) for each in row.attachments] == (
            [photo_of(number)] if number % 2 else []
        )
        assert row.is_complete
    received = sa.select(AuditEntry.object_name).where(AuditEntry.action == "received")
    assert sorted(db.session.scalars(received)) == sorted(ids)
    assert db.session.scalar(sa.select(sa.func.sum(Visit.submission_count))) == len(rows)
    assert list(audit_proof.faults(db.session())) == []


def own_store(folder: Path) -> Store:
    """Where the killed servers kept their files."""
    return Store(folder / "files")


def live_through(url: str, folder: Path, field: Field) -> int:
    """One life of the server under load: its workers are killed one after the other, then all of it. The kills."""
    with served(url, folder) as (port, server):
        ended = Event()
        senders = [Thread(target=field.send, args=(port, ended), daemon=True) for _n in range(SENDERS)]
        for sender in senders:
            sender.start()
        for kill in range(WORKERS_KILLED + 1):
            enough = len(field.confirmed) + CONFIRMED_BETWEEN_KILLS
            wait_until(partial(field.is_through, enough), "the server stood still", pause=0.003)
            if kill < WORKERS_KILLED:
                os.kill(one_worker_of(server), signal.SIGKILL)
    ended.set()
    for sender in senders:
        sender.join(LIMIT_SECONDS)
        assert not sender.is_alive(), "a telephone still sends"
    return WORKERS_KILLED + 1
