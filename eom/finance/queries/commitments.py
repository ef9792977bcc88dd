"""What is bound and not yet spent: open obligations and advances (US cents).

Open = booked − liquidated − cancelled; a reversed payment opens its part again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eom.core.money import portion
from eom.finance.models.award import Award
from eom.finance.models.budget import BudgetLine
from eom.finance.models.commitment import (
    Advance,
    AdvanceSettlement,
    Obligation,
    ObligationSettlement,
    SettlementKind,
)
from eom.finance.models.ledger import Expenditure
from eom.missions.models.mission import Mission

advance_cents = Advance.per_diem_cents + Advance.other_cents
# What a settlement makes of the advance: spent and returned, or less what was paid out beyond it.
settled_cents = (
    AdvanceSettlement.per_diem_cents + AdvanceSettlement.other_cents + AdvanceSettlement.balance_cents
)


def _sum_of(column: Any, *criteria: Any) -> Any:
    total = sa.select(sa.func.coalesce(sa.func.sum(column), 0)).where(*criteria)
    return total.scalar_subquery()


def settled_of(column: Any = ObligationSettlement.usd_cents, *more: Any) -> Any:
    """What was settled of the obligation of a query's row."""
    return _sum_of(column, ObligationSettlement.obligation_id == Obligation.id, *more)


open_cents = Obligation.usd_cents - settled_of()
owed_cents = advance_cents - _sum_of(settled_cents, AdvanceSettlement.advance_id == Advance.id)


@dataclass(frozen=True)
class Standing:
    """An obligation today: in its own currency, and in US cents at its own rate."""

    amount_cents: int
    open_amount_cents: int
    usd_cents: int
    liquidated_cents: int
    cancelled_cents: int
    paid_cents: int

    @property
    def open_cents(self) -> int:
        """Booked − liquidated − cancelled."""
        return self.usd_cents - self.liquidated_cents - self.cancelled_cents

    @property
    def exchange_cents(self) -> int:
        """What the payments cost less than was bound for them; below zero when they cost more."""
        return self.liquidated_cents - self.paid_cents


def standing(session: Session, obligation: Obligation) -> Standing:
    """What became of an obligation so far."""
    of = ObligationSettlement
    rows = session.execute(
        sa.select(of.kind, sa.func.sum(of.amount_cents), sa.func.sum(of.usd_cents))
        .where(of.obligation_id == obligation.id)
        .group_by(of.kind)
    )
    amounts, cents = {}, {}
    for kind, amount, usd in rows:
        amounts[kind], cents[kind] = int(amount), int(usd)
    paid = cents.get(SettlementKind.PAYMENT, 0) + cents.get(SettlementKind.REOPENING, 0)
    return Standing(
        obligation.amount_cents, obligation.amount_cents - sum(amounts.values()), obligation.usd_cents, paid,
        cents.get(SettlementKind.CANCELLATION, 0), _paid(session, obligation),
    )  # fmt: skip


def _paid(session: Session, obligation: Obligation) -> int:
    """What the ledger has for the liquidated part of an obligation, at the rates of the payments."""
    of = ObligationSettlement
    query = (
        sa.select(of.amount_cents, Expenditure.amount_cents, Expenditure.usd_cents)
        .join(Expenditure, Expenditure.id == of.expenditure_id)
        .where(of.obligation_id == obligation.id, of.kind.in_((SettlementKind.PAYMENT, SettlementKind.REOPENING)))
    )  # fmt: skip
    total = 0
    for part, amount, usd in session.execute(query):
        # A payment may be above what was open: only the liquidated part counts here.
        share = Decimal(int(usd)) * int(part) / int(amount)
        total += int(share.quantize(Decimal(1), rounding=ROUND_HALF_EVEN))
    return total


def settlements(
    session: Session, obligation: Obligation
) -> list[tuple[ObligationSettlement, Expenditure | None]]:
    """What settled an obligation, in order, with the lines of the ledger."""
    query = (
        sa.select(ObligationSettlement, Expenditure)
        .outerjoin(Expenditure, Expenditure.id == ObligationSettlement.expenditure_id)
        .where(ObligationSettlement.obligation_id == obligation.id)
        .order_by(ObligationSettlement.id)
    )
    return [(row, line) for row, line in session.execute(query)]


def obligations(mission: Mission | None = None) -> Any:
    """(Obligation, Award, Mission, settled_cents, open_cents) of a mission, or of all."""
    query = (
        sa.select(
            Obligation, Award, Mission, settled_of().label("settled_cents"), open_cents.label("open_cents")
        )
        .join(Award, Award.id == Obligation.award_id)
        .join(Mission, Mission.id == Obligation.mission_id)
    )
    return query if mission is None else query.where(Obligation.mission_id == mission.id)


def advances(mission: Mission | None = None) -> Any:
    """(Advance, Award, Mission, usd_cents, owed_cents) of a mission, or of all."""
    query = (
        sa.select(Advance, Award, Mission, advance_cents.label("usd_cents"), owed_cents.label("owed_cents"))
        .join(Award, Award.id == Advance.award_id)
        .join(Mission, Mission.id == Advance.mission_id)
    )
    return query if mission is None else query.where(Advance.mission_id == mission.id)


def owed(session: Session, advance: Advance) -> int:
    """What is still to be settled of an advance."""
    total = sa.select(sa.func.coalesce(sa.func.sum(settled_cents), 0))
    done = session.scalar(total.where(AdvanceSettlement.advance_id == advance.id))
    return advance.usd_cents - int(done or 0)


def settlement_in_force(session: Session, advance: Advance) -> AdvanceSettlement | None:
    """The settlement of an advance that was not taken back."""
    undone = sa.select(AdvanceSettlement.reverses_id).where(AdvanceSettlement.reverses_id.is_not(None))
    return session.scalar(
        sa.select(AdvanceSettlement).where(
            AdvanceSettlement.advance_id == advance.id, AdvanceSettlement.reverses_id.is_(None),
            AdvanceSettlement.id.not_in(undone),
        )
    )  # fmt: skip


def settlements_of(session: Session, advance: Advance) -> list[AdvanceSettlement]:
    """Every settlement of an advance and what took one back, in order."""
    query = sa.select(AdvanceSettlement).where(AdvanceSettlement.advance_id == advance.id)
    return list(session.scalars(query.order_by(AdvanceSettlement.id)))


def reserved(session: Session, award: Award, mission_id: int | None = None, less: int = 0) -> int:
    """What an award has promised and not yet paid, with the ICR it will charge: of one mission, or of all.

    ``less`` is what is about to be paid of it.
    """
    bound = _bound(session, Obligation, open_cents, Obligation.award_id == award.id, mission_id)
    given = _bound(session, Advance, owed_cents, Advance.award_id == award.id, mission_id)
    total = bound + given - less
    return total + portion(total, award.icr_percent)


def _bound(session: Session, model: Any, column: Any, criterion: Any, mission_id: int | None) -> int:
    rows = sa.select(column.label("cents")).select_from(model).where(criterion)
    if mission_id is not None:
        rows = rows.where(model.mission_id == mission_id)
    part = rows.subquery()
    return int(session.scalar(sa.select(sa.func.coalesce(sa.func.sum(part.c.cents), 0))) or 0)


def open_by_code(session: Session, mission_id: int) -> dict[str, int]:
    """Code of a budget line → what is bound of it by obligations and advances."""
    found: dict[str, int] = {}
    for model, column in ((Obligation, open_cents), (Advance, owed_cents)):
        rows = sa.select(BudgetLine.code, column.label("cents")).select_from(model)
        part = (
            rows.join(BudgetLine, BudgetLine.id == model.budget_line_id)
            .where(model.mission_id == mission_id)
            .subquery()
        )
        for code, cents in session.execute(
            sa.select(part.c.code, sa.func.sum(part.c.cents)).group_by(part.c.code)
        ):
            found[code] = found.get(code, 0) + int(cents)
    return found


def open_by_object(session: Session, mission_id: int) -> dict[int, int]:
    """Object of expenditure → what is bound of a mission by obligations and advances."""
    found: dict[int, int] = {}
    for model, column in ((Obligation, open_cents), (Advance, owed_cents)):
        part = (
            sa.select(model.object_number, column.label("cents"))
            .where(model.mission_id == mission_id)
            .subquery()
        )
        sums = sa.select(part.c.object_number, sa.func.sum(part.c.cents)).group_by(part.c.object_number)
        for number, cents in session.execute(sums):
            found[number] = found.get(number, 0) + int(cents)
    return found


def open_on(day: date) -> Any:
    """What was open of the obligation of a query's row at the end of a day.

    One that lapsed counts until it is cancelled, so that the sums agree with the obligations' own pages.
    """
    return Obligation.usd_cents - settled_of(
        ObligationSettlement.usd_cents, ObligationSettlement.settled_on <= day
    )


def open_at(session: Session, day: date) -> dict[int, int]:
    """Mission id → its obligations that were open at the end of a day, for the annual report."""
    part = (
        sa.select(Obligation.mission_id, open_on(day).label("cents"))
        .where(Obligation.obligated_on <= day)
        .subquery()
    )
    rows = session.execute(
        sa.select(part.c.mission_id, sa.func.sum(part.c.cents)).group_by(part.c.mission_id)
    )
    return {mission_id: int(cents) for mission_id, cents in rows}


def are_recorded(session: Session, until: date) -> bool:
    """Whether the books hold any obligation entered into by the end of a day."""
    return (
        session.scalar(sa.select(Obligation.id).where(Obligation.obligated_on <= until).limit(1)) is not None
    )


def lapsed(session: Session, today: date, limit: int | None = None) -> list[tuple[Obligation, Mission]]:
    """Obligations with something open that can be paid no more, with their missions, the oldest first."""
    first = date(today.year - 1, 1, 1)
    query = (
        obligations().where(open_cents > 0, Obligation.obligated_on < first).order_by(Obligation.obligated_on)
    )
    return [(row.Obligation, row.Mission) for row in session.execute(query.limit(limit))]


def open_by_award(session: Session, mission: Mission | None = None) -> list[tuple[Award, Mission, int]]:
    """(award, mission, open cents) of every award and mission with open obligations."""
    part = sa.select(Obligation.award_id, Obligation.mission_id, open_cents.label("cents"))
    if mission is not None:
        part = part.where(Obligation.mission_id == mission.id)
    rows = part.subquery()
    query = (
        sa.select(Award, Mission, sa.func.sum(rows.c.cents).label("cents"))
        .join(rows, rows.c.award_id == Award.id)
        .join(Mission, Mission.id == rows.c.mission_id)
        .group_by(Award.id, Mission.id)
        .having(sa.func.sum(rows.c.cents) != 0)
        .order_by(Mission.code, Award.reference)
    )
    return [(award, mission_, int(cents)) for award, mission_, cents in session.execute(query)]
