"""A table of a register completed before it is read: codes mended, areas and names that it does not state.

Pure. What is known comes from the register that is loaded and from boundaries; what the file states is
never changed but for codes that differ in leading zeros alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from eom.core.i18n import lazy
from eom.core.spreadsheets import Table
from eom.stations import codes
from eom.stations.geography import Notice

AREAS = ("area_1", "area_2", "area_3")
# An area that nobody states: a sign, as it is read in four languages.
NOT_STATED = "—"
# (longitude, latitude) by row to the names of the areas there, from the top.
FindsAreas = Callable[[Table, Mapping[str, str]], dict[int, tuple[str, ...]]]


@dataclass(frozen=True, slots=True)
class KnownCentre:
    """What the loaded register says of a centre: its name, country, and areas from level 1."""

    name: str
    country: str
    areas: tuple[str, ...]


@dataclass(frozen=True)
class Known:
    """The loaded register as far as a new file leans on it."""

    host: str
    centres: Mapping[str, KnownCentre] = field(default_factory=dict)
    station_codes: frozenset[str] = frozenset()


def complete(
    table: Table, mapping: Mapping[str, str], known: Known, find_areas: FindsAreas
) -> tuple[Table, dict[str, str], list[Notice]]:
    """The table and mapping with what the file leaves to others, and a notice for each thing done.

    The steps: a code in two columns made one, leading zeros put back, levels cut out of an area's code,
    areas taken from the loaded centre of the same code, then from the boundaries around the point.
    """
    work = _Work(table, dict(mapping), [])
    work.join_codes(known)
    work.restore_zeros("centre_code", known.centres)
    work.restore_zeros("station_code", known.station_codes)
    if "area_1" not in mapping:
        work.cut_levels()
    if "area_1" not in work.mapping:
        work.fill_areas(known, find_areas)
    return work.table, work.mapping, work.notices


@dataclass
class _Work:
    """A table on its way: each step adds columns or replaces one."""

    table: Table
    mapping: dict[str, str]
    notices: list[Notice]

    def join_codes(self, known: Known) -> None:
        """Make one code of two columns."""
        if not {"code_prefix", "centre_code"} <= set(self.mapping):
            self.mapping.pop("code_prefix", None)
            return
        prefixes, own = (
            self._column(self.mapping.pop("code_prefix")),
            self._column(self.mapping["centre_code"]),
        )
        one = codes.joined(prefixes, own, known.centres)
        gained = sum(1 for code in one if code in known.centres) > sum(
            1 for code in own if code in known.centres
        )
        if gained or (not known.centres and len(set(one)) > len(set(own))):
            self._put("centre_code", one)

    def restore_zeros(self, name: str, known: Any) -> None:
        """Write codes as the loaded register has them."""
        if name not in self.mapping or not known:
            return
        restored, count = codes.restore_zeros(self._column(self.mapping[name]), known)
        if count:
            self._put(name, restored)
            words = lazy(
                "%(count)s codes in “%(name)s” differ from the loaded ones in leading zeros alone: taken as the same.",
                count=count, name=self.mapping[name].removesuffix(" *"),
            )  # fmt: skip
            self.notices.append(Notice(None, words))

    def cut_levels(self) -> None:
        """Areas from the levels inside their code, named by it."""
        if "area_code" not in self.mapping:
            return
        found = codes.levels(self._column(self.mapping["area_code"]))
        for place, name in enumerate(AREAS):
            values = [each[place] if place < len(each) else "" for each in found]
            if any(values):
                self._put(name, values)

    def fill_areas(self, known: Known, find_areas: FindsAreas) -> None:
        """Areas (and country, and name) of the loaded centre of the same code, else of the point."""
        numbers = [number for number, _row in self.table.numbered()]
        centre_codes = (
            self._column(self.mapping["centre_code"])
            if "centre_code" in self.mapping
            else [""] * len(numbers)
        )
        found: Sequence[KnownCentre | None] = [known.centres.get(code.strip()) for code in centre_codes]
        places = find_areas(self.table, self.mapping) if None in found else {}
        areas = [
            each.areas if each else places.get(number, (NOT_STATED,))
            for each, number in zip(found, numbers, strict=True)
        ]
        for place, name in enumerate(AREAS):
            values = [each[place] if place < len(each) else "" for each in areas]
            if any(values):
                self._put(name, values)
        if "country" not in self.mapping and any(each and each.country != known.host for each in found):
            self._put("country", [each.country if each else known.host for each in found])
        if "centre_name" not in self.mapping:
            names = [each.name if each else code for each, code in zip(found, centre_codes, strict=True)]
            self._put("centre_name", names)
        self._tell(found, areas)

    def _tell(self, found: Sequence[KnownCentre | None], areas: Sequence[tuple[str, ...]]) -> None:
        lost = sum(1 for each in areas if each == (NOT_STATED,))
        placed = sum(1 for each in found if each is None) - lost
        kept = len(areas) - placed - lost
        words = lazy(
            "The file states no areas: %(kept)s rows have those of the loaded centre of their code, %(placed)s "
            "those of the boundary around their point, %(lost)s none.",
            kept=kept, placed=placed, lost=lost,
        )  # fmt: skip
        self.notices.append(Notice(None, words))

    def _column(self, header: str) -> list[str]:
        return self.table.column(header)

    def _put(self, name: str, values: Sequence[str]) -> None:
        """Add a column for a field, in place of what the file has for it."""
        header = f"{self.mapping.get(name, name).removesuffix(' *')} *"
        rest: Iterator[str] = iter(values)
        if header in self.table.headers:
            at = self.table.headers.index(header)
            rows = [[*row[:at], next(rest), *row[at + 1 :]] if row else row for row in self.table.rows]
            self.table = replace(self.table, rows=rows)
        else:
            rows = [[*row, next(rest)] if row else row for row in self.table.rows]
            self.table = replace(self.table, headers=[*self.table.headers, header], rows=rows)
        self.mapping[name] = header
