"""A spreadsheet of monthly rates of exchange: read whole, every error with its row, column, value and expectation.

The United Nations publish their operational rates as such a list. Nothing of the database is known here.
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
from eom.core.money import is_currency
from eom.core.spreadsheets import Table, detect_decimal_mark, parse_decimal, read_table
from eom.finance.services.rate_intake import RateLine

MAX_ROWS = 20_000
NEEDED = ("currency", "month", "rate")
HEADINGS = {
    "currency": "currency,currency code,code,iso code,abbrev,moneda,codigo de moneda,devise,code devise,moeda,codigo da moeda",
    "month": "month,effective date,date,mes,fecha,vigencia,mois,date d'effet,data,vigencia desde",
    "rate": "rate,units per usd,units for one us dollar,un rate,rate of exchange,tasa,tipo de cambio,tasa de cambio,taux,"
    "taux de change,taxa,taxa de cambio",
    "source": "source,fuente,fonte,origen",
}
_NAMES = {fold(name): field for field, names in HEADINGS.items() for name in names.split(",")}
_ISO = re.compile(r"(\d{4})-(\d{1,2})(?:-\d{1,2})?(?:[T ].*)?")
_MONTH = re.compile(r"(\d{1,2})[./-](\d{4})")


@dataclass(frozen=True)
class ReadRates:
    """A list as it was read. ``decimal_mark`` is "." or ",", or None when nothing tells."""

    lines: list[RateLine]
    errors: list[RowError]
    decimal_mark: str | None


def read_rates(data: bytes, name: str, decimal_mark: str | None = None) -> ReadRates:
    """Read the bytes of a file called ``name``; ``decimal_mark`` overrides what its rates tell.

    Raises InvalidFile when it is no table of rates, naming the columns that are missing.
    """
    table = read_table(data, name, max_rows=MAX_ROWS, knows=lambda cell: fold(cell) in _NAMES)
    headings = _headings(table.headers)
    mark = decimal_mark or _mark(table, headings)
    errors: list[RowError] = []
    lines = [
        line
        for number, cells in table.records()
        if (line := _line(number, cells, headings, mark, errors, name)) is not None
    ]
    return ReadRates(lines, errors, mark)


def _mark(table: Table, headings: dict[str, str]) -> str | None:
    """The decimal sign: the file's own, else what the rates tell."""
    texts = [text for text in table.column(headings["rate"]) if text.strip()]
    mark = table.decimal_mark or detect_decimal_mark(texts)
    if mark is None and not any(sign in text for text in texts for sign in ".,"):
        return "."
    return mark


def _headings(headers: Iterable[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for header in headers:
        if (field := _NAMES.get(fold(header))) is not None:
            found.setdefault(field, header)
    absent = [field for field in NEEDED if field not in found]
    if absent:
        raise InvalidFile(
            lazy("These columns are missing: %(names)s.", names=", ".join(absent)),
            [RowError(1, field, None, lazy("a column of this name")) for field in absent],
            lazy("Name the columns in the first row: %(names)s.", names=", ".join(NEEDED)),
        )
    return found


def _line(
    number: int, cells: dict[str, str], headings: dict[str, str], mark: str | None, errors: list[RowError], name: str
) -> RateLine | None:  # fmt: skip
    said = {field: cells[heading].strip() for field, heading in headings.items()}
    month, rate = _month(said["month"]), _rate(said["rate"], mark)
    wrong = {
        "currency": None if _is_foreign(said["currency"]) else lazy("a currency’s three letters, as EUR"),
        "month": lazy("a month as 2019-10") if month is None else None,
        "rate": rate if not isinstance(rate, Decimal) else None,
    }
    found = [
        RowError(number, headings[field], said[field][:60] or None, expected)
        for field, expected in wrong.items()
        if expected is not None
    ]
    errors += found
    if found or month is None or not isinstance(rate, Decimal):
        return None
    return RateLine(number, said["currency"].upper(), month, rate, (said.get("source") or name)[:200])


def _is_foreign(text: str) -> bool:
    return is_currency(text.upper()) and text.upper() != "USD"


def _month(text: str) -> date | None:
    numbers = None
    if iso := _ISO.fullmatch(text):
        numbers = int(iso[1]), int(iso[2])
    elif short := _MONTH.fullmatch(text):
        numbers = int(short[2]), int(short[1])
    if numbers is None or not 1990 <= numbers[0] <= 2100 or not 1 <= numbers[1] <= 12:
        return None
    return date(numbers[0], numbers[1], 1)


def _rate(text: str, mark: str | None) -> Decimal | object:
    """The rate, or what was expected."""
    if mark is None and ("." in text or "," in text):
        return lazy("a number that can be read in one way only: say whether the comma is the decimal sign")
    try:
        value = parse_decimal(text, mark)
    except InvalidInput:
        return lazy("a number: units of the currency for one US dollar")
    if value <= 0:
        return lazy("a rate above zero")
    if -int(value.as_tuple().exponent) > 8 and value != value.quantize(Decimal("1e-8")):
        return lazy("eight decimals at most")
    return value
