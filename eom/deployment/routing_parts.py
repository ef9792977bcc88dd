"""Routes of many teams, part by part: neighbouring teams are solved anew together while the rest stands still.

The search over all teams at once finds little after its first seconds; a part of some teams and their stations is
solved well in one. The principle is POPMUSIC (Taillard and Voss, "POPMUSIC: partial optimization metaheuristic under
special intensification conditions", 2002).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from functools import partial

import numpy as np

from eom.deployment.routing import LEFT_OUT, Crew, Problem, Solution, Stop, cost, may_visit
from eom.deployment.routing_reasons import nearest_team
from eom.deployment.routing_solving import solve
from eom.deployment.routing_travel import Legs

# Teams of a part, seconds given to it, and of the whole time the share of the first search.
TEAMS, PART_SECONDS, FIRST_SHARE = 6, 1.0, 0.15
# The unvisited stations that are tried with a part.
TRIED = 12
Told = Callable[[float, float], None]


def best(
    problem: Problem, seconds: float, begin: Solution | None = None, told: Told | None = None
) -> Solution:
    """The best solution found within ``seconds``; ``told`` hears the share of the time that is over, and the cost."""
    started = time.monotonic()
    few = len(problem.crews) <= TEAMS
    begin = begin or nearest_team(problem)
    solution = solve(problem, seconds if few else max(seconds * FIRST_SHARE, 1.0))
    # What a person with a ruler finds is where the parts begin when the first search has found less.
    solution = min(solution, begin, key=lambda each: cost(problem, each))
    current = cost(problem, solution)
    for chosen in _parts(problem) if not few else ():
        over = time.monotonic() - started
        if told:
            told(min(over / seconds, 1.0), current)
        if over >= seconds:
            break
        part, before = _part(problem, solution, chosen(solution))
        if not part.stops:
            continue
        found = solve(part, min(PART_SECONDS, seconds - over), before)
        gained = cost(part, before) - cost(part, found)
        if gained > 0.01:
            solution = Solution({**solution.orders, **found.orders})
            current -= gained
    return solution


def _parts(problem: Problem) -> Iterator[Callable[[Solution], list[Crew]]]:
    """Without an end: each team in turn with those whose routes are nearest."""
    size = TEAMS
    while True:
        for seed in problem.crews:
            yield partial(_around, problem, seed, size)
        size = TEAMS if size > TEAMS else min(TEAMS * 2, len(problem.crews))


def _around(problem: Problem, seed: Crew, size: int, solution: Solution) -> list[Crew]:
    middles = {crew.id: _middle(problem, solution, crew) for crew in problem.crews}
    here = middles[seed.id]
    ranked = sorted(problem.crews, key=lambda crew: (float(np.hypot(*(middles[crew.id] - here))), crew.id))
    return ranked[:size]


def _middle(problem: Problem, solution: Solution, crew: Crew) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """The middle of a team's stations, or its base; degrees are good enough to say who is near."""
    stops = [problem.stops[problem.place_of_stop[id_]] for id_ in solution.orders.get(crew.id, ())]
    points = [(each.latitude, each.longitude) for each in stops] or [(crew.latitude, crew.longitude)]
    return np.mean(points, axis=0)  # type: ignore[no-any-return]


def _part(problem: Problem, solution: Solution, crews: list[Crew]) -> tuple[Problem, Solution]:
    """The problem of some teams: their stations, and the unvisited ones nearest to them."""
    orders = {crew.id: solution.orders.get(crew.id, ()) for crew in crews}
    held = {id_ for order in orders.values() for id_ in order}
    stops = [each for each in problem.stops if each.id in held] + _unvisited(problem, solution, crews)
    places = [problem.place_of_stop[each.id] for each in stops]
    places += [problem.place_of_crew[crew.id] for crew in crews]
    at, legs = np.ix_(places, places), problem.legs
    cut = Legs(legs.km[at], legs.by_vehicle[at], legs.on_foot[at], legs.source)
    return Problem(tuple(crews), tuple(stops), problem.day, cut, problem.fair), Solution(orders)


def _unvisited(problem: Problem, solution: Solution, crews: list[Crew]) -> list[Stop]:
    served, ranked = solution.served, []
    for stop in problem.stops:
        if stop.id not in served:
            place = problem.place_of_stop[stop.id]
            ways = [
                problem.minutes(each, problem.place_of_crew[each.id], place)
                for each in crews
                if may_visit(each, stop)
            ]
            if ways and min(ways) < LEFT_OUT:
                ranked.append((min(ways), stop.id, stop))
    return [stop for _way, _id, stop in sorted(ranked, key=lambda each: each[:2])[:TRIED]]
