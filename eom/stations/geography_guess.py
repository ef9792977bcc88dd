"""Why the points of a file cannot be in their country: every mistake that would bring them there, named.

Pure. A mistake is believed when undoing it brings four fifths of the points into the country's box.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from eom.core.errors import InvalidFile
from eom.core.i18n import lazy
from eom.stations.vector_files import transformed

Point = tuple[float, float]
Box = tuple[float, float, float, float]
MARGIN_DEGREES = 1.0
ENOUGH_POINTS = 5
LOOKED_AT = 2_000
_BELIEVED = 0.8
_LON_0_STEP = 6


def share_inside(points: Sequence[Point], box: Box) -> float:
    """The share of (latitude, longitude) in a box (west, south, east, north) and a degree around it."""
    west, south, east, north = box
    inside = sum(
        1
        for latitude, longitude in points
        if south - MARGIN_DEGREES <= latitude <= north + MARGIN_DEGREES
        and west - MARGIN_DEGREES <= longitude <= east + MARGIN_DEGREES
    )
    return inside / len(points) if points else 0.0


def guesses(points: Sequence[Point], box: Box) -> list[Any]:
    """What may have been done to (latitude, longitude) so that they lie outside a country's box.

    Sentences, the simplest first: axes exchanged, signs lost, a power of ten, both, then reference systems
    in metres that cover the country.
    """
    step = max(1, len(points) // LOOKED_AT)
    sample = points[::step]
    found = [words for words, undo in _simple() if _fits([undo(point) for point in sample], box)]
    if found:
        return found
    found = [words for words, undo in _scaled(sample, box) if _fits([undo(point) for point in sample], box)]
    return found or [words for words, moved in _projected(sample, box) if _fits(moved, box)]


def refuse_outsiders(points: Sequence[Point], box: Box | None) -> None:
    """Stop a file whose points are all in one spot, or mostly outside the country, with every guess why.

    ``points`` are (latitude, longitude) as the file has them, whatever their unit. Raises InvalidFile. A few
    points astray are no reason, nor is a file of less than five.
    """
    if len(points) < ENOUGH_POINTS:
        return
    if len(set(points)) == 1:
        raise InvalidFile(
            lazy("All %(count)s centres stand at the same coordinates.", count=len(points)),
            next_step=lazy("Check the columns of latitude and longitude, or load the file without them."),
        )
    if box is None or share_inside(points, box) >= 0.5:
        return
    found = guesses(points, box)
    if found:
        raise InvalidFile(" ".join(str(each) for each in found),
                          next_step=lazy("Nothing was loaded."))  # fmt: skip
    raise InvalidFile(
        lazy("Most of the centres lie outside the country."),
        next_step=lazy(
            "Check the columns of latitude and longitude, and the reference system; nothing was loaded."
        ),
    )


def utm_systems(box: Box) -> list[tuple[str, str]]:
    """(EPSG code, name) of the UTM zones of WGS 84 that a country's box touches, south and north as it lies."""
    west, south, east, north = box
    zones = range(int((west + 180) // _LON_0_STEP) + 1, int((east + 180) // _LON_0_STEP) + 2)
    halves = [("327", "S")] * (south < 0) + [("326", "N")] * (north > 0)
    return [
        (f"EPSG:{half}{zone:02d}", f"WGS 84 / UTM {zone}{letter}")
        for half, letter in halves
        for zone in zones
        if 1 <= zone <= 60
    ]


def _fits(points: Sequence[Point], box: Box) -> bool:
    return share_inside(points, box) >= _BELIEVED


def _simple() -> Iterator[tuple[Any, Callable[[Point], Point]]]:
    yield (
        lazy("Latitude and longitude look swapped: choose the two columns the other way round."),
        lambda p: (p[1], p[0]),
    )
    signs = lazy("A minus sign is missing: southern latitudes and western longitudes are negative.")
    for north, east in ((-1, 1), (1, -1), (-1, -1)):
        yield signs, lambda p, north=north, east=east: (north * p[0], east * p[1])  # type: ignore[misc]
    both = lazy("Latitude and longitude look swapped, and a minus sign is missing.")
    for north, east in ((-1, 1), (1, -1), (-1, -1)):
        yield both, lambda p, north=north, east=east: (north * p[1], east * p[0])  # type: ignore[misc]


def _scaled(sample: Sequence[Point], box: Box) -> Iterator[tuple[Any, Callable[[Point], Point]]]:
    """Degrees times a power of ten: the decimal mark was lost, in each number at its own place or at one."""
    for power in range(1, 16):
        words = lazy("The coordinates look like degrees multiplied by %(factor)s: the decimal mark was lost.",
                     factor=f"{10**power:,}".replace(",", " "))  # fmt: skip
        yield words, lambda p, power=power: (p[0] / 10**power, p[1] / 10**power)  # type: ignore[misc]
    lost = lazy("The decimal mark was lost in the coordinates, at different places: 165043 for 16.5043.")
    signs = (-1 if box[1] + box[3] < 0 else 1, -1 if box[0] + box[2] < 0 else 1)
    if all(abs(latitude) > 1000 or abs(longitude) > 1000 for latitude, longitude in sample):
        yield lost, lambda p: (_marked(p[0], box[1], box[3], 0), _marked(p[1], box[0], box[2], 0))
        yield (
            lazy("The decimal mark and the minus sign were lost in the coordinates."),
            lambda p: (_marked(p[0], box[1], box[3], signs[0]), _marked(p[1], box[0], box[2], signs[1])),
        )


def _marked(value: float, low: float, high: float, sign: int) -> float:
    """The value divided by the power of ten that brings it between two numbers; itself when none does."""
    if value != int(value):
        return value
    for power in range(1, 16):
        tried = (sign * abs(value) if sign else value) / 10**power
        if low <= tried <= high:
            return tried
    return value


def _projected(sample: Sequence[Point], box: Box) -> Iterator[tuple[Any, list[Point]]]:
    """The points read as metres of each system that covers the country, also with the axes exchanged."""
    if sum(1 for y, x in sample if abs(y) > 1000 or abs(x) > 1000) < _BELIEVED * len(sample):
        return
    straight = [(x, y) for y, x in sample]
    crossed = [(y, x) for y, x in sample]
    for code, name in (*utm_systems(box), ("EPSG:3857", "WGS 84 / Pseudo-Mercator")):
        yield (
            lazy("The coordinates look like metres in %(name)s: choose the reference system %(code)s.", name=name, code=code),
            [(y, x) for x, y in transformed(straight, code)],
        )  # fmt: skip
        yield (
            lazy("The coordinates look like metres in %(name)s (%(code)s), with the two columns exchanged.", name=name, code=code),
            [(y, x) for x, y in transformed(crossed, code)],
        )  # fmt: skip
