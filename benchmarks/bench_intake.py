"""How many submissions a second are received, each checked, kept durably and recorded, none deferred.

Granian with two workers and production settings; wrk with eight keep-alive connections, each submission
distinct, authenticated by app user; PostgreSQL with fsync on, SQLite in WAL mode with synchronous FULL.
All on the same machine. After each run the rows, visits and audit entries are counted.
"""

from __future__ import annotations

import base64
import os
import re
import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import sqlalchemy as sa
from flask import Flask

from benchmarks import twenty_questions
from benchmarks.measure import report
from benchmarks.places import application, bolivia
from eom.checklists.models.submission import Submission
from eom.checklists.services import app_users, publishing
from eom.core import audit
from eom.deployment.models import Visit
from eom.extensions import db
from eom.missions.models.mission import Mission
from eom.settings import ROOT
from eom.stations.models import Area, PollingStation, VotingCentre
from tests.factories.observers import make_appointment

STATIONS = 2_000
DEVICES = 8
SECONDS = int(os.environ.get("EOM_BENCH_SECONDS", "15"))
RUNS = int(os.environ.get("EOM_BENCH_RUNS", "3"))
HOST = "observe.example.org"
LIMITS = {("postgresql", 1): (600, 40), ("sqlite", 1): (450, 60), ("postgresql", 20): (5000, None)}
SERVER = ("--interface", "wsgi", "--workers", "2", "--backpressure", "64", "--log-level", "warning")


@dataclass(frozen=True)
class Run:
    """What one run of wrk came to: submissions a second, milliseconds at the median and the 99th percentile."""

    rate: float
    p50: float
    p99: float


def main() -> None:
    """Print every figure on both databases; ``python bench_intake.py postgresql 1`` measures one."""
    kinds = [sys.argv[1]] if len(sys.argv) > 1 else ["postgresql", "sqlite"]
    batches = [int(sys.argv[2])] if len(sys.argv) > 2 else [1, 20]
    for kind in kinds:
        with application(kind) as app, TemporaryDirectory() as folder, prepared(app, Path(folder)) as tokens:  # noqa: SIM117
            with serving(app, Path(folder)) as port:
                for batch in batches:
                    measure(kind, batch, port, tokens, Path(folder))


@contextmanager
def prepared(app: Flask, folder: Path) -> Iterator[list[str]]:
    """A mission with its form, stations and devices; the secrets of the devices."""
    mission = bolivia()
    publishing.publish(mission, app.extensions["eom_store"], twenty_questions.workbook(), "twenty.xlsx")
    make_stations(mission)
    tokens = [app_users.issue(make_appointment(mission), f"Tablet {n}")[1] for n in range(DEVICES)]
    db.session.commit()
    db.session.remove()
    (folder / "tokens").write_text("\n".join(tokens) + "\n")
    (folder / "submission.xml").write_text(twenty_questions.SUBMISSION)
    yield tokens


def make_stations(mission: Mission) -> None:
    """Stations with the codes 1 to 2,000 in one centre."""
    place = Area(mission_id=mission.id, level=1, name="La Paz", key="La Paz", country=mission.country)
    db.session.add(place)
    db.session.flush()
    centre = VotingCentre(mission_id=mission.id, area=place, first_area=place, key="c", name="School")
    db.session.add_all(
        PollingStation(mission_id=mission.id, centre=centre, key=f"s{n}", code=str(n))
        for n in range(1, STATIONS + 1)
    )
    db.session.flush()


@contextmanager
def serving(app: Flask, folder: Path) -> Iterator[int]:
    """Granian on the application's database; the port."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    environment = os.environ | {
        "EOM_ENV": "production", "EOM_HOST": HOST, "EOM_SECRET_KEY": secrets.token_urlsafe(40),
        "EOM_PASSWORD_SALT": secrets.token_urlsafe(20), "EOM_SECURITY_CONTACT": "mailto:security@example.org",
        "EOM_FIELD_KEYS": base64.b64encode(secrets.token_bytes(32)).decode(), "EOM_AUDIT_KEY": secrets.token_urlsafe(40),
        "EOM_SECOND_FACTOR_ROLES": "none", "EOM_SQLITE_IN_PRODUCTION": "yes", "EOM_WARM": "0",
        "EOM_INSTANCE": str(folder), "EOM_STORAGE": str(folder / "files"),
        "DATABASE_URL": app.config["SQLALCHEMY_DATABASE_URI"].replace("+psycopg", ""),
    }  # fmt: skip
    command = [str(Path(sys.executable).with_name("granian")), *SERVER, "--port", str(port), "wsgi:app"]
    server = subprocess.Popen(command, cwd=ROOT, env=environment)
    try:
        wait_for(port)
        yield port
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(20)


def wait_for(port: int) -> None:
    """Wait until the server answers, at most half a minute."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        try:
            asked = urllib.request.Request(f"http://127.0.0.1:{port}/login", headers={"Host": HOST})
            urllib.request.urlopen(asked, timeout=5).close()  # noqa: S310 - our own server
            return
        except OSError:
            time.sleep(0.2)
    raise RuntimeError("the server does not answer")


def measure(kind: str, batch: int, port: int, tokens: list[str], folder: Path) -> None:
    """Warm up, run, print; then make sure that everything answered is there."""
    drive(batch, port, f"{kind}-{batch}-warm", folder, seconds=3)
    before = kept()
    runs = [drive(batch, port, f"{kind}-{batch}-{n}", folder) for n in range(RUNS)]
    after = kept()
    assert after["submissions"] == after["audit entries"] == after["counted at stations"], after
    rates = sorted(run.rate for run in runs)
    name = "submissions one by one" if batch == 1 else f"submissions in batches of {batch}"
    rate_limit, p99_limit = LIMITS.get((kind, batch), (None, None))
    report(
        name, round(rates[len(rates) // 2]), "1/s", kind, limit=rate_limit, least=round(rates[0]),
        most=round(rates[-1]), rows=after["submissions"] - before["submissions"],
    )  # fmt: skip
    middle = sorted(runs, key=lambda run: run.rate)[len(runs) // 2]
    report(f"{name}, p50", round(middle.p50, 1), "ms", kind)
    report(f"{name}, p99", round(middle.p99, 1), "ms", kind, limit=p99_limit)


def drive(batch: int, port: int, run: str, folder: Path, seconds: int = SECONDS) -> Run:
    """One run of wrk. Raises RuntimeError when an answer was no success."""
    command = [
        "wrk", "-t1", "-c8", f"-d{seconds}s", "--latency", "-H", f"Host: {HOST}",
        "-s", str(ROOT / "benchmarks" / "intake.lua"), f"http://127.0.0.1:{port}", "--",
        run, str(folder / "tokens"), str(STATIONS), str(batch), str(folder / "submission.xml"),
    ]  # fmt: skip
    told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    # What was under way when wrk left is still being written.
    time.sleep(1)
    if "Non-2xx" in told or "Socket errors" in told:
        raise RuntimeError(told)
    rate = float(re.search(r"Requests/sec:\s+([\d.]+)", told)[1]) * batch
    return Run(rate, percentile(told, 50), percentile(told, 99))


def percentile(told: str, share: int) -> float:
    """Milliseconds of a percentile as wrk prints it."""
    value, unit = re.search(rf"{share}%\s+([\d.]+)(us|ms|s)", told).groups()
    return float(value) * {"us": 0.001, "ms": 1, "s": 1000}[unit]


def kept() -> dict[str, int]:
    """What the database holds: a submission is one row, one entry, one more at its station."""
    with db.engine.connect() as connection:
        count = sa.func.count()
        return {
            "submissions": connection.scalar(sa.select(count).select_from(Submission)),
            "audit entries": connection.scalar(
                sa.select(count).select_from(audit.AuditEntry).where(audit.AuditEntry.action == "received")
            ),
            "counted at stations": connection.scalar(sa.select(sa.func.sum(Visit.submission_count))),
        }


if __name__ == "__main__":
    main()
