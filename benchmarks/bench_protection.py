"""What protection costs: a sign-in, the check of a permission, the audit of a write, the proof of the trail."""

from __future__ import annotations

import statistics
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal

import sqlalchemy as sa
from flask import g, request_started

from benchmarks.measure import report, timed
from benchmarks.places import application
from eom.core import audit, audit_chain, audit_proof
from eom.core.db import writing
from eom.extensions import db
from tests.factories.signing_in import PASSWORD, give_password
from tests.people import Client, make_cast

ENTRIES = 200_000
WRITES = 150


@request_started.connect
def _start_afresh(_sender, **_rest) -> None:
    """Here one application context stays open; a real request never inherits another's ``g``."""
    g.__dict__.clear()


def main() -> None:
    """Print every figure on both databases."""
    for kind in ("sqlite", "postgresql"):
        with application(kind) as app:
            cast = make_cast()
            amir, code = Client(app, cast.user("amir")), cast.a.code
            measure_sign_in(app, cast, kind)
            measure_write(app, amir, code, kind)
            measure_writers(app, kind)
            measure_verify(kind)


def measure_sign_in(app, cast, kind: str) -> None:
    """The form with a right password, from the request to the redirect."""
    bruno = give_password(cast.user("bruno"))
    email = bruno.email

    def sign_in() -> None:
        answer = app.test_client().post("/login", data={"email": email, "password": PASSWORD})
        assert answer.status_code == 302, answer.status_code
        db.session.remove()

    app.config["WTF_CSRF_ENABLED"] = False
    sign_in()
    figures = timed(sign_in, runs=15)
    report("sign-in with argon2id", figures.pop("value"), "s", kind, limit=0.3, **figures)


def measure_write(app, amir: Client, code: str, kind: str) -> None:
    """A page's write with the permission check and the audit, and the same without either, in turns."""

    def write() -> None:
        answer = amir.http.post(
            f"/missions/{code}/processes/new", data={"kind": "general", "name": "measured"}
        )
        assert answer.status_code == 303, answer.text[:3000]
        db.session.remove()

    write()
    with_all, without = [], []
    for _ in range(WRITES):
        with_all.append(seconds(write))
        with bare(app):
            without.append(seconds(write))
    both, plain = statistics.median(with_all), statistics.median(without)
    report("write with permission check and audit", round(both * 1000, 2), "ms", kind)
    report("the same write without them", round(plain * 1000, 2), "ms", kind)
    report("what they add", round((both / plain - 1) * 100, 1), "%", kind, limit=10)


@contextmanager
def bare(app) -> Iterator[None]:
    """No audit entry is written and everything is allowed."""
    policy = app.extensions["eom_policy"]
    kept = audit._after_flush, audit.record
    sa.event.remove(db.session, "after_flush", audit._after_flush)
    app.extensions["eom_policy"] = Allowing(policy)
    try:
        yield
    finally:
        sa.event.listen(db.session, "after_flush", kept[0])
        app.extensions["eom_policy"] = policy


class Allowing:
    """A policy that asks nobody."""

    def __init__(self, policy) -> None:
        self.load_mission = policy.load_mission

    def allows(self, *_question) -> bool:
        """Everything is allowed."""
        return True

    allows_anywhere = knows = allows


def seconds(work: Callable[[], None]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def measure_writers(app, kind: str) -> None:
    """Eight threads that commit audited rows: with a free chain each, and with one chain for all."""
    report("audited commits by 8 threads, a chain each", round(commits(app)), "1/s", kind)
    if kind == "sqlite":
        return
    usual, audit_chain._take = audit_chain._take, the_only_chain
    try:
        report("audited commits by 8 threads, one chain for all", round(commits(app)), "1/s", kind)
    finally:
        audit_chain._take = usual


def the_only_chain(connection) -> audit_chain.Head:
    """What a single chain would mean: every writer waits for the one before."""
    cursor = connection.connection.cursor()
    query = "SELECT id, length, last_hash FROM audit_chains WHERE id = 1 FOR UPDATE"
    return audit_chain.Head(*cursor.execute(query).fetchone())


def commits(app, each: int = 150, threads: int = 8) -> float:
    def work() -> None:
        with app.app_context(), writing():
            for number in range(each):
                audit.record(db.session(), "noted", "missions", number, "measured")
                db.session.commit()
            db.session.remove()

    db.session.remove()
    workers = [threading.Thread(target=work) for _ in range(threads)]
    started = time.perf_counter()
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return threads * each / (time.perf_counter() - started)


def measure_verify(kind: str) -> None:
    """The whole trail, of entries as a change of a record makes them."""
    session = db.session()
    changes = {"name": ["Elections of 2019", "General elections of 2019"], "stage": ["planned", "deployed"],
               "amount_cents": [None, 123450], "incurred_on": [None, str(date(2019, 10, 20))],
               "rate": [None, str(Decimal("6.91"))]}  # fmt: skip
    for start in range(0, ENTRIES, 5000):
        made = [audit._entry(session, "changed", "missions", start + n, "BOL-2019", 1) for n in range(5000)]
        for row in made:
            row["changes"] = dict(changes)
        audit_chain.append(session, made)
        session.commit()
    count = session.scalar(sa.select(sa.func.count()).select_from(audit.TABLE))
    started = time.perf_counter()
    faults = list(audit_proof.faults(session))
    assert not faults, faults[:3]
    rate = count / (time.perf_counter() - started)
    report("entries of the trail proved", round(rate), "1/s", kind, limit=50_000, rows=count)


if __name__ == "__main__":
    main()
