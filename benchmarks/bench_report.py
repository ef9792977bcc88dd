"""The annual report: of the demonstration's books, and of one year at the end of ledgers of three lengths."""

from __future__ import annotations

import random
import time
import tracemalloc
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import sqlalchemy as sa

from benchmarks.measure import report, timed
from benchmarks.places import application, bolivia
from eom.core import clock
from eom.core.storage import Store
from eom.demo import accounts, missions, money
from eom.extensions import db
from eom.finance.models.award import Allocation, Award, AwardMovement, Donor, DonorKind, Fund, MovementKind
from eom.finance.models.ledger import Expenditure
from eom.finance.models.period import FiscalYear
from eom.finance.queries import kept
from eom.finance.services.keeping import keep_sums
from eom.missions.models.mission import Mission, Stage
from eom.reporting import exports
from eom.reporting.annual.breakdowns import breakdowns
from eom.reporting.annual.controls import differences
from eom.reporting.annual.figures import AnnualFigures
from eom.reporting.annual.iati import write_iati
from eom.reporting.annual.package import write_package
from eom.reporting.annual.paper import write_paper
from eom.reporting.annual.places import Place, figure_at
from eom.reporting.annual.workbook import write_workbook
from eom.reporting.queries.annual import figures_of
from eom.reporting.queries.trace import trace

LAST, MISSIONS, AWARDS, LINES = 2010, 40, 120, 60_000
SOME = 20_000
# Years of 60,000 lines each before and with the one that is reported: 60,000, 600,000 and 3 million lines.
LEDGERS = (1, 10, 50)
COPY = """INSERT INTO expenditures (mission_id, award_id, object_number, incurred_on, fiscal_year, voucher, payee,
amount_cents, currency, rate, usd_cents, icr_cents, is_overdrawn, recorded_by, is_demonstration, created_at)
SELECT mission_id - :shift, award_id, object_number, {day}, fiscal_year - :back, voucher, payee, amount_cents, currency,
rate, usd_cents, icr_cents, is_overdrawn, recorded_by, is_demonstration, created_at
FROM expenditures WHERE fiscal_year = :last"""
# The same day of the year; 29 February is not among the days that lines are given.
DAY = {"sqlite": "(fiscal_year - :back) || substr(incurred_on, 5)",
       "postgresql": "CAST((fiscal_year - :back) || to_char(incurred_on, '-MM-DD') AS date)"}  # fmt: skip


def main() -> None:
    """Print the figures of the demonstration's books and of ledgers of three lengths, on both databases."""
    for kind in ("sqlite", "postgresql"):
        with application(kind):
            _measure_demonstration(kind)
        for years in LEDGERS:
            with application(kind):
                _measure_ledger(kind, years)


def _measure_demonstration(kind: str) -> None:
    mission = bolivia()
    missions.load_register()
    users = accounts.make_accounts(mission.id, "eleven green boats at noon")
    by_code = {each.code: each for each in db.session.scalars(sa.select(Mission))}
    with TemporaryDirectory() as folder:
        money.book_everything(by_code, users, Store(Path(folder)))
        db.session.commit()

    def whole() -> None:
        db.session.expire_all()
        write_workbook(figures_of(db.session(), 2019), "es")

    figures = timed(whole)
    report("annual report of the demonstration", figures.pop("value"), "s", kind, limit=1.0, **figures)


def _measure_ledger(kind: str, years: int) -> None:
    """The same year of 60,000 lines at the end of a ledger of so many years."""
    fill(kind, years)
    rows = LINES * years
    if years > 1:
        _tell("snapshot, no year closed yet", kind, rows, lambda: figures_of(db.session(), LAST))
    for year in range(LAST - years + 1, LAST):
        db.session.add(FiscalYear(year=year, closed_on=date(2011, 1, 31), closed_by="benchmark"))
        db.session.flush()
        keep_sums(year)
    db.session.commit()
    _analyze()
    _tell("snapshot of a year of 60,000 lines", kind, rows, lambda: figures_of(db.session(), LAST), limit=1.0)
    _tell("holding all kept sums against the ledger", kind, rows, lambda: kept.differences(db.session()))
    snapshot = figures_of(db.session(), LAST)
    if wrong := differences(snapshot):
        raise SystemExit(f"the benchmark's ledger does not add up: {wrong}")
    _measure_traces(kind, rows, snapshot)
    if years == 10:
        _measure_files(kind, snapshot)


def _measure_traces(kind: str, rows: int, figures: AnnualFigures) -> None:
    """From a figure to its lines: what the page reads, the snapshot apart."""
    mission, award = figures.parts[0].mission_code, figures.parts[0].award
    for words, place in (
        ("a mission × source × object", Place("missions", "direct", award, mission, object=4)),
        ("a mission", Place("missions", "spent", mission=mission)),
        ("the closing balance of an award", Place("sources", "closing", award=award)),
        ("all spending of the year", Place("missions", "spent")),
    ):

        def lines(place: Place = place) -> None:
            found = trace(db.session(), figures, place)
            cents, _count = found.sum_and_count(db.session())
            if cents != figure_at(figures, place):
                raise SystemExit(f"{place} is not the sum of its lines")
            breakdowns(figures, place)
            exports.lines(found, lambda _row: None, sum_cents=cents).show(db.session(), "/", {})

        _tell(f"lines behind {words}", kind, rows, lines, limit=0.2)


def _measure_files(kind: str, snapshot: AnnualFigures) -> None:
    tracemalloc.start()
    write_workbook(snapshot, "en")
    peak = tracemalloc.get_traced_memory()[1] / 1e6
    tracemalloc.stop()
    _tell(
        "workbook of 40 missions and 120 awards",
        kind,
        LINES * 10,
        lambda: write_workbook(snapshot, "fr"),
        limit=5.0,
    )
    report("memory of that workbook", round(peak), "MB", kind, limit=300)
    for name, write in (
        ("document", write_paper),
        ("data package", write_package),
        ("IATI activities", write_iati),
    ):
        _tell(
            f"{name} of 40 missions and 120 awards",
            kind,
            LINES * 10,
            lambda write=write: write(snapshot, "fr"),
        )


def _tell(name: str, kind: str, rows: int, work: Callable[[], Any], **more: Any) -> None:
    """Print the time, and the processor's own: others may run beside."""
    work()
    started = time.process_time()
    figures = timed(work)
    processor = round((time.process_time() - started) / 5, 3)
    report(name, figures.pop("value"), "s", kind, rows=rows, processor=processor, **figures, **more)


def _analyze() -> None:
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(sa.text("ANALYZE"))


def fill(kind: str, years: int) -> None:
    """Years of the same lines; every year's missions are paid by a dozen awards that are allocated to all."""
    _insert(Mission, (
        {"id": 10_000 + n, "code": f"X{n % MISSIONS:03}-{LAST - years + 1 + n // MISSIONS}", "name": "Mission",
         "country": "BOL", "stage": Stage.REPORTED, "time_zone": "UTC"} for n in range(MISSIONS * years)
    ))  # fmt: skip
    kinds = list(DonorKind)
    _insert(Donor, (
        {"id": 10_000 + n, "name": f"Donor {n}", "kind": kinds[n % len(kinds)], "country": "CAN"}
        for n in range(AWARDS)
    ))  # fmt: skip
    _insert(Award, (
        {"id": 10_000 + n, "reference": f"AW-{n:03}", "donor_id": 10_000 + n, "fund": Fund.SPECIFIC,
         "title": "Award", "currency": "USD", "icr_percent": Decimal(11), "agreed_on": date(LAST - years + 1, 1, 2),
         "ends_on": date(LAST, 12, 31)} for n in range(AWARDS)
    ))  # fmt: skip
    _insert(AwardMovement, _receipts(years))
    _insert(Allocation, _allocations(years))
    _insert(Expenditure, _lines(years))
    for back in range(1, years):
        values = {"shift": back * MISSIONS, "back": back, "last": LAST}
        db.session.execute(sa.text(COPY.format(day=DAY[kind])), values)
    db.session.commit()
    _analyze()


def _receipts(years: int) -> Iterator[dict[str, Any]]:
    for year in range(LAST - years + 1, LAST + 1):
        for award in range(AWARDS):
            yield {"award_id": 10_000 + award, "kind": MovementKind.RECEIPT, "moved_on": date(year, 1, 15),
                   "fiscal_year": year, "reference": f"R{year}", "amount_cents": 10**9, "currency": "USD",
                   "rate": Decimal(1), "usd_cents": 10**9}  # fmt: skip


def _allocations(years: int) -> Iterator[dict[str, Any]]:
    for place in range(years):
        for n in range(MISSIONS):
            for award in range(n % 10, AWARDS, 10):
                yield {"award_id": 10_000 + award, "mission_id": 10_000 + place * MISSIONS + n, "usd_cents": 2 * 10**7,
                       "allocated_on": date(LAST - years + 1 + place, 2, 1), "decision": "Decision"}  # fmt: skip


def _lines(years: int) -> Iterator[dict[str, Any]]:
    """The lines of the last year."""
    dice = random.Random(6)  # noqa: S311 - no secret, the same ledger every time
    for number in range(LINES):
        n, cents = number % MISSIONS, dice.randint(100, 90_000)
        yield {"mission_id": 10_000 + (years - 1) * MISSIONS + n, "award_id": 10_000 + dice.randrange(n % 10, AWARDS, 10),
               "object_number": 1 + number % 9, "incurred_on": date(LAST, 1, 1) + timedelta(dice.randrange(365)),
               "fiscal_year": LAST, "voucher": f"V{number}", "payee": f"Payee {number % 700}", "amount_cents": cents,
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
