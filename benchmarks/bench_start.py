"""How long the application takes to start: a new process, from nothing to a ready application object."""

import json
import statistics
import subprocess
import sys
import time

RUNS = 5
CODE = "from eom import create_app; create_app()"


def main() -> None:
    """Print one JSON object: the median, least and most seconds of RUNS starts."""
    seconds = []
    for _ in range(RUNS):
        started = time.perf_counter()
        subprocess.run([sys.executable, "-W", "ignore", "-c", CODE], check=True, capture_output=True)
        seconds.append(time.perf_counter() - started)
    figures = {
        "benchmark": "application start",
        "seconds_median": round(statistics.median(seconds), 2),
        "seconds_least": round(min(seconds), 2),
        "seconds_most": round(max(seconds), 2),
        "limit_seconds": 1.5,
    }
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
