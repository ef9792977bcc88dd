"""Missions with sensible defaults."""

from __future__ import annotations

from datetime import date
from typing import Any

from eom.extensions import db
from eom.missions.models.mission import Mission
from eom.missions.models.process import Round, RoundKind
from eom.missions.services import processes, register


def make_mission(code: str = "BOL-2019", **values: Any) -> Mission:
    """A mission as headquarters records it; its country is that of the code."""
    given = {"name": f"Mission {code}", "country": code[:3], "time_zone": "America/La_Paz"} | values
    return register.create_mission(code=code, **given)


def make_round(mission: Mission, polling_on: date = date(2019, 10, 20), **values: Any) -> Round:
    """A polling day, a first round unless told otherwise."""
    given = {
        "kind": RoundKind.FIRST,
        "opens_at": None,
        "closes_at": None,
        "time_zone": mission.time_zone,
    } | values
    return processes.add_round(mission, polling_on=polling_on, **given)


def finish_milestones(mission: Mission, done_on: date = date(2019, 9, 1)) -> None:
    """Every milestone done."""
    for milestone in mission.milestones:
        milestone.done_on = done_on
    db.session.flush()
