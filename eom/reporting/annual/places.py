"""Where a figure stands in the report, so that it can be named in an address, looked up and traced.

A place is a column of the sources or of the missions, narrowed to an award, a mission, a kind of source
or an object; without any it is the total. What it holds is read from the snapshot alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from eom.core.errors import NotFound
from eom.core.i18n import lazy
from eom.reporting.annual.controls import in_kind_by_mission, paid_by_fund
from eom.reporting.annual.figures import OBJECTS, AnnualFigures, MatrixCell, PartFigures
from eom.reporting.annual.kinds import SourceKind

SOURCES, MISSIONS = "sources", "missions"
# Columns that add up the matrix, so that they can be narrowed to any source, mission and object.
SPENDING = ("direct", "icr", "spent")
OF_SOURCES = (
    "pledged", "agreed", "opening", "received", "transfers_in", "interest", "exchange", "available", *SPENDING, "refunds",
    "transfers_out", "closing",
)  # fmt: skip
OF_PARTS = ("opening", "allocated", "exchange", "refunds", "closing")
OF_MISSIONS = (
    "budget", "opening", "allocated", "allocated_cash", "allocated_regular", *SPENDING, "exchange", "refunds", "closing",
    "spent_since_start", "paid_regular", "paid_specific", "in_kind", "open_obligations",
)  # fmt: skip


@dataclass(frozen=True)
class Place:
    """``part`` and ``column``; the rest narrows and is empty (or 0) for all."""

    part: str
    column: str
    award: str = ""
    mission: str = ""
    kind: str = ""
    object: int = 0
    row: int = 0

    @property
    def arguments(self) -> dict[str, str]:
        """What an address says of it."""
        named = {name: getattr(self, name) for name in ("part", "column", "award", "mission", "kind")}
        return {k: str(v) for k, v in named.items() if v} | {
            k: str(v) for k, v in (("object", self.object), ("row", self.row)) if v
        }

    @property
    def is_spending(self) -> bool:
        """Whether it adds up cells of the matrix."""
        return self.column in SPENDING

    def narrowed(self, **to: Any) -> Place:
        """The same column of fewer rows."""
        return replace(self, **to)


def check(place: Place, figures: AnnualFigures) -> None:
    """Raise NotFound for a place that is not in the report."""
    columns = {SOURCES: OF_SOURCES, MISSIONS: OF_MISSIONS}.get(place.part, ())
    if place.part == MISSIONS and place.award and not place.is_spending:
        columns = OF_PARTS
    is_there = (
        place.column in columns
        and (not place.award or place.award in {source.award for source in figures.sources})
        and (not place.mission or place.mission in {mission.code for mission in figures.missions})
        and (not place.kind or place.kind in {kind.value for kind in SourceKind})
        and (not place.object or (place.object in OBJECTS and place.column in ("direct", "spent")))
        and (not place.row or (place.column == "in_kind" and 0 < place.row <= len(figures.in_kind)))
        and (not place.mission or place.part == MISSIONS)
        and (not place.kind or place.is_spending or place.part == SOURCES or place.column == "in_kind")
    )
    if not is_there:
        raise NotFound(lazy("The report has no such figure."))


def figure_at(figures: AnnualFigures, place: Place) -> int:
    """What the report says there, in cents; unknown counts as nil. Raises NotFound."""
    check(place, figures)
    if place.is_spending:
        return sum(cost_of(cell, place) for cell in cells_of(figures, place))
    if place.part == SOURCES:
        rows = [s for s in figures.sources if _names(place, s.award, s.kind)]
        return _sum(rows, place.column)
    if place.row:
        return figures.in_kind[place.row - 1].valued_cents
    if place.award:
        return _sum(parts_at(figures, place), place.column)
    return _of_missions(figures, place)


def cells_of(figures: AnnualFigures, place: Place) -> list[MatrixCell]:
    """The cells of the matrix that a place adds up."""
    kinds = {source.award: source.kind for source in figures.sources}
    return [
        cell
        for cell in figures.matrix
        if _names(place, cell.award, kinds[cell.award])
        and (not place.mission or cell.mission_code == place.mission)
        and (not place.object or cell.object == place.object)
    ]


def parts_at(figures: AnnualFigures, place: Place) -> list[PartFigures]:
    """The parts of missions that a place adds up."""
    return [
        part
        for part in figures.parts
        if (not place.award or part.award == place.award)
        and (not place.mission or part.mission_code == place.mission)
    ]


def _names(place: Place, award: str, kind: SourceKind) -> bool:
    return (not place.award or award == place.award) and (not place.kind or kind == place.kind)


def cost_of(cell: MatrixCell, place: Place) -> int:
    """What a cell of the matrix holds for a place (US cents)."""
    # On one object stands direct spending alone: indirect costs have a column of their own.
    if place.object or place.column == "direct":
        return cell.spent_cents
    return cell.icr_cents if place.column == "icr" else cell.total_cents


def _of_missions(figures: AnnualFigures, place: Place) -> int:
    missions = [m for m in figures.missions if not place.mission or m.code == place.mission]
    codes = [mission.code for mission in missions]
    if place.column in ("paid_regular", "paid_specific"):
        paid, at = paid_by_fund(figures), ("paid_regular", "paid_specific").index(place.column)
        return sum(paid[code][at] for code in codes)
    if place.column == "in_kind":
        if place.kind:
            gifts = [gift for gift in figures.in_kind if gift.kind == place.kind]
            return sum(gift.valued_cents for gift in gifts if gift.mission_code in codes)
        valued = in_kind_by_mission(figures)
        return sum(valued.get(code, 0) for code in codes)
    if place.column == "allocated":
        return _sum(missions, "allocated_cash") + _sum(missions, "allocated_regular")
    return _sum(missions, place.column)


def _sum(rows: Iterable[Any], column: str) -> int:
    return sum(getattr(row, f"{column}_cents") or 0 for row in rows)
