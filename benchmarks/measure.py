"""What every benchmark prints: one JSON object a line, as the command contract says."""

from __future__ import annotations

import json
import statistics
import time
from collections.abc import Callable
from typing import Any


def report(name: str, value: float, unit: str, database: str | None = None, **more: Any) -> None:
    """Print one figure. ``more`` may hold limit, least, most, rows."""
    print(json.dumps({"name": name, "value": value, "unit": unit, "database": database, **more}), flush=True)


def timed(work: Callable[[], Any], runs: int = 5) -> dict[str, float]:
    """Seconds of several runs of ``work``: value (the median), least, most, and this process's own (median)."""
    seconds, own = [], []
    for _ in range(runs):
        started, used = time.perf_counter(), time.process_time()
        work()
        seconds.append(time.perf_counter() - started)
        own.append(time.process_time() - used)
    return {
        "value": round(statistics.median(seconds), 3),
        "least": round(min(seconds), 3),
        "most": round(max(seconds), 3),
        "processor": round(statistics.median(own), 3),
    }
