"""Where a submission goes: what intake must know of a mission, without the mission's whole record."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from eom.missions.models.mission import Mission


@dataclass(frozen=True)
class PollingDay:
    """A round: its day in its own zone (an IANA name)."""

    id: int
    polling_on: date
    time_zone: str


@dataclass(frozen=True)
class Destination:
    """A mission as intake sees it."""

    id: int
    code: str
    is_over: bool
    rounds: Sequence[PollingDay]


def destination_of(mission: Mission) -> Destination:
    """A mission's record as a destination."""
    rounds = [PollingDay(each.id, each.polling_on, each.time_zone) for each in mission.rounds]
    return Destination(mission.id, mission.code, mission.is_over, rounds)
