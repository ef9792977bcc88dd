"""The ledger: an extract of 60,000 lines loaded, and the finance lists over 600,000 lines."""

from __future__ import annotations

import resource
import time
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from flask import Flask

from benchmarks.bench_report import LAST, LINES, fill
from benchmarks.measure import report, timed
from benchmarks.places import application
from eom.core.db import writing
from eom.extensions import db
from eom.finance.exports.ledger import expenditures
from eom.finance.imports.expenditures import read_extract
from eom.finance.services import ledger_intake, loads
from eom.finance.services.ledger_checks import check
from eom.missions.models.mission import Mission

LOADED, YEARS = 60_000, 10
LIMIT_OF_A_LIST, LIMIT_OF_A_DRILL_DOWN = 0.15, 0.2


def main() -> None:
    """Print the figures on both databases."""
    for kind in ("sqlite", "postgresql"):
        with application(kind) as app:
            fill(kind, YEARS)
            _measure_lists(kind, app)
            _measure_load(kind)


def _measure_load(kind: str) -> None:
    """Read, ask the books and write, audit entries included, in a ledger of 600,000 lines."""
    data = _extract().encode()
    spent = time.process_time()
    read = timed(lambda: read_extract(data, "extract.csv"), runs=3)
    report("reading an extract of 60,000 lines", read.pop("value"), "s", kind, rows=LOADED, **read)
    lines = read_extract(data, "extract.csv").lines
    checked = timed(lambda: check(lines, None), runs=3)
    report("asking 60,000 lines of the books", checked.pop("value"), "s", kind, rows=LOADED, **checked)
    before, spent, started = _peak(), time.process_time(), time.perf_counter()
    booked = ledger_intake.take(
        read_extract(data, "extract.csv").lines, mission=None, file_name="extract.csv"
    )
    db.session.commit()
    seconds, processor = time.perf_counter() - started, time.process_time() - spent
    assert booked.added_count == LOADED
    assert booked.load is not None
    report("loading an extract of 60,000 lines", round(seconds, 2), "s", kind, limit=15.0, rows=LOADED,
           processor_seconds=round(processor, 2))  # fmt: skip
    report("memory that loading it adds", round(_peak() - before), "MB", kind)
    started, spent = time.perf_counter(), time.process_time()
    again = ledger_intake.take(lines, mission=None, file_name="extract.csv")
    assert (again.added_count, again.known_count) == (0, LOADED)
    report("loading it again, which adds nothing", round(time.perf_counter() - started, 2), "s", kind,
           processor_seconds=round(time.process_time() - spent, 2))  # fmt: skip
    started, spent = time.perf_counter(), time.process_time()
    loads.reverse_load(booked.load, reason="Benchmark")
    db.session.commit()
    report("taking the load back", round(time.perf_counter() - started, 2), "s", kind, rows=LOADED,
           processor_seconds=round(time.process_time() - spent, 2))  # fmt: skip


def _measure_lists(kind: str, app: Flask) -> None:
    """Every page that finance opens over the whole ledger and over one mission of it, lines as text included."""
    mission = db.session.scalars(sa.select(Mission).order_by(Mission.id)).first()
    last = str(LINES * YEARS // 50)
    pages: dict[str, dict[str, str]] = {
        "first page": {}, "page in the middle": {"page": str(int(last) // 2)}, "last page": {"page": last},
        "of a mission": {"mission": str(mission.id)}, "of an award": {"award": "10007"}, "of an object": {"object": "4"},
        "of a year": {"year": "2005"}, "of a year and an award": {"year": "2005", "award": "10007"},
        "voucher search": {"search": "V4711"}, "payee search": {"search": "Payee 412"},
        "search without a hit": {"search": "Nobody at all"}, "by amount": {"sort": "-usd"}, "by voucher": {"sort": "voucher"},
        "reversed": {"state": "reversed"}, "standing": {"state": "standing"},
    }  # fmt: skip
    with app.test_request_context("/"), writing(False):
        for name, arguments in pages.items():
            _measure(f"list of 600,000 lines: {name}", kind, lambda a=arguments: _page(None, a))
        _measure("list of a mission: first page", kind, lambda: _page(mission, {}))
        _measure("list of a mission: voucher search", kind, lambda: _page(mission, {"search": "V47"}))


def _measure(name: str, kind: str, work: Any) -> None:
    work()
    spent = time.process_time()
    figures = timed(work, runs=5)
    processor = round((time.process_time() - spent) / 5, 3)
    report(
        name, figures.pop("value"), "s", kind, limit=LIMIT_OF_A_LIST, processor_seconds=processor, **figures
    )


def _page(mission: Any, arguments: dict[str, str]) -> None:
    db.session.expire_all()
    definition = expenditures(db.session(), mission, lambda code, line_id: f"/{code}/{line_id}")
    listing = definition.show(db.session(), "/expenditures", arguments)
    for row in listing.rows:
        for column in listing.columns:
            column.cell(row)
    db.session.rollback()


def _extract() -> str:
    return "mission,award,object,date,voucher,payee,amount,currency,reference\n" + "".join(_rows())


def _rows() -> Iterator[str]:
    year = LAST
    for number in range(LOADED):
        mission = number % 40
        award = mission % 10 + 10 * (number % 12)
        day = date(year, 1, 1) + timedelta(number % 365)
        amount = Decimal(1000 + number % 9000) / 100
        yield (f"X{mission:03}-{year},AW-{award:03},{1 + number % 9},{day:%d/%m/%Y},E{number},Payee {number % 700},"
               f"\"{amount:,.2f}\",USD,E-{number}\n")  # fmt: skip


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
