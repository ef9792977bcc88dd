"""What the missions of coming years may cost, from what past ones did cost an observer and day (US cents).

Quartiles are those of a spreadsheet's QUARTILE (interpolated between the two nearest values, both ends
included), so that the workbook comes to the same cents.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal

from eom.core.i18n import lazy
from eom.core.types import Labelled

# Fewer missions of a size than this say nothing: then all missions are taken.
ENOUGH = 3
# The average length of a mission, where its own days are not known (OAS, March 2010).
USUAL_DAYS = 30


class Size(Labelled):
    """How large a mission is, by its observers."""

    SMALL = "small"
    MEDIUM = "medium"
    LARGE = "large"

    @classmethod
    def labels(cls) -> dict[str, object]:
        return {
            "small": lazy("Small: fewer than 20 observers"),
            "medium": lazy("Medium: 20 to 59 observers"),
            "large": lazy("Large: 60 observers and more"),
        }

    @classmethod
    def of(cls, observer_count: int) -> Size:
        """The size of a mission with so many observers."""
        return cls.SMALL if observer_count < 20 else cls.MEDIUM if observer_count < 60 else cls.LARGE


@dataclass(frozen=True)
class PastMission:
    """A mission that is over: what it cost with indirect costs, and how much of that the Regular Fund paid."""

    code: str
    year: int
    observer_count: int
    day_count: int
    days_are_known: bool
    usd_cents: int
    regular_cents: int

    @property
    def size(self) -> Size:
        """How large it was."""
        return Size.of(self.observer_count)

    @property
    def unit_cents(self) -> Decimal:
        """What it cost an observer and day, not rounded."""
        return Decimal(self.usd_cents) / (self.observer_count * self.day_count)


@dataclass(frozen=True)
class Range:
    """A figure with its range: the lower quartile, the median, the upper quartile."""

    low: Decimal
    middle: Decimal
    high: Decimal

    def times(self, factor: Decimal) -> Range:
        """The range multiplied."""
        return Range(self.low * factor, self.middle * factor, self.high * factor)

    @property
    def cents(self) -> tuple[int, int, int]:
        """The three in whole cents, half to even."""
        values = (
            each.quantize(Decimal(1), rounding=ROUND_HALF_EVEN) for each in (self.low, self.middle, self.high)
        )
        low, middle, high = (int(each) for each in values)
        return low, middle, high


@dataclass(frozen=True)
class ExpectedMission:
    """A mission that may come. With a budget it costs that; else what missions of its size did cost."""

    name: str
    country: str
    polling_on: date
    observer_count: int | None
    day_count: int | None
    likelihood_percent: int = 100
    budget_cents: int | None = None
    source: str = ""
    entry_id: int | None = None

    @property
    def year(self) -> int:
        """The year whose budget it burdens."""
        return self.polling_on.year


@dataclass(frozen=True)
class Estimate:
    """An expected mission with its cost; None where neither its size nor its budget is known."""

    mission: ExpectedMission
    size: Size | None
    cost: Range | None
    # Whether missions of all sizes were taken, for want of enough of its own.
    is_of_all_sizes: bool = False


@dataclass(frozen=True)
class YearCost:
    """What the missions of a year may cost together."""

    year: int
    count: int
    cost: Range


def quartiles(values: Sequence[Decimal]) -> Range:
    """Lower quartile, median and upper quartile of at least one value."""
    ordered = sorted(values)

    def at(quarter: int) -> Decimal:
        place = Decimal(quarter) * (len(ordered) - 1) / 4
        below = int(place)
        above = min(below + 1, len(ordered) - 1)
        return ordered[below] + (ordered[above] - ordered[below]) * (place - below)

    return Range(at(1), at(2), at(3))


def unit_costs(past: Sequence[PastMission]) -> dict[Size | None, Range]:
    """The cost of an observer and day by size, where there are enough missions; under None that of all."""
    found: dict[Size | None, Range] = {}
    for size in Size:
        units = [each.unit_cents for each in past if each.size is size]
        if len(units) >= ENOUGH:
            found[size] = quartiles(units)
    if past:
        found[None] = quartiles([each.unit_cents for each in past])
    return found


def estimate(mission: ExpectedMission, units: dict[Size | None, Range]) -> Estimate:
    """What an expected mission may cost, weighted by how likely it is."""
    weight = Decimal(mission.likelihood_percent) / 100
    size = Size.of(mission.observer_count) if mission.observer_count else None
    if mission.budget_cents is not None:
        planned = Decimal(mission.budget_cents)
        return Estimate(mission, size, Range(planned, planned, planned).times(weight))
    if size is None or not mission.day_count or None not in units:
        return Estimate(mission, size, None)
    unit = units.get(size, units[None])
    assert mission.observer_count is not None
    return Estimate(
        mission, size, unit.times(mission.observer_count * mission.day_count * weight), size not in units
    )


def by_year(estimates: Sequence[Estimate]) -> list[YearCost]:
    """The sums of each year, those without a cost left out."""
    found = []
    for year in sorted({each.mission.year for each in estimates}):
        costs = [each.cost for each in estimates if each.mission.year == year and each.cost is not None]
        low, middle, high = (
            sum((getattr(c, part) for c in costs), Decimal(0)) for part in ("low", "middle", "high")
        )
        found.append(YearCost(year, len(costs), Range(low, middle, high)))
    return found


def regular_share(past: Sequence[PastMission]) -> Decimal:
    """Which part of what past missions cost the Regular Fund paid (0..1)."""
    spent = sum(each.usd_cents for each in past)
    return Decimal(sum(each.regular_cents for each in past)) / spent if spent else Decimal(0)
