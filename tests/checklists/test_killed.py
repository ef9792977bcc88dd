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
from itertools import count
from pathlib import Path
from threading import Event, Thread

import sqlalchemy as sa

from eom.checklists.models.submission import Submission
from eom.core import audit_proof
from eom.core.audit import AuditEntry
from eom.core.db import writing
from eom.deployment.models import Visit
from eom.extensions import db
from eom.settings import ROOT
from tests import people
from tests.factories import checklists as factory
from tests.factories.checklists import filled

KILLS, SENDERS, CONFIRMED_BETWEEN_KILLS = 3, 4, 40


class Field:
    """Telephones that send one submission after another, each until it is confirmed."""

    def __init__(self, token: str) -> None:
        self.path = f"/openrosa/KIL-2019/{token}/submission"
        self.numbers = count()
        self.waiting: list[str] = []
        self.confirmed: list[str] = []
        self.wrong: list[tuple[int, bytes]] = []

    def send(self, port: int, ended: Event) -> None:
        """Send until the server is gone or the day has ended."""
        line = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
        while not ended.is_set():
            instance_id = self.waiting.pop() if self.waiting else f"uuid:{next(self.numbers)}"
            try:
                line.request(
                    "POST",
                    self.path,
                    body_of(instance_id),
                    {"Content-Type": "multipart/form-data; boundary=b"},
                )
                answer = line.getresponse()
                words = answer.read()
            except (OSError, http.client.HTTPException):
                self.waiting.append(instance_id)
                return
            if answer.status == 201:
                self.confirmed.append(instance_id)
            else:
                self.wrong.append((answer.status, words))
                return


def body_of(instance_id: str) -> bytes:
    head = b'--b\r\nContent-Disposition: form-data; name="xml_submission_file"; filename="s.xml"\r\n\r\n'
    return head + filled(str(len(instance_id) % 3), instance_id) + b"\r\n--b--\r\n"


@contextmanager
def served(url: str, folder: Path) -> Iterator[tuple[int, subprocess.Popen]]:
    """A server of two processes in a group of its own, which is killed in the end."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    environment = os.environ | {
        "DATABASE_URL": url, "EOM_INSTANCE": str(folder), "EOM_AUDIT_KEY": "a" * 40, "PYTHONWARNINGS": "ignore",
    }  # fmt: skip
    command = [Path(sys.executable).with_name("granian"), "--interface", "wsgi", "--workers", "2", "--port", str(port),
               "--backpressure", "8", "--log-level", "error", "wsgi:app"]  # fmt: skip
    server = subprocess.Popen(command, cwd=ROOT, env=environment, start_new_session=True)
    try:
        wait_for(port, server)
        yield port, server
    finally:
        os.killpg(server.pid, signal.SIGKILL)
        server.wait()


def wait_for(port: int, server: subprocess.Popen) -> None:
    for _ in range(600):
        assert server.poll() is None, "the server did not start"
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.05)
    raise AssertionError("the server did not answer")


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
    for kill in range(1, KILLS + 1):
        with served(url, tmp_path) as (port, _server):
            ended = Event()
            senders = [Thread(target=field.send, args=(port, ended), daemon=True) for _n in range(SENDERS)]
            for sender in senders:
                sender.start()
            while len(field.confirmed) < kill * CONFIRMED_BETWEEN_KILLS and any(
                each.is_alive() for each in senders
            ):
                time.sleep(0.005)
        ended.set()
        for sender in senders:
            sender.join(30)
    assert field.wrong == []
    assert len(field.confirmed) >= KILLS * CONFIRMED_BETWEEN_KILLS
    rows = db.session.scalars(sa.select(Submission.instance_id)).all()
    assert set(field.confirmed) <= set(rows)
    assert len(rows) == len(set(rows))
    # Nothing is half there: what is kept was recorded and counted at its station.
    received = sa.select(AuditEntry.object_name).where(AuditEntry.action == "received")
    assert sorted(db.session.scalars(received)) == sorted(rows)
    assert db.session.scalar(sa.select(sa.func.sum(Visit.submission_count))) == len(rows)
    assert list(audit_proof.faults(db.session())) == []
