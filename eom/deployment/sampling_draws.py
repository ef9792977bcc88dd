"""Drawing polling stations by chance, so that anybody can draw the same list again.

**The generator.** Each station has a number: the first eight bytes (big endian) of SHA-256 over the UTF-8 text
``seed LF purpose LF key``, divided by 2⁶⁴. It depends on nothing but the seed and the station's key in the
register: no library, no version, no order of rows. The stations with the smallest numbers are drawn. These are
permanent random numbers (E. Ohlsson, *Coordination of samples using permanent random numbers*, 1995); to sort
by them is simple random sampling without replacement (Cochran, *Sampling Techniques*, 3rd ed., 2.1).
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from eom.deployment.sampling_sizes import Allocation, allocate, shared_out

Numbers = NDArray[np.float64]
Places = NDArray[np.int64]

STATION, AREA, START, RESERVE = "station", "area", "start", "reserve"


@dataclass(frozen=True)
class Frame:
    """The stations that can be drawn: N of each. ``voters`` is −1 where the register does not say.

    ``areas`` holds for each station the number (from 0) of what it is drawn in: a stratum, or an area of the
    first stage; ``area_keys`` names them.
    """

    keys: Sequence[str]
    voters: Places
    areas: Places
    area_keys: Sequence[str]

    def __len__(self) -> int:
        return len(self.keys)

    @cached_property
    def counts(self) -> Places:
        """How many stations each area has."""
        return np.bincount(self.areas, minlength=len(self.area_keys)).astype(np.int64)

    @cached_property
    def sizes(self) -> Numbers:
        """Registered voters; where there are none or the register is silent the mean of the others.

        So that no station has no chance at all.
        """
        known = self.voters > 0
        mean = float(self.voters[known].mean()) if known.any() else 1.0
        return np.where(known, self.voters, mean).astype(np.float64)

    @cached_property
    def spreads(self) -> list[float]:
        """The standard deviation of registered voters in each area: what Neyman's allocation goes by."""
        total = np.bincount(self.areas, self.sizes, minlength=len(self.area_keys))
        squares = np.bincount(self.areas, self.sizes**2, minlength=len(self.area_keys))
        held = np.maximum(self.counts, 1)
        return [float(each) for each in np.sqrt(np.maximum(squares / held - (total / held) ** 2, 0))]

    @cached_property
    def digest(self) -> str:
        """SHA-256 over ``key TAB voters TAB area's key LF`` of every station, in the order of these lines."""
        lines = [
            f"{key}\t{voters}\t{self.area_keys[area]}\n"
            for key, voters, area in zip(self.keys, self.voters.tolist(), self.areas.tolist(), strict=True)
        ]
        return hashlib.sha256("".join(sorted(lines)).encode()).hexdigest()


@dataclass(frozen=True)
class Draw:
    """What was drawn: places in the frame, in the order of the draw, with each one's chance to be drawn.

    ``reserves`` are replacements, in the order in which they come up in their area; none is in the sample.
    """

    places: list[int]
    chances: list[float]
    reserves: list[int]

    @property
    def weights(self) -> list[float]:
        """How many stations of the country each drawn one stands for: one over its chance."""
        return [1 / chance for chance in self.chances]


def number_of(seed: str, purpose: str, key: str) -> float:
    """The number of a key, at least 0 and below 1 (the module's docstring says how)."""
    digest = hashlib.sha256(f"{seed}\n{purpose}\n{key}".encode()).digest()
    return int.from_bytes(digest[:8], "big") / 2**64


def numbers_of(seed: str, purpose: str, keys: Sequence[str]) -> Numbers:
    """The numbers of many keys, as ``number_of``."""
    begun = hashlib.sha256(f"{seed}\n{purpose}\n".encode())
    found = bytearray()
    for key in keys:
        each = begun.copy()
        each.update(key.encode())
        found += each.digest()[:8]
    return np.frombuffer(bytes(found), dtype=">u8").astype(np.float64) / 2.0**64


def draw_stratified(frame: Frame, seed: str, taken: Sequence[int], *, reserve: float = 0.0) -> Draw:
    """``taken[h]`` stations of each stratum (``frame.areas``), by simple chance within it (Cochran 5.1).

    One stratum alone is a simple random sample. ``reserve`` (0..1) of each stratum's sample, rounded up, are
    drawn after it as replacements, as far as there are stations. The chance is n_h / N_h.
    """
    numbers = numbers_of(seed, STATION, frame.keys)
    return _first_of_each(
        frame, _in_order(frame.keys, numbers), np.asarray(taken, dtype=np.int64), reserve, None
    )


def draw_by_size(frame: Frame, seed: str, size: int, *, reserve: float = 0.0) -> Draw:
    """``size`` stations with chances in proportion to their registered voters, systematically.

    Stations so large that they are always in are taken first; the others stand by area (in the order of its
    key) and by their number within it, and from a random start every step-th voter picks a station: areas are
    spread as in strata (Cochran 9A.4 and 8.11; Madow 1949). Replacements come from the same area, in the order
    of −ln(number) / voters, which is drawing by size one after the other (Efraimidis and Spirakis 2006).
    """
    _refuse_more(size, len(frame))
    chances = chances_by_size(frame.sizes, size)
    ranks = np.argsort(np.argsort(np.asarray(frame.area_keys), kind="stable"), kind="stable")
    order = np.lexsort((numbers_of(seed, STATION, frame.keys), ranks[frame.areas]))
    drawn = _systematic(chances, order, number_of(seed, START, ""))
    rest = -np.log(1 - numbers_of(seed, RESERVE, frame.keys)) / frame.sizes
    counts = np.bincount(frame.areas[drawn], minlength=len(frame.area_keys))
    reserves = _reserves(frame, np.argsort(rest), drawn, counts, reserve)
    return Draw(drawn.tolist(), chances[drawn].tolist(), reserves)


def chances_by_size(sizes: Numbers, size: int) -> Numbers:
    """The chances of N units, ``size`` in all, in proportion to their sizes; no chance is above 1 (Cochran 9A.8)."""
    chances = np.zeros(len(sizes))
    sure = np.zeros(len(sizes), dtype=bool)
    while size > sure.sum():
        chances[~sure] = (size - sure.sum()) * sizes[~sure] / sizes[~sure].sum()
        more = ~sure & (chances >= 1 - 1e-12)
        if not more.any():
            break
        sure |= more
    chances[sure] = 1.0
    return chances


def draw_two_stages(frame: Frame, seed: str, size: int, *, area_count: int, reserve: float = 0.0) -> Draw:
    """``area_count`` areas with chances by their stations, then ``size`` stations in them by simple chance.

    The stations are shared out so that all have as near as can be the same chance: n_i ∝ M_i / π_i, at least one
    and at most all of an area. Chance: π_i · n_i / M_i (Cochran 11.9; Lohr 6.3). ValueError when the areas that
    were drawn hold fewer stations than that.
    """
    _refuse_more(area_count, len(frame.area_keys))
    first = chances_by_size(frame.counts.astype(np.float64), area_count)
    numbers = numbers_of(seed, AREA, frame.area_keys)
    areas = _systematic(first, _in_order(frame.area_keys, numbers), number_of(seed, START, ""))
    held = frame.counts[areas]
    taken = np.zeros(len(frame.area_keys), dtype=np.int64)
    taken[areas] = shared_out(
        size, (held / first[areas]).tolist(), least=1, most=[int(each) for each in held]
    )
    order = _in_order(frame.keys, numbers_of(seed, STATION, frame.keys))
    return _first_of_each(frame, order, taken, reserve, first)


def taken_of(frame: Frame, size: int, how: Allocation, least: int) -> list[int]:
    """The stations to draw in each stratum of a frame, as ``sampling_sizes.allocate``."""
    return allocate(size, frame.counts.tolist(), how, spreads=frame.spreads, least=least)


def _first_of_each(frame: Frame, order: Places, taken: Places, reserve: float, first: Numbers | None) -> Draw:
    """The first ``taken`` of each area in an order, and after them its replacements."""
    if (taken > frame.counts).any():
        raise ValueError("an area has fewer stations than are to be drawn in it")
    rank = _rank_in_area(frame, order)
    wanted = taken[frame.areas]
    drawn = order[rank[order] < wanted[order]]
    area = frame.areas[drawn]
    chances = taken[area] / frame.counts[area] * (first[area] if first is not None else 1.0)
    return Draw(drawn.tolist(), chances.tolist(), _reserves(frame, order, drawn, taken, reserve))


def _reserves(frame: Frame, order: Places, drawn: Places, taken: Places, reserve: float) -> list[int]:
    """The next of each area in an order that are not drawn: ``reserve`` of its sample, rounded up."""
    free = np.ones(len(frame), dtype=bool)
    free[drawn] = False
    rest = order[free[order]]
    rank = _rank_in_area(frame, rest)
    more = np.ceil(np.asarray(taken) * reserve - 1e-9).astype(np.int64)
    return [int(each) for each in rest[rank[rest] < more[frame.areas[rest]]]]


def _rank_in_area(frame: Frame, order: Places) -> Places:
    """For each station of an order its place (from 0) among those of its area; by its place in the frame."""
    by_area = order[np.argsort(frame.areas[order], kind="stable")]
    held = np.bincount(frame.areas[order], minlength=len(frame.area_keys))
    begins = np.concatenate(([0], np.cumsum(held)[:-1]))
    rank = np.full(len(frame), len(frame), dtype=np.int64)
    rank[by_area] = np.arange(len(by_area)) - begins[frame.areas[by_area]]
    return rank


def _systematic(chances: Numbers, order: Places, start: float) -> Places:
    """Those that the marks start, start + 1, … fall on when the chances are laid end to end in an order.

    Units with the chance 1 are in whatever the start; the others' chances add up to a whole number.
    """
    sure = order[chances[order] >= 1]
    rest = order[chances[order] < 1]
    ends = np.cumsum(chances[rest])
    count = round(float(ends[-1])) if len(rest) else 0
    if not count:
        return sure
    ends *= count / ends[-1]
    at = np.searchsorted(ends, start + np.arange(count), side="right")
    return np.concatenate((sure, rest[np.minimum(at, len(rest) - 1)]))


def _in_order(keys: Sequence[str], numbers: Numbers) -> Places:
    """Places by number; by key where two numbers are the same, so that the order of rows never matters."""
    order = np.argsort(numbers, kind="stable")
    if (np.diff(numbers[order]) == 0).any():
        order = np.lexsort((np.asarray(keys), numbers))
    return order


def _refuse_more(wanted: int, there: int) -> None:
    if not 0 < wanted <= there:
        raise ValueError(f"{wanted} of {there} cannot be drawn")
