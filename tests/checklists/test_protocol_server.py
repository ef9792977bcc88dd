"""What only a server of its own shows: bodies in chunks, lines that break, lengths that lie, a database that is away."""

from __future__ import annotations

import fcntl
import http.client
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from email.utils import parsedate_to_datetime

import psycopg
import pytest
import sqlalchemy as sa
from lxml import etree

from eom.checklists.models.submission import Submission
from eom.core import sqlite
from eom.core.db import writing
from eom.extensions import db
from tests import databases, people
from tests.checklists.test_killed import KIND, body_of, own_store, photo_of, served
from tests.factories import checklists as factory
from tests.factories.checklists import filled
from tests.patience import LIMIT_SECONDS

COLLECT = {
    "User-Agent": "org.odk.collect.android/v2026.3 Dalvik/2.1.0", "X-OpenRosa-Version": "1.0",
    "Date": "Sun, 20 Oct 2019 02:14:00 GMT", "Accept-Encoding": "gzip",
}  # fmt: skip


@pytest.fixture
def mission(own_app):
    """The address of a device in a mission with a form and its stations."""
    with writing():
        made = people.make_mission("KIL-2019", "BOL", date(2019, 10, 20))
        for code in ("0", "1", "2"):
            factory.make_station(made, code)
        factory.publish_standard(made)
        _device, token = factory.admit_device(made)
        db.session.commit()
        db.session.remove()
    return f"/openrosa/KIL-2019/{token}"


def ask(
    port: int, method: str, path: str, body=None, **headers: str
) -> tuple[int, http.client.HTTPMessage, bytes]:
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=LIMIT_SECONDS)
    chunked = body is not None and not isinstance(body, bytes)
    line.request(method, path, body, COLLECT | headers, encode_chunked=chunked)
    answer = line.getresponse()
    return answer.status, answer.headers, answer.read()


def in_chunks(data: bytes, size: int) -> Iterator[bytes]:
    return (data[at : at + size] for at in range(0, len(data), size))


def raw(port: int, data: bytes) -> bytes:
    """Bytes on a line of their own, which is shut for writing after them; what comes back."""
    with socket.create_connection(("127.0.0.1", port), timeout=LIMIT_SECONDS) as line:
        line.sendall(data)
        line.shutdown(socket.SHUT_WR)
        try:
            return b"".join(iter(lambda: line.recv(65_536), b""))
        except OSError:
            return b""


def head_of(path: str, *lines: str) -> bytes:
    return "\r\n".join(
        [f"POST {path} HTTP/1.1", "Host: localhost", f"Content-Type: {KIND}", *lines, "", ""]
    ).encode()


def test_a_server_takes_bodies_as_they_come(own_app, mission, tmp_path, monkeypatch):
    monkeypatch.setenv("EOM_MAX_UPLOAD_MB", "11")
    url = own_app.config["SQLALCHEMY_DATABASE_URI"].replace("+psycopg", "")
    post = f"{mission}/submission?deviceID=collect%3A1"
    with served(url, tmp_path) as (port, _server):
        status, headers, words = ask(port, "HEAD", post)
        assert (status, words) == (204, b"")
        assert headers["X-OpenRosa-Version"] == "1.0"
        assert headers["X-OpenRosa-Accept-Content-Length"] == "10000000"
        assert parsedate_to_datetime(headers["Date"]).year >= 2025
        # In chunks of any size, without a length; and the same again in one piece.
        for number, size in enumerate((1, 100, 65_536)):
            codes = [
                ask(port, "POST", post, in_chunks(body_of(number), size), **{"Content-Type": KIND})[0],
                ask(port, "POST", post, body_of(number), **{"Content-Type": KIND})[0],
            ]
            assert codes == [201, 201]
        # Beyond the limit, said before and not said.
        giant = body_of(3).replace(b"--b--", b"--b\r\n" + b"x" * (11 << 20) + b"\r\n--b--")
        assert b" 413 " in raw(port, head_of(post, f"Content-Length: {len(giant)}") + giant[:1000])[:40]
        assert ask(port, "POST", post, in_chunks(giant, 1 << 20), **{"Content-Type": KIND})[0] == 413
        # Lines that break, and lengths that lie: nothing of it is kept, and the server goes on.
        half = body_of(5)[:700]
        for broken in (
            head_of(post, "Content-Length: 90000") + half,
            head_of(post, "Content-Length: 10") + half,
            head_of(post, "Content-Length: -1") + half,
            head_of(post, "Transfer-Encoding: chunked") + b"2bc\r\n" + half + b"\r\n",
            head_of(post, "Transfer-Encoding: chunked") + b"zz\r\n" + half,
            head_of(post, "Content-Length: 700", "Transfer-Encoding: chunked") + half,
        ):
            assert b" 201 " not in raw(port, broken)[:40]
            assert b" 50" not in raw(port, broken)[:40]
        assert ask(port, "POST", post, body_of(5), **{"Content-Type": KIND})[0] == 201
    rows = {row.instance_id: row for row in db.session.scalars(sa.select(Submission))}
    assert set(rows) == {"uuid:0", "uuid:1", "uuid:2", "uuid:5"}
    for number in (1, 5):
        [photo] = rows[f"uuid:{number}"].attachments
        assert own_store(tmp_path).get(photo.stored_file.sha256) == photo_of(number)


def test_a_database_that_is_away_or_busy_is_no_fault_of_the_form(own_app, mission, monkeypatch):
    """The device is told to come back, and what it sends then is received."""
    client = own_app.test_client()
    first = client.post(f"{mission}/submission", data=body_of(0), content_type=KIND)
    assert first.status_code == 201
    item = {"instanceID": "uuid:4", "form": "eom_opening", "version": "1", "files": {},
            "xml": filled("1", "uuid:4").decode()}  # fmt: skip
    monkeypatch.setattr(sqlite, "LOCK_DEADLINE_SECONDS", 0.05)
    with away(own_app):
        answer = client.post(f"{mission}/submission", data=body_of(2), content_type=KIND)
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
        assert answer.headers["X-OpenRosa-Version"] == "1.0"
        [message] = etree.fromstring(answer.data)
        assert message.text
        answer = client.post(
            "/field/KIL-2019/submissions", json={"submissions": [item]},
            headers={"Authorization": f"Bearer {mission.rpartition('/')[2]}"},
        )  # fmt: skip
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert client.post(f"{mission}/submission", data=body_of(2), content_type=KIND).status_code == 201


def away(_app):
    """The database refuses connections (PostgreSQL), or another writer does not end (SQLite)."""
    url = db.engine.url
    db.session.remove()
    db.engine.dispose()
    return locked(f"{url.database}.lock") if url.get_backend_name() == "sqlite" else shut(url.database)


@contextmanager
def locked(path: str) -> Iterator[None]:
    with open(path, "ab") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


@contextmanager
def shut(name: str) -> Iterator[None]:
    with psycopg.connect(databases.POSTGRES, autocommit=True) as server:
        server.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
        try:
            yield
        finally:
            server.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")
