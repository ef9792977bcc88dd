"""Coordinates as people write them: decimal degrees, degrees-minutes-seconds, pairs in one cell, metres.

Pure. Hemisphere letters are those of the four languages: N, S, E; W, O (oeste, ouest, oeste) for west and
L (leste) for east.
"""

from __future__ import annotations

import re

from eom.core.errors import InvalidInput
from eom.core.i18n import lazy
from eom.core.spreadsheet_numbers import parse_decimal

_PLAIN_NUMBER = re.compile(r"[+-]?[0-9]{1,9}(\.[0-9]*)?")
_MARKS = re.compile(
    "[°ºª˚'’‘´`′\"“”″:,;\\s]+|deg|min|sec|grados|minutos|segundos|graus|degres", re.IGNORECASE
)
_LETTERS = {"N": 1, "S": -1, "E": 1, "L": 1, "W": -1, "O": -1}
_NUMBER = re.compile(r"\d+(?:[.,]\d+)?")
_WKT = re.compile(r"(?:SRID=\d+;)?\s*POINT\s*Z?\s*\(\s*([-\d.eE]+)\s+([-\d.eE]+)[^)]*\)", re.IGNORECASE)
_SPLIT = re.compile(r"\s*;\s*|\s*\|\s*|\s*/\s*|,\s+|\s{2,}|\t")
_LETTER_SPLIT = re.compile(r"(?<=[NSns])[\s,;]+(?=[\dEWOLewol])")


def parse_angle(text: str, mark: str | None = None) -> float:
    """The number of degrees (or metres) a cell writes: ``-16.5``, ``16°29'53.2" S``, ``S 16 29.887``.

    ``mark`` is the decimal mark of plain numbers, "." or ",". Minutes and seconds are below 60; a minus
    sign and a southern letter together mean south once. Raises InvalidInput.
    """
    body = text.strip().replace("\u2212", "-").replace("\u00a0", " ")
    if _PLAIN_NUMBER.fullmatch(body):
        return float(body)
    letters = [
        character.upper() for character in body if character.isalpha() and character.upper() in _LETTERS
    ]
    parts = _NUMBER.findall(body)
    if not letters and not re.search("[°ºª˚'’′\"”″:]|\\d\\s+\\d", body):
        return float(parse_decimal(body, mark or ","))
    rest = _MARKS.sub("", _NUMBER.sub("", body)).lstrip("+-").upper()
    if not 1 <= len(parts) <= 3 or rest not in ("", *_LETTERS):
        raise _not_an_angle(text)
    values = [float(part.replace(",", ".")) for part in parts]
    if any(value >= 60 for value in values[1:]) or any(not value.is_integer() for value in values[:-1]):
        raise _not_an_angle(text)
    degrees = sum(value / 60**place for place, value in enumerate(values))
    sign = _LETTERS[rest] if rest else 1
    return -degrees if sign < 0 or body.startswith("-") else degrees


def parse_pair(text: str, mark: str | None = None) -> tuple[float, float]:
    """(latitude, longitude) of one cell: ``-16.5, -68.15``, ``POINT(-68.15 -16.5)``, ``16°30'S 68°09'W``.

    Well-known text has the longitude first, as it is defined; the others the latitude, unless their
    letters say otherwise. Raises InvalidInput.
    """
    body = text.strip().strip("()[]")
    found = _WKT.fullmatch(text.strip())
    if found is not None:
        try:
            return float(found[2]), float(found[1])
        except ValueError as error:
            raise _not_an_angle(text) from error
    parts = _parts(body)
    if len(parts) != 2:
        raise _not_an_angle(text)
    one, other = (parse_angle(part, mark) for part in parts)
    is_swapped = re.search("[EWOL]", parts[0], re.IGNORECASE) and re.search("[NS]", parts[1], re.IGNORECASE)
    return (other, one) if is_swapped else (one, other)


def _parts(body: str) -> list[str]:
    parts = [part for part in _LETTER_SPLIT.split(body) if part]
    if len(parts) == 2:
        return parts
    parts = [part for part in _SPLIT.split(body) if part]
    if len(parts) == 2:
        return parts
    if body.count(",") == 1:
        return [part.strip() for part in body.split(",")]
    return body.split()


def _not_an_angle(text: str) -> InvalidInput:
    return InvalidInput(
        lazy("“%(text)s” is no coordinate: decimal degrees or degrees, minutes and seconds were expected.",
             text=text[:40])
    )  # fmt: skip
