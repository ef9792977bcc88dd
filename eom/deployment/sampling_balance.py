"""How a sample compares with the country it was drawn from, and whether the differences are within chance.

Everything is known of the country's stations, so the error of a share is no estimate: it is what the design
gives over all the samples that might have been drawn (Cochran, *Sampling Techniques*, 3rd ed., 5.10 for strata,
9A.7 for chances by size with Hájek's approximation, 11.9 for two stages).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from eom.deployment.sampling_draws import Draw, Frame, Numbers, Places
from eom.deployment.sampling_sizes import deviate


@dataclass(frozen=True)
class Compared:
    """A kind of station: its share (0..1) of the country's stations and of the sample, weighted.

    ``error`` is the standard error of the latter; ``within_chance`` says that 19 samples in 20 differ no more
    than ``chance`` (0..1).
    """

    stations: int
    drawn: int
    country: float
    sample: float
    error: float

    @property
    def difference(self) -> float:
        """Sample less country, in shares (0.01 is a point)."""
        return self.sample - self.country

    @property
    def chance(self) -> float:
        """How far apart chance alone puts them in 19 of 20 samples."""
        return deviate(0.95) * self.error

    @property
    def within_chance(self) -> bool:
        """Whether the difference is no larger than chance explains."""
        return abs(self.difference) <= self.chance + 1e-9


def compare(draw: Draw, kinds: Places, kind_count: int, errors: Numbers) -> list[Compared]:
    """Each kind of station in the country and in the sample; ``kinds[i]`` is the kind of the frame's station i."""
    held = np.bincount(kinds, minlength=kind_count)
    chosen = kinds[np.asarray(draw.places, dtype=np.int64)]
    weights = np.bincount(chosen, draw.weights, minlength=kind_count)
    drawn = np.bincount(chosen, minlength=kind_count)
    return [
        Compared(
            int(held[each]), int(drawn[each]), float(held[each] / held.sum()),
            float(weights[each] / weights.sum()), float(errors[each]),
        )
        for each in range(kind_count)
    ]  # fmt: skip


def errors_of_strata(frame: Frame, taken: Sequence[int], kinds: Places, kind_count: int) -> Numbers:
    """The standard error of each kind's share when ``taken[h]`` stations of each stratum are drawn (5.10)."""
    held, count, size = _by_area(frame, kinds, kind_count), frame.counts, np.asarray(taken)
    drawn = (count > 0) & (size > 0)
    held, count, size = held[drawn], count[drawn], size[drawn]
    share = held / count[:, None]
    left = (count - size) / np.maximum(count - 1, 1) / size
    variance = ((count / len(frame)) ** 2 * left)[:, None] * share * (1 - share)
    return np.sqrt(variance.sum(axis=0))


def errors_by_size(frame: Frame, chances: Numbers, kinds: Places, kind_count: int) -> Numbers:
    """The same with chances π: Σ π (1 − π) (e / π − B)² / N², e = y − P; the order by area makes it smaller yet."""
    missing = 1 - chances
    steep = np.bincount(kinds, missing / chances, minlength=kind_count)
    plain = np.bincount(kinds, missing, minlength=kind_count)
    share = np.bincount(kinds, minlength=kind_count) / len(frame)
    through = float((chances * missing).sum())
    residual = (1 - share) * plain - share * (plain.sum() - plain)
    squares = (1 - share) ** 2 * steep + share**2 * (steep.sum() - steep)
    centre = residual**2 / through if through else 0.0
    return np.sqrt(np.maximum(squares - centre, 0)) / len(frame)


def errors_of_two_stages(frame: Frame, first: Numbers, size: int, kinds: Places, kind_count: int) -> Numbers:
    """The same when areas with chances ``first`` are drawn, then ``size`` stations in them: both stages' parts."""
    there = frame.counts > 0
    held, count, chance = _by_area(frame, kinds, kind_count)[there], frame.counts[there], first[there]
    share = held.sum(axis=0) / len(frame)
    residual = held - share * count[:, None]
    through = chance * (1 - chance)
    weight = np.where(through > 0, through, 0.0)[:, None]
    scaled = residual / chance[:, None]
    centre = (weight * scaled).sum(axis=0) / weight.sum() if weight.sum() else 0.0
    between = (weight * (scaled - centre) ** 2).sum(axis=0)
    taken = np.clip(size / len(frame) * count / chance, 1, count)
    own = held / count[:, None]
    left = (count - taken) / np.maximum(count - 1, 1) / taken
    inside = ((count**2 * left / chance)[:, None] * own * (1 - own)).sum(axis=0)
    return np.sqrt(between + inside) / len(frame)


def _by_area(frame: Frame, kinds: Places, kind_count: int) -> Numbers:
    """How many stations of each kind (columns) each area (rows) has."""
    cells = np.bincount(frame.areas * kind_count + kinds, minlength=len(frame.area_keys) * kind_count)
    return cells.reshape(len(frame.area_keys), kind_count).astype(np.float64)
