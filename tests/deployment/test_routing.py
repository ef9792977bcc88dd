"""Routes as a pure problem: travel, times, what may be visited, what the search must keep, and why."""

from __future__ import annotations

import json
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eom.deployment import (
    routing,
    routing_parts,
    routing_process,
    routing_reasons,
    routing_server,
    routing_travel,
)
from eom.deployment.routing import Crew, Day, Fault, Part, Problem, Solution, Stop
from eom.deployment.routing_solving import solve
from eom.deployment.routing_travel import Legs, Speeds

FLAT = Speeds(terrain=1.0, vehicle=60.0)


def problem(crews, stops, day=None, speeds=FLAT) -> Problem:
    points = [(each.latitude, each.longitude) for each in (*stops, *crews)]
    return Problem(tuple(crews), tuple(stops), day or Day(), routing_travel.estimated(points, speeds))


def crew(id_=1, latitude=0.0, **more) -> Crew:
    return Crew(id_, latitude, 0.0, **{"starts": 360, "ends": 1260, **more})


def stop(id_, latitude=0.0, longitude=0.0, **more) -> Stop:
    return Stop(id_, latitude, longitude, **more)


def test_a_degree_of_latitude_is_111_km():
    km = routing_travel.great_circle_km([(0.0, 0.0), (1.0, 0.0), (0.0, 180.0)])
    assert km[0, 1] == pytest.approx(111.195, abs=0.01)
    assert km[0, 2] == pytest.approx(np.pi * routing_travel.EARTH_RADIUS_KM)


def test_terrain_and_speed_make_the_time():
    legs = routing_travel.estimated([(0.0, 0.0), (1.0, 0.0)], Speeds(terrain=1.5, vehicle=50.0, walking=5.0))
    assert legs.km[0, 1] == pytest.approx(166.79, abs=0.01)
    assert legs.minutes(True)[0, 1] == pytest.approx(200.15, abs=0.01)
    assert legs.minutes(False)[0, 1] == pytest.approx(2001.5, abs=0.1)


def test_a_day_opens_at_its_first_station_and_counts_at_its_last():
    found = problem([crew()], [stop(1, 0.1), stop(2, 0.2), stop(3, 0.3)])
    route = routing.timed(found, found.crews[0], [1, 2, 3])
    assert [each.part for each in route.stops] == [Part.OPENING, Part.VISIT, Part.CLOSING]
    # Eleven kilometres at 60 km/h between each.
    assert (route.sets_out, route.stops[0].arrives, route.stops[0].leaves) == (438, 450, 525)
    assert (route.stops[1].arrives, route.stops[1].leaves) == (536, 581)
    assert (route.stops[2].leaves, route.returns) == (1080, 1113)
    assert not route.faults
    assert route.km == pytest.approx(66.7, abs=0.1)


def test_one_station_is_seen_from_opening_to_counting():
    found = problem([crew()], [stop(1)])
    assert [each.part for each in routing.timed(found, found.crews[0], [1]).stops] == [Part.WHOLE_DAY]


@pytest.mark.parametrize(
    ("who", "where", "fault"),
    [
        ({"starts": 440}, [0.3], Fault.LATE_FOR_OPENING), ({"ends": 1090}, [0.3], Fault.BACK_LATE),
        ({}, [0.1, 0.1, 5.0], Fault.LATE_FOR_CLOSING), ({}, [0.1] * 12, Fault.AFTER_CLOSING),
    ],
)  # fmt: skip
def test_a_route_that_cannot_be_says_what_it_breaks(who, where, fault):
    found = problem([crew(**who)], [stop(number, each) for number, each in enumerate(where, 1)])
    assert fault in routing.timed(found, found.crews[0], range(1, len(where) + 1)).faults


def test_areas_languages_and_what_is_fixed_say_who_may_visit():
    anyone, limited = crew(1), crew(2, areas=frozenset({7}), languages=frozenset({"qu"}))
    assert routing.may_visit(anyone, stop(1, areas=frozenset({5})))
    assert not routing.may_visit(limited, stop(1, areas=frozenset({5})))
    assert routing.may_visit(limited, stop(1, areas=frozenset({5, 7})))
    assert not routing.may_visit(anyone, stop(1, language="qu"))
    assert routing.may_visit(limited, stop(1, areas=frozenset({7}), language="qu"))
    assert not routing.may_visit(limited, stop(1, areas=frozenset({7}), crew=1))
    assert routing.may_visit(anyone, stop(1, language="qu", crew=1))


def test_the_search_gives_each_team_what_lies_near_it():
    stops = [stop(n, 0.02 * n) for n in range(1, 5)] + [stop(10 + n, 3 + 0.02 * n) for n in range(1, 5)]
    found = problem([crew(1), crew(2, 3.0)], stops)
    answer = solve(found, 10, solution_limit=60)
    assert {each for each in answer.orders[1]} == {1, 2, 3, 4}
    assert {each for each in answer.orders[2]} == {11, 12, 13, 14}


def test_the_search_keeps_what_is_fixed():
    stops = [stop(1, 0.02, crew=2), *(stop(n, 0.02 * n) for n in range(2, 5))]
    answer = solve(problem([crew(1), crew(2, 0.1)], stops), 10, solution_limit=60)
    assert 1 in answer.orders[2]


def test_what_nobody_can_visit_is_left_out_and_the_rest_is_found():
    stops = [stop(1, 0.02), stop(2, 40.0), stop(3, 0.03, areas=frozenset({9}))]
    answer = solve(
        problem([crew(1, areas=frozenset({5}))], [*stops[:2], stops[2], stop(4, 0.01, areas=frozenset({5}))]),
        10,
        solution_limit=2,
    )
    assert answer.orders[1] == (4,)


def test_an_empty_problem_has_an_empty_answer():
    assert solve(problem([crew()], []), 1).orders == {1: ()}
    assert solve(Problem((), (stop(1),), Day(), routing_travel.estimated([(0.0, 0.0)], FLAT)), 1).orders == {}


coordinates = st.tuples(st.floats(-0.6, 0.6), st.floats(-0.6, 0.6))


@settings(max_examples=12)
@given(
    st.lists(coordinates, min_size=1, max_size=14), st.lists(coordinates, min_size=1, max_size=3), st.booleans(),
    st.booleans(), st.integers(0, 40),
)  # fmt: skip
def test_whatever_the_search_finds_breaks_no_hours(places, bases, has_opening, has_closing, balance):
    day = Day(has_opening=has_opening, has_closing=has_closing, balance=balance, visit=40)
    found = problem(
        [Crew(n, latitude, longitude, 330, 1260) for n, (latitude, longitude) in enumerate(bases, 1)],
        [stop(n, *place) for n, place in enumerate(places, 1)], day,
    )  # fmt: skip
    answer = solve(found, 10, solution_limit=25)
    visited = [id_ for order in answer.orders.values() for id_ in order]
    assert len(visited) == len(set(visited))
    for each in routing.routes_of(found, answer).values():
        assert not each.faults
    chosen, left, idle = routing_reasons.explained(found, answer)
    assert set(chosen) | set(left) == {each.id for each in found.stops}
    assert set(idle) == {id_ for id_, order in answer.orders.items() if not order}


def test_parts_make_the_whole_no_worse():
    rng = np.random.default_rng(7)
    stops = [stop(n, *rng.uniform(-0.5, 0.5, 2)) for n in range(1, 61)]
    found = problem([Crew(n, *rng.uniform(-0.5, 0.5, 2), 330, 1300) for n in range(1, 9)], stops)
    first = solve(found, 10, solution_limit=40)
    better = routing_parts.best(found, 4.0, first)
    assert routing.cost(found, better) <= routing.cost(found, first)
    assert not {fault for each in routing.routes_of(found, better).values() for fault in each.faults}


def test_a_problem_goes_to_another_process_and_comes_back():
    found = problem(
        [crew(1, languages=frozenset({"es"}), areas=frozenset({3})), crew(2)],
        [stop(1, 0.1, areas=frozenset({3})), stop(2, 0.2, areas=frozenset({3}), language="es")],
    )
    again = routing_process.unpacked(routing_process.packed(found))
    assert (again.crews, again.stops, again.day) == (found.crews, found.stops, found.day)
    assert np.array_equal(again.legs.km, found.legs.km)
    told = []
    answer = routing_process.search(found, 2.0, lambda share, cost: told.append((share, cost)))
    assert answer.served == {1, 2}


def test_a_process_that_fails_says_so(monkeypatch):
    monkeypatch.setattr(routing_process.sys, "executable", "/bin/false")
    with pytest.raises(routing_process.SearchFailed):
        routing_process.search(problem([crew()], [stop(1)]), 1.0)


def test_reasons_name_the_nearest_and_what_is_in_the_way():
    near, far = crew(1), crew(2, 0.5)
    stops = [stop(n, 0.01 * n) for n in range(1, 4)]
    found = problem([near, far], stops)
    answer = Solution({1: (1, 2), 2: (3,)})
    assert routing_reasons.why(found, answer, near, stops[0]).code == "nearest"
    assert routing_reasons.why(found, answer, far, stops[2]).facts["team"] == 1
    only = problem([near, crew(2, areas=frozenset({1}))], stops)
    assert routing_reasons.why(only, answer, near, stops[0]).code == "only_team"
    fixed = stop(1, crew=2)
    assert routing_reasons.why(problem([near, far], [fixed]), Solution({2: (1,)}), far, fixed).code == "fixed"


@pytest.mark.parametrize(
    ("who", "what", "code"),
    [
        ({"areas": frozenset({1})}, {"areas": frozenset({2})}, "area"), ({}, {"language": "qu"}, "language"),
        ({}, {"latitude": 30.0}, "too_far"), ({}, {"crew": 99}, "fixed_team_missing"),
    ],
)  # fmt: skip
def test_a_station_without_a_team_says_why(who, what, code):
    left = stop(1, **{"latitude": 0.1, **what})
    found = problem([crew(**who)], [left])
    assert routing_reasons.why_not(found, Solution({1: ()}), left).code == code


def test_too_many_stations_for_the_hours_are_told_with_what_to_relax():
    stops = [stop(n, 0.01) for n in range(1, 20)]
    found = problem([crew()], stops, Day(visit=60))
    answer = solve(found, 10, solution_limit=40)
    _chosen, left, _idle = routing_reasons.explained(found, answer)
    assert {each.code for each in left.values()} == {"full"}
    assert all(each.facts["over"] > 0 for each in left.values())
    told = routing_reasons.advice(found, answer, left)
    assert [each.code for each in told] == ["relax_full", "shorter_visits"]
    assert told[0].facts["count"] == len(left)


@pytest.mark.parametrize(
    ("who", "code"),
    [
        ({"starts": 449}, "cannot_open"),
        ({"ends": 1085}, "cannot_return"),
        ({"areas": frozenset({1})}, "no_station_allowed"),
        ({}, "not_needed"),
    ],
)
def test_an_idle_team_says_why(who, code):
    found = problem([crew(**who)], [stop(1, 0.2)])
    assert routing_reasons.idle(found, found.crews[0]).code == code


def test_the_nearest_team_takes_what_is_nearest_next():
    found = problem([crew(1), crew(2, 1.0)], [stop(1, 0.3), stop(2, 0.1), stop(3, 0.9), stop(4, 0.2)])
    assert routing_reasons.nearest_team(found).orders == {1: (2, 4, 1), 2: (3,)}


def test_the_nearest_team_that_has_no_time_left_passes_a_station_on():
    found = problem([crew(1), crew(2, 0.5)], [stop(n, 0.01) for n in range(1, 12)], Day(visit=60))
    usual = routing_reasons.nearest_team(found)
    assert min(len(order) for order in usual.orders.values()) > 0
    assert not any(each.faults for each in routing.routes_of(found, usual).values())


@contextmanager
def a_server(answers):
    """A routing server of the test's own; ``answers`` makes the body of an address."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            status, body = answers(self.path)
            self.send_response(status)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_args):
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def table(path):
    points = path.split("/driving/")[1].split("?")[0].split(";")
    asked = dict(part.split("=") for part in path.split("?")[1].split("&"))
    rows, columns = (len(asked[name].split(";")) for name in ("sources", "destinations"))
    assert rows + columns == len(points)
    matrix = [[600.0] * columns for _row in range(rows)]
    matrix[0][-1] = None
    return 200, json.dumps(
        {"code": "Ok", "durations": matrix, "distances": [[5000.0] * columns] * rows}
    ).encode()


POINTS = [(-16.5, -68.1 + 0.01 * n) for n in range(routing_server.BLOCK + 3)]


def test_a_routing_server_is_asked_in_blocks_and_gaps_are_estimated():
    with a_server(table) as address:
        legs = routing_server.travel(POINTS, FLAT, address + "/")
    assert legs.source == "server_partly"
    assert legs.by_vehicle[1, 0] == 10.0
    assert legs.km[1, 0] == 5.0
    assert legs.by_vehicle[0, len(POINTS) - 1] == routing_travel.estimated(POINTS, FLAT).by_vehicle[0, -1]


@pytest.mark.parametrize(
    "answer",
    [
        (500, b""),
        (200, b"<html>"),
        (200, b'{"code": "InvalidQuery"}'),
        (200, b'{"code": "Ok", "durations": [[1]]}'),
    ],
)
def test_a_routing_server_that_fails_is_fallen_back_from(answer):
    with a_server(lambda _path: answer) as address:
        legs = routing_server.travel(POINTS, FLAT, address)
    assert legs.source == "server_failed"
    assert np.array_equal(legs.km, routing_travel.estimated(POINTS, FLAT).km)


def test_no_server_or_one_that_is_gone_is_an_estimate():
    assert routing_server.travel(POINTS, FLAT, None).source == "estimate"
    assert routing_server.travel(POINTS, FLAT, "http://127.0.0.1:9").source == "server_failed"
    assert routing_server.travel(POINTS, FLAT, "file:///etc/passwd?").source == "server_failed"


def test_legs_know_who_drives():
    legs = Legs(np.zeros((1, 1)), np.ones((1, 1)), np.full((1, 1), 2.0))
    assert (legs.minutes(True)[0, 0], legs.minutes(False)[0, 0]) == (1.0, 2.0)
