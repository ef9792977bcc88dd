"""The parameters of a plan as they are kept: JSON types in, rules of a day and speeds out. No database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import time
from typing import Any

from eom.core.errors import InvalidInput
from eom.core.i18n import lazy
from eom.deployment.routing import Day
from eom.deployment.routing_travel import TERRAIN_FACTOR, VEHICLE_KMH, WALKING_KMH, Speeds

OPENS, CLOSES = time(8), time(16)
# The search goes on so long at most.
SECONDS, MOST_SECONDS = 55, 600


@dataclass(frozen=True)
class Rules:
    """What a planner may say: hours in minutes after midnight, durations in minutes, speeds in km/h.

    ``languages``: by the id of an area (as text, as JSON keeps it) the language that a team there must speak;
    ``teams``: ids of the teams that take part, empty for all.
    """

    opens: int = 480
    closes: int = 960
    arrive_before: int = 30
    opening: int = 45
    visit: int = 45
    counting: int = 120
    has_opening: bool = True
    has_closing: bool = True
    balance: int = 10
    terrain: float = TERRAIN_FACTOR
    vehicle_kmh: float = VEHICLE_KMH
    walking_kmh: float = WALKING_KMH
    seconds: int = SECONDS
    languages: Mapping[str, str] | None = None
    teams: tuple[int, ...] = ()

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> Rules:
        """The rules of a plan's parameters; what is not told has its usual value."""
        known = {each.name for each in fields(cls)}
        told = {name: value for name, value in kept.items() if name in known}
        return cls(**{**told, "teams": tuple(told.get("teams") or ())})

    def kept(self) -> dict[str, Any]:
        """As JSON types."""
        return {**asdict(self), "teams": list(self.teams), "languages": dict(self.languages or {})}

    @property
    def day(self) -> Day:
        """The day's hours and the visits' rules."""
        names = [each.name for each in fields(Day)]
        return Day(**{name: getattr(self, name) for name in names})

    @property
    def speeds(self) -> Speeds:
        """What turns distance into time."""
        return Speeds(self.terrain, self.vehicle_kmh, self.walking_kmh)


def checked(rules: Rules) -> Rules:
    """The rules, when a day can have them. Raises InvalidInput for the parameter that cannot be."""
    limits = {
        "arrive_before": (0, 180), "opening": (0, 240), "visit": (5, 480), "counting": (0, 720), "balance": (0, 240),
        "terrain": (1, 5), "vehicle_kmh": (5, 120), "walking_kmh": (1, 10), "seconds": (1, MOST_SECONDS),
    }  # fmt: skip
    for name, (least, most) in limits.items():
        if not least <= getattr(rules, name) <= most:
            raise InvalidInput(
                lazy("A number from %(least)d to %(most)d was expected.", least=least, most=most), name
            )
    if rules.closes <= rules.opens:
        raise InvalidInput(lazy("The stations close after they open."), "closes")
    if rules.has_opening and rules.opens + rules.opening > rules.closes:
        raise InvalidInput(lazy("The opening lasts longer than the polling day."), "opening")
    return rules


def minute_of(clock: time) -> int:
    """Minutes after midnight of a time of day."""
    return clock.hour * 60 + clock.minute


def clock_of(minute: int) -> time:
    """The time of day of a minute; past midnight it begins anew."""
    return time(minute // 60 % 24, minute % 60)
