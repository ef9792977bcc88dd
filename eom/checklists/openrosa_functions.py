"""The XPath functions that ODK adds, for evaluating a form's own rules on the server.

Every function gets lxml's evaluation context first and its arguments as XPath values: text, float,
bool, or a list of elements. What a rule needs and we do not have (an attached list, a random number)
raises ``NotEvaluated``, and the rule is left alone.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from contextvars import ContextVar
from datetime import UTC, date, datetime, timedelta
from typing import Any

from lxml import etree

MOMENT: ContextVar[datetime] = ContextVar("moment")
MAX_MATCHED = 2_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_DAY_SECONDS = 86_400


class NotEvaluated(Exception):
    """The rule needs something that the server does not have."""


def text(value: Any) -> str:
    """An XPath value as text: the first node's, ``true``/``false``, a number without needless decimals."""
    if isinstance(value, list):
        return text(value[0]) if value else ""
    if isinstance(value, etree._Element):
        return "".join(str(part) for part in value.itertext()).strip()
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if math.isfinite(value) and value.is_integer() else str(value)
    return str(value)


def number(value: Any) -> float:
    """An XPath value as a number; dates as days since 1970, what is no number as NaN."""
    if isinstance(value, bool | int | float):
        return float(value)
    words = text(value).strip()
    if re.match(r"\d{4}-\d{2}-\d{2}", words):
        return decimal_date_time(None, words)
    try:
        return float(words)
    except ValueError:
        return math.nan


def truth(value: Any) -> bool:
    """An XPath value as a boolean."""
    if isinstance(value, float):
        return bool(value) and not math.isnan(value)
    return bool(value)


def items(value: Any) -> list[Any]:
    """A node set as its nodes, anything else as a list of one."""
    return value if isinstance(value, list) else [value]


def decimal_date_time(_context: Any, value: Any) -> float:
    """Days since 1970-01-01 UTC of a date or an instant; NaN for what is neither."""
    words = text(value)
    try:
        moment = datetime.fromisoformat(words)
    except ValueError:
        return math.nan
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return (moment - _EPOCH) / timedelta(days=1)


def decimal_time(_context: Any, value: Any) -> float:
    """A time of day as a share of the day, in the place where it was written down."""
    found = re.match(r"(?:.*T)?(\d{2}):(\d{2})(?::(\d{2})(\.\d+)?)?", text(value))
    if not found:
        return math.nan
    seconds = int(found[1]) * 3600 + int(found[2]) * 60 + int(found[3] or 0) + float(found[4] or 0)
    return seconds / _DAY_SECONDS


def _selected(_context: Any, chosen: Any, choice: Any) -> bool:
    return text(choice).strip() in text(chosen).split()


def _selected_at(_context: Any, chosen: Any, at: Any) -> str:
    words, index = text(chosen).split(), number(at)
    return words[int(index)] if 0 <= index < len(words) else ""


def _if(_context: Any, test: Any, yes: Any, no: Any) -> Any:
    return yes if truth(test) else no


def _coalesce(_context: Any, *values: Any) -> str:
    return next((text(value) for value in values if text(value)), "")


def _regex(_context: Any, value: Any, pattern: Any) -> bool:
    words = text(value)
    if len(words) > MAX_MATCHED:
        raise NotEvaluated
    try:
        return re.fullmatch(text(pattern), words) is not None
    except re.error as error:
        raise NotEvaluated from error


def _round(_context: Any, value: Any, places: Any = 0.0) -> float:
    amount = number(value)
    if not math.isfinite(amount):
        return amount
    factor = 10.0 ** int(number(places))
    return float(math.floor(amount * factor + 0.5) / factor)


def _extreme(choose: Callable[[list[float]], float]) -> Callable[..., float]:
    def extreme(_context: Any, *values: Any) -> float:
        numbers = [number(item) for value in values for item in items(value) if text(item)]
        return choose(numbers) if numbers else math.nan

    return extreme


def _sum(_context: Any, values: Any) -> float:
    return math.fsum(number(item) for item in items(values) if text(item))


def _join(_context: Any, separator: Any, *values: Any) -> str:
    return text(separator).join(text(item) for value in values for item in items(value))


def _concat(_context: Any, *values: Any) -> str:
    return "".join(text(item) for value in values for item in items(value))


def _substr(_context: Any, value: Any, start: Any, end: Any = None) -> str:
    words = text(value)
    return words[slice(int(number(start)), None if end is None else int(number(end)))]


def _date(_context: Any, value: Any) -> str:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return (date(1970, 1, 1) + timedelta(days=int(value))).isoformat()
    return text(value)[:10]


def _int(_context: Any, value: Any) -> float:
    amount = number(value)
    return float(math.trunc(amount)) if math.isfinite(amount) else amount


def _absent(_context: Any, *_values: Any) -> Any:
    raise NotEvaluated


def functions(instance: Callable[[str], Any]) -> dict[tuple[str | None, str], Callable[..., Any]]:
    """Extension functions for lxml; ``instance`` finds an inner list by its id, ``MOMENT`` is now."""
    named: dict[str, Callable[..., Any]] = {
        "selected": _selected,
        "selected-at": _selected_at,
        "count-selected": lambda _c, value: float(len(text(value).split())),
        "count-non-empty": lambda _c, value: float(sum(1 for item in items(value) if text(item))),
        "if": _if,
        "coalesce": _coalesce,
        "once": _coalesce,
        "regex": _regex,
        "int": _int,
        "round": _round,
        "min": _extreme(min),
        "max": _extreme(max),
        "sum": _sum,
        "pow": lambda _c, base, power: number(base) ** number(power),
        "abs": lambda _c, value: abs(number(value)),
        "join": _join,
        "concat": _concat,
        "substr": _substr,
        "ends-with": lambda _c, value, end: text(value).endswith(text(end)),
        "boolean-from-string": lambda _c, value: text(value) in ("1", "true"),
        "today": lambda _c: MOMENT.get().date().isoformat(),
        "now": lambda _c: MOMENT.get().isoformat(timespec="milliseconds"),
        "date": _date,
        "date-time": lambda _c, value: text(value),
        "decimal-date-time": decimal_date_time,
        "decimal-time": decimal_time,
        "instance": lambda _c, name: instance(text(name)),
    }
    for name in ("pulldata", "random", "uuid", "indexed-repeat", "current", "property", "version"):
        named[name] = _absent
    found: dict[tuple[str | None, str], Callable[..., Any]] = {(None, name): f for name, f in named.items()}
    found["http://openrosa.org/javarosa", "choice-name"] = _absent
    found["http://openrosa.org/javarosa", "itext"] = _absent
    return found
