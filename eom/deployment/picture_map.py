"""The coverage map as a picture for a report, made on the server: SVG for print, PNG for documents.

Areas are shaded in the five classes of the map on the page, which differ in lightness too; centres are points
of two shapes, so that neither colour nor sight of it is needed to tell them apart.
"""

from __future__ import annotations

import io
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from eom.core.i18n import percent
from eom.stations.coverage_map import NO_SHADE, SHADES, shade

INCHES = (7.0, 7.5)
DOTS_AN_INCH = 200
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
    points: Sequence[tuple[float, float, int, int]], extent: tuple[float, float, float, float] | None,
    title: str, words: Words, kind: str,
) -> bytes:  # fmt: skip
    """A picture of the kind ``svg`` or ``png``.

    ``boundaries`` is GeoJSON with ``name`` as property, ``shares`` (0..1) goes by name; ``points`` are
    (latitude, longitude, id, state), state 1 planned, 2 visited; ``extent`` (west, south, east, north) in degrees.
    """
    import matplotlib
    from matplotlib.figure import Figure
    from matplotlib.patches import Patch

    # The same map gives the same file; letters stay letters, which can be searched and read aloud.
    with matplotlib.rc_context({"svg.hashsalt": "eom", "svg.fonttype": "none", "font.family": "DejaVu Sans"}):
        figure = Figure(figsize=INCHES, layout="constrained")
        axes = figure.add_subplot()
        axes.set_title(_plain(title), fontsize=12, loc="left")
        for feature in boundaries["features"]:
            colour = shade(shares.get(feature["properties"]["name"]))
            for ring in _outer_rings(feature["geometry"]):
                xs, ys = zip(*((pair[0], pair[1]) for pair in ring), strict=True)
                axes.fill(xs, ys, facecolor=colour, edgecolor="#4d4d4d", linewidth=0.6)
        handles: list[Any] = [
            Patch(facecolor=colour, edgecolor="#4d4d4d",
                  label=f"{percent(number / len(SHADES), 0)} – {percent((number + 1) / len(SHADES), 0)}")
            for number, colour in enumerate(SHADES)
        ]  # fmt: skip
        handles.append(Patch(facecolor=NO_SHADE, edgecolor="#4d4d4d", label=words.no_share))
        for state, label in ((1, words.planned), (2, words.visited)):
            chosen = [point for point in points if point[3] == state]
            colour, mark, size = MARKS[state]
            handles.append(
                axes.scatter([p[1] for p in chosen], [p[0] for p in chosen], c=colour, marker=mark, s=size,
                             edgecolors="black", linewidths=0.4, zorder=3, label=label)
            )  # fmt: skip
        if extent:
            west, south, east, north = extent
            axes.set_xlim(west - 0.2, east + 0.2)
            axes.set_ylim(south - 0.2, north + 0.2)
            axes.set_aspect(1 / _squeeze((south + north) / 2))
        axes.set_axis_off()
        axes.legend(handles=handles, title=words.share, fontsize=8, title_fontsize=8, loc="lower left",
                    bbox_to_anchor=(0, -0.14), ncols=4, frameon=False)  # fmt: skip
        made = io.BytesIO()
        # Without a date the same map is the same file.
        metadata: dict[str, Any] = {"Date": None} if kind == "svg" else {}
        figure.savefig(made, format=kind, dpi=DOTS_AN_INCH, metadata=metadata)
    return made.getvalue()


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
