"""The workbook's ground: sheets with their names, styles, and cells that are safe and remembered.

Every formula is written with the value it must have, so that a previewer that does not calculate
shows figures too; ``workbook_finish`` puts those values into the file.
"""

from __future__ import annotations

import math
import re
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Side
from openpyxl.utils import get_column_letter, quote_sheetname

from eom.core.i18n import _, day, lazy
from eom.core.money import to_units
from eom.core.spreadsheet_cells import put_text
from eom.reporting.annual.figures import AnnualFigures, Issue, MissionFigures

BLUE, PALE, GRID, AMBER, RED = "FF1F4E79", "FFE8EEF5", "FFBFC9D4", "FFFFF2CC", "FF9C0006"
FONT, POINTS_A_LINE = "Arial", 13.5
MONEY, COUNT, SHARE, DAY = '#,##0.00;[Red]-#,##0.00;"–"??', "#,##0", "0.0%", "yyyy-mm-dd"
LETTER, TABLOID = 1, 3
MAX_NAME, MAX_HEIGHT = 31, 409
WRAPPED = ("text", "label", "plain")
Value = str | int | Decimal | date | None
SHEETS = {
    "cover": lazy("Cover"),
    "sources": lazy("Sources of funding"),
    "missions": lazy("Spending by mission"),
    "matrix": lazy("Mission × source"),
    "charts": lazy("Charts"),
    "reconciliation": lazy("Reconciliation"),
    "notes": lazy("Notes"),
}


BEFORE_MISSIONS = ("cover", "sources", "missions", "matrix")


def mission_key(code: str) -> str:
    """The key of a mission's sheet."""
    return f"mission {code}"


def sheet_names(titles: dict[str, Any]) -> dict[str, str]:
    """Titles as names a workbook takes: no forbidden sign, 31 characters at most, none twice."""
    names: dict[str, str] = {}
    for key, title in titles.items():
        clean = re.sub(r"[\[\]:*?/\\\x00-\x1f]", " ", str(title)).strip(" '") or key
        name, number = clean[:MAX_NAME].rstrip(" '"), 1
        while name.casefold() in {taken.casefold() for taken in names.values()}:
            number += 1
            ending = f" {number}"
            name = clean[: MAX_NAME - len(ending)].rstrip(" '") + ending
        names[key] = name
    return names


def _font(size: int = 10, **look: Any) -> Font:
    return Font(name=FONT, size=size, **look)


def _styles() -> list[NamedStyle]:
    thin, thick = Side(style="thin", color=GRID), Side(style="medium", color=BLUE)
    grid, head = Border(bottom=thin), PatternFill("solid", fgColor=BLUE)
    total: dict[str, Any] = {
        "font": _font(bold=True),
        "fill": PatternFill("solid", fgColor=PALE),
        "border": Border(top=thick, bottom=thin),
    }
    top, wrap = (
        Alignment(vertical="top"),
        Alignment(vertical="top", horizontal="left", wrap_text=True, indent=1),
    )
    middle = Alignment(vertical="center", horizontal="center", wrap_text=True)
    made = [
        NamedStyle("eom title", font=_font(16, bold=True, color=BLUE)),
        NamedStyle("eom subtitle", font=_font(color="FF595959")),
        NamedStyle("eom section", font=_font(12, bold=True, color=BLUE)),
        NamedStyle("eom warning", font=_font(bold=True, color=RED), fill=PatternFill("solid", fgColor=AMBER)),
        NamedStyle("eom heading", font=_font(bold=True, color="FFFFFFFF"), fill=head, alignment=middle),
        NamedStyle("eom label", font=_font(bold=True), alignment=wrap, border=grid),
        NamedStyle("eom plain", font=_font(), alignment=wrap),
    ]
    kinds = {
        "text": ("@", wrap),
        "money": (MONEY, top),
        "count": (COUNT, top),
        "share": (SHARE, top),
        "day": (DAY, top),
        "rate": ("0.0000", top),
    }
    for name, (pattern, alignment) in kinds.items():
        made.append(
            NamedStyle(f"eom {name}", font=_font(), number_format=pattern, alignment=alignment, border=grid)
        )
        made.append(NamedStyle(f"eom {name} total", number_format=pattern, alignment=alignment, **total))
    return made


class Book:
    """The workbook being written, with the figures it is written from."""

    def __init__(self, figures: AnnualFigures, issue: Issue) -> None:
        self.figures, self.issue = figures, issue
        self.workbook: Any = Workbook()
        self.workbook.remove(self.workbook.worksheets[0])
        for style in _styles():
            self.workbook.add_named_style(style)
        self.names = sheet_names(self._titles())
        self.pages = {key: Page(self, key, name) for key, name in self.names.items()}

    def _titles(self) -> dict[str, Any]:
        """The sheets by key, in their order: those of the missions stand behind the matrix."""
        before = {key: title for key, title in SHEETS.items() if key in BEFORE_MISSIONS}
        missions = {mission_key(mission.code): mission.code for mission in self.with_sheet}
        return before | missions | SHEETS

    @property
    def with_sheet(self) -> tuple[MissionFigures, ...]:
        """The missions that have a sheet of their own: none in a snapshot from before there were parts."""
        return self.figures.missions if self.figures.parts or self.figures.months else ()

    @property
    def title(self) -> str:
        """The report's title."""
        return str(
            _("Annual report on electoral observation missions: sources of funding and spending by mission")
        )


class Page:
    """A sheet: rows and columns count from 1; amounts come in cents and stand as dollars."""

    def __init__(self, book: Book, key: str, name: str) -> None:
        self.book, self.key, self.name = book, key, name
        self.sheet: Any = book.workbook.create_sheet(name)
        self.values: dict[str, Value] = {}

    def put(self, row: int, column: int, value: Value, style: str = "text") -> None:
        """Write text, a number or a date. Text stays text, whatever sign it begins with."""
        cell = self.sheet.cell(row, column)
        cell.style = f"eom {style}"
        if value is None or value == "":
            return
        if not isinstance(value, str):
            cell.value = value
            return
        text = put_text(cell, value)
        if style in WRAPPED:
            self.make_room(row, text, self.sheet.column_dimensions[get_column_letter(column)].width)

    def make_room(self, row: int, text: str, width: float) -> None:
        """Make the row high enough for a text that wraps at ``width`` (LibreOffice does not by itself)."""
        lines = sum(max(1, math.ceil(len(part) * 0.95 / max(width - 2, 1))) for part in text.split("\n"))
        needed = min(MAX_HEIGHT, POINTS_A_LINE * lines)
        if lines > 1 and needed > (self.sheet.row_dimensions[row].height or 0):
            self.sheet.row_dimensions[row].height = needed

    def money(self, row: int, column: int, cents: int | None, style: str = "money") -> None:
        """Write an amount as a number with two decimals."""
        self.put(row, column, None if cents is None else to_units(cents), style)

    def formula(self, row: int, column: int, formula: str, value: Value, style: str = "money") -> None:
        """Write a formula of ours and remember the value it must have."""
        cell = self.sheet.cell(row, column)
        cell.style = f"eom {style}"
        cell.value = f"={formula}"
        self.values[cell.coordinate] = value

    def ref(self, row: int, column: int) -> str:
        """The cell as other sheets name it."""
        return f"{quote_sheetname(self.name)}!${get_column_letter(column)}${row}"

    def span(self, first_row: int, column: int, last_row: int, last_column: int | None = None) -> str:
        """A range as other sheets name it."""
        last = get_column_letter(last_column or column)
        return f"{self.ref(first_row, column)}:${last}${last_row}"

    def head(self, title: str | None = None) -> int:
        """Write the title, the line below and the demonstration's mark; the next free row."""
        book = self.book
        self.put(1, 1, title or str(SHEETS[self.key]), "title")
        self.put(2, 1, self._line(), "subtitle")
        if book.figures.is_demonstration:
            self.put(3, 1, demonstration_mark(), "warning")
        return 5

    def _line(self) -> str:
        issue, figures = self.book.issue, self.book.figures
        words = _(
            "Fiscal year %(year)s · in %(currency)s · %(status)s, revision %(revision)s · as of %(day)s",
            year=figures.year,
            currency=figures.currency,
            status=issue.status.label,
            revision=issue.revision,
            day=day(figures.prepared_as_of, "long"),
        )
        return str(words)

    def section(self, row: int, text: str) -> int:
        """Write a section's heading; the next row."""
        self.put(row, 1, text, "section")
        return row + 1

    def headings(self, row: int, texts: list[str], height: int = 48) -> None:
        """Write a row of column headings."""
        for column, text in enumerate(texts, 1):
            self.put(row, column, text, "heading")
        self.sheet.row_dimensions[row].height = height

    def widths(self, *widths: float) -> None:
        """Set the columns' widths from the first on."""
        for column, width in enumerate(widths, 1):
            self.sheet.column_dimensions[get_column_letter(column)].width = width

    def printing(self, heading_row: int | None = None, *, wide: bool = False, across: int = 1) -> None:
        """Landscape, as wide as the paper, headings on every page, header and footer with page numbers."""
        sheet = self.sheet
        sheet.page_setup.orientation = "landscape"
        sheet.page_setup.paperSize = TABLOID if wide else LETTER
        sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = across, 0
        sheet.sheet_properties.pageSetUpPr.fitToPage = True
        sheet.sheet_view.showGridLines = False
        sheet.print_options.horizontalCentered = True
        margins = sheet.page_margins
        margins.left = margins.right = 0.4
        margins.top = margins.bottom = 0.75
        if heading_row:
            sheet.print_title_rows = f"{heading_row}:{heading_row}"
        figures = self.book.figures
        if figures.is_demonstration:
            for column in range(2, min(sheet.max_column, 3) + 1):
                self.put(3, column, None, "warning")
        sheet.oddHeader.left.text = _coded(
            _("Electoral observation missions, fiscal year %(year)s", year=figures.year)
        )
        sheet.oddHeader.right.text = _coded(demonstration_mark() if figures.is_demonstration else self.name)
        sheet.oddFooter.left.text = _coded(self.book.issue.status.label)
        sheet.oddFooter.right.text = _("Page %(page)s of %(pages)s", page="&P", pages="&N")


def demonstration_mark() -> str:
    """What every sheet says when people and amounts are invented."""
    return str(_("DEMONSTRATION: people and amounts are invented"))


def _coded(text: Any) -> str:
    return str(text).replace("&", "&&")


def quoted(text: Any) -> str:
    """Text as a formula writes it."""
    return '"' + str(text).replace('"', '""') + '"'


def at_midnight(value: date) -> datetime:
    """A date as the document's properties want it."""
    return datetime(value.year, value.month, value.day)
