"""Any table file as rows of text with their positions; tables out as csv and xlsx.

Reads csv, tsv and other separated text (also gzipped), xlsx, xls and ods. The kind is told from the
content, the name only helps the message. Every cell is text, so one set of checks serves all files.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import Any

from eom.core.errors import InvalidFile, RowError, TooLarge
from eom.core.i18n import lazy
from eom.core.spreadsheet_blocks import (
    Field,
    Head,
    Kind,
    Sink,
    csv_sink,
    parquet_sink,
    xlsx_sink,
)
from eom.core.spreadsheet_books import book_rows
from eom.core.spreadsheet_numbers import (
    detect_decimal_mark,
    parse_decimal,
    parse_integer,
)
from eom.core.spreadsheet_text import (
    GUESSED,
    declared_separator,
    decode,
    detect_separator,
    gunzip,
    text_rows,
)
from eom.core.spreadsheet_writing import (
    csv_chunks,
    is_formula_like,
    write_csv,
    write_xlsx,
)

__all__ = [
    "Field",
    "Head",
    "Kind",
    "Sink",
    "Table",
    "csv_chunks",
    "csv_sink",
    "detect_decimal_mark",
    "is_formula_like",
    "parquet_sink",
    "parse_decimal",
    "parse_integer",
    "read_table",
    "write_csv",
    "write_xlsx",
    "xlsx_sink",
]

MEGABYTE = 1 << 20
MAX_LISTED_ERRORS = 100
_BOOK_ENDINGS = (".xlsx", ".xlsm", ".xls", ".ods")
_HEADING_SEARCH = 10
_KNOWN_SEARCH = 40
# Whether a cell is a heading that the reader of the file knows.
Knows = Callable[[str], bool]
# Of the first rows: the position of the last row of headings, and the headings; None when it cannot tell.
FindsHeadings = Callable[[list[list[str]]], tuple[int, list[str]] | None]


@dataclass(frozen=True)
class Table:
    """A table as it was read. ``rows`` includes blank rows (empty lists), so positions hold."""

    headers: list[str]
    rows: list[list[str]]
    first_row_number: int
    encoding: str | None = None
    separator: str | None = None
    sheet: str | None = None
    sheets: list[str] = field(default_factory=list)

    @property
    def decimal_mark(self) -> str | None:
        """The decimal mark when it is known for certain: a workbook's numbers come with a point."""
        return "." if self.sheet is not None else None

    @property
    def encoding_was_guessed(self) -> bool:
        """True when the text was neither UTF-8 nor UTF-16 and its encoding was guessed: tell the person."""
        return self.encoding in GUESSED

    def numbered(self) -> Iterator[tuple[int, list[str]]]:
        """(row number as a spreadsheet shows it, cells) of every row that is not blank."""
        for number, row in enumerate(self.rows, self.first_row_number):
            if row:
                yield number, row

    def column(self, header: str) -> list[str]:
        """All values of a column, blank rows left out."""
        position = self.headers.index(header)
        return [row[position] for row in self.rows if row]

    def records(self) -> Iterator[tuple[int, dict[str, str]]]:
        """(row number, cells by heading) of every row that is not blank."""
        for number, row in self.numbered():
            yield number, dict(zip(self.headers, row, strict=True))

    def sample(self, count: int = 50) -> list[list[str]]:
        """The first rows that are not blank."""
        return [row for row in self.rows[: 4 * count] if row][:count]


def read_table(
    source: str | Path | bytes,
    filename: str = "",
    *,
    max_bytes: int = 256 * MEGABYTE,
    max_rows: int = 500_000,
    max_columns: int = 100,
    sheet: str | None = None,
    knows: Knows | None = None,
    find_headings: FindsHeadings | None = None,
) -> Table:
    """Read a table from a path or from bytes; ``filename`` is what the person called it.

    Limits: ``max_bytes`` after unpacking, rows without the heading, columns. A workbook's ``sheet`` is,
    unless named, the one with most headings that the reader ``knows``, else the first with cells. With
    ``knows`` the headings are the row that has most of those it knows, however many titles stand above, and
    headings that appear twice are numbered; ``find_headings`` tells the headings itself, of the first forty
    rows. Raises InvalidFile (with row errors) and TooLarge.
    """
    content = _content(source, max_bytes)
    filename = filename or (str(source) if not isinstance(source, bytes) else "")
    if content.startswith(b"\x1f\x8b"):
        content = gunzip(content, max_bytes)
        filename = filename.removesuffix(".gz")
    if not content.strip():
        raise InvalidFile(lazy("The file is empty."))
    if content.startswith((b"PK\x03\x04", b"PK\x05\x06", b"\xd0\xcf\x11\xe0")):
        name, names, rows = book_rows(content, max_bytes=max_bytes, sheet=sheet, knows=knows)
        return _table(rows, max_rows, max_columns, (knows, find_headings), sheet=name, sheets=names)
    if filename.lower().endswith(_BOOK_ENDINGS):
        raise InvalidFile(
            lazy("The file is named as a workbook, but it is not one."),
            next_step=lazy("Open it and save it again as .xlsx or .csv."),
        )
    if content.startswith((b"%PDF", b"\x89PNG", b"\xff\xd8\xff")):
        raise InvalidFile(lazy("The file is not a table: send .csv, .xlsx, .xls or .ods."))
    text, encoding = decode(content)
    separator = declared_separator(text) or detect_separator(text)
    return _table(
        text_rows(text, separator),
        max_rows,
        max_columns,
        (knows, find_headings),
        encoding=encoding,
        separator=separator,
    )


def _content(source: str | Path | bytes, max_bytes: int) -> bytes:
    size = len(source) if isinstance(source, bytes) else Path(source).stat().st_size
    if size > max_bytes:
        raise TooLarge(
            lazy("The file is larger than %(limit)s MB.", limit=max_bytes // MEGABYTE),
            field="file",
        )
    return source if isinstance(source, bytes) else Path(source).read_bytes()


def _table(
    rows: Iterable[list[str]],
    max_rows: int,
    max_columns: int,
    helpers: tuple[Knows | None, FindsHeadings | None],
    **origin: Any,
) -> Table:
    rows = iter(rows)
    heading_row, headers, unread = _headings(rows, max_columns, *helpers)
    errors: list[RowError] = []
    error_count = 0
    cells: list[list[str]] = []
    width = len(headers)
    for number, row in enumerate(chain(unread, rows), heading_row + 1):
        fitted = _fit(row, width)
        if fitted is None:
            error_count += 1
            if len(errors) < MAX_LISTED_ERRORS:
                expected = lazy(
                    "%(width)s columns, as in the headings; found %(found)s",
                    width=width,
                    found=len(row),
                )
                errors.append(RowError(number, None, None, expected))
            continue
        cells.append(fitted)
        if len(cells) > max_rows:
            raise TooLarge(
                lazy("The table has more than %(limit)s rows.", limit=max_rows),
                field="file",
            )
    if error_count:
        raise InvalidFile(
            lazy(
                "%(count)s rows have more cells than there are headings.",
                count=error_count,
            ),
            errors,
        )
    while cells and not cells[-1]:
        cells.pop()
    if not cells:
        raise InvalidFile(lazy("The table has headings but no rows."))
    return Table(headers, cells, heading_row + 1, **origin)


def _fit(row: list[str], width: int) -> list[str] | None:
    """The row at the width of the headings: [] for a blank one, None for one with cells too many."""
    if len(row) != width:
        if any(cell.strip() for cell in row[width:]):
            return None
        row = row[:width] + [""] * (width - len(row))
    return row if any(row) and any(cell.strip() for cell in row) else []


def _headings(
    rows: Iterator[list[str]], max_columns: int, knows: Knows | None, find: FindsHeadings | None
) -> tuple[int, list[str], list[list[str]]]:
    """Row number of the headings, the headings, and the rows read beyond them.

    A title above the table is passed over: the headings are the first row with two cells or more.
    """
    is_helped = knows is not None or find is not None
    start = list(_first(rows, _KNOWN_SEARCH if is_helped else _HEADING_SEARCH))
    position, cells = (find(start) if find else None) or (None, [])
    if position is None:
        position = _known_position(start, knows) if knows else None
        position = _likely_position(start) if position is None else position
        if position is None:
            raise InvalidFile(lazy("The file is empty."))
        cells = start[position]
    headers = [" ".join(cell.split()) for cell in cells]
    while headers and not headers[-1]:
        headers.pop()
    if len(headers) > max_columns:
        raise TooLarge(
            lazy(
                "The table has %(count)s columns; %(limit)s are read at most.",
                count=len(headers),
                limit=max_columns,
            ),
            field="file",
            next_step=lazy("Delete the columns that are not needed."),
        )
    headers = [header or f"({_letters(i)})" for i, header in enumerate(headers)]
    if is_helped:
        headers = _numbered(headers)
    else:
        _refuse_doubles(headers, position + 1)
    return position + 1, headers, start[position + 1 :]


def _likely_position(start: list[list[str]]) -> int | None:
    """The first row with two cells or more, else the first with any; None for an empty table."""
    counts = [sum(1 for cell in row if cell.strip()) for row in start]
    several = (i for i, n in enumerate(counts) if n > 1 and not _declares_separator(start[i]))
    position = next(several, None)
    return next((i for i, n in enumerate(counts) if n), None) if position is None else position


def _known_position(start: list[list[str]], knows: Knows) -> int | None:
    """The row with most headings that are known, two at least; the first of those with as many."""
    counts = [sum(1 for cell in row if cell.strip() and knows(cell)) for row in start]
    best = max(counts, default=0)
    return counts.index(best) if best > 1 else None


def _numbered(headers: list[str]) -> list[str]:
    """The headings with a number behind those that appeared before."""
    seen: Counter[str] = Counter()
    told = []
    for header in headers:
        seen[header.casefold()] += 1
        count = seen[header.casefold()]
        told.append(header if count == 1 else f"{header} ({count})")
    return told


def _first(rows: Iterator[list[str]], count: int) -> Iterator[list[str]]:
    for _position in range(count):
        row = next(rows, None)
        if row is None:
            return
        yield row


def _declares_separator(row: list[str]) -> bool:
    return row[0].lower().startswith("sep=")


def _refuse_doubles(headers: list[str], row: int) -> None:
    counts = Counter(header.casefold() for header in headers)
    doubled = [header for header in dict.fromkeys(headers) if counts[header.casefold()] > 1]
    if doubled:
        errors = [RowError(row, header, header, lazy("a heading that appears once")) for header in doubled]
        raise InvalidFile(
            lazy(
                "These headings appear more than once: %(names)s.",
                names=", ".join(doubled),
            ),
            errors,
        )


def _letters(position: int) -> str:
    """The letters a spreadsheet shows for a column: 0 is A, 26 is AA."""
    letters = ""
    position += 1
    while position:
        position, rest = divmod(position - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
