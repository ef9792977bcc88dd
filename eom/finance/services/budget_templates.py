"""A budget that does not begin from nothing: another mission's, scaled, and the lines that most missions need."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction
from typing import Any

import sqlalchemy as sa

from eom.core.errors import Conflict, InvalidInput, Refused
from eom.core.i18n import lazy
from eom.extensions import db
from eom.finance.models.budget import OBJECTS, Activity, BudgetLine, BudgetVersion, LineBasis, StandardLine
from eom.finance.services import budgets

CENT = Decimal("0.01")


@dataclass(frozen=True)
class Scaled:
    """A line of another budget as it would be here; a factor of None was not applied."""

    line: BudgetLine
    quantity: Decimal
    days: Decimal
    observer_factor: Decimal | None
    day_factor: Decimal | None

    @property
    def usd_cents(self) -> int:
        """What it comes to here."""
        return budgets.Sum(self.line.unit_cents, self.quantity, self.days).usd_cents

    @property
    def is_scaled(self) -> bool:
        """Whether anything of it was scaled."""
        return self.observer_factor is not None or self.day_factor is not None


def scale(source: BudgetVersion, *, observer_count: int, day_count: int) -> list[Scaled]:
    """The lines of a budget for so many observers and days.

    A quantity grows with the observers, days with the days, where the line says so; hundredths, half to
    even. Raises Refused when a line scales and the budget does not say for how many it was made.
    """
    by_observers = _ratio(observer_count, source.observer_count)
    by_days = _ratio(day_count, source.day_count)
    return [_scaled(line, by_observers, by_days) for line in source.lines]


def copy_budget(mission: Any, source: BudgetVersion, *, observer_count: int, day_count: int) -> BudgetVersion:
    """Begin a mission's budget with the scaled lines of another's.

    Raises Refused when the draft has lines already, and as ``scale`` and ``budgets.open_draft`` do.
    """
    lines = scale(source, observer_count=observer_count, day_count=day_count)
    draft = budgets.open_draft(mission)
    if draft.lines:
        raise Refused(
            lazy("The draft has lines already."),
            next_step=lazy("Discard it first, or plan the missing lines one by one."),
        )
    budgets.describe_draft(draft, observer_count=observer_count, day_count=day_count, purpose=draft.purpose)
    for each in lines:
        of = each.line
        budgets.plan_line(
            mission, object_number=of.object_number, description=of.description, unit_cents=of.unit_cents,
            quantity=each.quantity, days=each.days, unit=of.unit, activity=of.activity,
            scales_with_observers=of.scales_with_observers, scales_with_days=of.scales_with_days,
        )  # fmt: skip
    db.session.refresh(draft)
    return draft


def add_standard_lines(
    mission: Any, ids: Iterable[int], *, observer_count: int, day_count: int
) -> Sequence[BudgetLine]:
    """Plan some standard lines for so many observers and days. Raises as ``budgets.plan_line`` does."""
    found = db.session.scalars(sa.select(StandardLine).where(StandardLine.id.in_(list(ids))))
    draft = budgets.open_draft(mission)
    budgets.describe_draft(draft, observer_count=observer_count, day_count=day_count, purpose=draft.purpose)
    return [
        budgets.plan_line(
            mission, object_number=each.object_number, description=each.description, unit_cents=each.unit_cents,
            quantity=each.quantity * (observer_count if each.basis.by_observers else 1),
            days=Decimal(day_count if each.basis.by_days else 1), unit=each.unit, activity=each.activity,
            scales_with_observers=each.basis.by_observers, scales_with_days=each.basis.by_days,
        )
        for each in sorted(found, key=lambda line: (line.object_number, line.id))
    ]  # fmt: skip


def record_standard_line(
    line: StandardLine | None, *, object_number: int, activity: Activity, description: str, unit: str | None,
    basis: LineBasis, quantity: Decimal, unit_cents: int, source: str, is_demonstration: bool = False,
) -> StandardLine:  # fmt: skip
    """Record a standard line, or change ``line``. Raises InvalidInput for what cannot be, Conflict for a double."""
    if object_number not in OBJECTS:
        raise InvalidInput(lazy("Choose an object of expenditure from 1 to 9."), "object_number")
    if not 0 < quantity <= 1_000_000:
        raise InvalidInput(lazy("A number above zero was expected."), "quantity")
    if unit_cents <= 0:
        raise InvalidInput(lazy("An amount above zero was expected."), "unit_cents")
    same = sa.select(StandardLine.id).where(
        StandardLine.object_number == object_number, StandardLine.activity == activity,
        StandardLine.description == description, StandardLine.id != (line.id if line else 0),
    )  # fmt: skip
    if db.session.scalar(same) is not None:
        raise Conflict(lazy("There is such a standard line already."), "description")
    row = line or StandardLine(is_demonstration=is_demonstration)
    row.object_number, row.activity, row.description, row.unit = object_number, activity, description, unit
    row.basis, row.quantity, row.unit_cents, row.source = basis, quantity, unit_cents, source
    db.session.add(row)
    db.session.flush()
    return row


def remove_standard_line(line: StandardLine) -> None:
    """Take a standard line away; budgets that were made with it keep theirs."""
    db.session.delete(line)
    db.session.flush()


def _ratio(here: int, there: int | None) -> Fraction | None:
    return Fraction(here, there) if there else None


def _scaled(line: BudgetLine, by_observers: Fraction | None, by_days: Fraction | None) -> Scaled:
    if (line.scales_with_observers and by_observers is None) or (line.scales_with_days and by_days is None):
        raise Refused(
            lazy("That budget does not say for how many observers and days it was made."), "budget_id",
            lazy("Choose another one, or begin with the standard lines."),
        )  # fmt: skip
    observers = by_observers if line.scales_with_observers else None
    days = by_days if line.scales_with_days else None
    return Scaled(
        line, _times(line.quantity, observers), _times(line.days, days), _shown(observers), _shown(days)
    )


def _times(value: Decimal, factor: Fraction | None) -> Decimal:
    if factor is None:
        return value
    exact = value * factor.numerator / factor.denominator
    return max(exact.quantize(CENT, rounding=ROUND_HALF_EVEN), CENT)


def _shown(factor: Fraction | None) -> Decimal | None:
    if factor is None:
        return None
    return (Decimal(factor.numerator) / factor.denominator).quantize(Decimal("0.001"))
