"""The annual report: of the demonstration's books, and of a year in a ledger of 600,000 lines."""

from __future__ import annotations

import random
import tracemalloc
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from benchmarks.measure import report, timed
from benchmarks.places import application, bolivia
from eom.core import clock
from eom.demo import missions, money
from eom.extensions import db
from eom.finance.models.award import Allocation, Award, AwardMovement, Donor, DonorKind, Fund, MovementKind
from eom.finance.models.ledger import Expenditure
from eom.missions.models.mission import Mission, Stage
from eom.reporting.annual.controls import differences
from eom.reporting.annual.workbook import write_workbook
from eom.reporting.queries.annual import figures_of

YEARS, MISSIONS, AWARDS, LINES = range(2001, 2011), 40, 120, 60_000
SOME = 20_000


def main() -> None:
    """Print the figures of both ledgers on both databases."""
    for kind in ("sqlite", "postgresql"):
        with application(kind):
            _measure_demonstration(kind)
            _measure_large(kind)


def _measure_demonstration(kind: str) -> None:
    bolivia()
    missions.load_register()
    money.book_everything({mission.code: mission for mission in db.session.scalars(sa.select(Mission))})
    db.session.commit()

    def whole() -> None:
        db.session.expire_all()
        write_workbook(figures_of(db.session(), 2019), "es")

    figures = timed(whole)
    report("annual report of the demonstration", figures.pop("value"), "s", kind, limit=1.0, **figures)


def _measure_large(kind: str) -> None:
    fill()
    year = YEARS[-1]
    figures = timed(lambda: figures_of(db.session(), year))
    report("snapshot of a year of 60,000 lines in a ledger of 600,000", figures.pop("value"), "s", kind,
           limit=1.0, rows=LINES * len(YEARS), **figures)  # fmt: skip
    snapshot = figures_of(db.session(), year)
    if wrong := differences(snapshot):
        raise SystemExit(f"the benchmark's ledger does not add up: {wrong}")
    tracemalloc.start()
    write_workbook(snapshot, "en")
    peak = tracemalloc.get_traced_memory()[1] / 1e6
    tracemalloc.stop()
    figures = timed(lambda: write_workbook(snapshot, "fr"))
    value = figures.pop("value")
    report("workbook of 40 missions and 120 awards", value, "s", kind, limit=5.0, **figures)
    report("memory of that workbook", round(peak), "MB", kind, limit=300)


def fill() -> None:
    """Ten years of lines; every year's missions are paid by a dozen awards that are allocated to all."""
    _insert(Mission, (
        {"id": 10_000 + n, "code": f"X{n:03}-{2001 + n // MISSIONS}", "name": "Mission", "country": "BOL",
         "stage": Stage.REPORTED, "time_zone": "UTC"} for n in range(MISSIONS * len(YEARS))
    ))  # fmt: skip
    kinds = list(DonorKind)
    _insert(Donor, (
        {"id": 10_000 + n, "name": f"Donor {n}", "kind": kinds[n % len(kinds)], "country": "CAN"}
        for n in range(AWARDS)
    ))  # fmt: skip
    _insert(Award, (
        {"id": 10_000 + n, "reference": f"AW-{n:03}", "donor_id": 10_000 + n, "fund": Fund.SPECIFIC,
         "title": "Award", "currency": "USD", "icr_percent": Decimal(11), "agreed_on": date(2001, 1, 2),
         "ends_on": date(2010, 12, 31)} for n in range(AWARDS)
    ))  # fmt: skip
    _insert(AwardMovement, _receipts())
    _insert(Allocation, _allocations())
    _insert(Expenditure, _lines())
    db.session.commit()
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(sa.text("ANALYZE"))


def _receipts() -> Iterator[dict[str, Any]]:
    for year in YEARS:
        for award in range(AWARDS):
            yield {"award_id": 10_000 + award, "kind": MovementKind.RECEIPT, "moved_on": date(year, 1, 15),
                   "fiscal_year": year, "reference": f"R{year}", "amount_cents": 10**9, "currency": "USD",
                   "rate": Decimal(1), "usd_cents": 10**9}  # fmt: skip


def _allocations() -> Iterator[dict[str, Any]]:
    for place, year in enumerate(YEARS):
        for n in range(MISSIONS):
            for award in range(n % 10, AWARDS, 10):
                yield {"award_id": 10_000 + award, "mission_id": 10_000 + place * MISSIONS + n,
                       "usd_cents": 10**7, "allocated_on": date(year, 2, 1), "decision": "Decision"}  # fmt: skip


def _lines() -> Iterator[dict[str, Any]]:
    dice = random.Random(6)  # noqa: S311 - no secret, the same ledger every time
    for place, year in enumerate(YEARS):
        for number in range(LINES):
            n = number % MISSIONS
            cents = dice.randint(100, 90_000)
            yield {"mission_id": 10_000 + place * MISSIONS + n, "award_id": 10_000 + dice.randrange(n % 10, AWARDS, 10),
                   "object_number": 1 + number % 9, "incurred_on": date(year, 1, 1) + timedelta(dice.randrange(365)),
                   "fiscal_year": year, "voucher": f"V{year}-{number}", "payee": f"Payee {number % 700}", "amount_cents": cents,
                   "currency": "USD", "rate": Decimal(1), "usd_cents": cents, "icr_cents": cents // 9,
                   "recorded_by": "benchmark", "is_overdrawn": False}  # fmt: skip


def _insert(model: type[Any], rows: Iterator[dict[str, Any]]) -> None:
    several: list[dict[str, Any]] = []
    stamped = {"created_at": clock.now(), "is_demonstration": True}
    allowed = {column.key for column in sa.inspect(model).columns}
    for row in rows:
        several.append({**{k: v for k, v in stamped.items() if k in allowed}, **row})
        if len(several) == SOME:
            db.session.execute(sa.insert(model.__table__), several)
            several = []
    if several:
        db.session.execute(sa.insert(model.__table__), several)


if __name__ == "__main__":
    main()
