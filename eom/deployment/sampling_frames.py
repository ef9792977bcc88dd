"""The stations of a register as a frame to draw from: what they are drawn in, and what kinds of them there are."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from eom.deployment.sampling_draws import Frame, Places

# A label says what a stratum or kind is, for ``sample_words.words``: ["area", name], ["country", "ARG"], ["home"],
# ["abroad"], ["all"], ["voters", least, most], ["voters_unknown"], ["centre", least, most].
Label = list[Any]
CENTRE_SIZES = ((1, 1), (2, 5), (6, 15), (16, None))


class Strata(StrEnum):
    """What a stratified sample is divided by."""

    AREA = "area"
    HOME = "home"
    VOTERS = "voters"


@dataclass(frozen=True)
class Place:
    """An area: its key in the register, its label, level, what it lies in, and whether it is abroad."""

    key: str
    label: Label
    level: int
    parent: int | None
    is_abroad: bool


@dataclass(frozen=True)
class Register:
    """The stations of a mission that can be drawn: N of each array; ids of areas lead to ``places``."""

    ids: Places
    keys: Sequence[str]
    voters: Places
    centres: Places
    areas: Places
    first_areas: Places
    places: Mapping[int, Place]

    def __len__(self) -> int:
        return len(self.keys)

    @property
    def is_abroad(self) -> NDArray[np.bool_]:
        """For each station whether it is abroad."""
        return _looked_up(self.first_areas, lambda area: self.places[area].is_abroad).astype(bool)

    def at_home(self) -> Register:
        """Without the stations abroad."""
        kept = np.flatnonzero(~self.is_abroad)
        return Register(
            self.ids[kept], [self.keys[at] for at in kept.tolist()], self.voters[kept], self.centres[kept],
            self.areas[kept], self.first_areas[kept], self.places,
        )  # fmt: skip


@dataclass(frozen=True)
class Kinds:
    """A division of all stations: the number of each one's kind, and the labels of the kinds."""

    numbers: Places
    labels: Sequence[Label]


def whole(register: Register) -> tuple[Frame, list[Label]]:
    """One stratum that is the whole frame."""
    zero = np.zeros(len(register), dtype=np.int64)
    return Frame(register.keys, register.voters, zero, [""]), [["all"]]


def divided(register: Register, by: Strata) -> tuple[Frame, list[Label]]:
    """A frame in strata. By area: the first-level areas, and abroad as one."""
    if by is Strata.VOTERS:
        kinds = by_voters(register)
        keys = ["-".join(str(part) for part in label) for label in kinds.labels]
        return Frame(register.keys, register.voters, kinds.numbers, keys), list(kinds.labels)
    if by is Strata.HOME:
        numbers = register.is_abroad.astype(np.int64)
        if not numbers.any() or numbers.all():
            return whole(register)
        return Frame(register.keys, register.voters, numbers, ["home", "abroad"]), [["home"], ["abroad"]]
    keys, labels, numbers = _areas_of(register, _first_or_abroad(register))
    return Frame(register.keys, register.voters, numbers, keys), labels


def in_areas(register: Register, level: int) -> tuple[Frame, list[Label]]:
    """A frame in areas of a level (1 to 3), or the nearest above it where a register goes less deep."""
    above = {area: _ancestor(register.places, area, level) for area in register.places}
    keys, labels, numbers = _areas_of(register, _looked_up(register.areas, lambda area: above[area]))
    return Frame(register.keys, register.voters, numbers, keys), labels


def by_area(register: Register) -> Kinds:
    """First-level areas, and abroad as one."""
    _keys, labels, numbers = _areas_of(register, _first_or_abroad(register))
    return Kinds(numbers, labels)


def by_voters(register: Register) -> Kinds:
    """Four classes of registered voters with as many stations each as can be; apart where the register is silent."""
    known = register.voters[register.voters >= 0]
    if not len(known):
        return Kinds(np.zeros(len(register), dtype=np.int64), [["voters_unknown"]])
    tops = sorted({int(each) for each in np.quantile(known, (0.25, 0.5, 0.75, 1), method="higher")})
    labels: list[Label] = [
        ["voters", low, top] for low, top in zip([0, *(top + 1 for top in tops)], tops, strict=False)
    ]
    numbers = np.searchsorted(tops, register.voters).astype(np.int64)
    numbers[register.voters < 0] = len(tops)
    if (register.voters < 0).any():
        labels.append(["voters_unknown"])
    return Kinds(numbers, labels)


def by_centre(register: Register) -> Kinds:
    """How many stations stand in the same voting centre: large centres are those of towns."""
    _centres, at, counts = np.unique(register.centres, return_inverse=True, return_counts=True)
    tops = [most for _least, most in CENTRE_SIZES if most is not None]
    numbers = np.searchsorted(tops, counts[at]).astype(np.int64)
    return Kinds(numbers, [["centre", least, most] for least, most in CENTRE_SIZES])


def _first_or_abroad(register: Register) -> Places:
    """The first-level area of each station, 0 for abroad."""
    return _looked_up(register.first_areas, lambda area: 0 if register.places[area].is_abroad else area)


def _areas_of(register: Register, areas: Places) -> tuple[list[str], list[Label], Places]:
    """The keys and labels of the areas that stations are in (0 is abroad), by key; and each station's."""
    found, at = np.unique(areas, return_inverse=True)
    named: list[tuple[str, Label]] = [
        (register.places[area].key, register.places[area].label) if area else ("~abroad", ["abroad"])
        for area in found.tolist()
    ]
    order = sorted(range(len(named)), key=lambda place: named[place][0])
    rank = np.empty(len(named), dtype=np.int64)
    rank[order] = np.arange(len(named))
    return [named[place][0] for place in order], [named[place][1] for place in order], rank[at]


def _ancestor(places: Mapping[int, Place], area: int, level: int) -> int:
    while places[area].level > level and places[area].parent is not None:
        area = places[area].parent or area
    return area


def _looked_up(areas: Places, of: Callable[[int], Any]) -> Places:
    """What a function says of each station's area, asked once an area."""
    found, at = np.unique(areas, return_inverse=True)
    return np.asarray([of(area) for area in found.tolist()], dtype=np.int64)[at]
