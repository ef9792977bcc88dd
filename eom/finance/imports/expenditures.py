"""An extract of a ledger as a file: read whole, every error with its row, column, value and what was expected.

Nothing of the database is known here: whether an award exists is for the service to say.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from eom.core.errors import InvalidFile, RowError
from eom.core.i18n import lazy
from eom.core.spreadsheets import Table, read_table
from eom.finance import extract_amounts as amounts
from eom.finance import extract_columns as columns
from eom.finance import extract_days as days
from eom.finance.extract_columns import NEEDED, Choice
from eom.finance.imports import rows
from eom.finance.services.ledger_lines import Line

MAX_ROWS = 100_000
SAMPLES = 3


@dataclass(frozen=True)
class ReadLedger:
    """An extract as it was read, and how: what is asked of a person stands in ``needs_mark``, ``needs_order``.

    ``passed_over`` are (row, its text) of totals and remarks; ``total_cents`` is what the file's last total says.
    ``amount_samples`` and ``day_samples`` are (as written, as read) of what could be read otherwise.
    """

    lines: list[Line]
    errors: list[RowError]
    choice: Choice
    decimal_mark: str | None
    date_order: str | None
    needs_mark: bool = False
    needs_order: bool = False
    passed_over: list[tuple[int, str]] = field(default_factory=list)
    total_cents: int | None = None
    amount_samples: Sequence[tuple[str, int]] = ()
    day_samples: Sequence[tuple[str, str]] = ()

    @property
    def headings(self) -> Mapping[str, str]:
        """Heading by field."""
        return self.choice.columns

    @property
    def confirmed(self) -> Choice:
        """The choice with the formats that were found, to read the same file in the same way again."""
        return replace(self.choice, decimal_mark=self.decimal_mark, date_order=self.date_order)

    def named(self, errors: Iterable[RowError]) -> list[RowError]:
        """All errors in the order of the rows, those of a service by the file's own headings."""
        told = [RowError(each.row, self._heading(each.column), each.value, each.expected) for each in errors]
        return sorted([*self.errors, *told], key=lambda each: each.row or 0)

    def _heading(self, name: str | None) -> str | None:
        """A field by the file's own heading, else by its name in words."""
        if name is None or name in self.headings:
            return self.headings[name] if name else None
        return str(columns.FIELDS[name]) if name in columns.FIELDS else name


def read_file(data: bytes, name: str, sheet: str | None = None) -> Table:
    """The table of a file called ``name``, of the sheet that looks most like an extract unless one is named.

    Raises InvalidFile and TooLarge.
    """
    return read_table(data, name, max_rows=MAX_ROWS, sheet=sheet, knows=columns.is_known)


def read_extract(data: bytes, name: str, choice: Choice | None = None) -> ReadLedger:
    """Read the bytes of a file; without a ``choice`` its headings and values tell how.

    Raises InvalidFile when it is no table of expenditures, naming the columns that are missing.
    """
    choice = choice or Choice({})
    table = read_file(data, name, choice.sheet)
    if not choice.columns:
        choice = replace(choice, columns=columns.guess(table.headers))
    _refuse_missing(choice)
    return read_lines(table, choice)


def read_lines(table: Table, choice: Choice) -> ReadLedger:
    """The lines of a table whose columns are known; a format that the choice leaves open is told by its values."""
    kept, passed_over = rows.split(table, choice)
    from_workbook = table.sheet is not None
    written = [cells[name] for _row, cells in kept for name in ("amount", "credit") if cells.get(name)]
    signs = amounts.detect(written, from_workbook=from_workbook)
    order = days.detect(cells["date"] for _row, cells in kept)
    mark = choice.decimal_mark or signs.mark
    date_order = choice.date_order or order.order
    reader = rows.Reader(choice, mark, date_order, from_workbook=from_workbook)
    lines = [line for number, cells in kept if (line := reader.line(number, cells)) is not None]
    return ReadLedger(
        lines, reader.errors, choice, mark, date_order,
        needs_mark=mark is None and signs.is_asked, needs_order=date_order is None and order.is_asked,
        passed_over=[(each.row, each.text) for each in passed_over], total_cents=reader.total_of(passed_over),
        amount_samples=reader.samples_of_amounts(written, SAMPLES),
        day_samples=reader.samples_of_days((cells["date"] for _row, cells in kept), SAMPLES),
    )  # fmt: skip


def _refuse_missing(choice: Choice) -> None:
    absent = columns.missing(choice)
    if absent:
        raise InvalidFile(
            lazy("These columns are missing: %(names)s.", names=", ".join(absent)),
            [RowError(1, name, None, lazy("a column of this name")) for name in absent],
            lazy("Name the columns in the first row: %(names)s.", names=", ".join(NEEDED)),
        )
