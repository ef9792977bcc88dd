"""A team's way as a picture (SVG) made on the server: boundaries, base, stations by number. No request leaves the page.

Projection: equirectangular, true at the middle latitude of what is shown. North is up.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from markupsafe import Markup

WIDTH, HEIGHT, MARGIN = 720, 480, 36
# What is shown is at least so many degrees wide: one village is no map.
LEAST_DEGREES = 0.02
Point = tuple[float, float]


class Projection:
    """Degrees to places on the picture."""

    def __init__(self, points: Sequence[Point]) -> None:
        self.south, self.north = min(p[0] for p in points), max(p[0] for p in points)
        self.west, self.east = min(p[1] for p in points), max(p[1] for p in points)
        self.squeeze = max(math.cos(math.radians((self.south + self.north) / 2)), 0.05)
        wide = max((self.east - self.west) * self.squeeze, LEAST_DEGREES)
        high = max(self.north - self.south, LEAST_DEGREES)
        self.scale = min((WIDTH - 2 * MARGIN) / wide, (HEIGHT - 2 * MARGIN) / high)

    def place(self, latitude: float, longitude: float) -> Point:
        """(x, y) from the upper left corner."""
        middle = (self.west + self.east) / 2, (self.south + self.north) / 2
        x = WIDTH / 2 + (longitude - middle[0]) * self.squeeze * self.scale
        return round(x, 1), round(HEIGHT / 2 - (latitude - middle[1]) * self.scale, 1)

    @property
    def km_per_unit(self) -> float:
        """Kilometres over the ground for one unit of the picture."""
        return 111.195 / self.scale


def route_svg(
    base: Point | None,
    stops: Sequence[Point],
    boundaries: Mapping[str, Any] | None,
    label: str,
    base_label: str,
) -> Markup:
    """The picture of a route: (latitude, longitude) of the base and of the stations in order. ``label`` describes it."""
    points = [*([base] if base else []), *stops]
    if not points:
        return Markup("")
    projection = Projection(points)
    parts = [*_outlines(projection, boundaries), _way(projection, base, stops), *_stops(projection, stops)]
    if base:
        parts.append(_base(projection, base, base_label))
    parts.append(_scale(projection))
    return Markup(
        '<svg class="route-map" viewBox="0 0 {} {}" role="img" aria-label="{}"><rect width="{}" height="{}" fill="#f6f8fa"/>{}</svg>'
    ).format(WIDTH, HEIGHT, label, WIDTH, HEIGHT, Markup("").join(parts))


def _outlines(projection: Projection, boundaries: Mapping[str, Any] | None) -> Iterator[Markup]:
    """The boundaries that touch what is shown, as lines."""
    for feature in boundaries["features"] if boundaries else ():
        for ring in _rings(feature["geometry"]):
            placed = [projection.place(latitude, longitude) for longitude, latitude, *_rest in ring]
            inside = any(-WIDTH < x < 2 * WIDTH and -HEIGHT < y < 2 * HEIGHT for x, y in placed)
            if inside:
                yield Markup('<path d="M{}Z" fill="none" stroke="#6b7280" stroke-width="1"/>').format(
                    _line(placed)
                )


def _rings(geometry: Mapping[str, Any]) -> Iterator[Any]:
    polygons = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
    for polygon in polygons:
        yield from polygon


def _line(places: Sequence[Point]) -> str:
    return "L".join(f"{x:g},{y:g}" for x, y in places)


def _way(projection: Projection, base: Point | None, stops: Sequence[Point]) -> Markup:
    points = [*([base] if base else []), *stops, *([base] if base else [])]
    placed = [projection.place(*each) for each in points]
    return Markup(
        '<path d="M{}" fill="none" stroke="#0072b2" stroke-width="2.5" stroke-linejoin="round"/>'
    ).format(_line(placed))


def _stops(projection: Projection, stops: Sequence[Point]) -> Iterator[Markup]:
    """Stations that share a place share a mark, with all their numbers."""
    numbers: dict[Point, list[int]] = {}
    for number, each in enumerate(stops, 1):
        numbers.setdefault(projection.place(*each), []).append(number)
    for (x, y), held in numbers.items():
        text = ", ".join(map(str, held))
        half = 5 + 4.5 * len(text)
        yield Markup(
            '<rect x="{}" y="{}" width="{}" height="20" rx="10" fill="#fff" stroke="#0072b2" stroke-width="2"/>'
            '<text x="{}" y="{}" text-anchor="middle" font-size="13" font-weight="700" fill="#111">{}</text>'
        ).format(round(x - half, 1), y - 10, 2 * half, x, y + 4.5, text)


def _base(projection: Projection, base: Point, label: str) -> Markup:
    x, y = projection.place(*base)
    return Markup(
        '<rect x="{}" y="{}" width="14" height="14" fill="#d55e00" stroke="#000"/>'
        '<text x="{}" y="{}" font-size="13" font-weight="700" fill="#111" stroke="#f6f8fa" stroke-width="3" paint-order="stroke">{}</text>'
    ).format(x - 7, y - 7, x + 11, y + 18, label)


def _scale(projection: Projection) -> Markup:
    """A bar of a round number of kilometres."""
    room = projection.km_per_unit * 160
    step = 10.0 ** math.floor(math.log10(room))
    km = max((f * step for f in (1, 2, 5) if f * step <= room), default=step)
    width = round(km / projection.km_per_unit, 1)
    return Markup(
        '<path d="M20,{}v6h{}v-6" fill="none" stroke="#111" stroke-width="1.5"/><text x="{}" y="{}" font-size="12" fill="#111">{} km</text>'
    ).format(HEIGHT - 20, width, 26 + width, HEIGHT - 12, f"{km:g}")
