"""Money: whole cents with a currency. Decimal at the edges, never a float.

Every currency is kept in hundredths, also those without a minor unit (CLP, PYG, JPY), so that one
column type and one rule of rounding serve all.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation
from functools import cache

from babel.numbers import list_currencies

from eom.core.countries import all_countries, alpha2
from eom.core.errors import InvalidInput
from eom.core.i18n import lazy

CENT = Decimal("0.01")


@dataclass(frozen=True)
class Money:
    """An amount of one currency. Arithmetic refuses to mix currencies."""

    cents: int
    currency: str

    def __post_init__(self) -> None:
        if isinstance(self.cents, bool) or not isinstance(self.cents, int):
            raise TypeError("money is whole cents")

    def __add__(self, other: Money) -> Money:
        self._same(other)
        return Money(self.cents + other.cents, self.currency)

    def __sub__(self, other: Money) -> Money:
        self._same(other)
        return Money(self.cents - other.cents, self.currency)

    def __neg__(self) -> Money:
        return Money(-self.cents, self.currency)

    def _same(self, other: Money) -> None:
        if self.currency != other.currency:
            raise ValueError(f"{self.currency} and {other.currency} do not add up")


def to_cents(amount: Decimal) -> int:
    """An amount in units as whole cents, half to even. Raises TypeError for anything but a Decimal."""
    if not isinstance(amount, Decimal):
        raise TypeError("an amount is a Decimal")
    return int((amount * 100).quantize(Decimal(1), rounding=ROUND_HALF_EVEN))


def to_units(cents: int) -> Decimal:
    """Whole cents as units with two places."""
    return (Decimal(cents) / 100).quantize(CENT)


def convert(cents: int, rate: Decimal) -> int:
    """Cents of a currency in cents of US dollars at ``rate`` units of it for one dollar, half to even.

    The UN operational rates of exchange are quoted as units of the currency for one US dollar.
    Raises ValueError for a rate that is not above zero.
    """
    if rate <= 0:
        raise ValueError("a rate is above zero")
    return int((Decimal(cents) / rate).quantize(Decimal(1), rounding=ROUND_HALF_EVEN))


def portion(cents: int, percent: Decimal) -> int:
    """``percent`` per cent of an amount in whole cents, half to even."""
    return int((Decimal(cents) * percent / 100).quantize(Decimal(1), rounding=ROUND_HALF_EVEN))


def share_out(total: int, weights: Sequence[int]) -> list[int]:
    """Share ``total`` cents by non-negative weights so that the shares add up to it (largest remainder).

    Equal remainders go to the earlier share. Raises ValueError without a positive weight.
    """
    whole = sum(weights)
    if whole <= 0 or min(weights) < 0:
        raise ValueError("shares need non-negative weights, one at least above zero")
    sign, amount = (-1, -total) if total < 0 else (1, total)
    shares = [amount * weight // whole for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda i: (-(amount * weights[i] % whole), i))
    for place in by_remainder[: amount - sum(shares)]:
        shares[place] += 1
    return [sign * share for share in shares]


def is_currency(code: str) -> bool:
    """Whether it is an ISO 4217 code."""
    return code in list_currencies()


@cache
def current_currencies() -> tuple[str, ...]:
    """ISO 4217 codes of the money in use in some country today, in alphabetical order."""
    from babel.numbers import get_territory_currencies

    codes = {code for country in all_countries() for code in get_territory_currencies(alpha2(country) or "")}
    return tuple(sorted(codes))


# A comma is the decimal sign in French and Portuguese; Spanish of the Americas writes 1,234.50.
DECIMAL_SIGN = {"en": ".", "es": ".", "fr": ",", "pt": ","}
_SPACES = re.compile(r"[\s\u00a0\u202f']")
_PLAIN = re.compile(r"[+-]?\d+(\.\d+)?")


def parse_amount(text: str, language: str = "en", *, decimal_sign: str | None = None) -> Decimal:
    """A number as people of a language write it: grouped or not, either sign where it is unmistakable.

    «1.234,50» and «1,234.50» hold both signs, so the later is the decimal one whatever the language;
    a single sign is read by the language, unless it cannot be a group («12,5», «1234.50»). With
    ``decimal_sign`` nothing is guessed. Raises InvalidInput for anything else.
    """
    clean = _SPACES.sub("", text).replace("−", "-")
    sign = decimal_sign or _decimal_sign(clean, language)
    group = "." if sign == "," else ","
    whole, _, fraction = clean.partition(sign)
    if group in whole and not re.fullmatch(rf"[+-]?\d{{1,3}}(\{group}\d{{3}})+", whole):
        raise _not_a_number(text)
    plain = whole.replace(group, "") + ("." + fraction if fraction else "")
    if not _PLAIN.fullmatch(plain) or len(plain) > 30:
        raise _not_a_number(text)
    try:
        return Decimal(plain)
    except InvalidOperation:
        raise _not_a_number(text) from None


def _decimal_sign(text: str, language: str) -> str:
    if "," in text and "." in text:
        return "," if text.rfind(",") > text.rfind(".") else "."
    sign = next((s for s in ",." if s in text), None)
    if sign is None:
        return DECIMAL_SIGN.get(language, ".")
    if text.count(sign) > 1:
        return "." if sign == "," else ","
    before, _, after = text.partition(sign)
    could_group = len(after) == 3 and 1 <= len(before.lstrip("+-")) <= 3 and before.lstrip("+-") != "0"
    return DECIMAL_SIGN.get(language, ".") if could_group else sign


def _not_a_number(text: str) -> InvalidInput:
    return InvalidInput(lazy("“%(text)s” is no amount: digits were expected.", text=text[:40]))
