"""How many polling stations a sample needs, what margin it gives, and how it is shared out among strata.

Sources: W. G. Cochran, *Sampling Techniques*, 3rd ed. (1977), ch. 4 (sizes), 5 (strata) and 9 (clusters);
S. L. Lohr, *Sampling: Design and Analysis*, ch. 2, 3 and 5.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from enum import StrEnum
from fractions import Fraction
from statistics import NormalDist

# Wider than this a figure about an area tells a reader nothing.
USABLE_MARGIN = 0.10


class Allocation(StrEnum):
    """How a sample is shared out among strata."""

    PROPORTIONAL = "proportional"
    EQUAL = "equal"
    NEYMAN = "neyman"


def deviate(confidence: float) -> float:
    """The standard normal deviate z of a two-sided confidence (0..1): 0.95 gives 1.96."""
    if not 0 < confidence < 1:
        raise ValueError("a confidence lies between 0 and 1")
    return NormalDist().inv_cdf((1 + confidence) / 2)


def size_for(
    margin: float,
    *,
    population: int,
    confidence: float = 0.95,
    share: float = 0.5,
    design_effect: float = 1.0,
) -> int:
    """The stations needed to know a share of all stations within ± ``margin`` (0..1), at most all of them.

    n0 = deff · z² p (1 − p) / e²;  n = n0 / (1 + (n0 − 1) / N), rounded up. Cochran 4.4 and 4.5; the design
    effect (Kish's deff) multiplies the variance before the correction for the finite population.
    """
    if margin <= 0:
        raise ValueError("a margin is more than nothing")
    if population < 1:
        return 0
    first = design_effect * deviate(confidence) ** 2 * share * (1 - share) / margin**2
    return max(1, min(population, math.ceil(first / (1 + (first - 1) / population) - 1e-9)))


def margin_of(
    size: int, *, population: int, confidence: float = 0.95, share: float = 0.5, design_effect: float = 1.0
) -> float | None:
    """The margin (0..1) that ``size`` of ``population`` stations give a share; None without a sample.

    e = z · √(deff · p (1 − p) / n · (N − n) / (N − 1)): what ``size_for`` solves for n (Cochran 3.2, 4.4).
    """
    if size < 1 or population < 1:
        return None
    if size >= population:
        return 0.0
    left = (population - size) / (population - 1)
    return deviate(confidence) * math.sqrt(design_effect * share * (1 - share) / size * left)


def cluster_effect(taken: float, likeness: float) -> float:
    """The design effect of taking ``taken`` stations in each area: 1 + (b − 1) ρ (Cochran 9.4; Lohr 5.2).

    ``likeness`` is ρ, the correlation inside areas: 0 where neighbours are strangers, 1 where they are alike.
    """
    return 1 + max(0.0, taken - 1) * likeness


def size_in_areas(
    margin: float, area_count: int, *, population: int, confidence: float = 0.95, share: float = 0.5,
    likeness: float = 0.05,
) -> int:  # fmt: skip
    """The stations needed in ``area_count`` areas to know a share within ± ``margin``: the design effect grows
    with those of each area. The least size whose ``margin_of`` is small enough; all stations when none is.
    """
    told = {"population": population, "confidence": confidence, "share": share}
    low, high = 1, population
    while low < high:
        middle = (low + high) // 2
        found = margin_of(middle, design_effect=cluster_effect(middle / area_count, likeness), **told)  # type: ignore[arg-type]
        low, high = (low, middle) if (found or 0) <= margin else (middle + 1, high)
    return low


def shared_out(total: int, weights: Sequence[float], *, least: int, most: Sequence[int]) -> list[int]:
    """Whole numbers that add up to ``total``, as near to the weights as they can be (largest remainder).

    Nobody gets less than ``least`` (nor than there is) nor more than ``most``. When even that is too much or
    too little, ValueError says so. Equal remainders go to the first.
    """
    floor = [min(least, cap) for cap in most]
    if sum(floor) > total or sum(most) < total:
        raise ValueError(f"{total} cannot be shared out between {sum(floor)} and {sum(most)}")
    exact = [Fraction(weight).limit_denominator(10**9) for weight in weights]
    fixed: dict[int, int] = {}
    while True:
        free = [at for at in range(len(most)) if at not in fixed]
        left, whole = total - sum(fixed.values()), sum(exact[at] for at in free)
        quotas = {at: left * exact[at] / whole if whole else Fraction(left, len(free)) for at in free}
        # Those below what they must have are settled first; what they take may put others below.
        settled = {at: floor[at] for at in free if quotas[at] < floor[at]} or {
            at: most[at] for at in free if quotas[at] > most[at]
        }
        if not settled:
            break
        fixed |= settled
    return _rounded(total, quotas, fixed, floor, most)


def _rounded(
    total: int, quotas: dict[int, Fraction], fixed: dict[int, int], floor: list[int], most: Sequence[int]
) -> list[int]:
    given = {at: int(quota) for at, quota in quotas.items()} | fixed
    order = sorted(quotas, key=lambda at: (int(quotas[at]) - quotas[at], at)) + sorted(fixed)
    missing = total - sum(given.values())
    while missing:
        step = 1 if missing > 0 else -1
        for at in order:
            if missing and (given[at] < most[at] if step > 0 else given[at] > floor[at]):
                given[at] += step
                missing -= step
    return [given[at] for at in range(len(most))]


def allocate(
    total: int, counts: Sequence[int], how: Allocation, *, spreads: Sequence[float] = (), least: int = 2
) -> list[int]:
    """The stations of each stratum, ``total`` in all; no stratum gets fewer than ``least`` while it has them.

    ``counts`` are the stations N_h of the strata. Proportional: n_h ∝ N_h (Cochran 5.3); equal: the same in
    each; Neyman: n_h ∝ N_h S_h (Cochran 5.5) with ``spreads`` S_h, the standard deviations of what is
    measured. ValueError when the minimum cannot be kept or there are fewer stations than that.
    """
    if how is Allocation.EQUAL:
        weights: list[float] = [1.0 if count else 0.0 for count in counts]
    elif how is Allocation.NEYMAN:
        weights = [count * spread for count, spread in zip(counts, spreads, strict=True)]
    else:
        weights = [float(count) for count in counts]
    return shared_out(total, weights, least=least, most=counts)


def stratified_margin(
    counts: Sequence[int], taken: Sequence[int], *, confidence: float = 0.95, share: float = 0.5
) -> float | None:
    """The margin (0..1) of a share over strata, before anything is known of them; None where one has no sample.

    z · √ Σ W_h² (N_h − n_h) / (N_h − 1) · p (1 − p) / n_h (Cochran 5.10).
    """
    total, variance = sum(counts), 0.0
    for count, size in zip(counts, taken, strict=True):
        if count and not size:
            return None
        if count > size:
            left = (count - size) / (count - 1)
            variance += (count / total) ** 2 * left * share * (1 - share) / size
    return deviate(confidence) * math.sqrt(variance) if total else None
