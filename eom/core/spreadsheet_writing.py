"""Tables out: csv and xlsx as streams, with no cell that a program would run as a formula."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, BinaryIO

from eom.core.errors import InvalidInput, TooLarge
from eom.core.i18n import lazy
from eom.core.spreadsheet_numbers import parse_decimal

MAX_SHEET_ROWS = 1_048_576
MAX_CELL = 32_767
# Some programs read the wide signs of East Asian keyboards as the plain ones.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
# Where the list separator is a semicolon (es, fr, pt), a program that opens csv by a click cuts there, and
# at the line's end, whatever the quotes say: what stands behind is a cell's beginning too.
_BEHIND_A_CUT = re.compile('([;|\t\r\n][\\s"]*)(?=[=+@\uff1d\uff0b\uff0d\uff20-])')
_EXACT_DIGITS = 10**15


def csv_chunks(rows: Iterable[Sequence[Any]], chunk_rows: int = 500) -> Iterator[bytes]:
    """The rows as csv in UTF-8 with a byte-order mark (Excel needs it), a few hundred rows at a time."""
    buffer = io.StringIO()
    buffer.write("\ufeff")
    writer = csv.writer(buffer)
    for count, row in enumerate(rows, 1):
        writer.writerow([guarded_cell(value) for value in row])
        if count % chunk_rows == 0:
            yield buffer.getvalue().encode()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue().encode()


def write_csv(rows: Iterable[Sequence[Any]], out: BinaryIO) -> None:
    """Write rows (the first is the headings) to ``out``."""
    out.writelines(csv_chunks(rows))


def write_xlsx(rows: Iterable[Sequence[Any]], out: BinaryIO, sheet: str = "Data") -> None:
    """Write rows (the first is the headings) as one sheet, in constant memory.

    Raises TooLarge beyond the 1,048,576 rows a sheet can hold.
    """
    import xlsxwriter  # type: ignore[import-untyped]

    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
    }
    with xlsxwriter.Workbook(out, options) as book:
        page = book.add_worksheet(sheet_name(sheet))
        formats = {
            "heading": book.add_format({"bold": True}),
            "day": book.add_format({"num_format": "yyyy-mm-dd"}),
            "moment": book.add_format({"num_format": "yyyy-mm-dd hh:mm"}),
            # Text also after someone has opened the cell and pressed Enter.
            "quoted": book.add_format({"quote_prefix": True}),
        }
        page.freeze_panes(1, 0)
        for number, row in enumerate(rows):
            if number >= MAX_SHEET_ROWS:
                raise TooLarge(
                    lazy(
                        "A sheet holds %(limit)s rows at most: take csv.",
                        limit=MAX_SHEET_ROWS,
                    )
                )
            for column, value in enumerate(row):
                _write_cell(page, number, column, value, formats)


def is_formula_like(text: str) -> bool:
    """True when a spreadsheet program might run the text: a formula's first sign, and no negative number."""
    bare = text.lstrip(" \u00a0")
    if not bare.startswith(_FORMULA_STARTS):
        return False
    try:
        parse_decimal(text, ".")
    except InvalidInput:
        return True
    return text[0] != "-" or not text.isprintable()


def guarded_cell(value: Any) -> Any:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float | Decimal):
        return value
    if isinstance(value, datetime | date):
        return value.isoformat()
    text = str(value)
    guarded = _BEHIND_A_CUT.sub(r"\1'", text)
    return "'" + guarded if is_formula_like(text) else guarded


def _write_cell(page: Any, row: int, column: int, value: Any, formats: dict[str, Any]) -> None:
    style = formats["heading"] if row == 0 else None
    if value is None or value == "":
        return
    if isinstance(value, bool):
        page.write_boolean(row, column, value, style)
    elif isinstance(value, int | float | Decimal) and abs(float(value)) < _EXACT_DIGITS:
        page.write_number(row, column, value, style)
    elif isinstance(value, datetime):
        page.write_datetime(row, column, value.replace(tzinfo=None), formats["moment"])
    elif isinstance(value, date):
        page.write_datetime(row, column, value, formats["day"])
    else:
        text = str(value)[:MAX_CELL]
        page.write_string(row, column, text, style or (formats["quoted"] if is_formula_like(text) else None))


def sheet_name(text: str) -> str:
    cleaned = "".join(c for c in text if c not in "[]:*?/\\" and c.isprintable()).strip(" '")
    return cleaned[:31] or "Data"
