"""Counts of answers as shares, numbers and times: what may stand in a denominator, and how sure it is."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

# Codes of choices that say nothing about the station: they are shown, and stand in no denominator.
OUTSIDE = frozenset(
    {
        "not_observed", "not_applicable", "not_known", "na", "n_a", "no_observado", "no_observada", "no_aplica",
        "non_observe", "sans_objet", "nao_observado", "nao_se_aplica",
    }
)  # fmt: skip
Z95 = 1.96
MAX_BINS = 12


@dataclass(frozen=True)
class Share:
    """One answer: how often it was given, of how many (``n``), and with which margin (0..1), if any.

    ``share`` is None for an answer that stands in no denominator, and where nobody answered.
    """

    code: str
    count: int
    n: int
    is_outside: bool = False
    margin: float | None = None

    @property
    def share(self) -> float | None:
        """The count of all that can be said of (0..1)."""
        return None if self.is_outside or not self.n else self.count / self.n


@dataclass(frozen=True)
class Numbers:
    """Numbers that were answered: how many, their mean, least, quartiles, greatest, and bars of a histogram.

    A bar is (from, to, how many): its end belongs to the next, but for the last.
    """

    count: int
    mean: float
    least: float
    first_quartile: float
    median: float
    third_quartile: float
    greatest: float
    bars: tuple[tuple[float, float, int], ...]


def is_outside(code: str) -> bool:
    """Whether a choice says that there was nothing to see."""
    return code.lower() in OUTSIDE


def shares(
    counts: Mapping[str, int], answered: int, order: Sequence[str], population: int | None = None
) -> list[Share]:
    """The answers in the order of the form, then those that the form no longer has.

    ``counts`` by code; ``answered`` how many reports gave an answer that counts. With a ``population``
    (all polling stations there are) the reports are a simple random sample of it, and each share has a margin.
    """
    codes = [*order, *sorted(code for code in counts if code not in set(order))]
    return [_share(code, counts.get(code, 0), answered, population) for code in codes]


def margin(share: float, n: int, population: int) -> float | None:
    """Half of the 95 % interval of a share in a simple random sample without replacement.

    1.96 · √((1 − n/N) · p(1 − p) / (n − 1)): Lohr, *Sampling: Design and Analysis*, ch. 2. None below two.
    """
    if n < 2 or population < n:
        return None
    return Z95 * math.sqrt((1 - n / population) * share * (1 - share) / (n - 1))


def numbers(counts: Mapping[float, int]) -> Numbers | None:
    """What numbers come to, given how often each was answered; None without any."""
    ordered = sorted((value, count) for value, count in counts.items() if count)
    total = sum(count for _value, count in ordered)
    if not total:
        return None
    return Numbers(
        total,
        math.fsum(value * count for value, count in ordered) / total,
        ordered[0][0],
        _quantile(ordered, total, 0.25),
        _quantile(ordered, total, 0.5),
        _quantile(ordered, total, 0.75),
        ordered[-1][0],
        tuple(_bars(ordered)),
    )


def split(counts: Mapping[tuple[str, ...], int]) -> tuple[dict[str, int], int]:
    """How often each of several choices was chosen, and how many chose one that counts.

    ``counts`` by all that was chosen together.
    """
    each: dict[str, int] = {}
    answered = 0
    for chosen, count in counts.items():
        for code in dict.fromkeys(chosen):
            each[code] = each.get(code, 0) + count
        if any(not is_outside(code) for code in chosen):
            answered += count
    return each, answered


def _share(code: str, count: int, answered: int, population: int | None) -> Share:
    if is_outside(code):
        return Share(code, count, answered, is_outside=True)
    sure = margin(count / answered, answered, population) if population and answered else None
    return Share(code, count, answered, margin=sure)


def _quantile(ordered: Sequence[tuple[float, int]], total: int, share: float) -> float:
    """The quantile between the two nearest answers in proportion (Hyndman and Fan 1996, type 7)."""
    place = (total - 1) * share
    low = math.floor(place)
    first, second = _at(ordered, low), _at(ordered, min(low + 1, total - 1))
    return first + (second - first) * (place - low)


def _at(ordered: Sequence[tuple[float, int]], place: int) -> float:
    for value, count in ordered:
        if place < count:
            return value
        place -= count
    return ordered[-1][0]


def _bars(ordered: Sequence[tuple[float, int]]) -> Iterator[tuple[float, float, int]]:
    """Bars of one width: 1, 2 or 5 times a power of ten, at most a dozen of them."""
    least, greatest = ordered[0][0], ordered[-1][0]
    width = _width(greatest - least)
    first = math.floor(least / width)
    last = max(math.floor(greatest / width), first)
    edges = [number * width for number in range(first, last + 2)]
    for low, high in pairwise(edges):
        yield low, high, sum(count for value, count in ordered if low <= value < high)


def _width(spread: float) -> float:
    if spread <= 0:
        return 1.0
    width = 10.0 ** math.floor(math.log10(spread / MAX_BINS))
    for step in (1, 2, 5, 10, 20):
        if spread / (width * step) < MAX_BINS - 1:
            return width * step
    return width * 50
