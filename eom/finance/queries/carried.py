"""What each award brought into a fiscal year, what moved in it, and what it carries forward (US cents).

The identity, for every award and year: opening + received + interest + transfers in ± exchange − spent −
ICR − refunds − transfers out = closing; and the closing of a year is the opening of the next.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eom.finance.models.award import Award, AwardMovement, MovementKind
from eom.finance.models.ledger import Expenditure
from eom.finance.queries.balances import signed_movement

K = MovementKind


@dataclass
class Carried:
    """An award in a year. ``moved`` holds what moved by kind, with the kind's sign."""

    award: Award
    opening_cents: int = 0
    moved: dict[MovementKind, int] = field(default_factory=dict)
    spent_cents: int = 0
    icr_cents: int = 0

    def of(self, *kinds: MovementKind) -> int:
        """What moved of some kinds, with their signs."""
        return sum(self.moved.get(kind, 0) for kind in kinds)

    @property
    def received_cents(self) -> int:
        """What the donor paid."""
        return self.of(K.RECEIPT)

    @property
    def other_cents(self) -> int:
        """Interest, transfers and exchange differences together."""
        return self.of(K.INTEREST, K.TRANSFER_IN, K.TRANSFER_OUT, K.EXCHANGE_GAIN, K.EXCHANGE_LOSS)

    @property
    def refunded_cents(self) -> int:
        """What went back to the donor, above zero."""
        return -self.of(K.REFUND)

    @property
    def closing_cents(self) -> int:
        """What is carried forward."""
        return self.opening_cents + sum(self.moved.values()) - self.spent_cents - self.icr_cents

    @property
    def is_shown(self) -> bool:
        """Whether the award held money or moved in the year."""
        return bool(self.opening_cents or self.spent_cents or self.icr_cents or any(self.moved.values()))


def carried(session: Session, year: int) -> list[Carried]:
    """Every award that held money or moved in the year, by reference."""
    rows: dict[int, dict[str, Any]] = defaultdict(lambda: {"opening_cents": 0, "moved": {}})
    for award_id, before, usd, icr in session.execute(_spent(year)):
        rows[award_id] |= {"spent_cents": int(usd), "icr_cents": int(icr)}
        rows[award_id]["opening_cents"] -= int(before)
    for award_id, kind, before, within in session.execute(_moved(year)):
        rows[award_id]["opening_cents"] += int(before)
        rows[award_id]["moved"][kind] = int(within)
    awards = session.scalars(sa.select(Award).where(Award.id.in_(list(rows))).order_by(Award.reference))
    found = [Carried(award, **rows[award.id]) for award in awards]
    return [each for each in found if each.is_shown]


def _spent(year: int) -> sa.Select[Any]:
    of = Expenditure
    return (
        sa.select(
            of.award_id, _sum_if(of.fiscal_year < year, of.usd_cents + of.icr_cents),
            _sum_if(of.fiscal_year == year, of.usd_cents), _sum_if(of.fiscal_year == year, of.icr_cents),
        )
        .where(of.fiscal_year <= year)
        .group_by(of.award_id)
    )  # fmt: skip


def _moved(year: int) -> sa.Select[Any]:
    of = AwardMovement
    return (
        sa.select(
            of.award_id, of.kind, _sum_if(of.fiscal_year < year, signed_movement()),
            _sum_if(of.fiscal_year == year, signed_movement()),
        )
        .where(of.fiscal_year <= year)
        .group_by(of.award_id, of.kind)
    )  # fmt: skip


def _sum_if(criterion: Any, value: Any) -> Any:
    return sa.func.coalesce(sa.func.sum(sa.case((criterion, value), else_=0)), 0)
