"""The routes of all teams at the least travel, by OR-Tools (loaded when it is used: it takes time and memory).

The vehicle routing problem with many depots and time windows. Opening and closing are part of it: only stations that
a team reaches in time can be its first, only those from which it is back by its hour can be its last. Every station may
be left out at a price that no travel reaches, so an answer always comes. Guided local search goes on until the time is
over; two runs on machines of different speed may differ.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from eom.deployment.routing import LEFT_OUT, Problem, Solution, can_close, can_open, may_visit

SECONDS = 60


def solve(
    problem: Problem,
    seconds: float,
    begin: Solution | None = None,
    found: Callable[[float], None] | None = None,
    solution_limit: int | None = None,
) -> Solution:
    """The best routes found within ``seconds``; ``begin`` is where the search may start.

    ``found`` is told the cost in minutes of each better one. With ``solution_limit`` the search ends after so
    many solutions, wherever it runs.
    """
    if not problem.crews or not problem.stops:
        return Solution({crew.id: () for crew in problem.crews})
    manager, model = _model(problem)
    _limit_choices(problem, manager, model)
    _add_time(problem, manager, model)
    _add_balance(problem, model)
    if found is not None:
        model.AddAtSolutionCallback(lambda: found(model.CostVar().Value() / SECONDS))
    parameters = _parameters(seconds, solution_limit)
    model.CloseModelWithParameters(parameters)
    answer = None
    if begin is not None:
        routes = [
            [problem.place_of_stop[id_] for id_ in begin.orders.get(crew.id, ())] for crew in problem.crews
        ]
        start = model.ReadAssignmentFromRoutes(routes, True)
        answer = model.SolveFromAssignmentWithParameters(start, parameters) if start else None
    answer = answer or model.SolveWithParameters(parameters)
    if answer is None:
        return begin or Solution({crew.id: () for crew in problem.crews})
    return Solution(_read(problem, manager, model, answer))


def _model(problem: Problem) -> tuple[Any, Any]:
    from ortools.constraint_solver import pywrapcp

    bases = list(problem.place_of_crew.values())
    manager = pywrapcp.RoutingIndexManager(len(problem.stops) + len(bases), len(bases), bases, bases)
    model = pywrapcp.RoutingModel(manager)
    costs = {kind: model.RegisterTransitMatrix(_seconds(problem, kind)) for kind in _kinds(problem)}
    for number, crew in enumerate(problem.crews):
        model.SetArcCostEvaluatorOfVehicle(costs[crew.has_vehicle], number)
    for place in range(len(problem.stops)):
        model.AddDisjunction([manager.NodeToIndex(place)], LEFT_OUT * SECONDS)
    return manager, model


def _kinds(problem: Problem) -> set[bool]:
    return {crew.has_vehicle for crew in problem.crews}


def _seconds(problem: Problem, has_vehicle: bool) -> list[list[int]]:
    legs = np.rint(problem.legs.minutes(has_vehicle) * SECONDS)
    return np.minimum(legs, LEFT_OUT * SECONDS).astype(np.int64).tolist()  # type: ignore[no-any-return]


def _limit_choices(problem: Problem, manager: Any, model: Any) -> None:
    """Who may visit what; what may be a team's first and last station."""
    opens: dict[int, list[int]] = {number: [] for number in range(len(problem.crews))}
    for place, stop in enumerate(problem.stops):
        index = manager.NodeToIndex(place)
        allowed = [number for number, crew in enumerate(problem.crews) if may_visit(crew, stop)]
        if len(allowed) < len(problem.crews):
            # −1 is nobody.
            model.VehicleVar(index).SetValues([-1, *allowed])
        for number, crew in enumerate(problem.crews):
            if not can_open(problem, crew, stop):
                opens[number].append(index)
            if not can_close(problem, crew, stop):
                model.NextVar(index).RemoveValue(model.End(number))
    for number, indices in opens.items():
        model.NextVar(model.Start(number)).RemoveValues(indices)


def _add_time(problem: Problem, manager: Any, model: Any) -> None:
    """A dimension whose value at a station is when a visit there begins.

    With an opening the clock starts when the first station has been open for its time; the way there was checked.
    With a closing it stops on arrival at the last.
    """
    day = problem.day
    transits = {kind: model.RegisterTransitMatrix(_steps(problem, kind)) for kind in _kinds(problem)}
    last = max([day.closes, *(crew.ends for crew in problem.crews)]) * SECONDS
    by_crew = [transits[crew.has_vehicle] for crew in problem.crews]
    model.AddDimensionWithVehicleTransits(by_crew, 0, last, False, "time")
    time = model.GetDimensionOrDie("time")
    begins = (day.opens + day.opening - day.visit if day.has_opening else day.opens) * SECONDS
    for place in range(len(problem.stops)):
        latest = day.closes - (0 if day.has_closing else day.visit)
        time.CumulVar(manager.NodeToIndex(place)).SetRange(max(begins, 0), latest * SECONDS)
    for number, crew in enumerate(problem.crews):
        start, end = time.CumulVar(model.Start(number)), time.CumulVar(model.End(number))
        start.SetRange(*((begins, begins) if day.has_opening else (crew.starts * SECONDS, last)))
        arrived = day.closes - day.arrive_before if day.has_closing else crew.ends
        end.SetRange(0, arrived * SECONDS)


def _steps(problem: Problem, has_vehicle: bool) -> list[list[int]]:
    """Seconds from the beginning of a visit to that of the next."""
    count, day = len(problem.stops), problem.day
    steps = np.minimum(np.ceil(problem.legs.minutes(has_vehicle) * SECONDS), LEFT_OUT * SECONDS)
    steps[:count, :] += day.visit * SECONDS
    if day.has_opening:
        steps[count:, :] = 0
    if day.has_closing:
        steps[:, count:] = 0
    return steps.astype(np.int64).tolist()  # type: ignore[no-any-return]


def _add_balance(problem: Problem, model: Any) -> None:
    """A station more than the average of a team costs what ``balance`` says."""
    if not problem.day.balance:
        return
    one = model.RegisterUnaryTransitCallback(lambda _index: 1)
    model.AddDimension(one, 0, len(problem.stops) + 1, True, "load")
    load = model.GetDimensionOrDie("load")
    for number in range(len(problem.crews)):
        # The base is counted as one.
        load.SetCumulVarSoftUpperBound(model.End(number), problem.fair + 1, problem.day.balance * SECONDS)


def _parameters(seconds: float, solution_limit: int | None) -> Any:
    from ortools.constraint_solver import pywrapcp, routing_enums_pb2

    parameters = pywrapcp.DefaultRoutingSearchParameters()
    parameters.first_solution_strategy = routing_enums_pb2.FirstSolutionStrategy.PARALLEL_CHEAPEST_INSERTION
    parameters.local_search_metaheuristic = routing_enums_pb2.LocalSearchMetaheuristic.GUIDED_LOCAL_SEARCH
    parameters.time_limit.FromMilliseconds(int(seconds * 1000))
    if solution_limit:
        parameters.solution_limit = solution_limit
    return parameters


def _read(problem: Problem, manager: Any, model: Any, answer: Any) -> Mapping[int, tuple[int, ...]]:
    orders = {}
    for number, crew in enumerate(problem.crews):
        index, order = answer.Value(model.NextVar(model.Start(number))), []
        while not model.IsEnd(index):
            order.append(problem.stops[manager.IndexToNode(index)].id)
            index = answer.Value(model.NextVar(index))
        orders[crew.id] = tuple(order)
    return orders
