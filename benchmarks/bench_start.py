"""How long the application takes to start: a new process, from nothing to a ready application object."""

from __future__ import annotations

import subprocess
import sys

from benchmarks.measure import report, timed

CODE = "from eom import create_app; create_app()"


def main() -> None:
    """Print the seconds of a start."""

    def start() -> None:
        subprocess.run([sys.executable, "-W", "ignore", "-c", CODE], check=True, capture_output=True)

    figures = timed(start)
    report("application start", figures.pop("value"), "s", limit=1.5, **figures)


if __name__ == "__main__":
    main()
