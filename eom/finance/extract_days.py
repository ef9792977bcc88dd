"""Dates as spreadsheets and accounting systems write them, and the order that a whole column of them uses."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from babel.dates import get_month_names

from eom.core.countries import fold

ORDERS = ("dmy", "mdy")
FIRST_YEAR, LAST_YEAR = 1990, 2100
_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ].*)?")
_SPLIT = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4}|\d{2})(?: \d.*)?")
_COMPACT = re.compile(r"((?:19|20)\d{2})(\d{2})(\d{2})")
# Days since 30 December 1899, as spreadsheets count: 20000 is in 1954, 80000 in 2119.
_SERIAL = re.compile(r"([2-7]\d{4})(?:\.\d+)?")
_EPOCH = date(1899, 12, 30)
_DAY_FIRST = re.compile(r"(\d{1,2})[-/. ]*(?:de )?([^\W\d_]{3,})\.?[-/., ]*(?:de )?(\d{4}|\d{2})(?: \d.*)?")
_MONTH_FIRST = re.compile(r"([^\W\d_]{3,})\.?[-/. ]*(\d{1,2})[,. -]+(\d{4}|\d{2})(?: \d.*)?")


@dataclass(frozen=True)
class Order:
    """What a column's dates tell of their order: "dmy" or "mdy", None when it cannot be known.

    ``is_asked`` says that the order matters and nothing tells.
    """

    order: str | None
    is_asked: bool


def detect(texts: Iterable[str]) -> Order:
    """Whether 05/12/2019 is day or month first: a part above twelve tells, and the most say it."""
    votes = dict.fromkeys(ORDERS, 0)
    is_open = False
    for text in texts:
        if match := _SPLIT.fullmatch(text.strip()):
            first, second = int(match[1]), int(match[2])
            if first > 12 >= second:
                votes["dmy"] += 1
            elif second > 12 >= first:
                votes["mdy"] += 1
            is_open = is_open or (first != second and first <= 12 and second <= 12)
    if votes["dmy"] == votes["mdy"]:
        return Order(None, is_asked=is_open or votes["dmy"] > 0)
    return Order(max(ORDERS, key=lambda order: votes[order]), is_asked=False)


def parse(text: str, order: str | None) -> date | None:
    """The date that a text writes, None for what is none; ``order`` settles days and months up to twelve."""
    numbers = _numbers(text.strip(), order)
    try:
        found = date(*numbers) if numbers else None
    except ValueError:
        return None
    return found if found and FIRST_YEAR <= found.year <= LAST_YEAR else None


def _numbers(text: str, order: str | None) -> tuple[int, int, int] | None:
    """(year, month, day) of a text, not yet checked."""
    if match := _ISO.fullmatch(text) or _COMPACT.fullmatch(text):
        return int(match[1]), int(match[2]), int(match[3])
    if match := _SERIAL.fullmatch(text):
        day = _EPOCH + timedelta(int(match[1]))
        return day.year, day.month, day.day
    if match := _SPLIT.fullmatch(text):
        return _in_order(match[1], match[2], match[3], order)
    if (match := _DAY_FIRST.fullmatch(text)) and (month := _months().get(fold(match[2]))):
        return _year(match[3]), month, int(match[1])
    if (match := _MONTH_FIRST.fullmatch(text)) and (month := _months().get(fold(match[1]))):
        return _year(match[3]), month, int(match[2])
    return None


def _in_order(first: str, second: str, year: str, order: str | None) -> tuple[int, int, int] | None:
    if order is None and first.lstrip("0") != second.lstrip("0"):
        return None
    day, month = (second, first) if order == "mdy" else (first, second)
    return _year(year), int(month), int(day)


def _year(text: str) -> int:
    """The year of two or four digits (POSIX: 69 to 99 are of the last century)."""
    number = int(text)
    return number if len(text) == 4 else number + (1900 if number >= 69 else 2000)


@cache
def _months() -> dict[str, int]:
    """The numbers of months by their names in the four languages, whole and short."""
    found: dict[str, int] = {}
    for language in ("en", "es", "fr", "pt"):
        for width in ("wide", "abbreviated"):
            for number, name in get_month_names(width, locale=language).items():
                found[fold(name)] = number
                found.setdefault(fold(name)[:3], number)
    # What three letters leave open in French: juin and juillet.
    found.pop("jui", None)
    return found
