"""Tables ready to show, on a page and in a document: words, amounts, and where each amount stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from eom.core.i18n import number
from eom.core.money import to_units
from eom.reporting.annual.places import Place

WORD, AMOUNT = "start", "end"


@dataclass(frozen=True)
class Heading:
    """A column: its words, whether figures stand in it, or codes that must not break over lines."""

    label: str
    align: str = AMOUNT
    is_code: bool = False


@dataclass(frozen=True)
class Cell:
    """What stands in a cell. ``place`` names its figure, so that it leads to the lines behind it."""

    text: str
    place: Place | None = None


@dataclass(frozen=True)
class Row:
    """A row. ``code`` names the mission it leads to; sums of rows stand out."""

    cells: Sequence[Cell]
    code: str = ""
    is_sum: bool = False


@dataclass(frozen=True)
class Grid:
    """A table ready to show. ``total`` is its last row."""

    key: str
    title: str
    headings: Sequence[Heading]
    rows: Sequence[Row]
    total: Row | None = None

    def without(self, column: int) -> Grid:
        """The table without a column, where paper has no room for it."""

        def cut(row: Row) -> Row:
            return replace(row, cells=[*row.cells[:column], *row.cells[column + 1 :]])

        heads = [*self.headings[:column], *self.headings[column + 1 :]]
        return replace(
            self, headings=heads, rows=[cut(row) for row in self.rows], total=self.total and cut(self.total)
        )


def amount(cents: int | None) -> str:
    """Cents as an amount without its currency, which the table names; a dash for nil and for unknown."""
    return number(to_units(cents), 2) if cents else "–"


def words(*texts: str) -> list[Cell]:
    """Cells of words."""
    return [Cell(text) for text in texts]


def figure(cents: int | None, place: Place | None = None) -> Cell:
    """A cell with an amount that can be traced; nil has nothing behind it but lines that cancel out."""
    return Cell(amount(cents), place if cents is not None else None)
