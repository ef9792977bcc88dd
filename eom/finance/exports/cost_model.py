"""The cost model as a workbook whose figures are formulas over its own rows and assumptions."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from io import BytesIO
from typing import Any

from eom.core import i18n
from eom.core.i18n import _
from eom.core.money import to_units
from eom.core.spreadsheet_cells import put_text
from eom.finance.cost_model import ENOUGH, ExpectedMission, PastMission, Size

USD = "#,##0.00;[Red]-#,##0.00"


class _Sheet:
    """A sheet that is written row by row; text from people never becomes a formula."""

    def __init__(self, book: Any, title: str, widths: Sequence[int]) -> None:
        self.page = book.create_sheet(title[:31])
        self.title, self.row = title[:31], 0
        for place, width in enumerate(widths):
            self.page.column_dimensions["ABCDEFGHIJKL"[place]].width = width

    def add(self, *values: Any, bold: bool = False) -> int:
        """Write a row; a value as ("=…", format) is a formula. Returns its number."""
        from openpyxl.styles import Font

        self.row += 1
        for place, value in enumerate(values, start=1):
            cell = self.page.cell(self.row, place)
            if isinstance(value, tuple):
                cell.value, cell.number_format = value
            elif isinstance(value, Decimal):
                cell.value, cell.number_format = value, USD
            elif isinstance(value, str):
                put_text(cell, value)
            else:
                cell.value = value
            cell.font = Font(bold=bold)
        return self.row

    def head(self, *names: Any) -> None:
        """The row of headings; what follows scrolls under it."""
        self.add(*(str(name) for name in names), bold=True)
        self.page.freeze_panes = f"A{self.row + 1}"


def write(
    past: Sequence[PastMission],
    expected: Sequence[ExpectedMission],
    share: Decimal,
    assumptions: Sequence[str],
) -> bytes:
    """The workbook. ``share`` is the Regular Fund's part that is asked for (0..1)."""
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.worksheets[0])
    first = _assumptions(book, share, assumptions)
    units = _past(book, past)
    rows = _expected(book, expected, units)
    _years(book, expected, rows, first)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _assumptions(book: Any, share: Decimal, assumptions: Sequence[str]) -> str:
    """The sheet that says what is assumed. Returns the address of the Regular Fund's share."""
    sheet = _Sheet(book, _("Assumptions"), (70, 16))
    sheet.head(_("Assumption"), _("Value"))
    row = sheet.add(_("Part of the cost that the Regular Fund is to pay"), (share, "0.0%"))
    for text in assumptions:
        sheet.add(text)
    return f"'{sheet.title}'!$B${row}"


def _past(book: Any, past: Sequence[PastMission]) -> dict[Size | None, str]:
    """Past missions by size, and their quartiles. Returns by size where its three quartiles stand (row)."""
    sheet = _Sheet(book, _("Past missions"), (20, 10, 30, 12, 10, 16, 18, 16))
    sheet.head(_("Mission"), _("Year"), _("Size"), _("Observers"), _("Days"), _("Cost in US dollars"),
               _("For each observer and day"), _("Regular Fund"))  # fmt: skip
    spans: dict[Size | None, tuple[int, int]] = {}
    start = sheet.row + 1
    for size in Size:
        rows = [_past_row(sheet, each) for each in past if each.size is size]
        if len(rows) >= ENOUGH:
            spans[size] = (rows[0], rows[-1])
    if past:
        spans[None] = (start, sheet.row)
    sheet.add()
    sheet.add(_("Cost of an observer and day"), "", "", _("Lower quartile"), _("Median"), _("Upper quartile"), bold=True)  # fmt: skip
    return {key: _quartiles(sheet, key, first, last) for key, (first, last) in spans.items()}


def _past_row(sheet: _Sheet, mission: PastMission) -> int:
    at = sheet.row + 1
    unit = (f"=F{at}/(D{at}*E{at})", USD)
    return sheet.add(
        mission.code, mission.year, str(mission.size.label), mission.observer_count, mission.day_count,
        to_units(mission.usd_cents), unit, to_units(mission.regular_cents),
    )  # fmt: skip


def _quartiles(sheet: _Sheet, size: Size | None, first: int, last: int) -> str:
    """The row of the quartiles of a size; returns the address of a column in it, as a pattern."""
    found = [(f"=QUARTILE($G${first}:$G${last},{number})", USD) for number in (1, 2, 3)]
    row = sheet.add(str(size.label) if size else _("All missions"), "", "", *found)
    return f"'{sheet.title}'!${{column}}${row}"


def _expected(
    book: Any, expected: Sequence[ExpectedMission], units: dict[Size | None, str]
) -> tuple[str, int]:
    """The missions to come and their cost. Returns the sheet's name and its last row."""
    sheet = _Sheet(book, _("Expected missions"), (40, 22, 10, 12, 8, 12, 16, 16, 16, 16, 40))
    sheet.head(_("Mission"), _("Country"), _("Year"), _("Observers"), _("Days"), _("Likelihood"), _("Approved budget"),
               _("Low"), _("Middle"), _("High"), _("Source"))  # fmt: skip
    for each in expected:
        at = sheet.row + 1
        size = Size.of(each.observer_count) if each.observer_count else None
        unit = units.get(size, units.get(None))
        sheet.add(
            each.name, i18n.country_name(each.country), each.year, each.observer_count, each.day_count,
            (Decimal(each.likelihood_percent) / 100, "0%"),
            to_units(each.budget_cents) if each.budget_cents is not None else None,
            *((_cost(each, at, unit, column), USD) for column in "DEF"), each.source,
        )  # fmt: skip
    return sheet.title, max(sheet.row, 2)


def _cost(mission: ExpectedMission, row: int, unit: str | None, column: str) -> str | None:
    if mission.budget_cents is not None:
        return f"=G{row}*F{row}"
    if unit is None or not mission.observer_count or not mission.day_count:
        return None
    return f"=D{row}*E{row}*F{row}*{unit.format(column=column)}"


def _years(book: Any, expected: Sequence[ExpectedMission], rows: tuple[str, int], share: str) -> None:
    title, last = rows
    sheet = _Sheet(book, _("By year"), (12, 16, 16, 16, 20, 20, 20))
    sheet.head(_("Year"), _("Low"), _("Middle"), _("High"), _("Regular Fund, low"), _("Regular Fund, middle"),
               _("Regular Fund, high"))  # fmt: skip
    begin = sheet.row + 1
    for year in sorted({each.year for each in expected}):
        at = sheet.row + 1
        sums = [
            (f"=SUMIF('{title}'!$C$2:$C${last},$A{at},'{title}'!{column}$2:{column}${last})", USD)
            for column in "HIJ"
        ]
        sheet.add(year, *sums, *((f"={column}{at}*{share}", USD) for column in "BCD"))
    if expected:
        sums = [(f"=SUM({column}{begin}:{column}{sheet.row})", USD) for column in "BCDEFG"]
        sheet.add(_("Total"), *sums, bold=True)
