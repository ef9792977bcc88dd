"""A figure of the report taken apart: by source, by mission, by object, each part a figure of its own."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import replace

from eom.core.i18n import _
from eom.reporting.annual.columns import column_name, object_heading
from eom.reporting.annual.figures import OBJECTS, AnnualFigures, MatrixCell
from eom.reporting.annual.grid import WORD, Cell, Grid, Heading, Row, figure
from eom.reporting.annual.kinds import SourceKind
from eom.reporting.annual.places import (
    MISSIONS,
    OF_PARTS,
    SOURCES,
    Place,
    cells_of,
    cost_of,
    figure_at,
    parts_at,
)

Parts = Iterable[tuple[str, int, Place]]


def breakdowns(figures: AnnualFigures, place: Place) -> list[Grid]:
    """The tables a figure is taken apart in; parts that are nil are left out."""
    found: list[tuple[str, str, Parts]] = []
    if place.is_spending:
        found = _spending(figures, place)
    elif place.part == SOURCES:
        found = _sources(figures, place)
    elif place.mission and not place.award:
        found = _of_mission(figures, place)
    elif not place.mission and not place.award:
        rows = ((m.code, m.code, place.narrowed(mission=m.code)) for m in figures.missions)
        found = [("by-mission", _("By mission"), [(a, figure_at(figures, p), p) for a, _code, p in rows])]
    return [grid for key, title, parts in found if (grid := _grid(key, title, parts))]


def _grid(key: str, title: str, parts: Parts) -> Grid | None:
    rows = [Row([Cell(label), figure(cents, place)]) for label, cents, place in parts if cents]
    if not rows:
        return None
    return Grid(key, title, [Heading(title, WORD), Heading(_("Amount"))], rows)


def _sources(figures: AnnualFigures, place: Place) -> list[tuple[str, str, Parts]]:
    if place.award:
        return []
    kinds = [(str(k.label), place.narrowed(kind=k.value)) for k in SourceKind if not place.kind]
    sources = [s for s in figures.sources if not place.kind or s.kind == place.kind]
    by_source = [(f"{s.award} · {s.donor}", Place(SOURCES, place.column, award=s.award)) for s in sources]
    return [
        ("by-kind", _("By kind of source"), [(a, figure_at(figures, p), p) for a, p in kinds]),
        ("by-source", _("By source"), [(a, figure_at(figures, p), p) for a, p in by_source]),
    ]


def _of_mission(figures: AnnualFigures, place: Place) -> list[tuple[str, str, Parts]]:
    """A mission's balance by source, where its parts say it; what the funds paid, by source too."""
    donors = {source.award: source.donor for source in figures.sources}
    if place.column in OF_PARTS:
        rows = [
            (
                f"{p.award} · {donors[p.award]}",
                getattr(p, f"{place.column}_cents"),
                place.narrowed(award=p.award),
            )
            for p in parts_at(figures, place)
        ]
        return [("by-source", _("By source"), rows)]
    if place.column in ("paid_regular", "paid_specific"):
        kinds = {source.award: source.kind for source in figures.sources}
        regular = place.column == "paid_regular"
        cells = [
            cell
            for cell in figures.matrix
            if cell.mission_code == place.mission
            and (kinds[cell.award] == SourceKind.REGULAR_FUND) is regular
        ]
        spent = replace(place, column="spent")
        return [("by-source", _("By source"), _by(cells, spent, lambda c: c.award, donors.get, "award"))]
    return []


def _spending(figures: AnnualFigures, place: Place) -> list[tuple[str, str, Parts]]:
    # A figure of the sources is a figure of the matrix: its parts stand there.
    place = replace(place, part=MISSIONS)
    cells, donors = cells_of(figures, place), {source.award: source.donor for source in figures.sources}
    found: list[tuple[str, str, Parts]] = []
    if place.column == "spent" and not place.object:
        kinds = ((column_name(each), place.narrowed(column=each)) for each in ("direct", "icr"))
        found.append(("by-cost", _("By cost"), [(a, figure_at(figures, p), p) for a, p in kinds]))
    if not place.award:
        found.append(("by-source", _("By source"), _by(cells, place, lambda c: c.award, donors.get, "award")))
    if not place.mission:
        found.append(
            (
                "by-mission",
                _("By mission"),
                _by(cells, place, lambda c: c.mission_code, lambda _c: "", "mission"),
            )
        )
    if not place.object and place.column != "icr":
        direct = place.narrowed(column="direct")
        objects = [
            (
                str(object_heading(n)),
                sum(c.spent_cents for c in cells if c.object == n),
                direct.narrowed(object=n),
            )
            for n in OBJECTS
        ]
        title = _("By object") if place.column == "direct" else _("Direct spending by object")
        found.append(("by-object", title, objects))
    return found


def _by(
    cells: Iterable[MatrixCell], place: Place, key: Callable[[MatrixCell], str],
    more: Callable[[str], str | None], name: str,
) -> Parts:  # fmt: skip
    sums: dict[str, int] = defaultdict(int)
    for cell in cells:
        sums[key(cell)] += cost_of(cell, place)
    for each, cents in sorted(sums.items()):
        told = more(each)
        yield (f"{each} · {told}" if told else each), cents, place.narrowed(**{name: each})
