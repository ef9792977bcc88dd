"""What a sample would be before it is drawn: sizes and margins both ways, from counts alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from eom.deployment.sample_models import SampleDesign
from eom.deployment.sampling_frames import Strata
from eom.deployment.sampling_sizes import (
    USABLE_MARGIN,
    Allocation,
    allocate,
    cluster_effect,
    margin_of,
    stratified_margin,
)
from eom.deployment.services.drawing import Asked, size_of


@dataclass(frozen=True)
class Calculation:
    """``size`` of ``population`` stations give ``margin`` (0..1); ``needed`` give the one that was wanted.

    ``taken`` are the stations of each stratum where they can be told ahead; ``usable`` of ``strata`` have a margin
    of their own within ten points. ``effect`` is the design effect.
    """

    population: int
    needed: int
    size: int
    margin: float | None
    effect: float
    taken: Sequence[int]
    usable: int
    too_small: int


def calculate(asked: Asked, strata: Sequence[tuple[bool, int]]) -> Calculation:
    """From (abroad, stations) of each stratum. Raises InvalidInput as ``drawing.size_of``."""
    counts = [count for abroad, count in strata if asked.with_abroad or not abroad]
    population = sum(counts)
    size = size_of(asked, population)
    needed = size_of(Asked(**(asked.__dict__ | {"size": None})), population)
    told = {"confidence": asked.confidence, "share": asked.share}
    effect = 1.0
    if asked.design is SampleDesign.TWO_STAGES and asked.area_count:
        effect = cluster_effect(size / asked.area_count, asked.likeness)
    taken, too_small = _taken(asked, counts, size)
    margin = margin_of(size, population=population, design_effect=effect, **told)
    if taken:
        margin = stratified_margin(counts, taken, **told)
    own = [margin_of(part, population=count, **told) for part, count in zip(taken, counts, strict=False)]
    usable = sum(each is not None and each <= USABLE_MARGIN for each in own)
    return Calculation(population, needed, size, margin, effect, taken, usable, too_small)


def _taken(asked: Asked, counts: list[int], size: int) -> tuple[list[int], int]:
    """The stations of each first-level area where these are the strata; and what they need at least, if more.

    Neyman's allocation goes by what only the register itself says, so it is not told ahead.
    """
    if asked.design is not SampleDesign.STRATIFIED or asked.strata is not Strata.AREA:
        return [], 0
    if asked.allocation is Allocation.NEYMAN:
        return [], 0
    least = sum(min(asked.least, count) for count in counts)
    if size < least:
        return [], least
    return allocate(size, counts, asked.allocation, least=asked.least), 0
