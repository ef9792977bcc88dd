"""An extract of a ledger as a file: read whole, every error with its row, column, value and what was expected.

Nothing of the database is known here: whether an award exists is for the service to say.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from eom.core.countries import fold
from eom.core.errors import InvalidFile, InvalidInput, RowError
from eom.core.i18n import lazy
from eom.core.money import is_currency, to_cents
from eom.core.spreadsheets import Table, detect_decimal_mark, parse_decimal, parse_integer, read_table
from eom.finance.models.budget import OBJECTS
from eom.finance.services.ledger_intake import Line

MAX_ROWS = 5_000
NEEDED = ("award", "object", "date", "voucher", "payee", "amount")
HEADINGS = {
    "mission": "mission,mission code,mision,codigo mision,missao,codigo da missao,code mission",
    "award": "award,award reference,award number,grant,aporte,acuerdo,referencia del aporte,accord,financement,"
    "acordo,referencia do acordo,convenio",
    "object": "object,object of expenditure,objeto,objeto del gasto,objeto de gasto,objet,objet de depense,"
    "objeto de despesa",
    "date": "date,incurred on,expenditure date,fecha,fecha del gasto,date de la depense,data,data da despesa",
    "voucher": "voucher,voucher number,comprobante,numero de comprobante,piece,piece justificative,comprovante",
    "payee": "payee,paid to,vendor,beneficiario,pagado a,proveedor,beneficiaire,fournisseur,fornecedor",
    "amount": "amount,monto,importe,valor,montant",
    "currency": "currency,moneda,monnaie,devise,moeda",
    "description": "description,descripcion,detalle,concepto,libelle,descricao",
    "reference": "reference,source reference,line,transaction,referencia,id,transaccion,transacao,ligne",
}
_NAMES = {fold(name): field for field, names in HEADINGS.items() for name in names.split(",")}
_LIMITS = {"voucher": 60, "payee": 200, "description": 500, "reference": 100, "award": 60, "mission": 20}
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ].*)?")
_SPLIT = re.compile(r"(\d{1,2})[./-](\d{1,2})[./-](\d{4})")


@dataclass(frozen=True)
class ReadLedger:
    """An extract as it was read. ``decimal_mark`` is "." or ",", or None when nothing tells."""

    lines: list[Line]
    errors: list[RowError]
    decimal_mark: str | None
    headings: dict[str, str]

    @property
    def needs_mark(self) -> bool:
        """Whether amounts could be read in two ways, so that someone must say which."""
        return self.decimal_mark is None


def read_extract(data: bytes, name: str, decimal_mark: str | None = None) -> ReadLedger:
    """Read the bytes of a file called ``name``; ``decimal_mark`` overrides what its amounts tell.

    Raises InvalidFile when it is no table of expenditures, naming the columns that are missing.
    """
    table = read_table(data, name, max_rows=MAX_ROWS)
    headings = _headings(table.headers)
    amounts = [text for text in table.column(headings["amount"]) if text.strip()]
    mark = decimal_mark or table.decimal_mark or detect_decimal_mark(amounts)
    if mark is None and not any(sign in text for text in amounts for sign in ".,"):
        mark = "."
    order = _order_of_days(table.column(headings["date"]))
    errors: list[RowError] = []
    lines = [
        line
        for number, cells in table.records()
        if (line := _Row(number, cells, headings, errors).line(mark, order)) is not None
    ]
    return ReadLedger(lines, errors, mark, headings)


def headings_of(table: Table) -> dict[str, str]:
    """Heading by field, of a table's columns that are known. Raises InvalidFile."""
    return _headings(table.headers)


def _headings(headers: Iterable[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for header in headers:
        field = _NAMES.get(fold(header))
        if field is not None:
            found.setdefault(field, header)
    absent = [field for field in NEEDED if field not in found]
    if absent:
        raise InvalidFile(
            lazy("These columns are missing: %(names)s.", names=", ".join(absent)),
            [RowError(1, field, None, lazy("a column of this name")) for field in absent],
            lazy("Name the columns in the first row: %(names)s.", names=", ".join(NEEDED)),
        )
    return found


def _order_of_days(texts: Iterable[str]) -> str | None:
    """Whether 05/12/2019 is day first ("dmy") or month first ("mdy"): some date must tell, else None."""
    parts = [match.groups() for text in texts if (match := _SPLIT.fullmatch(text.strip()))]
    first, second = any(int(a) > 12 for a, _b, _y in parts), any(int(b) > 12 for _a, b, _y in parts)
    return None if first == second else "dmy" if first else "mdy"


class _Row:
    """One row: its cells by field, and the errors found in it."""

    def __init__(
        self, number: int, cells: dict[str, str], headings: dict[str, str], errors: list[RowError]
    ) -> None:
        self.number, self.headings, self.errors = number, headings, errors
        self.cells = {field: cells[heading].strip() for field, heading in headings.items()}

    def line(self, mark: str | None, order: str | None) -> Line | None:
        """The line, or None when something in it is wrong."""
        before = len(self.errors)
        for field, longest in _LIMITS.items():
            if len(self.cells.get(field, "")) > longest:
                self._wrong(field, lazy("at most %(count)d characters", count=longest))
        texts = {field: self._text(field) for field in ("award", "voucher", "payee")}
        amount, currency = self._amount(mark), self._currency()
        number, day = self._object(), self._day(order)
        if len(self.errors) > before or amount is None or number is None or day is None:
            return None
        return Line(
            row=self.number, mission=self.cells.get("mission") or None, award=texts["award"], object_number=number,
            incurred_on=day, voucher=texts["voucher"], payee=texts["payee"], amount_cents=amount,
            currency=currency, description=self.cells.get("description") or None,
            reference=self.cells.get("reference") or None,
        )  # fmt: skip

    def _text(self, field: str) -> str:
        if not self.cells[field]:
            self._wrong(field, lazy("a text"))
        return self.cells[field]

    def _amount(self, mark: str | None) -> int | None:
        text = self.cells["amount"]
        if mark is None and ("." in text or "," in text):
            self._wrong("amount", _amount_words(mark))
            return None
        try:
            value = parse_decimal(text, mark)
        except InvalidInput:
            self._wrong("amount", _amount_words(mark))
            return None
        if value <= 0:
            self._wrong("amount", lazy("an amount above zero; a line is taken back by a reversal"))
        elif value != value.quantize(Decimal("0.01")):
            self._wrong("amount", lazy("two decimals at most"))
        elif value >= Decimal(10) ** 12:
            self._wrong("amount", lazy("less than a million million"))
        else:
            return to_cents(value)
        return None

    def _currency(self) -> str:
        code = (self.cells.get("currency") or "USD").upper()
        if not is_currency(code):
            self._wrong("currency", lazy("a currency’s three letters, as USD"))
        return code

    def _object(self) -> int | None:
        text = self.cells["object"]
        digits = re.match(r"\d+", text)
        try:
            number = parse_integer(digits.group()) if digits else None
        except InvalidInput:
            number = None
        if number not in OBJECTS:
            self._wrong("object", lazy("an object of expenditure from 1 to 9"))
            return None
        return number

    def _day(self, order: str | None) -> date | None:
        text = self.cells["date"]
        numbers: tuple[int, int, int] | None = None
        if iso := _ISO.fullmatch(text):
            numbers = (int(iso[1]), int(iso[2]), int(iso[3]))
        elif (split := _SPLIT.fullmatch(text)) and order:
            day, month = (split[1], split[2]) if order == "dmy" else (split[2], split[1])
            numbers = (int(split[3]), int(month), int(day))
        try:
            found = date(*numbers) if numbers else None
        except ValueError:
            found = None
        if found is None or not 1990 <= found.year <= 2100:
            self._wrong("date", lazy("a date as 2019-10-20"))
            return None
        return found

    def _wrong(self, field: str, expected: object) -> None:
        value = self.cells.get(field, "")[:60] or None
        self.errors.append(RowError(self.number, self.headings.get(field, field), value, expected))


def _amount_words(mark: str | None) -> object:
    if mark == ",":
        return lazy("a number with a decimal comma, as 1.234,50")
    if mark == ".":
        return lazy("a number with a decimal point, as 1,234.50")
    return lazy("a number that can be read in one way only: say whether the comma is the decimal sign")
