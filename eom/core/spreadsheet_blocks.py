"""Large tables out, column by column: csv, xlsx and Parquet in constant memory.

A table is written in blocks of some thousand rows, each a list of columns of equal length: what is
done to a cell is then done to a whole column at once. One table is one
file; several are a zip of files, or the sheets of one workbook.
"""

from __future__ import annotations

import re
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import IO, Any, BinaryIO, Protocol

import orjson

from eom.core.errors import TooLarge
from eom.core.i18n import lazy
from eom.core.spreadsheet_writing import MAX_CELL, MAX_SHEET_ROWS, guarded_cell, is_formula_like, sheet_name

_KEPT_CELLS = 4096
# Rows of a group in Parquet: small groups pack badly.
_ROW_GROUP = 8_000
_EPOCH = datetime(1899, 12, 30, tzinfo=UTC)
_FIRST_DAY = date(1900, 3, 1)
_EXACT = 10**15
_SPECIAL = ';|\t\r\n,"'
_QUOTABLE = re.compile('[,"\r\n]')
# Figures in a row cannot be run, though they may begin with a minus.
_PLACE = re.compile(r"[-\d.]+(?:[ ;][-\d.]+)*", re.ASCII)
_STARTS = frozenset("=+-@\t\r\n \u00a0\uff1d\uff0b\uff0d\uff20")

Columns = Sequence[Sequence[Any]]


class Kind(StrEnum):
    """What a column holds: None, and a value that could not be read is text whatever the column.

    CODE is text of few values; INSTANT is ISO 8601 in UTC, STAMP as somebody sent it, DAY an ISO
    date, PLACE figures with spaces between.
    """

    TEXT = "text"
    CODE = "code"
    INTEGER = "integer"
    DECIMAL = "decimal"
    INSTANT = "instant"
    STAMP = "stamp"
    DAY = "day"
    PLACE = "place"


@dataclass(frozen=True)
class Field:
    """A column: its heading and what it holds."""

    name: str
    kind: Kind = Kind.TEXT


@dataclass(frozen=True)
class Head:
    """A table: what it is called (a file's or a sheet's name) and its columns."""

    name: str
    fields: tuple[Field, ...]


class Sink(Protocol):
    """Where blocks of several tables go, in any order."""

    def write(self, table: int, columns: Columns) -> None:
        """Add rows to the table of a number, given as its columns."""


@contextmanager
def csv_sink(out: BinaryIO, heads: Sequence[Head]) -> Iterator[Sink]:
    """Tables as csv (UTF-8 with a byte-order mark); more than one as a zip. Complete when the block ends."""
    with _files(out, heads, ".csv") as files:
        yield _Csv(files, heads)


@contextmanager
def parquet_sink(out: BinaryIO, heads: Sequence[Head]) -> Iterator[Sink]:
    """Tables as Parquet; more than one as a zip.

    What is no value of its column's type is null there and stands in the last column, ``other_values``,
    as JSON by the column's name.
    """
    with _files(out, heads, ".parquet") as files, ExitStack() as stack:
        sink = _Parquet(files, heads, stack)
        yield sink
        for table in range(len(heads)):
            sink.write_waiting(table)


@contextmanager
def xlsx_sink(out: BinaryIO, heads: Sequence[Head]) -> Iterator[Sink]:
    """Tables as the sheets of a workbook. Raises TooLarge beyond the rows that a sheet can hold."""
    import xlsxwriter

    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, options) as book:
        yield _Xlsx(book, heads)


@contextmanager
def _files(out: BinaryIO, heads: Sequence[Head], ending: str) -> Iterator[list[IO[bytes]]]:
    """A file for each table: ``out`` itself for one, else files that are zipped into it at the end."""
    if len(heads) == 1:
        yield [out]
        return
    with ExitStack() as stack:
        files: list[IO[bytes]] = [stack.enter_context(tempfile.TemporaryFile()) for _each in heads]
        yield files
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, file in zip(_names(heads, 100), files, strict=True):
                file.seek(0)
                with archive.open(f"{name}{ending}", "w", force_zip64=True) as entry:
                    while part := file.read(1 << 20):
                        entry.write(part)


def _names(heads: Sequence[Head], length: int) -> list[str]:
    """The names of tables, none twice whatever the case."""
    names: list[str] = []
    taken: set[str] = set()
    for head in heads:
        name, count = sheet_name(head.name)[:length], 1
        while name.casefold() in taken:
            count += 1
            name = f"{sheet_name(head.name)[: length - 4]} {count}"
        taken.add(name.casefold())
        names.append(name)
    return names


class _Quoted(dict[Any, str]):
    """Cells of a csv by their value, so that one that comes often is looked at once."""

    def __missing__(self, value: Any) -> str:
        if len(self) >= _KEPT_CELLS:
            self.clear()
        self[value] = cell = _quoted(value)
        return cell


def _quoted(value: Any) -> str:
    """A value as a cell of a csv: guarded against formulas, in quotes where it needs them (RFC 4180)."""
    cell = str(guarded_cell(value))
    return '"' + cell.replace('"', '""') + '"' if _QUOTABLE.search(cell) else cell


def _is_plain(texts: list[str]) -> bool:
    """Whether none of the texts needs a guard or quotes: asked of a whole column, as most are plain."""
    joined = "".join(texts)
    return not any(sign in joined for sign in _SPECIAL) and _STARTS.isdisjoint({text[0] for text in texts})


def _figures(column: Sequence[Any]) -> Sequence[str]:
    """Numbers as a csv writes them; all at once where none is text, which is ten times as fast."""
    if any(type(value) is str for value in column):
        return list(map(_quoted, column))
    return orjson.dumps(column).decode()[1:-1].replace("null", "").split(",")


class _Csv:
    def __init__(self, files: list[IO[bytes]], heads: Sequence[Head]) -> None:
        self.files, self.heads = files, heads
        self.kept = [[_Quoted() for _field in head.fields] for head in heads]
        for file, head in zip(files, heads, strict=True):
            file.write(b"\xef\xbb\xbf" + self._lines([[_quoted(field.name)] for field in head.fields]))

    def write(self, table: int, columns: Columns) -> None:
        kinds = (field.kind for field in self.heads[table].fields)
        cells = [
            self._cells(kind, column, kept)
            for kind, column, kept in zip(kinds, columns, self.kept[table], strict=True)
        ]
        self.files[table].write(self._lines(cells))

    @staticmethod
    def _cells(kind: Kind, column: Sequence[Any], kept: _Quoted) -> Sequence[str]:
        if kind in (Kind.CODE, Kind.INTEGER):
            return list(map(kept.__getitem__, column))
        if kind is Kind.DECIMAL:
            return _figures(column)
        texts = list(filter(None, column))
        if kind is Kind.INSTANT or _is_plain(texts):
            return texts if len(texts) == len(column) else [value or "" for value in column]
        if kind is Kind.PLACE:
            return [value if value and _PLACE.fullmatch(value) else kept[value] for value in column]
        return list(map(_quoted, column))

    @staticmethod
    def _lines(columns: Columns) -> bytes:
        rows = map(",".join, zip(*columns, strict=True))
        return ("\r\n".join(rows) + "\r\n").encode()


class _Xlsx:
    def __init__(self, book: Any, heads: Sequence[Head]) -> None:
        self.heads = heads
        self.pages = [book.add_worksheet(name) for name in _names(heads, 31)]
        self.rows = [1] * len(heads)
        bold = book.add_format({"bold": True})
        # Text also after someone has opened the cell and pressed Enter.
        self.quoted = book.add_format({"quote_prefix": True})
        self.formats = {
            Kind.INSTANT: book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"}),
            Kind.DAY: book.add_format({"num_format": "yyyy-mm-dd"}),
        }
        for page, head in zip(self.pages, heads, strict=True):
            page.freeze_panes(1, 0)
            for place, field in enumerate(head.fields):
                page.write_string(0, place, field.name[:MAX_CELL], bold)

    def write(self, table: int, columns: Columns) -> None:
        fields, page, first = self.heads[table].fields, self.pages[table], self.rows[table]
        cells = [self._cells(field.kind, column) for field, column in zip(fields, columns, strict=True)]
        count = len(columns[0]) if columns else 0
        if first + count > MAX_SHEET_ROWS:
            raise TooLarge(lazy("A sheet holds %(limit)s rows at most: take csv.", limit=MAX_SHEET_ROWS))
        formats = [self.formats.get(field.kind) for field in fields]
        places = range(len(fields))
        text, number, quoted = page.write_string, page.write_number, self.quoted
        for row, values in enumerate(zip(*cells, strict=True), first):
            for place, value, style in zip(places, values, formats, strict=True):
                if value is None or value == "":
                    continue
                if type(value) is not str:
                    number(row, place, value, style)
                elif value[0] in _STARTS and is_formula_like(value):
                    text(row, place, value, quoted)
                else:
                    text(row, place, value)
        self.rows[table] = first + count

    def _cells(self, kind: Kind, column: Sequence[Any]) -> Sequence[Any]:
        if kind is Kind.INSTANT:
            return [_serial_of_instant(value) for value in column]
        if kind is Kind.DAY:
            return [_serial_of_day(value) for value in column]
        if kind in (Kind.INTEGER, Kind.DECIMAL):
            # A workbook keeps fifteen digits of a number: a longer one is text.
            return [value if value is None or _fits(value) else str(value)[:MAX_CELL] for value in column]
        return [value if value is None or len(value) <= MAX_CELL else value[:MAX_CELL] for value in column]


def _fits(value: Any) -> bool:
    return type(value) is not str and abs(value) < _EXACT


def _serial_of_instant(value: str | None) -> float | None:
    """An instant as a workbook counts it: days in UTC."""
    return None if value is None else (datetime.fromisoformat(value) - _EPOCH) / timedelta(days=1)


def _serial_of_day(value: str | None) -> float | str | None:
    """A day as a workbook counts it; text as it is when it is none, or before workbooks count rightly."""
    day = _day(value)
    if day is None or day < _FIRST_DAY:
        return value
    return (day - _EPOCH.date()).days


class _Parquet:
    def __init__(self, files: list[IO[bytes]], heads: Sequence[Head], stack: ExitStack) -> None:
        import pyarrow as pa
        from pyarrow import parquet

        types = {
            Kind.INTEGER: pa.int64(),
            Kind.DECIMAL: pa.float64(),
            Kind.INSTANT: pa.timestamp("ms", "UTC"),
            Kind.STAMP: pa.timestamp("ms", "UTC"),
            Kind.DAY: pa.date32(),
        }
        self.heads, self.pa = heads, pa
        self.others = [_free_name("other_values", head.fields) for head in heads]
        self.schemas = [
            pa.schema(
                [(field.name, types.get(field.kind, pa.string())) for field in head.fields]
                + [(other, pa.string())]
            )
            for head, other in zip(heads, self.others, strict=True)
        ]
        self.writers = [
            stack.enter_context(parquet.ParquetWriter(file, schema, compression="zstd"))
            for file, schema in zip(files, self.schemas, strict=True)
        ]
        self.waiting: list[list[Any]] = [[] for _head in heads]

    def write(self, table: int, columns: Columns) -> None:
        pa, schema, fields = self.pa, self.schemas[table], self.heads[table].fields
        count = len(columns[0]) if columns else 0
        others: list[dict[str, Any]] = [{} for _row in range(count)]
        arrays = [
            pa.array(_typed(field, column, others), schema.field(place).type)
            for place, (field, column) in enumerate(zip(fields, columns, strict=True))
        ]
        arrays.append(pa.array([_json(each) if each else None for each in others], pa.string()))
        self.waiting[table].append(pa.record_batch(arrays, schema=schema))
        if sum(len(each) for each in self.waiting[table]) >= _ROW_GROUP:
            self.write_waiting(table)

    def write_waiting(self, table: int) -> None:
        """Write what came since the last time as one group of rows."""
        if self.waiting[table]:
            self.writers[table].write_table(self.pa.Table.from_batches(self.waiting[table]))
            self.waiting[table] = []


def _free_name(name: str, fields: Sequence[Field]) -> str:
    while any(field.name == name for field in fields):
        name += "_"
    return name


def _json(values: dict[str, Any]) -> str:
    return orjson.dumps(values).decode()


def _typed(field: Field, column: Sequence[Any], others: list[dict[str, Any]]) -> Sequence[Any]:
    """The column's values in its type; what has another type goes to ``others`` of its row."""
    convert = _CONVERT.get(field.kind)
    if convert is None:
        return column
    made = [None if value is None else convert(value) for value in column]
    for place, value in enumerate(column):
        if value is not None and made[place] is None:
            others[place][field.name] = value
    return made


def _instant(value: Any) -> datetime | None:
    try:
        at = datetime.fromisoformat(value)
        return at.astimezone(UTC) if at.tzinfo is not None else None
    except (ValueError, TypeError, OverflowError):
        return None


def _day(value: Any) -> date | None:
    try:
        return None if value is None else date.fromisoformat(value)
    except (ValueError, TypeError):
        return None


_CONVERT: dict[Kind, Callable[[Any], Any]] = {
    Kind.INTEGER: lambda value: value if type(value) is int else None,
    Kind.DECIMAL: lambda value: float(value) if type(value) in (int, float) else None,
    Kind.INSTANT: _instant,
    Kind.STAMP: _instant,
    Kind.DAY: _day,
}
