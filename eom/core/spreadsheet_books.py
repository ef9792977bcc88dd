"""Workbooks (xlsx, xls, ods) as rows of text, with limits that hold against hostile files."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from eom.core.archives import HEAD_BYTES, declares_type
from eom.core.errors import InvalidFile, TooLarge
from eom.core.i18n import lazy

MEGABYTE = 1 << 20
MAX_CELLS = 20_000_000
KNOWN_SEARCH = 40
# XML is wordy: a sheet unpacks to several times the bytes of the same table as text.
_XML_FACTOR = 4
_CELL_REFERENCE = re.compile(rb'<c\b[^>]*?\br="([A-Z]{1,3})(\d{1,7})"')
_REPEATED_ROW = re.compile(rb"<table:table-row\b([^>]*)>(.*?)</table:table-row>", re.DOTALL)
_REPEATS = re.compile(rb'number-(?:rows|columns)-repeated="(\d+)"')


def book_rows(
    content: bytes, *, max_bytes: int, sheet: str | None = None, knows: Callable[[str], bool] | None = None
) -> tuple[str, list[str], Iterator[list[str]]]:
    """The chosen sheet's name, all sheet names, and the rows of the sheet as text.

    Without ``sheet`` the visible one is read whose first rows have most headings that the reader ``knows``,
    else the first with cells. Raises InvalidFile, TooLarge.
    """
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError

    if content.startswith(b"PK"):
        _refuse_bombs(content, max_bytes)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        name = _choose(book, sheet, knows)
        table = book.get_sheet_by_name(name)
    except PasswordError as error:
        raise InvalidFile(lazy("The workbook is protected by a password: save it without one.")) from error
    except (CalamineError, OSError, ValueError) as error:
        raise InvalidFile(
            lazy("The file is not a workbook that can be opened."),
            next_step=lazy("Save it again as .xlsx, .ods or .csv."),
        ) from error
    return name, list(book.sheet_names), _rows(table)


def _rows(table: Any) -> Iterator[list[str]]:
    left = table.start[1] if table.start else 0
    top = table.start[0] if table.start else 0
    for _blank in range(top):
        yield []
    for row in table.to_python(skip_empty_area=True):
        yield [""] * left + [cell_text(cell) for cell in row]


def _choose(book: Any, sheet: str | None, knows: Callable[[str], bool] | None) -> str:
    names = list(book.sheet_names)
    if sheet is not None:
        if sheet not in names:
            raise InvalidFile(
                lazy(
                    "The workbook has no sheet “%(sheet)s”; it has: %(names)s.",
                    sheet=sheet,
                    names=", ".join(names),
                )
            )
        return sheet
    visible = [m.name for m in book.sheets_metadata if str(m.visible).endswith("Visible")] or names
    if knows is None or len(visible) == 1:
        for name in visible:
            if book.get_sheet_by_name(name).total_height:
                return str(name)
        raise InvalidFile(lazy("The workbook is empty."))
    filled = {name: table for name in visible if (table := book.get_sheet_by_name(name)).total_height}
    if not filled:
        raise InvalidFile(lazy("The workbook is empty."))
    # The first of those that are as good.
    return str(max(filled, key=lambda name: _known_count(filled[name], knows)))


def _known_count(table: Any, knows: Callable[[str], bool]) -> int:
    """How many headings that the reader knows stand in one row, the best of the first."""
    rows = table.to_python(nrows=KNOWN_SEARCH)
    return max((sum(1 for cell in row if isinstance(cell, str) and knows(cell)) for row in rows), default=0)


def cell_text(value: Any) -> str:
    """A cell as text: numbers in machine notation, dates in ISO 8601, true and false in English."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        if value.is_integer() and abs(value) < 1e15:
            return str(int(value))
        return format(Decimal(repr(value)), "f")
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "seconds")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return str(value)
    return "" if value is None else str(value)


def _refuse_bombs(content: bytes, max_bytes: int) -> None:
    """Unpack each part once under a limit, and look for a cell so far out that a grid would not fit."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError) as error:
        raise InvalidFile(
            lazy("The workbook is damaged or cut short."),
            next_step=lazy("Download or copy it again."),
        ) from error
    names = {member.filename for member in members}
    if not names & {"xl/workbook.xml", "xl/workbook.bin", "content.xml"}:
        raise InvalidFile(
            lazy("The file is an archive, but not a workbook."),
            next_step=lazy("Save the table as .xlsx, .ods or .csv."),
        )
    left = _XML_FACTOR * max_bytes
    for member in members:
        part = _inflated(content, member, left)
        left -= len(part)
        if member.filename.endswith((".xml", ".rels")) and part and declares_type(part[:HEAD_BYTES]):
            raise InvalidFile(
                lazy("The workbook's XML declares a document type (DOCTYPE), or is no XML."),
                next_step=lazy("Save it again as .xlsx, .ods or .csv."),
            )
        if member.filename.startswith("xl/worksheets/") and member.filename.endswith(".xml"):
            _refuse_far_cells(part)
        elif member.filename == "content.xml":
            _refuse_repeats(part)


def _inflated(content: bytes, member: zipfile.ZipInfo, limit: int) -> bytes:
    """One part's bytes, never more than ``limit``, whatever size the archive states for it."""
    head = member.header_offset
    name_length = int.from_bytes(content[head + 26 : head + 28], "little")
    extra_length = int.from_bytes(content[head + 28 : head + 30], "little")
    start = head + 30 + name_length + extra_length
    packed = content[start : start + member.compress_size]
    if member.compress_type == zipfile.ZIP_STORED:
        part = packed[: limit + 1]
    elif member.compress_type == zipfile.ZIP_DEFLATED:
        try:
            part = zlib.decompressobj(wbits=-15).decompress(packed, limit + 1)
        except zlib.error as error:
            raise InvalidFile(lazy("The workbook is damaged or cut short.")) from error
    else:
        raise InvalidFile(lazy("The workbook is packed in an unusual way: save it again as .xlsx."))
    if len(part) > limit:
        raise TooLarge(
            lazy(
                "The workbook unpacks to more than %(limit)s MB.",
                limit=limit // MEGABYTE,
            ),
            field="file",
        )
    return part


def _refuse_far_cells(xml: bytes) -> None:
    widest = deepest = 0
    for letters, digits in _CELL_REFERENCE.findall(xml):
        column = 0
        for letter in letters:
            column = column * 26 + letter - 64
        widest = max(widest, column)
        deepest = max(deepest, int(digits))
    if widest * deepest > MAX_CELLS:
        raise _too_many_cells()


def _refuse_repeats(xml: bytes) -> None:
    cells = 0
    for attributes, body in _REPEATED_ROW.findall(xml):
        if b"office:value" not in body and b"<text:p" not in body:
            continue
        rows = int((_REPEATS.findall(attributes) or [b"1"])[0])
        columns = sum(int(n) for n in _REPEATS.findall(body)) + body.count(b"<table:table-cell")
        cells += rows * min(columns, 16_384)
        if cells > MAX_CELLS:
            raise _too_many_cells()


def _too_many_cells() -> TooLarge:
    return TooLarge(
        lazy(
            "The sheet reaches over more than %(limit)s cells, most of them empty.",
            limit=MAX_CELLS,
        ),
        field="file",
        next_step=lazy("Delete the empty rows and columns, or save the table as .csv."),
    )
