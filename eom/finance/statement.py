"""A donor's statement of one award: frozen figures, the one source of its workbook and its document.

US cents, and cents of the award's own currency. What was spent is told in that currency at the average rate
of what came in (units received for one US dollar), so that both columns tell one account.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

from eom.finance.models.award import MovementKind


@dataclass(frozen=True)
class Moved:
    """Money in (above zero) or out of the award. ``own_cents`` is in the award's currency."""

    moved_on: date
    kind: MovementKind
    reference: str
    own_cents: int
    usd_cents: int


@dataclass(frozen=True)
class Spent:
    """A line of the ledger that the award paid; a line that takes one back is below zero. No payee is named."""

    incurred_on: date
    voucher: str
    mission: str
    object_number: int
    object_name: Any
    description: str
    amount_cents: int
    currency: str
    usd_cents: int
    icr_cents: int

    @property
    def month(self) -> str:
        """Year and month, as 2019-10."""
        return f"{self.incurred_on:%Y-%m}"


def first_day(month: str) -> date:
    """The first day of a month that is written as 2019-10."""
    return date.fromisoformat(f"{month}-01")


@dataclass(frozen=True)
class Statement:
    """The account of an award up to a day. ``rate`` is units of its currency for one US dollar."""

    reference: str
    title: str
    donor: str
    currency: str
    up_to: date
    agreed_cents: int | None
    agreed_usd_cents: int | None
    agreed_on: date | None
    starts_on: date | None
    ends_on: date | None
    icr_percent: Decimal
    icr_basis: str | None
    restrictions: str | None
    rate: Decimal
    movements: Sequence[Moved] = ()
    lines: Sequence[Spent] = ()

    @property
    def has_own_currency(self) -> bool:
        """Whether it is kept in another currency than US dollars."""
        return self.currency != "USD"

    @property
    def objects(self) -> list[tuple[int, Any, int]]:
        """(number, name, US cents) of each object that was spent on."""
        sums: dict[int, int] = {}
        names = {each.object_number: each.object_name for each in self.lines}
        for each in self.lines:
            sums[each.object_number] = sums.get(each.object_number, 0) + each.usd_cents
        return [(number, names[number], sums[number]) for number in sorted(sums)]

    @property
    def months(self) -> list[str]:
        """The months with a line, in order."""
        return sorted({each.month for each in self.lines})

    def spent_in(self, object_number: int, month: str) -> int:
        """US cents spent on an object in a month."""
        return sum(
            each.usd_cents for each in self.lines
            if each.object_number == object_number and each.month == month
        )  # fmt: skip

    @property
    def kinds(self) -> list[tuple[MovementKind, int, int]]:
        """(kind, own cents, US cents) of what moved, in the order in which the kinds are declared."""
        return [
            (kind, sum(m.own_cents for m in self.movements if m.kind is kind),
             sum(m.usd_cents for m in self.movements if m.kind is kind))
            for kind in MovementKind if any(m.kind is kind for m in self.movements)
        ]  # fmt: skip

    @property
    def spent_cents(self) -> int:
        """All that was spent, without ICR."""
        return sum(each.usd_cents for each in self.lines)

    @property
    def icr_cents(self) -> int:
        """Indirect cost recovery on it."""
        return sum(each.icr_cents for each in self.lines)

    @property
    def balance_cents(self) -> int:
        """What is left (US cents)."""
        return sum(each.usd_cents for each in self.movements) - self.spent_cents - self.icr_cents

    @property
    def own_balance_cents(self) -> int:
        """What is left in the award's currency: what moved less each object and the ICR as they are shown."""
        out = sum(self.own(cents) for _number, _name, cents in self.objects) + self.own(self.icr_cents)
        return sum(each.own_cents for each in self.movements) - out

    def own(self, usd_cents: int) -> int:
        """US cents in the award's currency at the average rate of what came in."""
        return int((usd_cents * self.rate).quantize(Decimal(1), rounding=ROUND_HALF_EVEN))
