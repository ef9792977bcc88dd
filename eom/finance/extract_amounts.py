"""Amounts as accounting systems write them, and the decimal sign that a whole column of them uses."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from eom.core.errors import InvalidInput
from eom.core.spreadsheets import detect_decimal_mark, parse_decimal

_CENT = Decimal("0.01")
# What a workbook's own arithmetic leaves behind the cents is no part of the amount.
_NOISE = Decimal("0.000001")
_SPACES = re.compile(r"[\s\u00a0\u202f\u2009'\u2019]")
_SYMBOL = re.compile(r"US\$|R\$|\$|€|£", re.IGNORECASE)
_CODE = re.compile(r"^[A-Z]{3}(?=[\d(.,+-])|(?<=[\d).,-])[A-Z]{3}$")
_MACHINE = re.compile(r"\d+(\.\d+)?")
_AMBIGUOUS = re.compile(r"[1-9]\d{0,2}[.,]\d{3}")


@dataclass(frozen=True)
class Bare:
    """An amount without its sign, currency and spaces; ``signs`` counts how often it says minus."""

    body: str
    signs: int


def bare(text: str) -> Bare:
    """Take off what stands around the digits: ``(1,234.56)``, ``1,234.56-``, ``1.234,56 CR``, ``$ 12``."""
    body = _SPACES.sub("", text).replace("\u2212", "-").replace("\u2013", "-")
    body, signs = _without_side(_SYMBOL.sub("", body))
    body = _CODE.sub("", body)
    if body.startswith("(") and body.endswith(")"):
        body, signs = body[1:-1], signs + 1
    if body.startswith("-"):
        body, signs = body[1:], signs + 1
    if body.endswith("-"):
        body, signs = body[:-1], signs + 1
    return Bare(body.removeprefix("+"), signs)


def _without_side(body: str) -> tuple[str, int]:
    """The text without the mark of its side of the account: a credit takes off what was spent."""
    ending = body[-2:].upper()
    if ending in ("CR", "DR"):
        return body[:-2], int(ending == "CR")
    return body, 0


def parse(text: str, mark: str | None, *, from_workbook: bool = False) -> Decimal:
    """The number that a text writes, below zero for a credit. Raises InvalidInput.

    ``mark`` is the decimal sign, None where no amount of the column has one. A workbook's own numbers come
    with a point whatever its texts use.
    """
    found = bare(text)
    if found.signs > 1 or found.body[:1] in ("-", "+", "("):
        raise InvalidInput(text[:40])
    is_own = from_workbook and _MACHINE.fullmatch(found.body) and not _AMBIGUOUS.fullmatch(found.body)
    value = parse_decimal(found.body, "." if is_own else mark or ".")
    return -value if found.signs else value


def cents_of(value: Decimal) -> int | None:
    """A number as whole cents; None when it has more than two decimals."""
    rounded = value.quantize(_CENT)
    return int(rounded * 100) if abs(value - rounded) < _NOISE else None


@dataclass(frozen=True)
class Signs:
    """What a column's amounts tell of their decimal sign: "." or ",", None when it cannot be known.

    ``is_asked`` says that the sign matters and nothing tells.
    """

    mark: str | None
    is_asked: bool


def detect(texts: Iterable[str], *, from_workbook: bool = False) -> Signs:
    """The decimal sign of a whole column: most amounts say it, and what is written otherwise is an error then.

    Numbers like 1,234 can be read in two ways and do not say it; those of a workbook's own have a point.
    """
    bodies = [bare(text).body for text in texts if text.strip()]
    marked = [body for body in bodies if "." in body or "," in body]
    if not marked:
        return Signs(".", is_asked=False)
    mark = detect_decimal_mark(body for body in marked if not _AMBIGUOUS.fullmatch(body))
    if mark is None and from_workbook and all(_MACHINE.fullmatch(body) for body in marked):
        mark = "."
    return Signs(mark, is_asked=mark is None)
