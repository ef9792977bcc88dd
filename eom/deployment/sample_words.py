"""What strata and kinds of stations are called, in the reader's words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from eom.core.i18n import _, country_name, number

_WORDS: dict[str, Callable[..., str]] = {
    "all": lambda: _("All stations"),
    "home": lambda: _("In the country"),
    "abroad": lambda: _("Abroad"),
    "area": lambda name: str(name),
    "country": country_name,
    "voters_unknown": lambda: _("Registered voters not known"),
}


def words(label: list[Any]) -> str:
    """A label of ``sampling_frames`` in words."""
    kind, *rest = label
    if kind == "voters":
        return _("%(least)s to %(most)s voters", least=number(rest[0]), most=number(rest[1]))
    if kind == "centre":
        return _centre(*rest)
    return _WORDS[kind](*rest)


def _centre(least: int, most: int | None) -> str:
    if most is None:
        return _("%(least)s stations or more", least=number(least))
    if most == 1:
        return _("The only station of its centre")
    return _("%(least)s to %(most)s stations", least=number(least), most=number(most))


def points(difference: float) -> str:
    """A difference of shares (0.01 is a point) in points with its sign; no sign before a nought."""
    rounded = round(difference * 100, 1) or 0.0
    sign = "+" if rounded > 0 else "−" if rounded < 0 else ""
    return sign + number(abs(rounded), 1)


def dimension(name: str) -> str:
    """What a balance compares stations by."""
    known = {
        "area": _("By area"),
        "voters": _("By size of the station"),
        "centre": _("By size of the voting centre"),
    }
    return known[name]
