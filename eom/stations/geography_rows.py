"""The rows of a register's file, cell by cell: what each says, and every cell that says it wrongly."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from eom.core.countries import alpha3, fold
from eom.core.errors import InvalidFile, InvalidInput, RowError
from eom.core.i18n import lazy
from eom.core.spreadsheets import (
    Table,
    detect_decimal_mark,
    parse_integer,
)
from eom.stations.geography_centres import Sighting
from eom.stations.geography_coordinates import PointReader
from eom.stations.geography_guess import Box
from eom.stations.mapping import columns_of

MAX_LISTED_ERRORS = 100
MAX_NAME = 200
MAX_VOTERS = 1_000_000
MAX_STATIONS = 1_000
_AREAS = ("area_1", "area_2", "area_3")
_TEXTS = (
    *_AREAS,
    "locality",
    "district",
    "zone",
    "centre_name",
    "centre_code",
    "address",
    "station_code",
)
_TOTALS = (
    "total",
    "totales",
    "totals",
    "subtotal",
    "sub total",
    "suma",
    "somme",
    "soma",
    "gran total",
    "totaux",
)


class RowReader:
    """Reads rows into sightings of centres; collects errors, capped, and counts them all."""

    def __init__(
        self, table: Table, mapping: Mapping[str, str], host_country: str, box: Box | None = None
    ) -> None:
        """``box`` (west, south, east, north) is the host country's, to tell what is wrong with coordinates."""
        self.table = table
        self.mapping = columns_of(mapping)
        self._crs, self._box = mapping.get("crs"), box
        self._points: dict[int, tuple[float, float]] = {}
        self.host = host_country
        self.errors: list[RowError] = []
        self.error_count = 0
        self.notices: list[tuple[int | None, Any]] = []
        self._positions = {name: table.headers.index(header) for name, header in self.mapping.items()}
        self._tidied: dict[str, str] = {}
        self._folded: dict[str, str] = {}
        self._countries: dict[str, str | None] = {}
        self._paths: dict[tuple[str, ...], list[tuple[int, tuple[str, str]]]] = {}
        self._voters_mark = self._mark("registered_voters")

    def refuse(self, row: int, field: str, value: str, expected: Any) -> None:
        """Note one wrong cell."""
        self.error_count += 1
        if len(self.errors) < MAX_LISTED_ERRORS:
            self.errors.append(RowError(row, self.mapping.get(field), value[:80], expected))

    def stop_on_errors(self) -> None:
        """Raise InvalidFile when any cell was refused."""
        if not self.error_count:
            return
        self.errors.sort(key=lambda error: error.row or 0)
        raise InvalidFile(
            lazy(
                "Nothing was loaded: %(count)s errors in the file, %(shown)s of them listed.",
                count=self.error_count,
                shown=len(self.errors),
            ),
            self.errors,
        )

    def sightings(self) -> Iterator[Sighting]:
        """One sighting for each row that could be read."""
        self._points = PointReader(self.table, self._positions, self._crs, self.refuse, self.notices).points(
            self._box
        )
        last = self._last_full_row()
        for number, cells in self.table.numbered():
            if self._is_no_station(number, cells, last):
                continue
            errors_before = self.error_count
            sighting = self._sighting(number, cells)
            if sighting is not None and self.error_count == errors_before:
                yield sighting

    def _sighting(self, row: int, cells: list[str]) -> Sighting | None:
        texts = {name: self._text(row, name, cells) for name in _TEXTS if name in self._positions}
        country = self._country(row, cells)
        if country is None:
            return None
        path = self._path(row, country, texts)
        name = self._name(row, texts)
        if not path or not name:
            return None
        code = texts.get("centre_code", "")
        if "station_code" in texts and not texts["station_code"]:
            self.refuse(row, "station_code", "", lazy("a polling station's number"))
        area_key = path[-1][1][0]
        own = (
            f"#{self._fold(code)}" if code else f"{self._fold(name)}/{self._fold(texts.get('locality', ''))}"
        )
        return Sighting(
            row=row,
            group_key=f"{area_key}/{own}",
            path=path,
            area_key=area_key,
            country=country,
            is_abroad=country != self.host,
            name=name,
            code=code,
            locality=texts.get("locality", ""),
            district=texts.get("district", ""),
            zone=texts.get("zone", ""),
            address=texts.get("address", ""),
            point=self._points.get(row),
            station_code=texts.get("station_code", ""),
            registered_voters=self._whole(row, "registered_voters", cells, MAX_VOTERS),
            station_count=self._whole(row, "station_count", cells, MAX_STATIONS) or 0,
        )

    def _text(self, row: int, name: str, cells: list[str]) -> str:
        """A cell without stray spaces."""
        raw = cells[self._positions[name]]
        text = self._tidied.get(raw)
        if text is None:
            text = self._tidied[raw] = " ".join(raw.split())
        if len(text) > MAX_NAME:
            self.refuse(row, name, text, lazy("at most %(limit)s characters", limit=MAX_NAME))
        return text

    def _fold(self, text: str) -> str:
        folded = self._folded.get(text)
        if folded is None:
            # A name of signs only ("---") folds to nothing: it keeps its signs.
            folded = self._folded[text] = fold(text) or text.replace("/", " ")
        return folded

    def _country(self, row: int, cells: list[str]) -> str | None:
        if "country" not in self._positions:
            return self.host
        raw = cells[self._positions["country"]].strip()
        if raw not in self._countries:
            self._countries[raw] = alpha3(raw)
        if self._countries[raw] is None:
            self.refuse(row, "country", raw, lazy("a country's name or its ISO code"))
        return self._countries[raw]

    def _path(self, row: int, country: str, texts: Mapping[str, str]) -> list[tuple[int, tuple[str, str]]]:
        """(level, (key, name)) of the row's areas from the top; empty when one is missing above another."""
        names = [texts.get(area, "") for area in _AREAS]
        known = self._paths.get((country, *names))
        if known is not None:
            return known
        path: list[tuple[int, tuple[str, str]]] = []
        if country != self.host:
            path.append((0, (country.lower(), country)))
        key = country.lower()
        for level, name in enumerate(names, 1):
            if not name and any(names[level:]):
                self.refuse(
                    row,
                    _AREAS[level - 1],
                    "",
                    lazy("a name, as an area below it has one"),
                )
                return []
            if name:
                key = f"{key}/{self._fold(name)}"
                path.append((level, (key, name)))
        if not path:
            self.refuse(row, "area_1", "", lazy("the name of an area"))
        self._paths[country, *names] = path
        return path

    def _name(self, row: int, texts: Mapping[str, str]) -> str:
        """The centre's name; a file that names no centres has one at each address or locality."""
        name = texts.get("centre_name", "")
        if name:
            return name
        if "centre_name" in texts and not texts.get("centre_code"):
            self.refuse(row, "centre_name", "", lazy("the name of a voting centre"))
            return ""
        others = (
            "centre_code",
            "address",
            "locality",
            "area_3",
            "area_2",
            "area_1",
            "station_code",
        )
        return next((texts[other] for other in others if texts.get(other)), "")

    def _whole(self, row: int, name: str, cells: list[str], limit: int) -> int | None:
        if name not in self._positions:
            return None
        raw = cells[self._positions[name]].strip()
        if not raw:
            return None
        try:
            value = int(raw) if raw.isascii() and raw.isdigit() else parse_integer(raw, self._voters_mark)
        except InvalidInput:
            value = -1
        if 0 <= value <= limit:
            return value
        self.refuse(row, name, raw, lazy("a whole number from 0 to %(limit)s", limit=limit))
        return None

    def _last_full_row(self) -> int:
        """The last row with two cells or more, in a table of three columns or more; else the last of all."""
        last = self.table.first_row_number + len(self.table.rows) - 1
        if len(self.table.headers) < 3:
            return last
        for number in range(len(self.table.rows) - 1, -1, -1):
            if sum(1 for cell in self.table.rows[number] if cell.strip()) > 1:
                return self.table.first_row_number + number
        return last

    def _is_no_station(self, row: int, cells: list[str], last_full: int) -> bool:
        """Whether a row is a total or a remark at the end: noticed and passed over."""
        if row > last_full:
            text = next(cell for cell in cells if cell.strip()).strip()
            self.notices.append((row, lazy("Taken as a remark below the table: “%(text)s”.", text=text[:80])))
            return True
        if all(cells[self._positions[name]].strip() for name in self._needed()):
            return False
        first = fold(next((cell for cell in cells if cell.strip()), ""))
        if not (first in _TOTALS or first.startswith(("total ", "subtotal "))):
            return False
        self.notices.append((row, lazy("Taken as a total and left out.")))
        return True

    def _needed(self) -> list[str]:
        return [
            name
            for name in ("station_code", "centre_name", "area_1", "centre_code")
            if name in self._positions
        ]

    def _mark(self, *names: str) -> str | None:
        """The decimal mark the cells show; also in a workbook, whose numbers may have been typed as text."""
        positions = [self._positions[name] for name in names if name in self._positions]
        return detect_decimal_mark(row[p] for row in self.table.sample(200) for p in positions)
