"""The problem of a deployment: teams with a base and hours, stations to visit on a polling day, and how a route is timed.

No database: records in, records out. Times are minutes after midnight of the polling day, in the round's zone;
distances are kilometres. A route opens at its first station, visits those between, and stays at its last one to see
it close and count. A team with one station opens and closes there.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

from eom.deployment.routing_travel import Legs

# Minutes that a station left out costs: no travel that could be saved by it reaches a week.
LEFT_OUT = 7 * 24 * 60
# Minutes that sums of travel may differ by.
ROUNDING = 0.05


class Part(StrEnum):
    """What a team does at a station."""

    OPENING = "opening"
    VISIT = "visit"
    CLOSING = "closing"
    WHOLE_DAY = "whole_day"


class Fault(StrEnum):
    """What a route asks that cannot be, or should not."""

    LATE_FOR_OPENING = "late_for_opening"
    LATE_FOR_CLOSING = "late_for_closing"
    BACK_LATE = "back_late"
    AFTER_CLOSING = "after_closing"


@dataclass(frozen=True)
class Crew:
    """A team as a route sees it. ``areas``: ids of the areas that it keeps to, None for no limit."""

    id: int
    latitude: float
    longitude: float
    starts: int
    ends: int
    has_vehicle: bool = True
    languages: frozenset[str] = frozenset()
    areas: frozenset[int] | None = None


@dataclass(frozen=True)
class Stop:
    """A station to visit. ``areas``: its area and all above it; ``crew``: the id of the team that it is fixed to."""

    id: int
    latitude: float
    longitude: float
    areas: frozenset[int] = frozenset()
    language: str | None = None
    crew: int | None = None


@dataclass(frozen=True)
class Day:
    """The hours of a polling day and the rules of the visits, in minutes.

    ``arrive_before``: how long before the opening and the closing a team is there; ``opening``: how long it stays
    after the opening; ``visit``: a visit between; ``counting``: how long it stays after the closing. ``balance``: how
    many minutes of travel are worth one station more than the average of a team.
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


@dataclass(frozen=True)
class Problem:
    """Teams, stations, the rules and the travel between: ``legs`` counts the stations first, then the bases."""

    crews: tuple[Crew, ...]
    stops: tuple[Stop, ...]
    day: Day
    legs: Legs
    # The stations of a team above which one more has a price, where it is not the average of this problem.
    share: int | None = None

    @property
    def fair(self) -> int:
        """How many stations a team has when all have as many, rounded up."""
        return self.share or math.ceil(len(self.stops) / max(len(self.crews), 1))

    @cached_property
    def place_of_stop(self) -> dict[int, int]:
        """The number of each station among the points, by its id."""
        return {each.id: number for number, each in enumerate(self.stops)}

    @cached_property
    def place_of_crew(self) -> dict[int, int]:
        """The number of each team's base among the points, by the team's id."""
        return {each.id: len(self.stops) + number for number, each in enumerate(self.crews)}

    @cached_property
    def crew_of(self) -> dict[int, Crew]:
        """The teams by id."""
        return {each.id: each for each in self.crews}

    def minutes(self, crew: Crew, start: int, end: int) -> float:
        """Minutes that a team needs from a point to another, by their numbers."""
        return float(self.legs.minutes(crew.has_vehicle)[start, end])


@dataclass(frozen=True)
class TimedStop:
    """A station on a route: when the team is there, and the leg that led to it."""

    stop_id: int
    part: Part
    arrives: int
    leaves: int
    minutes: float
    km: float


@dataclass(frozen=True)
class Route:
    """A team's day: its stations in order and the way home."""

    crew_id: int
    stops: tuple[TimedStop, ...] = ()
    sets_out: int = 0
    returns: int = 0
    back_minutes: float = 0.0
    back_km: float = 0.0
    faults: frozenset[Fault] = frozenset()

    @property
    def minutes(self) -> float:
        """All its travel, in minutes."""
        return sum(each.minutes for each in self.stops) + self.back_minutes

    @property
    def km(self) -> float:
        """All its travel, in kilometres."""
        return sum(each.km for each in self.stops) + self.back_km

    @property
    def order(self) -> tuple[int, ...]:
        """The ids of its stations in order."""
        return tuple(each.stop_id for each in self.stops)


@dataclass(frozen=True)
class Solution:
    """Who visits what in which order: ids of stations by id of team; a team may have none."""

    orders: Mapping[int, tuple[int, ...]] = field(default_factory=dict)

    @property
    def served(self) -> frozenset[int]:
        """The ids of the stations that someone visits."""
        return frozenset(stop for order in self.orders.values() for stop in order)


def may_visit(crew: Crew, stop: Stop) -> bool:
    """Whether a team's languages and areas, and what was fixed, let it visit a station."""
    if stop.crew is not None:
        return stop.crew == crew.id
    if stop.language and stop.language not in crew.languages:
        return False
    return crew.areas is None or bool(crew.areas & stop.areas)


def can_open(problem: Problem, crew: Crew, stop: Stop) -> bool:
    """Whether a team that sets out at its hour is at a station in time for the opening (or it need not be)."""
    if not problem.day.has_opening:
        return True
    day, way = problem.day, problem.minutes(crew, *_from_base(problem, crew, stop))
    return crew.starts + way <= day.opens - day.arrive_before


def can_close(problem: Problem, crew: Crew, stop: Stop) -> bool:
    """Whether a team that stays at a station until it has counted is back by its hour (or need not stay)."""
    if not problem.day.has_closing:
        return True
    start, end = _from_base(problem, crew, stop)
    return problem.day.closes + problem.day.counting + problem.minutes(crew, end, start) <= crew.ends


def _from_base(problem: Problem, crew: Crew, stop: Stop) -> tuple[int, int]:
    return problem.place_of_crew[crew.id], problem.place_of_stop[stop.id]


def timed(problem: Problem, crew: Crew, order: Sequence[int]) -> Route:
    """A route with its times, whatever it breaks: that is told in its ``faults``."""
    if not order:
        return Route(crew.id, sets_out=crew.starts, returns=crew.starts)
    base, day = problem.place_of_crew[crew.id], problem.day
    stops: list[TimedStop] = []
    place, clock, sets_out = base, float(crew.starts), float(crew.starts)
    hours: list[tuple[Part, float, float]] = []
    for number, stop_id in enumerate(order):
        there = problem.place_of_stop[stop_id]
        way = problem.minutes(crew, place, there)
        if number == 0:
            sets_out = clock = max(crew.starts, _first_arrival(day) - way)
        arrives, part = clock + way, part_of(day, number, len(order))
        clock = _leaves(day, part, arrives)
        hours.append((part, arrives, clock))
        km = float(problem.legs.km[place, there])
        stops.append(TimedStop(stop_id, part, round(arrives), round(clock), way, km))
        place = there
    back = problem.minutes(crew, place, base)
    return Route(
        crew.id, tuple(stops), int(sets_out), round(clock + back), back, float(problem.legs.km[place, base]),
        _faults(day, hours, late=clock + back > crew.ends + ROUNDING),
    )  # fmt: skip


def part_of(day: Day, number: int, count: int) -> Part:
    """What a team does at the ``number``-th (from 0) of ``count`` stations."""
    opens, closes = day.has_opening and number == 0, day.has_closing and number == count - 1
    if opens and closes:
        return Part.WHOLE_DAY
    return Part.OPENING if opens else Part.CLOSING if closes else Part.VISIT


def _first_arrival(day: Day) -> int:
    return day.opens - day.arrive_before if day.has_opening else day.opens


def _leaves(day: Day, part: Part, arrives: float) -> float:
    if part is Part.OPENING:
        return max(arrives, day.opens) + day.opening
    if part is Part.VISIT:
        return max(arrives, day.opens) + day.visit
    return max(arrives, day.closes) + day.counting


def _faults(day: Day, hours: Sequence[tuple[Part, float, float]], *, late: bool) -> frozenset[Fault]:
    """What a route breaks: what is done, arrival and leaving at each station; ``late``: whether it is back too late."""
    first, last = hours[0], hours[-1]
    found = {Fault.BACK_LATE} if late else set()
    if day.has_opening and first[1] > day.opens - day.arrive_before + ROUNDING:
        found.add(Fault.LATE_FOR_OPENING)
    if last[0] is Part.CLOSING and last[1] > day.closes - day.arrive_before + ROUNDING:
        found.add(Fault.LATE_FOR_CLOSING)
    if any(
        part in (Part.VISIT, Part.OPENING) and leaves > day.closes + ROUNDING for part, _at, leaves in hours
    ):
        found.add(Fault.AFTER_CLOSING)
    return frozenset(found)


def routes_of(problem: Problem, solution: Solution) -> dict[int, Route]:
    """The timed route of every team of a solution, by the team's id."""
    return {crew.id: timed(problem, crew, solution.orders.get(crew.id, ())) for crew in problem.crews}


def travel_minutes(problem: Problem, solution: Solution) -> float:
    """All the travel of a solution, in minutes."""
    return sum(route.minutes for route in routes_of(problem, solution).values())


def cost(problem: Problem, solution: Solution) -> float:
    """What the search makes least, in minutes: travel, what lies on some teams above the average, what is left out."""
    above = sum(max(len(order) - problem.fair, 0) for order in solution.orders.values())
    left_out = len(problem.stops) - len(solution.served)
    return travel_minutes(problem, solution) + above * problem.day.balance + left_out * LEFT_OUT
