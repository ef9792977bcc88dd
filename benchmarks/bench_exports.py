"""100,000 filled checklists of twenty questions out as files: rate, memory, and the writer's own floor."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import xlsxwriter

from benchmarks.answered import answered
from benchmarks.measure import report
from benchmarks.places import application, bolivia, settled
from eom.checklists.export_options import Format, Options
from eom.checklists.exports import files
from eom.checklists.exports.tables import Source
from eom.checklists.models.form import FormVersion
from eom.checklists.queries import exporting
from eom.core.spreadsheets import Kind
from eom.extensions import db, store
from eom.missions.models.mission import Mission

COUNT = int(os.environ.get("EOM_BENCH_SUBMISSIONS", "100000"))
LIMITS = {Format.CSV: 50_000}
RUNS = {Format.CSV: 5, Format.XLSX: 1}
EPOCH = datetime(1899, 12, 30, tzinfo=UTC)


def measure(kind: str) -> None:
    """Every format, then xlsx beside the same cells written from memory."""
    with application(kind) as app:
        mission = bolivia()
        version = answered(mission, COUNT)
        settled(kind)
        out = Path(app.instance_path) / "export"
        for each in (Format.CSV, Format.PARQUET, Format.GEOJSON, Format.XML):
            before = forget()
            rates(kind, mission, version, each, out)
            report(f"export as {each}, memory added", memory() - before, "MB", kind, limit=100, rows=COUNT)
        beside_the_floor(kind, mission, version, out)


def rates(kind: str, mission: Mission, version: FormVersion, each: Format, out: Path) -> None:
    """Submissions a second by the clock and by this process's own processor time: median, least, most."""
    clock, own = [], []
    for _run in range(RUNS.get(each, 3)):
        seconds, used = write(mission, version, each, out)
        clock.append(round(COUNT / seconds))
        own.append(round(COUNT / used))
    middle = len(clock) // 2
    more: dict[str, Any] = {"limit": LIMITS[each]} if each in LIMITS else {}
    report(f"export as {each}", sorted(clock)[middle], "submissions/s", kind, rows=COUNT, least=min(clock),
           most=max(clock), per_core=sorted(own)[middle], megabytes=out.stat().st_size >> 20, **more)  # fmt: skip


def write(mission: Mission, version: FormVersion, each: Format, out: Path) -> tuple[float, float]:
    """Seconds by the clock and of this process for one export."""
    started, used = time.perf_counter(), time.process_time()
    query = exporting.chosen(db.session(), mission, version.form, {})
    source = Source(db.session(), store, mission, version.form, query, Options(each))
    with out.open("wb") as file:
        assert files.write(source, file) == COUNT
    seconds = time.perf_counter() - started, time.process_time() - used
    db.session.rollback()
    return seconds


def beside_the_floor(kind: str, mission: Mission, version: FormVersion, out: Path) -> None:
    """xlsx, and XlsxWriter alone with the same cells already in memory, in turns."""
    _clock, ours = write(mission, version, Format.XLSX, out)
    query = exporting.chosen(db.session(), mission, version.form, {})
    source = Source(db.session(), store, mission, version.form, query, Options(Format.XLSX))
    kinds = [field.kind for field in source.heads[0].fields]
    rows = [row for block in source.blocks() for row in zip(*block.columns, strict=True)]
    cells = [[in_a_cell(*pair) for pair in zip(kinds, row, strict=True)] for row in rows]
    floors, both = [], [ours]
    for run in range(2):
        started = time.process_time()
        floor(cells, out)
        floors.append(time.process_time() - started)
        if not run:
            both.append(write(mission, version, Format.XLSX, out)[1])
    share = min(both) / min(floors)
    report("export as xlsx", round(COUNT / min(both)), "submissions/s", kind, rows=COUNT,
           megabytes=out.stat().st_size >> 20)  # fmt: skip
    report("export as xlsx beside the writer's floor", round(share, 2), "times", kind, limit=1.3,
           floor_seconds=round(min(floors), 1), seconds=round(min(both), 1))  # fmt: skip


def in_a_cell(kind: Kind, value: Any) -> Any:
    """A value as a workbook counts it."""
    if kind is Kind.INSTANT and value is not None:
        return (datetime.fromisoformat(value) - EPOCH) / timedelta(days=1)
    return value


def floor(cells: list[list[Any]], out: Path) -> None:
    """The same cells with the writer's own methods for text and for numbers, nothing looked at."""
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(str(out), options) as book:
        page = book.add_worksheet("Data")
        text, number = page.write_string, page.write_number
        for place, row in enumerate(cells):
            for column, value in enumerate(row):
                if value is None:
                    continue
                if type(value) is str:
                    text(place, column, value)
                else:
                    number(place, column, value)


def memory() -> int:
    """The most memory this process has held since ``forget``, in megabytes."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.split("VmHWM:")[1].split()[0]) >> 10


def forget() -> int:
    """Count the most memory anew; what is held now, in megabytes."""
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    return memory()


def main() -> None:
    """Each database in a process of its own, so that memory is counted apart."""
    if len(sys.argv) > 1:
        measure(sys.argv[1])
        return
    for kind in ("sqlite", "postgresql"):
        subprocess.run([sys.executable, "-W", "ignore", __file__, kind], check=True)


if __name__ == "__main__":
    main()
