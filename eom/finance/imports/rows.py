"""The rows of an extract: which are lines and which totals or remarks, and what each line says."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache

from eom.core.countries import fold
from eom.core.errors import InvalidInput, RowError
from eom.core.i18n import LANGUAGES, day, in_locale, lazy
from eom.core.money import is_currency, to_cents
from eom.core.spreadsheets import Table
from eom.finance import extract_amounts as amounts
from eom.finance import extract_codes
from eom.finance import extract_days as days
from eom.finance.extract_columns import FIELDS, Choice
from eom.finance.models.budget import OBJECTS
from eom.finance.services.ledger_lines import Line

Cells = Mapping[str, str]
_LIMITS = {"voucher": 60, "payee": 200, "description": 500, "reference": 100, "award": 60, "mission": 20,
           "reverses": 100, "budget": 10}  # fmt: skip
_TOTAL = re.compile(r"(grand |sub ?|gran )?(total|totals|totales|totaux|totais|suma|somme|soma)\b.*")
# "4", "4 Travel", "Object 04": what follows the number is its name.
_OBJECT = re.compile(r"(?:\D{0,3}obj\w*\.?\s*)?0*(\d{1,3})(?!\d)", re.IGNORECASE)
_ABOVE = Decimal(10) ** 12


@dataclass(frozen=True)
class PassedOver:
    """A row that is no line: a total, or a remark. ``amounts`` are its amount and its credit as written."""

    row: int
    text: str
    is_total: bool
    amounts: tuple[str, str] = ("", "")


def split(table: Table, choice: Choice) -> tuple[list[tuple[int, Cells]], list[PassedOver]]:
    """The rows that are lines, by field, and those that are totals or remarks.

    A total has an amount and neither award, date nor voucher of its own; a remark one filled cell at most
    and no amount. Whatever else is incomplete is a line with errors: nothing is left out in silence.
    """
    places = [(name, table.headers.index(header)) for name, header in choice.columns.items()]
    kept: list[tuple[int, Cells]] = []
    passed: list[PassedOver] = []
    for number, row in table.numbered():
        cells = {name: row[place].strip() for name, place in places}
        said = [cell.strip() for cell in row if cell.strip()]
        has_amount = bool(cells.get("amount") or cells.get("credit"))
        is_bare = not cells.get("date") and not (cells.get("voucher") and cells.get("payee"))
        is_total = is_bare and has_amount and any(_TOTAL.fullmatch(fold(each)) for each in said)
        if is_total or (is_bare and not has_amount and len(said) == 1):
            written = (cells.get("amount", ""), cells.get("credit", ""))
            passed.append(PassedOver(number, " · ".join(said)[:120], is_total, written))
        else:
            told = {**choice.fixed, **{n: v for n, v in cells.items() if v or n not in choice.fixed}}
            kept.append((number, extract_codes.ours(choice.codes, told)))
    return kept, passed


class Reader:
    """Reads rows one after the other and keeps what is wrong with them in ``errors``."""

    def __init__(
        self, choice: Choice, mark: str | None, date_order: str | None, *, from_workbook: bool
    ) -> None:
        self.headings, self.mark, self.date_order = choice.columns, mark, date_order
        self.from_workbook = from_workbook
        self.errors: list[RowError] = []
        self._days: dict[str, date | None] = {}

    def line(self, number: int, cells: Cells) -> Line | None:
        """The line of a row, or None when something in it is wrong."""
        before = len(self.errors)
        for name, longest in _LIMITS.items():
            if len(cells.get(name) or "") > longest:
                self._wrong(number, cells, name, lazy("at most %(count)d characters", count=longest))
        for name in ("award", "voucher", "payee"):
            if not cells.get(name):
                self._wrong(number, cells, name, lazy("a text"))
        amount, currency = self._amount(number, cells), self._currency(number, cells)
        object_number, incurred_on = self._object(number, cells), self._day(number, cells)
        if len(self.errors) > before or amount is None or object_number is None or incurred_on is None:
            return None
        return Line(
            row=number, mission=cells.get("mission") or None, award=cells["award"], object_number=object_number,
            incurred_on=incurred_on, voucher=cells["voucher"], payee=cells["payee"], amount_cents=amount,
            currency=currency, description=cells.get("description") or None,
            reference=cells.get("reference") or None, reverses=cells.get("reverses") or None,
            budget_code=cells.get("budget") or None,
        )  # fmt: skip

    def _amount(self, number: int, cells: Cells) -> int | None:
        """The debit less the credit, in cents."""
        written = {name: cells.get(name, "") for name in ("amount", "credit") if name in self.headings}
        values = {name: self._cents(number, cells, name, text) for name, text in written.items() if text}
        if None in values.values():
            return None
        debit, credit = values.get("amount") or 0, values.get("credit") or 0
        if debit and credit:
            self._wrong(number, cells, "credit", lazy("a debit or a credit, not both in one row"))
        elif not debit and not credit:
            name = "amount" if "amount" in self.headings else "credit"
            self._wrong(number, cells, name, lazy("an amount other than zero"))
        else:
            return debit - credit
        return None

    def _cents(self, number: int, cells: Cells, name: str, text: str) -> int | None:
        if self.mark is None and ("." in text or "," in text):
            self._wrong(number, cells, name, words_of(self.mark))
            return None
        try:
            value = amounts.parse(text, self.mark, from_workbook=self.from_workbook)
        except InvalidInput:
            self._wrong(number, cells, name, words_of(self.mark))
            return None
        cents = amounts.cents_of(value)
        if cents is None:
            self._wrong(number, cells, name, lazy("two decimals at most"))
        elif abs(value) >= _ABOVE:
            self._wrong(number, cells, name, lazy("less than a million million"))
            return None
        return cents

    def _currency(self, number: int, cells: Cells) -> str:
        code = (cells.get("currency") or "USD").upper()
        if not is_currency(code):
            self._wrong(number, cells, "currency", lazy("a currency’s three letters, as USD"))
        return code

    def _object(self, number: int, cells: Cells) -> int | None:
        text = cells.get("object", "")
        digits = _OBJECT.match(text)
        found = int(digits[1]) if digits else objects_by_name().get(fold(text)) if text else None
        if found not in OBJECTS:
            self._wrong(number, cells, "object", lazy("an object of expenditure from 1 to 9"))
            return None
        return found

    def _day(self, number: int, cells: Cells) -> date | None:
        text = cells.get("date", "")
        if text not in self._days:
            self._days[text] = days.parse(text, self.date_order)
        found = self._days[text]
        if found is None:
            self._wrong(number, cells, "date", days_words(self.date_order))
        return found

    def _wrong(self, number: int, cells: Cells, name: str, expected: object) -> None:
        value = (cells.get(name) or "")[:60] or None
        self.errors.append(RowError(number, self.headings.get(name, str(FIELDS[name])), value, expected))

    def total_of(self, passed: Sequence[PassedOver]) -> int | None:
        """What the last total of the file says, in cents; None when there is none that can be read."""
        for each in reversed(passed):
            if each.is_total:
                try:
                    debit, credit = (
                        amounts.cents_of(amounts.parse(text, self.mark, from_workbook=self.from_workbook))
                        if text else 0 for text in each.amounts
                    )  # fmt: skip
                except InvalidInput:
                    return None
                return None if debit is None or credit is None else debit - credit
        return None

    def samples_of_amounts(self, texts: Iterable[str], count: int) -> list[tuple[str, int]]:
        """Some amounts with a sign in them as they are written and as they are read (cents)."""
        found: dict[str, int] = {}
        for text in texts:
            if text not in found and ("." in text or "," in text):
                try:
                    value = amounts.parse(text, self.mark, from_workbook=self.from_workbook)
                except InvalidInput:
                    continue
                if abs(value) < _ABOVE:
                    found[text] = to_cents(value)
            if len(found) == count:
                break
        return list(found.items())

    def samples_of_days(self, texts: Iterable[str], count: int) -> list[tuple[str, str]]:
        """Some dates as they are written and as they are read, in words."""
        found: dict[str, str] = {}
        for text in texts:
            read = days.parse(text, self.date_order)
            if read is not None and text != read.isoformat():
                found.setdefault(text, day(read, "long"))
            if len(found) == count:
                break
        return list(found.items())


def words_of(mark: str | None) -> object:
    """What an amount must look like."""
    if mark == ",":
        return lazy("a number with a decimal comma, as 1.234,50")
    if mark == ".":
        return lazy("a number with a decimal point, as 1,234.50")
    return lazy("a number that can be read in one way only: say whether the comma is the decimal sign")


def days_words(order: str | None) -> object:
    """What a date must look like."""
    if order == "mdy":
        return lazy("a date with the month first, as 10/20/2019, or 2019-10-20")
    if order == "dmy":
        return lazy("a date with the day first, as 20/10/2019, or 2019-10-20")
    return lazy("a date as 2019-10-20, or say whether the day or the month comes first")


@cache
def objects_by_name() -> dict[str, int]:
    """The numbers of the objects of expenditure by their names in the four languages."""
    found: dict[str, int] = {}
    for language in LANGUAGES:
        with in_locale(language):
            found |= {fold(str(label)): number for number, label in OBJECTS.items()}
    return found
