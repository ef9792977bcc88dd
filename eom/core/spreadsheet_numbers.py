"""Numbers as people write them in sheets, in any of the four languages."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal

from eom.core.errors import InvalidInput
from eom.core.i18n import lazy

_SPACES = re.compile(r"[\s\u00a0\u202f'\u2019]")
_PLAIN = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)")
_GROUPED = re.compile(r"[+-]?\d{1,3}(\.\d{3})+")
_BARE_GROUP = re.compile(r"[+-]?[1-9]\d{0,2}[.,]\d{3}")


def parse_decimal(text: str, decimal_mark: str | None = None) -> Decimal:
    """The number a text writes: ``1,234.56``, ``1.234,56``, ``1 234,56``, ``(12.50)`` for minus.

    ``decimal_mark`` ("." or ",") settles what a lone separator means. Without it ``1,234`` could be
    either number and is refused; ``1.234`` is read as machines write it.
    Raises InvalidInput.
    """
    body = _SPACES.sub("", text).replace("\u2212", "-")
    negative = body.startswith("(") and body.endswith(")")
    body = body[1:-1] if negative else body
    if len(body) > 40 or not body.isascii():
        raise _not_a_number(text)
    mark = decimal_mark or _mark_of(body, text)
    plain = _without_groups(body, mark)
    if plain is None or (negative and plain[0] in "+-"):
        raise _not_a_number(text)
    return -Decimal(plain) if negative else Decimal(plain)


def parse_integer(text: str, decimal_mark: str | None = None) -> int:
    """The whole number a text writes; a lone ``1.234`` or ``1,234`` is a thousand and more.

    Raises InvalidInput, also for a fraction.
    """
    body = _SPACES.sub("", text)
    if decimal_mark is None and _BARE_GROUP.fullmatch(body):
        return int(body.replace(".", "").replace(",", ""))
    value = parse_decimal(text, decimal_mark)
    if value != value.to_integral_value():
        raise InvalidInput(lazy("“%(text)s” is not a whole number.", text=_shown(text)))
    return int(value)


def detect_decimal_mark(texts: Iterable[str]) -> str | None:
    """The decimal mark a column of numbers uses: "." or "," or None when nothing tells.

    A number tells when it has both separators, repeats one, or has other than three digits after one.
    """
    votes = {".": 0, ",": 0}
    for text in texts:
        body = _SPACES.sub("", text)
        if "." not in body and "," not in body:
            continue
        if _BARE_GROUP.fullmatch(body):
            continue
        mark = _evident_mark(body)
        if mark:
            votes[mark] += 1
    if votes["."] == votes[","]:
        return None
    return max(votes, key=lambda mark: votes[mark])


def _evident_mark(body: str) -> str | None:
    dots, commas = body.count("."), body.count(",")
    if dots and commas:
        return "." if body.rindex(".") > body.rindex(",") else ","
    if dots > 1 or commas > 1:
        return "," if dots > 1 else "."
    return "." if dots else "," if commas else None


def _mark_of(body: str, text: str) -> str:
    if "," in body and _BARE_GROUP.fullmatch(body):
        raise InvalidInput(
            lazy(
                "“%(text)s” can be read in two ways: with a thousands separator or with a decimal comma.",
                text=_shown(text),
            )
        )
    return _evident_mark(body) or "."


def _without_groups(body: str, mark: str) -> str | None:
    """The number with a decimal point and no groups; None when it is not a number."""
    whole, found, fraction = body.partition(mark)
    group = "," if mark == "." else "."
    if group in whole:
        if not _GROUPED.fullmatch(whole.replace(group, ".")):
            return None
        whole = whole.replace(group, "")
    plain = whole + ("." + fraction if found else "")
    return plain if _PLAIN.fullmatch(plain) else None


def _shown(text: str) -> str:
    return text if len(text) <= 40 else text[:40] + "…"


def _not_a_number(text: str) -> InvalidInput:
    return InvalidInput(lazy("“%(text)s” is not a number.", text=_shown(text)))
