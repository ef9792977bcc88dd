"""One answer of a submission as its JSON type.

Integers, decimals (as numbers), text; dates and times as sent in ISO 8601; several choices as a list;
a point as ``{"latitude", "longitude", "altitude", "accuracy"}`` (degrees, metres); a line or an area as
a list of points; a repeat as a list of documents under its own name. What cannot be read stays text: it
is kept, and ``openrosa_contents`` flags it.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from datetime import date
from typing import Any

Convert = Callable[[str], tuple[Any, bool]]

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_CLOCK = re.compile(
    r"(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d+)?)?(?:Z|[+-](?:[01]\d|2[0-3]):?[0-5]\d)?", re.ASCII
)
_INTEGER = re.compile(r"[+-]?\d{1,18}", re.ASCII)
_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?", re.ASCII)


def converter(kind: str) -> Convert | None:
    """What makes an answer of a kind of question its JSON type; None for kinds that stay text.

    It returns the answer and whether it could be read; what could not stays text.
    """
    return _CONVERTERS.get(kind)


def _integer(text: str) -> tuple[Any, bool]:
    return (int(text), True) if _INTEGER.fullmatch(text) else (text, False)


def _decimal(text: str) -> tuple[Any, bool]:
    number = _number(text)
    return (text, False) if number is None else (number, True)


def _day(text: str) -> tuple[Any, bool]:
    return text, _is_day(text)


def _clock(text: str) -> tuple[Any, bool]:
    return text, _CLOCK.fullmatch(text) is not None


def _moment(text: str) -> tuple[Any, bool]:
    day, _t, at = text.partition("T")
    return text, _is_day(day) and _CLOCK.fullmatch(at) is not None


def _is_day(text: str) -> bool:
    """Whether the calendar has this day."""
    try:
        return _DATE.fullmatch(text) is not None and bool(date.fromisoformat(text))
    except ValueError:
        return False


def _several(text: str) -> tuple[Any, bool]:
    return text.split(), True


def _place(text: str) -> tuple[Any, bool]:
    point = _point(text)
    return (text, False) if point is None else (point, True)


def _line(text: str) -> tuple[Any, bool]:
    points = [_point(part) for part in text.split(";") if part.strip()]
    return (text, False) if None in points else (points, True)


def _number(text: str) -> float | int | None:
    if not _NUMBER.fullmatch(text):
        return None
    value = float(text)
    if not math.isfinite(value):
        return None
    return int(value) if value.is_integer() and abs(value) < 1e15 else value


def _point(text: str) -> dict[str, float | int] | None:
    """Latitude and longitude in degrees (WGS 84), altitude and accuracy in metres when sent."""
    parts = [_number(part) for part in text.split()]
    if not 2 <= len(parts) <= 4 or None in parts:
        return None
    values = [part for part in parts if part is not None]
    if abs(values[0]) > 90 or abs(values[1]) > 180:
        return None
    return dict(zip(("latitude", "longitude", "altitude", "accuracy"), values, strict=False))


_CONVERTERS: dict[str, Convert] = {
    "integer": _integer,
    "decimal": _decimal,
    "range": _decimal,
    "date": _day,
    "time": _clock,
    "dateTime": _moment,
    "select_multiple": _several,
    "rank": _several,
    "geopoint": _place,
    "geotrace": _line,
    "geoshape": _line,
}
