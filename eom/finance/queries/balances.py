"""What an award and a mission have, gave and spent (US cents)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eom.finance.models.award import Allocation, Award, AwardMovement, MovementKind
from eom.finance.models.budget import OBJECTS, BudgetLine, BudgetStatus, BudgetVersion
from eom.finance.models.ledger import Expenditure
from eom.finance.queries import commitments

OUTGOING = [kind for kind in MovementKind if kind.sign < 0]


@dataclass(frozen=True)
class AwardBalance:
    """An award today, in US cents: received includes interest, transfers and exchange, net of what went back."""

    moved_cents: int
    spent_cents: int
    icr_cents: int

    @property
    def available_cents(self) -> int:
        """What can still be spent."""
        return self.moved_cents - self.spent_cents - self.icr_cents


@dataclass(frozen=True)
class ObjectLine:
    """Budget against spending of one object (US cents)."""

    object_number: int
    label: object
    budget_cents: int
    spent_cents: int
    open_cents: int = 0

    @property
    def has_figures(self) -> bool:
        """Whether anything was planned, spent or bound."""
        return bool(self.budget_cents or self.spent_cents or self.open_cents)

    @property
    def left_cents(self) -> int:
        """What the budget still holds; below zero when it was exceeded."""
        return self.budget_cents - self.spent_cents - self.open_cents


def signed_movement() -> sa.ColumnElement[int]:
    """A movement's US cents with the sign of its kind."""
    return sa.case(
        (AwardMovement.kind.in_(OUTGOING), -AwardMovement.usd_cents),
        else_=AwardMovement.usd_cents,
    )


def award_balances(session: Session, award_ids: Iterable[int]) -> dict[int, AwardBalance]:
    """Balances of some awards, in two aggregates."""
    ids = list(award_ids)
    moved = dict(
        session.execute(
            sa.select(AwardMovement.award_id, sa.func.sum(signed_movement()))
            .where(AwardMovement.award_id.in_(ids))
            .group_by(AwardMovement.award_id)
        ).tuples().all()
    )  # fmt: skip
    spent = {
        award_id: (usd, icr)
        for award_id, usd, icr in session.execute(
            sa.select(
                Expenditure.award_id,
                sa.func.sum(Expenditure.usd_cents),
                sa.func.sum(Expenditure.icr_cents),
            )
            .where(Expenditure.award_id.in_(ids))
            .group_by(Expenditure.award_id)
        )
    }
    return {i: AwardBalance(int(moved.get(i, 0)), *map(int, spent.get(i, (0, 0)))) for i in ids}


def award_balance(session: Session, award: Award) -> AwardBalance:
    """The balance of one award."""
    return award_balances(session, [award.id])[award.id]


def serves(session: Session, award: Award, mission_id: int) -> bool:
    """Whether an award may pay for a mission: it is earmarked to it, or allocated to it."""
    if award.mission_id is not None:
        return award.mission_id == mission_id
    given = sa.select(sa.func.sum(Allocation.usd_cents)).where(
        Allocation.award_id == award.id, Allocation.mission_id == mission_id
    )
    return (session.scalar(given) or 0) > 0


def allocated_and_spent(session: Session, award_id: int, mission_id: int) -> tuple[int, int]:
    """What a general award gave a mission, and what the mission spent of it with ICR (US cents).

    Given is what was allocated and what moved in the mission's part: a refund, an exchange difference.
    """
    given = session.scalar(
        sa.select(sa.func.coalesce(sa.func.sum(Allocation.usd_cents), 0)).where(
            Allocation.award_id == award_id, Allocation.mission_id == mission_id
        )
    )
    moved = session.scalar(
        sa.select(sa.func.coalesce(sa.func.sum(signed_movement()), 0)).where(
            AwardMovement.award_id == award_id, AwardMovement.mission_id == mission_id
        )
    )
    spent = session.scalar(
        sa.select(sa.func.coalesce(sa.func.sum(Expenditure.usd_cents + Expenditure.icr_cents), 0)).where(
            Expenditure.award_id == award_id, Expenditure.mission_id == mission_id
        )
    )
    return int(given or 0) + int(moved or 0), int(spent or 0)


def parts_of_awards(
    session: Session, award_ids: Iterable[int]
) -> tuple[dict[tuple[int, int], tuple[int, int]], dict[tuple[int, int], int]]:
    """By (award, mission): what was allocated and what moved in the mission's part, and what it spent with ICR."""
    ids = list(award_ids)
    key = (Allocation.award_id, Allocation.mission_id)
    allocated = sa.select(*key, sa.func.sum(Allocation.usd_cents)).where(key[0].in_(ids)).group_by(*key)
    of = (AwardMovement.award_id, AwardMovement.mission_id)
    moved = sa.select(*of, sa.func.sum(signed_movement())).where(of[0].in_(ids), of[1].is_not(None))
    given: dict[tuple[int, Any], tuple[int, int]] = {(award, mission): (int(cents), 0) for award, mission, cents in session.execute(allocated)}  # fmt: skip
    for award, mission, cents in session.execute(moved.group_by(*of)):
        given[award, mission] = (given.get((award, mission), (0, 0))[0], int(cents))
    cost = sa.func.sum(Expenditure.usd_cents + Expenditure.icr_cents)
    paid = (Expenditure.award_id, Expenditure.mission_id)
    spent = sa.select(*paid, cost).where(paid[0].in_(ids)).group_by(*paid)
    return given, {(award, mission): int(cents) for award, mission, cents in session.execute(spent)}


def allocated_of(session: Session, award_id: int) -> int:
    """What a general award gave to all missions (US cents)."""
    total = sa.select(sa.func.coalesce(sa.func.sum(Allocation.usd_cents), 0))
    return int(session.scalar(total.where(Allocation.award_id == award_id)) or 0)


def awards_serving(mission_id: int) -> sa.Select[Award]:
    """The awards that may pay for a mission."""
    allocated = sa.select(Allocation.award_id).where(Allocation.mission_id == mission_id)
    return (
        sa.select(Award)
        .where(sa.or_(Award.mission_id == mission_id, Award.id.in_(allocated)))
        .order_by(Award.reference)
    )


def budget_against_spending(session: Session, mission_id: int) -> list[ObjectLine]:
    """The approved budget, spending and what is bound of a mission by object, all nine."""
    newest = (
        sa.select(sa.func.max(BudgetVersion.number))
        .where(BudgetVersion.mission_id == mission_id, BudgetVersion.status == BudgetStatus.APPROVED)
        .scalar_subquery()
    )
    planned = (
        sa.select(BudgetLine.object_number, sa.func.sum(BudgetLine.usd_cents))
        .join(BudgetLine.version)
        .where(BudgetVersion.mission_id == mission_id, BudgetVersion.number == newest)
        .group_by(BudgetLine.object_number)
    )
    paid = (
        sa.select(Expenditure.object_number, sa.func.sum(Expenditure.usd_cents))
        .where(Expenditure.mission_id == mission_id)
        .group_by(Expenditure.object_number)
    )
    budget, spent = (dict(session.execute(query).tuples().all()) for query in (planned, paid))
    bound = commitments.open_by_object(session, mission_id)
    return [
        ObjectLine(n, label, int(budget.get(n, 0)), int(spent.get(n, 0)), bound.get(n, 0))
        for n, label in OBJECTS.items()
    ]


def icr_of_mission(session: Session, mission_id: int) -> int:
    """Indirect cost recovery charged on a mission so far (US cents)."""
    total = sa.select(sa.func.coalesce(sa.func.sum(Expenditure.icr_cents), 0))
    return int(session.scalar(total.where(Expenditure.mission_id == mission_id)) or 0)
