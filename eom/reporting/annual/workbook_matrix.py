"""Sheet «Mission × source»: what each source paid on each mission; a row a source, a column a mission."""

from __future__ import annotations

from dataclasses import dataclass

from openpyxl.utils import get_column_letter

from eom.core.i18n import _
from eom.core.money import to_units
from eom.reporting.annual.controls import matrix_totals
from eom.reporting.annual.figures import SourceKind
from eom.reporting.annual.workbook_book import Page

LABELS = 3
MISSIONS_A_PAGE = 12


@dataclass(frozen=True)
class MatrixSheet:
    """Where the matrix stands."""

    page: Page
    first: int
    last: int
    total_row: int
    columns: dict[str, int]
    rows: dict[str, int]
    total_column: int

    @property
    def total(self) -> str:
        """The grand total's cell, for another sheet."""
        return self.page.ref(self.total_row, self.total_column)

    def source_total(self, award: str) -> str:
        """What a source paid on all missions."""
        return self.page.ref(self.rows[award], self.total_column)

    def mission_total(self, code: str) -> str:
        """What all sources paid on a mission."""
        return self.page.ref(self.total_row, self.columns[code])

    def paid_by(self, code: str, kind: str) -> str:
        """The formula's part that adds up what sources of a kind (a quoted label) paid on a mission."""
        kinds = self.page.span(self.first, 1, self.last)
        return f"SUMIF({kinds},{kind},{self.page.span(self.first, self.columns[code], self.last)})"


def write_matrix(page: Page) -> MatrixSheet:
    """Write the sheet."""
    figures = page.book.figures
    heading = page.head()
    codes = [mission.code for mission in figures.missions]
    first = heading + 1
    place = MatrixSheet(
        page,
        first,
        first + max(len(figures.sources), 1) - 1,
        first + max(len(figures.sources), 1),
        {code: LABELS + number for number, code in enumerate(codes, 1)},
        {source.award: first + number for number, source in enumerate(figures.sources)},
        LABELS + max(len(codes), 1) + 1,
    )
    texts = [_("Kind of source"), _("Source"), _("Award"), *(codes or [""]), _("Total")]
    page.headings(heading, texts, 32)
    page.widths(20, 30, 18, *[15] * (max(len(codes), 1) + 1))
    cells = matrix_totals(figures)
    _write_rows(place, cells)
    _write_totals(place, cells)
    page.sheet.freeze_panes = page.sheet.cell(first, LABELS + 1)
    page.sheet.auto_filter.ref = f"A{heading}:{get_column_letter(place.total_column)}{place.last}"
    page.sheet.print_title_cols = f"A:{get_column_letter(LABELS)}"
    page.printing(heading, wide=True, across=max(1, -(-len(codes) // MISSIONS_A_PAGE)))
    return place


def _write_rows(place: MatrixSheet, cells: dict[tuple[str, str], int]) -> None:
    page = place.page
    last = get_column_letter(place.total_column - 1)
    start = get_column_letter(LABELS + 1)
    for source in page.book.figures.sources:
        row = place.rows[source.award]
        for column, text in enumerate((str(SourceKind(source.kind).label), source.donor, source.award), 1):
            page.put(row, column, text)
        paid = 0
        for code, column in place.columns.items():
            cents = cells.get((source.award, code))
            page.money(row, column, cents)
            paid += cents or 0
        page.formula(row, place.total_column, f"SUM({start}{row}:{last}{row})", to_units(paid), "money total")


def _write_totals(place: MatrixSheet, cells: dict[tuple[str, str], int]) -> None:
    page, row = place.page, place.total_row
    known = {key: cents for key, cents in cells.items() if key[0] in place.rows and key[1] in place.columns}
    for column in range(1, LABELS + 1):
        page.put(row, column, _("Total") if column == 1 else None, "text total")
    by_column = {column: code for code, column in place.columns.items()}
    for column in range(LABELS + 1, place.total_column + 1):
        letter = get_column_letter(column)
        code = by_column.get(column)
        whole = column == place.total_column
        paid = sum(cents for key, cents in known.items() if whole or key[1] == code)
        page.formula(
            row, column, f"SUM({letter}{place.first}:{letter}{place.last})", to_units(paid), "money total"
        )
