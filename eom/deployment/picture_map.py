"""The coverage map as a picture for a report, made on the server: SVG for print, PNG for documents.

Areas are shaded in the five classes of the map on the page, which differ in lightness too; centres are points
of two shapes, so that neither colour nor sight of it is needed to tell them apart.
"""

from __future__ import annotations

import io
import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from eom.core.i18n import percent
from eom.stations.coverage_map import NO_SHADE, SHADES, shade

INCHES = (7.0, 7.5)
DOTS_AN_INCH = 200
EDGE = "#4d4d4d"
# Degrees around the country.
MARGIN = 0.2
# State of a point (planned, visited): colour, mark, size in points squared.
MARKS = {1: ("#e69f00", "^", 22), 2: ("#0072b2", "o", 18)}
CONTENT_TYPES = {"svg": "image/svg+xml", "png": "image/png"}


@dataclass(frozen=True)
class Words:
    """What the legend says."""

    share: str
    no_share: str
    planned: str
    visited: str


def draw(
    *, boundaries: Mapping[str, Any], shares: Mapping[str, float | None],
    points: Collection[tuple[float, float, int]], extent: tuple[float, float, float, float] | None,
    title: str, words: Words, kind: str,
) -> bytes:  # fmt: skip
    """A picture of the kind ``svg`` or ``png``.

    ``boundaries`` is GeoJSON with ``name`` as property, ``shares`` (0..1) goes by name; ``points`` are
    (latitude, longitude, state), state 1 planned, 2 visited; ``extent`` (west, south, east, north) in degrees.
    """
    import matplotlib
    from matplotlib.figure import Figure

    # The same map gives the same file; letters stay letters, which can be searched and read aloud.
    with matplotlib.rc_context({"svg.hashsalt": "eom", "svg.fonttype": "none", "font.family": "DejaVu Sans"}):
        figure = Figure(figsize=INCHES, layout="constrained")
        axes = figure.add_subplot()
        axes.set_title(_plain(title), fontsize=12, loc="left")
        axes.set_axis_off()
        handles = [*_shade(axes, boundaries, shares, words), *_mark(axes, points, words)]
        if extent:
            _look_at(axes, extent)
        axes.legend(handles=handles, title=words.share, fontsize=8, title_fontsize=8, loc="lower left",
                    bbox_to_anchor=(0, -0.14), ncols=4, frameon=False)  # fmt: skip
        made = io.BytesIO()
        # Without a date the same map is the same file.
        figure.savefig(made, format=kind, dpi=DOTS_AN_INCH, metadata={"Date": None} if kind == "svg" else {})
    return made.getvalue()


def _shade(
    axes: Any, boundaries: Mapping[str, Any], shares: Mapping[str, float | None], words: Words
) -> Iterator[Any]:
    """Fill the areas; what the legend shows of their shades."""
    from matplotlib.patches import Patch

    for feature in boundaries["features"]:
        colour = shade(shares.get(feature["properties"]["name"]))
        for ring in _outer_rings(feature["geometry"]):
            xs, ys = zip(*((pair[0], pair[1]) for pair in ring), strict=True)
            axes.fill(xs, ys, facecolor=colour, edgecolor=EDGE, linewidth=0.6)
    for number, colour in enumerate(SHADES):
        label = f"{percent(number / len(SHADES), 0)} – {percent((number + 1) / len(SHADES), 0)}"
        yield Patch(facecolor=colour, edgecolor=EDGE, label=label)
    yield Patch(facecolor=NO_SHADE, edgecolor=EDGE, label=words.no_share)


def _mark(axes: Any, points: Collection[tuple[float, float, int]], words: Words) -> Iterator[Any]:
    """Draw the centres; what the legend shows of their marks."""
    for state, label in ((1, words.planned), (2, words.visited)):
        chosen = [point for point in points if point[2] == state]
        colour, mark, size = MARKS[state]
        yield axes.scatter(
            [point[1] for point in chosen], [point[0] for point in chosen], c=colour, marker=mark, s=size,
            edgecolors="black", linewidths=0.4, zorder=3, label=label,
        )  # fmt: skip


def _look_at(axes: Any, extent: tuple[float, float, float, float]) -> None:
    """Show a country, a degree as long each way as it is in its middle."""
    west, south, east, north = extent
    axes.set_xlim(west - MARGIN, east + MARGIN)
    axes.set_ylim(south - MARGIN, north + MARGIN)
    axes.set_aspect(1 / _squeeze((south + north) / 2))


def _squeeze(latitude: float) -> float:
    """How much shorter a degree of longitude is than one of latitude there."""
    return max(math.cos(math.radians(latitude)), 0.1)


def _plain(text: str) -> str:
    """A text without what matplotlib would read as a formula."""
    return text.replace("$", r"\$")


def _outer_rings(geometry: Mapping[str, Any]) -> Iterator[Sequence[Sequence[float]]]:
    """The outlines of a polygon or of several; holes (an enclave is an area of its own) are drawn over."""
    if geometry["type"] == "Polygon":
        yield geometry["coordinates"][0]
    elif geometry["type"] == "MultiPolygon":
        for polygon in geometry["coordinates"]:
            yield polygon[0]
