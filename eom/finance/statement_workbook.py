"""A donor's statement as a workbook: the lines, and live formulas over them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from io import BytesIO
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from eom.core import i18n
from eom.core.i18n import _, in_locale
from eom.core.money import to_units
from eom.core.spreadsheet_cells import put_text
from eom.finance.statement import Statement, first_day

MONEY, DAY = '#,##0.00;[Red]-#,##0.00;"–"', "yyyy-mm-dd"
# The month in words, in the language of the statement whatever the program speaks.
_MONTHS = {"en": "[$-409]mmm yyyy", "es": "[$-80A]mmm yyyy", "fr": "[$-40C]mmm yyyy", "pt": "[$-416]mmm yyyy"}
_HEAD = PatternFill("solid", fgColor="1F3B64")
_RULE = Border(top=Side(style="thin", color="1F3B64"))


class _Sheet:
    """A sheet that is written cell by cell; text from people never becomes a formula."""

    def __init__(self, book: Workbook, title: str, widths: Sequence[float]) -> None:
        self.sheet: Worksheet = book.create_sheet(title[:31])
        for place, width in enumerate(widths, 1):
            self.sheet.column_dimensions[get_column_letter(place)].width = width
        self.sheet.page_setup.orientation = "landscape"
        self.sheet.page_setup.fitToWidth, self.sheet.page_setup.fitToHeight = 1, 0
        self.sheet.sheet_properties.pageSetUpPr.fitToPage = True  # type: ignore[union-attr]
        self.sheet.oddFooter.center.text = "&P / &N"  # type: ignore[union-attr]

    def put(self, row: int, column: int, value: Any, *, bold: bool = False, formula: bool = False) -> None:
        """Write a value: whole cents come as Decimals, days as dates, everything else as text."""
        cell = self.sheet.cell(row, column)
        if isinstance(value, str) and not formula:
            put_text(cell, value)
            cell.alignment = Alignment(wrap_text=len(value) > 40, vertical="top")
        else:
            cell.value = value
            if value is not None:
                cell.number_format = DAY if isinstance(value, date) else MONEY
        if bold:
            cell.font = Font(bold=True)

    def heads(self, row: int, names: Sequence[Any]) -> None:
        """Write a row of headings."""
        for column, name in enumerate(names, 1):
            self.put(row, column, name if isinstance(name, date) else str(name))
            cell = self.sheet.cell(row, column)
            cell.font, cell.fill = Font(bold=True, color="FFFFFF"), _HEAD
            cell.alignment = Alignment(wrap_text=True, vertical="center")

    def rule(self, row: int, columns: int) -> None:
        """A line above a row of totals."""
        for column in range(1, columns + 1):
            self.sheet.cell(row, column).border = _RULE


def write_statement(statement: Statement, language: str) -> bytes:
    """The workbook of a statement in a language."""
    with in_locale(language):
        book = Workbook()
        book.remove(book.worksheets[0])
        book.properties.title = f"{_('Statement of an award')} {statement.reference}"
        first = _Sheet(book, _("Statement"), (46, 20, 20))
        months = _Sheet(book, _("By month"), (40, *[14] * (len(statement.months) + 1)))
        moved = _Sheet(book, _("Money in and out"), (14, 30, 30, 20, 20))
        lines = _Sheet(book, _("Lines"), (12, 10, 20, 16, 10, 34, 44, 16, 10, 16, 16))
        _write_lines(lines, statement)
        _write_moved(moved, statement)
        _write_months(months, lines.sheet.title, statement)
        _show_months(months, lines, _MONTHS[language])
        _write_account(first, lines.sheet.title, moved.sheet.title, statement)
        out = BytesIO()
        book.save(out)
        return out.getvalue()


def terms(statement: Statement) -> list[tuple[str, Any]]:
    """What was agreed, as (words, value)."""
    own = statement.currency
    found = [
        (_("Donor"), statement.donor),
        (_("Award"), statement.reference),
        (_("Title"), statement.title),
        (_("Currency"), own),
        (_("Agreed"), i18n.money(statement.agreed_cents, own) if statement.agreed_cents is not None else "–"),
        (_("Agreed on"), i18n.day(statement.agreed_on)),
        (_("From"), i18n.day(statement.starts_on)),
        (_("To"), i18n.day(statement.ends_on)),
        (_("Indirect cost recovery"), f"{i18n.exact(statement.icr_percent)} % {statement.icr_basis or ''}".strip()),
        (_("Restrictions"), statement.restrictions or ""),
        (_("Account up to"), i18n.day(statement.up_to)),
    ]  # fmt: skip
    return [(name, value) for name, value in found if value]


def _write_account(sheet: _Sheet, lines: str, moved: str, statement: Statement) -> None:
    sheet.put(1, 1, _("Statement of an award"), bold=True)
    sheet.sheet["A1"].font = Font(bold=True, size=16)
    row = 3
    for name, value in terms(statement):
        sheet.put(row, 1, name, bold=True)
        sheet.put(row, 2, str(value))
        row += 1
    rate_row = row
    if statement.has_own_currency:
        sheet.put(row, 1, _("Units of %(currency)s for one US dollar, on average of what came in",
                            currency=statement.currency), bold=True)  # fmt: skip
        sheet.put(row, 2, statement.rate)
        sheet.sheet.cell(row, 2).number_format = "0.00000000"
    row += 2
    sheet.heads(row, [_("The account"), "USD", *([statement.currency] if statement.has_own_currency else [])])
    first = row + 1
    row = _write_rows(sheet, first, lines, moved, statement, rate_row)
    sheet.put(row, 1, _("Balance"), bold=True)
    for column in range(2, 4 if statement.has_own_currency else 3):
        letter = get_column_letter(column)
        sheet.put(row, column, f"=SUM({letter}{first}:{letter}{row - 1})", bold=True, formula=True)
    sheet.rule(row, 3 if statement.has_own_currency else 2)
    sheet.sheet.freeze_panes = "A3"


def _write_rows(sheet: _Sheet, row: int, lines: str, moved: str, statement: Statement, rate_row: int) -> int:
    """What moved by kind, what was spent by object and the ICR: sums over the other sheets."""
    for kind, _own_cents, _usd_cents in statement.kinds:
        sheet.put(row, 1, str(kind.label))
        for column, letter in ((2, "E"), (3, "D")):
            if column == 2 or statement.has_own_currency:
                sums = f"=SUMIFS('{moved}'!{letter}:{letter},'{moved}'!B:B,A{row})"
                sheet.put(row, column, sums, formula=True)
        row += 1
    for number, name, _cents in statement.objects:
        sheet.put(row, 1, f"{number} {name}")
        sheet.put(row, 2, f"=-SUMIFS('{lines}'!J:J,'{lines}'!E:E,{number})", formula=True)
        row = _own(sheet, row, rate_row, statement)
    sheet.put(row, 1, _("Indirect cost recovery"))
    sheet.put(row, 2, f"=-SUM('{lines}'!K:K)", formula=True)
    return _own(sheet, row, rate_row, statement)


def _own(sheet: _Sheet, row: int, rate_row: int, statement: Statement) -> int:
    if statement.has_own_currency:
        sheet.put(row, 3, f"=ROUND(B{row}*$B${rate_row},2)", formula=True)
    return row + 1


def _write_months(sheet: _Sheet, lines: str, statement: Statement) -> None:
    months = statement.months
    sheet.heads(1, [_("Object of expenditure"), *map(first_day, months), _("Total")])
    last = len(statement.objects) + 1
    for row, (number, name, _cents) in enumerate(statement.objects, 2):
        sheet.put(row, 1, f"{number} {name}")
        for column, _month in enumerate(months, 2):
            head = f"{get_column_letter(column)}$1"
            sums = f"=SUMIFS('{lines}'!$J:$J,'{lines}'!$E:$E,{number},'{lines}'!$B:$B,{head})"
            sheet.put(row, column, sums, formula=True)
        end = get_column_letter(len(months) + 1)
        sheet.put(row, len(months) + 2, f"=SUM(B{row}:{end}{row})", bold=True, formula=True)
    if months:
        sheet.put(last + 1, 1, _("Total"), bold=True)
        for column in range(2, len(months) + 3):
            letter = get_column_letter(column)
            sheet.put(last + 1, column, f"=SUM({letter}2:{letter}{last})", bold=True, formula=True)
        sheet.rule(last + 1, len(months) + 2)
    sheet.sheet.freeze_panes = "B2"


def _show_months(months: _Sheet, lines: _Sheet, form: str) -> None:
    """Months are the day they begin with, which the formulas match, and are shown in the reader's words."""
    for column in range(2, months.sheet.max_column):
        months.sheet.cell(1, column).number_format = form
    for row in range(2, lines.sheet.max_row + 1):
        lines.sheet.cell(row, 2).number_format = form


def _write_moved(sheet: _Sheet, statement: Statement) -> None:
    sheet.heads(1, [_("Day"), _("What"), _("Reference"), statement.currency, _("US dollars")])
    for row, each in enumerate(statement.movements, 2):
        values = (each.moved_on, str(each.kind.label), each.reference, to_units(each.own_cents),
                  to_units(each.usd_cents))  # fmt: skip
        for column, value in enumerate(values, 1):
            sheet.put(row, column, value)
    sheet.sheet.freeze_panes = "A2"


def _write_lines(sheet: _Sheet, statement: Statement) -> None:
    names = (_("Day"), _("Month"), _("Voucher"), _("Mission"), _("Object"), _("Name of the object"),
             _("Description"), _("Amount"), _("Currency"), _("US dollars"), _("ICR"))  # fmt: skip
    sheet.heads(1, names)
    for row, each in enumerate(statement.lines, 2):
        values = (
            each.incurred_on, first_day(each.month), each.voucher, each.mission, each.object_number, str(each.object_name),
            each.description, to_units(each.amount_cents), each.currency, to_units(each.usd_cents),
            to_units(each.icr_cents),
        )  # fmt: skip
        for column, value in enumerate(values, 1):
            sheet.put(row, column, value)
        sheet.sheet.cell(row, 5).number_format = "0"
    sheet.sheet.freeze_panes = "A2"
    sheet.sheet.auto_filter.ref = f"A1:K{len(statement.lines) + 1}"
