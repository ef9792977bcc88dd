"""The mission to Bolivia in 2019 with its duties, and the real register of past missions.

What the sources say of real missions is kept as it is; days of milestones, owners and people of
BOL-2019 are invented, and the mission is marked as demonstration.
"""

from __future__ import annotations

from datetime import date, time, timedelta
from pathlib import Path

from eom.extensions import db
from eom.missions import imports
from eom.missions.models.milestone import MilestoneKind
from eom.missions.models.mission import Mission, Stage, StationWord
from eom.missions.models.process import ProcessKind, RoundKind
from eom.missions.services import lifecycle, milestones, processes, register

DATA = Path(__file__).parent / "data"
POLLING_ON = date(2019, 10, 20)
NOT_DONE = (MilestoneKind.FINANCIAL_CLOSING,)


def load_register() -> int:
    """The real missions of ``oas_missions.csv``; returns how many were added."""
    path = DATA / "oas_missions.csv"
    records = imports.read_register(path.read_bytes(), path.name).checked()
    return len(register.add_past_missions(records, file_name=path.name).added)


def make_bolivia() -> Mission:
    """BOL-2019: two elections on one day, every milestone but the financial closing done."""
    mission = register.create_mission(
        code="BOL-2019", name="General elections", country="BOL",
        host_authority="Órgano Electoral Plurinacional, Tribunal Supremo Electoral",
        starts_on=date(2019, 9, 20), ends_on=date(2019, 10, 25), time_zone="America/La_Paz",
        station_word=StationWord.MESA, note="Demonstration: invented people, duties and amounts on a real register.",
        is_demonstration=True,
    )  # fmt: skip
    processes.add_process(mission, kind=ProcessKind.PRESIDENTIAL, name=None)
    processes.add_process(mission, kind=ProcessKind.LEGISLATIVE, name=None)
    processes.add_round(
        mission, kind=RoundKind.FIRST, polling_on=POLLING_ON, opens_at=time(8), closes_at=time(16),
        time_zone="America/La_Paz",
    )  # fmt: skip
    for each in mission.milestones:
        if each.kind not in NOT_DONE and each.due_on:
            milestones.edit_milestone(
                each, due_on=each.due_on, done_on=each.due_on - timedelta(days=each.id % 3),
                owner="Headquarters" if each.due_on < date(2019, 8, 1) else "Chief of mission", note=None,
            )  # fmt: skip
    while mission.stage is not Stage.REPORTED:
        lifecycle.advance(mission)
    db.session.flush()
    return mission
