"""A sample of 2,000 of 250,000 polling stations: read, drawn, compared with the country and kept."""

from __future__ import annotations

import subprocess
import sys

import sqlalchemy as sa

from benchmarks.measure import report, timed
from benchmarks.places import application, bolivia, many_stations
from eom.deployment.queries import samples
from eom.deployment.sample_models import SampleDesign
from eom.deployment.services import drawing
from eom.extensions import db
from eom.stations.models import PollingStation

KINDS = ("sqlite", "postgresql")
STATIONS, PER_CENTRE = 250_000, 5
ASKED = {
    "simple": drawing.Asked(SampleDesign.SIMPLE, 2000),
    "stratified": drawing.Asked(SampleDesign.STRATIFIED, 2000),
    "by size": drawing.Asked(SampleDesign.BY_SIZE, 2000),
    "two stages": drawing.Asked(SampleDesign.TWO_STAGES, 2000, area_level=2, area_count=60),
}


def measure(kind: str) -> None:
    """Each design from the register to the rows that are kept; then a redraw."""
    with application(kind):
        mission = bolivia()
        many_stations(mission, STATIONS, PER_CENTRE)
        count = db.session.scalar(sa.select(sa.func.count()).select_from(PollingStation))
        figures = timed(lambda: samples.register_of(db.session(), mission), runs=3)
        report("samples, register read", figures.pop("value"), "s", kind, rows=count, **figures)
        for design, asked in ASKED.items():
            runs = iter(range(100))

            def draw(design: str = design, asked: drawing.Asked = asked, runs: object = runs) -> None:
                name = f"{design} {next(runs)}"  # type: ignore[call-overload]
                drawing.draw_sample(mission, round_=mission.rounds[0], name=name, asked=asked)
                db.session.commit()

            figures = timed(draw, runs=3)
            report(
                f"sample of 2,000 of 250,000, {design}", figures.pop("value"), "s", kind, limit=1.0, **figures
            )


def main() -> None:
    """Each database in a process of its own."""
    if len(sys.argv) > 1:
        measure(sys.argv[1])
        return
    for kind in KINDS:
        subprocess.run([sys.executable, "-W", "ignore", __file__, kind], check=True)


if __name__ == "__main__":
    main()
