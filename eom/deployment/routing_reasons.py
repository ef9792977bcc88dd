"""Why a team visits a station, why a station has no team, and what to relax: codes with their figures.

What is said in words is in ``views/plan_words``; here are the rules. Minutes are travel unless said otherwise.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from eom.deployment.routing import (
    Crew,
    Fault,
    Problem,
    Route,
    Solution,
    Stop,
    can_close,
    can_open,
    may_visit,
    timed,
)


@dataclass(frozen=True)
class Reason:
    """A code and the figures of its sentence; of JSON types only."""

    code: str
    facts: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Insertion:
    """A station put into a team's order at ``position``, the route that results, and what it adds in minutes."""

    position: int
    route: Route
    added: float


def best_insertion(problem: Problem, crew: Crew, order: tuple[int, ...], stop_id: int) -> Insertion:
    """The place of a station in a team's day that adds least; one that breaks nothing comes first."""
    before = timed(problem, crew, order).minutes
    tried = []
    for position in range(len(order) + 1):
        route = timed(problem, crew, (*order[:position], stop_id, *order[position:]))
        tried.append((len(route.faults), route.minutes, position, route))
    _faults, _minutes, position, route = min(tried, key=lambda each: each[:3])
    return Insertion(position, route, route.minutes - before)


def why(problem: Problem, solution: Solution, crew: Crew, stop: Stop) -> Reason:
    """Why a team has one of its stations."""
    if stop.crew is not None:
        return Reason("fixed")
    allowed = [each for each in problem.crews if may_visit(each, stop)]
    if len(allowed) == 1:
        return Reason("only_team")
    own = _way(problem, crew, stop)
    nearer = [each for each in allowed if _way(problem, each, stop) < own - 0.5]
    if not nearer:
        return Reason("nearest", {"minutes": round(own)})
    nearest = min(nearer, key=lambda each: (_way(problem, each, stop), each.id))
    order = solution.orders.get(nearest.id, ())
    other = best_insertion(problem, nearest, order, stop.id)
    facts = {"team": nearest.id, "minutes": round(max(_saved(problem, solution, crew, stop), 0))}
    if other.route.faults:
        return Reason("nearer_is_full", facts)
    if other.added >= facts["minutes"] - 0.5:
        return Reason("on_the_way", {**facts, "other": round(other.added)})
    return Reason("even_load", {**facts, "count": len(order)})


def _saved(problem: Problem, solution: Solution, crew: Crew, stop: Stop) -> float:
    """The travel that a team would save without a station."""
    order = solution.orders[crew.id]
    without = tuple(each for each in order if each != stop.id)
    return timed(problem, crew, order).minutes - timed(problem, crew, without).minutes


def _way(problem: Problem, crew: Crew, stop: Stop) -> float:
    return problem.minutes(crew, problem.place_of_crew[crew.id], problem.place_of_stop[stop.id])


def why_not(problem: Problem, solution: Solution, stop: Stop) -> Reason:
    """Why nobody visits a station, and what would have to give."""
    if stop.crew is not None and stop.crew not in problem.crew_of:
        return Reason("fixed_team_missing", {"team": stop.crew})
    allowed = _by_distance(problem, stop)
    if not allowed:
        return _nobody_may(problem, stop)
    nearest = allowed[0]
    way = round(_way(problem, nearest, stop))
    if not any(_could(problem, each, stop) for each in allowed):
        return Reason("too_far", {"team": nearest.id, "minutes": way, "room": _room(problem, nearest)})
    best = min(
        (best_insertion(problem, each, solution.orders.get(each.id, ()), stop.id) for each in allowed[:5]),
        key=lambda each: (_overtime(problem, each.route), each.added),
    )
    over = _overtime(problem, best.route)
    code = "full" if over else "not_worth"
    return Reason(code, {"team": best.route.crew_id, "minutes": round(best.added), "over": over})


def _nobody_may(problem: Problem, stop: Stop) -> Reason:
    if stop.language and not any(stop.language in each.languages for each in problem.crews):
        return Reason("language", {"language": stop.language})
    return Reason("area")


def _room(problem: Problem, crew: Crew) -> int:
    """Minutes that a team has for the way to a station and back between its other duties."""
    day = problem.day
    begins = day.opens + day.opening if day.has_opening else crew.starts
    ends = day.closes - day.arrive_before if day.has_closing else crew.ends
    return max(ends - begins - day.visit, 0)


def _could(problem: Problem, crew: Crew, stop: Stop) -> bool:
    """Whether a team could visit a station on a day of its own: as its first, its last, or between."""
    if can_open(problem, crew, stop) or can_close(problem, crew, stop):
        return True
    return 2 * _way(problem, crew, stop) <= _room(problem, crew)


def _overtime(problem: Problem, route: Route) -> int:
    """Minutes by which a route breaks its hours; 0 when it keeps them."""
    if not route.faults or not route.stops:
        return 0
    day, crew = problem.day, problem.crew_of[route.crew_id]
    last = route.stops[-1]
    over = {
        Fault.LATE_FOR_OPENING: route.stops[0].arrives - (day.opens - day.arrive_before),
        Fault.LATE_FOR_CLOSING: last.arrives - (day.closes - day.arrive_before),
        Fault.BACK_LATE: route.returns - crew.ends,
        Fault.AFTER_CLOSING: max(each.leaves for each in route.stops) - day.closes,
    }
    return max(1, *(over[fault] for fault in route.faults))


def idle(problem: Problem, crew: Crew) -> Reason:
    """Why a team has no station."""
    allowed = [stop for stop in problem.stops if may_visit(crew, stop)]
    if not allowed:
        return Reason("no_station_allowed")
    if not any(can_open(problem, crew, stop) for stop in allowed):
        way = min(_way(problem, crew, stop) for stop in allowed)
        leave = int(problem.day.opens - problem.day.arrive_before - way)
        return Reason(
            "cannot_open", {"minutes": round(way), "sets_out": crew.starts, "needed": max(leave, 0)}
        )
    if not any(can_close(problem, crew, stop) for stop in allowed):
        way = min(_way(problem, crew, stop) for stop in allowed)
        back = int(problem.day.closes + problem.day.counting + way) + 1
        return Reason("cannot_return", {"minutes": round(way), "ends": crew.ends, "needed": back})
    return Reason("not_needed")


def advice(problem: Problem, solution: Solution, reasons: dict[int, Reason]) -> list[Reason]:
    """What to relax, the most telling first: ``reasons`` are those of the stations without a team."""
    counted = {code: sum(each.code == code for each in reasons.values()) for code in _CODES}
    found = [Reason(f"relax_{code}", {"count": count}) for code, count in counted.items() if count]
    if counted["full"] and problem.day.visit > 20:
        fits = _visits(problem, problem.day.visit)
        shorter = max(problem.day.visit - 15, 15)
        gained = _visits(problem, shorter) - fits
        if gained > 0:
            found.append(
                Reason(
                    "shorter_visits",
                    {"minutes": shorter, "count": min(gained * len(problem.crews), counted["full"])},
                )
            )
    return found


_CODES = ("full", "area", "language", "too_far", "fixed_team_missing")


def _visits(problem: Problem, minutes: int) -> int:
    """How many visits of some minutes a team has time for between opening and closing, with 15 minutes of way each."""
    day = problem.day
    room = day.closes - day.opens - (day.opening if day.has_opening else 0)
    room -= day.arrive_before if day.has_closing else 0
    return max(room // (minutes + 15), 0)


def explained(
    problem: Problem, solution: Solution
) -> tuple[dict[int, Reason], dict[int, Reason], dict[int, Reason]]:
    """(why each station is where it is, why those without a team have none, why idle teams are), by id."""
    chosen, left, served = {}, {}, solution.served
    holder = {stop: crew for crew, order in solution.orders.items() for stop in order}
    for stop in problem.stops:
        if stop.id in served:
            chosen[stop.id] = why(problem, solution, problem.crew_of[holder[stop.id]], stop)
        else:
            left[stop.id] = why_not(problem, solution, stop)
    idlers = {each.id: idle(problem, each) for each in problem.crews if not solution.orders.get(each.id)}
    return chosen, left, idlers


def nearest_team(problem: Problem) -> Solution:
    """The plan of someone with a map and a ruler, for comparison: the nearest team that still has time for a station.

    Stations are taken from the nearest to a base to the farthest; each team goes to the nearest station next. What
    would break the hours of every team stays without one.
    """
    orders: dict[int, tuple[int, ...]] = {crew.id: () for crew in problem.crews}
    allowed = {stop.id: _by_distance(problem, stop) for stop in problem.stops}
    reached = [stop for stop in problem.stops if allowed[stop.id]]
    for stop in sorted(reached, key=lambda each: (_way(problem, allowed[each.id][0], each), each.id)):
        for crew in allowed[stop.id]:
            order = _nearest_first(problem, crew, [*orders[crew.id], stop.id])
            if not timed(problem, crew, order).faults:
                orders[crew.id] = order
                break
    return Solution(orders)


def _by_distance(problem: Problem, stop: Stop) -> list[Crew]:
    """The teams that may visit a station, the nearest first."""
    allowed = [each for each in problem.crews if may_visit(each, stop)]
    return sorted(allowed, key=lambda each: (_way(problem, each, stop), each.id))


def _nearest_first(problem: Problem, crew: Crew, stops: list[int]) -> tuple[int, ...]:
    place, order, left = problem.place_of_crew[crew.id], [], sorted(stops)
    while left:
        nearest = min(left, key=lambda id_: (problem.minutes(crew, place, problem.place_of_stop[id_]), id_))
        left.remove(nearest)
        order.append(nearest)
        place = problem.place_of_stop[nearest]
    return tuple(order)
