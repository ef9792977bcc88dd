"""The coordinates of a register's rows: read from two columns or one, in degrees or in metres."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from eom.core.errors import InvalidFile, InvalidInput
from eom.core.i18n import lazy
from eom.core.spreadsheets import Table, detect_decimal_mark
from eom.stations.coordinates import parse_angle, parse_pair
from eom.stations.geography_guess import ENOUGH_POINTS, Box, Point, guesses
from eom.stations.vector_files import WGS84, transformed

Refuse = Callable[[int, str, str, Any], None]
Notices = list[tuple[int | None, Any]]
_PLAIN_NUMBER = re.compile(r"[+-]?[0-9]{1,3}(\.[0-9]*)?")
_AXES = ("latitude", "longitude")
_LIMITS = {"latitude": 90, "longitude": 180}


class PointReader:
    """Reads the points of a table's rows, (latitude, longitude) by row number; blanks are left out.

    ``box`` is the country's, to guess what is wrong with numbers that are no degrees. Wrong cells go to
    ``refuse``; 0, 0 stands for a blank and is noticed.
    """

    def __init__(
        self, table: Table, positions: Mapping[str, int], crs: str | None, refuse: Refuse, notices: Notices
    ) -> None:
        self._table = table
        self._positions = positions
        self._crs = None if crs in (None, "", WGS84) else crs
        self._refuse = refuse
        self._notices = notices
        self._mark = self._decimal_mark() or ","

    def points(self, box: Box | None) -> dict[int, Point]:
        """Raises InvalidFile with every guess why, when most numbers cannot be degrees."""
        if "latitude" not in self._positions and "coordinates" not in self._positions:
            return {}
        read = self._read()
        if self._crs is not None:
            read = self._in_degrees(read)
        wild = [row for row, (y, x) in read.items() if abs(y) > 90 or abs(x) > 180]
        if box is not None and len(read) >= ENOUGH_POINTS and 2 * len(wild) >= len(read):
            found = guesses(list(read.values()), box)
            if found:
                raise InvalidFile(" ".join(str(each) for each in found),
                                  next_step=lazy("Nothing was loaded."))  # fmt: skip
        for row in wild:
            self._refuse_range(row, read.pop(row))
        return read

    def _read(self) -> dict[int, Point]:
        in_one = self._positions.get("coordinates")
        read: dict[int, Point] = {}
        for row, cells in self._table.numbered():
            point = self._two(row, cells) if in_one is None else self._one(row, cells[in_one])
            if point == (0, 0):
                self._notices.append((row, lazy("The coordinates 0, 0 are taken as missing.")))
            elif point is not None:
                read[row] = point
        return read

    def _two(self, row: int, cells: list[str]) -> Point | None:
        raw = [cells[self._positions[name]].strip() for name in _AXES]
        if not raw[0] and not raw[1]:
            return None
        one, other = (self._angle(row, name, text) for name, text in zip(_AXES, raw, strict=True))
        return None if one is None or other is None else (one, other)

    def _one(self, row: int, raw: str) -> Point | None:
        if not raw.strip():
            return None
        try:
            return parse_pair(raw, self._mark)
        except InvalidInput:
            self._refuse(row, "coordinates", raw, lazy("a latitude and a longitude"))
            return None

    def _angle(self, row: int, name: str, raw: str) -> float | None:
        try:
            return float(raw) if _PLAIN_NUMBER.fullmatch(raw) else parse_angle(raw, self._mark)
        except InvalidInput:
            self._refuse(row, name, raw, self._expected(name))
            return None

    def _in_degrees(self, read: dict[int, Point]) -> dict[int, Point]:
        """The points of the reference system as latitude and longitude."""
        moved = transformed([(x, y) for y, x in read.values()], str(self._crs))
        return {row: (y, x) for row, (x, y) in zip(read, moved, strict=True)}

    def _refuse_range(self, row: int, point: Point) -> None:
        for name, value in zip(_AXES, point, strict=True):
            if abs(value) > _LIMITS[name]:
                shown = f"{value:g}" if self._crs is None else lazy("outside the reference system")
                cell = name if name in self._positions else "coordinates"
                self._refuse(row, cell, str(shown), self._expected(name))

    @staticmethod
    def _expected(name: str) -> Any:
        limit = _LIMITS[name]
        return lazy("degrees from %(low)s to %(high)s", low=-limit, high=limit)

    def _decimal_mark(self) -> str | None:
        """What the cells show, also in a workbook: its numbers may have been typed as text."""
        positions = [self._positions[name] for name in _AXES if name in self._positions]
        shown = detect_decimal_mark(row[p] for row in self._table.sample(200) for p in positions)
        return shown or self._table.decimal_mark
