"""What awards give to missions before anything is spent, and how much of it came in (US cents)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eom.core.money import share_out
from eom.finance.models.award import Allocation, Award, AwardMovement, MovementKind
from eom.finance.queries.balances import signed_movement


@dataclass(frozen=True)
class Part:
    """What an award gives to a mission, and how much of it came in."""

    award_id: int
    mission_id: int
    donor_id: int
    agreed_cents: int
    received_cents: int
    icr_percent: Decimal

    @property
    def icr_cents(self) -> int:
        """The indirect costs inside it: what the ICR on the rest comes to, to the cent above."""
        direct = (Decimal(self.agreed_cents) * 100 / (100 + self.icr_percent)).quantize(
            Decimal(1), rounding=ROUND_DOWN
        )
        return self.agreed_cents - int(direct)


def parts(session: Session, mission_ids: Collection[int]) -> list[Part]:
    """What awards give to some missions: earmarked ones all, general ones what they allocated; five queries."""
    wanted = set(mission_ids)
    own = session.execute(_awards().where(Award.mission_id.in_(wanted)).order_by(Award.id)).all()
    given = sa.select(Allocation.award_id).where(Allocation.mission_id.in_(wanted))
    general = session.execute(_awards().where(Award.id.in_(given)).order_by(Award.id)).all()
    ids = [row.id for row in (*own, *general)]
    moved, paid = _moved(session, ids), _paid(session, ids)
    found = [_earmarked(row, max(moved.get(row.id, 0), 0), paid.get(row.id, 0)) for row in own]
    allocated = _allocated(session, [row.id for row in general])
    for row in general:
        for mission_id, cents, came in _divided(allocated[row.id], max(moved.get(row.id, 0), 0)):
            if mission_id in wanted:
                found.append(Part(row.id, mission_id, row.donor_id, cents, came, row.icr_percent))
    return found


def _earmarked(row: Any, came: int, paid: int) -> Part:
    """An award for one mission. Paid in full, it is worth what came in, whatever the rate was meanwhile."""
    is_paid = row.agreed_cents is not None and paid >= row.agreed_cents
    firm = came if is_paid else max(row.agreed_usd_cents or 0, came)
    return Part(row.id, row.mission_id, row.donor_id, firm, came, row.icr_percent)


def _divided(allocated: Mapping[int, int], came: int) -> Iterator[tuple[int, int, int]]:
    """(mission, allocated, what came in of it): what is there is shared by what was allocated, to the cent."""
    total = sum(allocated.values())
    if total <= 0:
        return
    shares = share_out(min(came, total), list(allocated.values()))
    for (mission_id, cents), share in zip(allocated.items(), shares, strict=True):
        yield mission_id, cents, share


def _awards() -> Any:
    return sa.select(
        Award.id,
        Award.mission_id,
        Award.donor_id,
        Award.agreed_cents,
        Award.agreed_usd_cents,
        Award.icr_percent,
    )


def _moved(session: Session, ids: Collection[int]) -> dict[int, int]:
    """What came into awards less what went back."""
    query = sa.select(AwardMovement.award_id, sa.func.sum(signed_movement())).where(
        AwardMovement.award_id.in_(ids)
    )
    return {i: int(cents) for i, cents in session.execute(query.group_by(AwardMovement.award_id))}


def _paid(session: Session, ids: Collection[int]) -> dict[int, int]:
    """What donors paid, in the currency of the award."""
    of = AwardMovement
    query = (
        sa.select(of.award_id, sa.func.sum(of.amount_cents))
        .join(Award, Award.id == of.award_id)
        .where(of.award_id.in_(ids), of.kind == MovementKind.RECEIPT, of.currency == Award.currency)
        .group_by(of.award_id)
    )
    return {i: int(cents) for i, cents in session.execute(query)}


def _allocated(session: Session, ids: Collection[int]) -> dict[int, dict[int, int]]:
    """What general awards gave, by award and mission."""
    of = Allocation
    query = (
        sa.select(of.award_id, of.mission_id, sa.func.sum(of.usd_cents))
        .where(of.award_id.in_(ids))
        .group_by(of.award_id, of.mission_id)
        .order_by(of.award_id, of.mission_id)
    )
    found: dict[int, dict[int, int]] = defaultdict(dict)
    for award_id, mission_id, cents in session.execute(query):
        if cents:
            found[award_id][mission_id] = int(cents)
    return found
