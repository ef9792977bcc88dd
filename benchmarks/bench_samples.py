"""A sample of 2,000 of 250,000 polling stations: read, drawn, compared with the country and kept."""

from __future__ import annotations

import subprocess
import sys

import sqlalchemy as sa

from benchmarks.measure import report, timed
from benchmarks.places import application, bolivia
from eom.core import bulk
from eom.deployment.queries import samples
from eom.deployment.sample_models import SampleDesign
from eom.deployment.services import drawing
from eom.extensions import db
from eom.missions.models.mission import Mission
from eom.stations.models import Area, PollingStation, VotingCentre

KINDS = ("sqlite", "postgresql")
STATIONS, PER_CENTRE, PER_AREA = 250_000, 5, 150
ASKED = {
    "simple": drawing.Asked(SampleDesign.SIMPLE, 2000),
    "stratified": drawing.Asked(SampleDesign.STRATIFIED, 2000),
    "by size": drawing.Asked(SampleDesign.BY_SIZE, 2000),
    "two stages": drawing.Asked(SampleDesign.TWO_STAGES, 2000, area_level=2, area_count=60),
}


def fill(mission: Mission) -> None:
    """Thirty departments with 333 municipalities, 50,000 centres and 250,000 stations."""
    connection, country = db.session.connection(), mission.country
    area = {"mission_id": mission.id, "country": country, "is_abroad": False, "is_missing": False}
    tops = [area | {"level": 1, "name": f"D{n}", "key": f"d{n:02}"} for n in range(30)]
    first = [id_ for (id_,) in bulk.insert_rows(connection, Area.__table__, tops, returning="id")]  # type: ignore[arg-type]
    count = STATIONS // PER_CENTRE
    towns = [
        area | {"level": 2, "parent_id": first[n % 30], "name": f"M{n}", "key": f"d{n % 30:02}/m{n:03}"}
        for n in range(count // PER_AREA)
    ]
    second = [id_ for (id_,) in bulk.insert_rows(connection, Area.__table__, towns, returning="id")]  # type: ignore[arg-type]
    centres = [
        {"mission_id": mission.id, "area_id": second[n % len(second)], "first_area_id": first[n % len(second) % 30],
         "key": f"{towns[n % len(second)]['key']}/unidad educativa {n}", "name": f"Unidad Educativa {n}",
         "is_abroad": False, "is_outside_area": False, "is_missing": False}
        for n in range(count)
    ]  # fmt: skip
    own = [id_ for (id_,) in bulk.insert_rows(connection, VotingCentre.__table__, centres, returning="id")]  # type: ignore[arg-type]
    stations = [
        {"mission_id": mission.id, "centre_id": own[n // PER_CENTRE], "is_missing": False, "code": f"{n + 1}",
         "key": f"{centres[n // PER_CENTRE]['key']}/{n + 1}", "registered_voters": 80 + n * 37 % 220}
        for n in range(STATIONS)
    ]  # fmt: skip
    bulk.insert_rows(connection, PollingStation.__table__, stations)  # type: ignore[arg-type]
    db.session.commit()


def measure(kind: str) -> None:
    """Each design from the register to the rows that are kept; then a redraw."""
    with application(kind):
        mission = bolivia()
        fill(mission)
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
