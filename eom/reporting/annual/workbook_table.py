"""Tables of a sheet: columns declared once, formulas by the columns' names, a row of totals."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from openpyxl.utils import get_column_letter

from eom.core.i18n import _
from eom.core.money import to_units
from eom.reporting.annual.workbook_book import Page

Row = Any


@dataclass(frozen=True)
class Column:
    """One column. ``value`` gives text, a count, a date, cents (kind money) or a share (kind share).

    ``formula`` names columns in braces; ``{name_total}`` is the cell of the totals' row.
    ``total``: None, "sum", or "formula" where the row's own formula holds for the totals too.
    """

    key: str
    heading: Any
    value: Callable[[Row], Any]
    kind: str = "money"
    width: float = 15
    formula: str | None = None
    total: str | None = "sum"


@dataclass
class Table:
    """Where a table came to stand."""

    page: Page
    columns: Sequence[Column]
    heading_row: int
    first: int
    last: int
    total_row: int

    def at(self, key: str) -> int:
        """The column's number."""
        return next(place for place, column in enumerate(self.columns, 1) if column.key == key)

    def total(self, key: str) -> str:
        """The total's cell, for another sheet."""
        return self.page.ref(self.total_row, self.at(key))

    def cell(self, row: int, key: str) -> str:
        """A cell, for another sheet."""
        return self.page.ref(row, self.at(key))

    def span(self, key: str) -> str:
        """The column's rows, for another sheet."""
        return self.page.span(self.first, self.at(key), self.last)

    def formula(self, template: str, row: int) -> str:
        """The formula with the columns' names replaced by the cells of a row."""
        names = {}
        for place, column in enumerate(self.columns, 1):
            letter = get_column_letter(place)
            names[column.key] = f"{letter}{row}"
            names[f"{column.key}_total"] = f"{letter}${self.total_row}"
        return template.format(**names)


def shown(column: Column, value: Any) -> Any:
    """A figure as its cell holds it."""
    return to_units(value) if column.kind == "money" and value is not None else value


def write_table(page: Page, row: int, columns: Sequence[Column], rows: Sequence[Row], whole: Row) -> Table:
    """Write headings, rows and totals from ``row`` on.

    ``whole`` gives the totals' values to the columns' ``value``, as a row does. Without rows one
    empty row stands there, so that every formula has its range.
    """
    first = row + 1
    last = first + max(len(rows), 1) - 1
    table = Table(page, columns, row, first, last, last + 1)
    page.headings(row, [str(column.heading) for column in columns])
    for number, figures in enumerate(rows, first):
        for place, column in enumerate(columns, 1):
            _write(table, number, place, column, shown(column, column.value(figures)))
    _write_totals(table, whole)
    return table


def _write(table: Table, row: int, place: int, column: Column, value: Any) -> None:
    if column.formula:
        table.page.formula(row, place, table.formula(column.formula, row), value, column.kind)
    else:
        table.page.put(row, place, value, column.kind)


def _write_totals(table: Table, whole: Row) -> None:
    page, row = table.page, table.total_row
    for place, column in enumerate(table.columns, 1):
        style = f"{column.kind} total"
        if column.total == "sum":
            letter = get_column_letter(place)
            formula = f"SUM({letter}{table.first}:{letter}{table.last})"
            page.formula(row, place, formula, shown(column, column.value(whole)), style)
        elif column.total == "formula" and column.formula:
            page.formula(
                row, place, table.formula(column.formula, row), shown(column, column.value(whole)), style
            )
        else:
            page.put(row, place, _("Total") if place == 1 else None, style)


def share(part: int, whole: int) -> Decimal:
    """A part of a whole; 0 of nothing."""
    return Decimal(part) / Decimal(whole) if whole else Decimal(0)


class Sum:
    """Rows added up: an attribute is the sum of that attribute over the rows (cents; unknown is none)."""

    def __init__(self, rows: Sequence[Row]) -> None:
        self._rows = rows

    def __getattr__(self, name: str) -> int:
        return sum(getattr(row, name) or 0 for row in self._rows)
