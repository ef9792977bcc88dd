"""100,000 filled checklists: the lists of them, a question by area, two questions together."""

from __future__ import annotations

import os
import subprocess
import sys

from benchmarks.answered import answered
from benchmarks.measure import report, timed
from benchmarks.places import application, bolivia, settled
from eom.accounts.permissions import Role
from eom.extensions import db

COUNT = int(os.environ.get("EOM_BENCH_SUBMISSIONS", "100000"))


def measure(kind: str) -> None:
    """Each page through a signed-in client: server time, median of seven."""
    with application(kind) as app:
        mission = bolivia()
        form_id = answered(mission, COUNT).form_id
        settled(kind)
        from tests.factories.browsing import make_user
        from tests.people import Client

        user = make_user(Role.CHIEF, mission)
        db.session.commit()
        client = Client(app, user).http
        root, answers = f"/missions/{mission.code}", f"/missions/{mission.code}/answers/{form_id}"
        for name, url, limit in (
            ("list of submissions", f"{root}/submissions", 0.15),
            ("list of submissions, page 400", f"{root}/submissions?page=400", 0.15),
            ("queue of review", f"{root}/review", 0.15),
            ("a question of one choice by area", f"{answers}/question?q=opened&by=area", 0.3),
            ("a question of several choices by area", f"{answers}/question?q=agents&by=area", 0.3),
            ("a number by area", f"{answers}/question?q=ballots&by=area", 0.3),
            ("two questions together", f"{answers}/crosstab?a=opened&b=security", 0.3),
        ):
            assert client.get(url).status_code == 200
            figures = timed(lambda url=url: client.get(url), runs=7)
            report(name, figures.pop("value"), "s", kind, limit=limit, rows=COUNT, **figures)


def main() -> None:
    """Each database in a process of its own."""
    if len(sys.argv) > 1:
        measure(sys.argv[1])
        return
    for kind in ("sqlite", "postgresql"):
        subprocess.run([sys.executable, "-W", "ignore", __file__, kind], check=True)


if __name__ == "__main__":
    main()
