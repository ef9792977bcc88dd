"""The search in a process of its own: OR-Tools holds the interpreter while it searches, and ends it when it fails.

The job that waits keeps beating and tells how far the search is. The problem goes to the process and the routes come
back as JSON; what the process tells meanwhile is a line each.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict
from typing import Any

import orjson

from eom.deployment.routing import Crew, Day, Problem, Solution, Stop
from eom.deployment.routing_travel import Legs

Told = Callable[[float, float], None]


class SearchFailed(RuntimeError):
    """The process ended without an answer."""


def search(problem: Problem, seconds: float, told: Told | None = None) -> Solution:
    """As ``routing_parts.best``, in another process. Raises SearchFailed when that gives no answer."""
    command = [sys.executable, "-m", "eom.deployment.routing_process", str(seconds)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        last = _spoken_with(process, packed(problem), told)
    if process.returncode != 0 or not last or "orders" not in last:
        raise SearchFailed(f"the search of routes ended with {process.returncode}")
    return Solution({int(crew): tuple(order) for crew, order in last["orders"].items()})


def _spoken_with(process: subprocess.Popen[bytes], problem: bytes, told: Told | None) -> Any:
    """The last that the process says."""
    last: Any = None
    if process.stdin is not None and process.stdout is not None:
        # A process that has ended already is told by what it answered: nothing.
        with suppress(BrokenPipeError):
            process.stdin.write(problem)
            process.stdin.close()
        for line in process.stdout:
            last = orjson.loads(line)
            if told and "share" in last:
                told(last["share"], last["cost"])
    return last


def packed(problem: Problem) -> bytes:
    """A problem as JSON."""
    legs = problem.legs
    return orjson.dumps(
        {
            "crews": [{**asdict(each), "areas": _listed(each.areas), "languages": sorted(each.languages)} for each in problem.crews],
            "stops": [{**asdict(each), "areas": sorted(each.areas)} for each in problem.stops],
            "day": asdict(problem.day), "share": problem.share,
            "legs": [legs.km, legs.by_vehicle, legs.on_foot, legs.source],
        },
        option=orjson.OPT_SERIALIZE_NUMPY,
    )  # fmt: skip


def unpacked(data: bytes) -> Problem:
    """A problem from its JSON."""
    import numpy as np

    told = orjson.loads(data)
    crews = [
        Crew(**{**each, "languages": frozenset(each["languages"]),
                "areas": None if each["areas"] is None else frozenset(each["areas"])})
        for each in told["crews"]
    ]  # fmt: skip
    stops = [Stop(**{**each, "areas": frozenset(each["areas"])}) for each in told["stops"]]
    km, by_vehicle, on_foot = (np.array(each, dtype=np.float64) for each in told["legs"][:3])
    legs = Legs(km, by_vehicle, on_foot, told["legs"][3])
    return Problem(tuple(crews), tuple(stops), Day(**told["day"]), legs, told["share"])


def _listed(areas: frozenset[int] | None) -> list[int] | None:
    return None if areas is None else sorted(areas)


def _tell(share: float, cost: float) -> None:
    sys.stdout.buffer.write(orjson.dumps({"share": share, "cost": cost}) + b"\n")
    sys.stdout.buffer.flush()


def main() -> None:
    """Read a problem from the standard input; write how far it is, then the routes."""
    from eom.deployment import routing_parts

    problem = unpacked(sys.stdin.buffer.read())
    found = routing_parts.best(problem, float(sys.argv[1]), told=_tell)
    orders = {str(crew): list(order) for crew, order in found.orders.items()}
    sys.stdout.buffer.write(orjson.dumps({"orders": orders}) + b"\n")


if __name__ == "__main__":
    main()
