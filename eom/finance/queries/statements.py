"""What a donor's statement of an award holds, which were sent, and which are due."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eom.finance.models.agreement import AwardReportDue
from eom.finance.models.award import Award, AwardMovement, MovementKind
from eom.finance.models.budget import OBJECTS
from eom.finance.models.ledger import Expenditure
from eom.finance.models.statement import SentStatement
from eom.finance.statement import Moved, Spent, Statement
from eom.missions.models.mission import Mission

# A final statement is due ninety days after the end of an award; it is reminded of a month before.
DUE_AFTER, REMINDED_BEFORE = timedelta(days=90), timedelta(days=30)
_PLACES = Decimal("0.00000001")


@dataclass(frozen=True)
class Due:
    """The final statement of an award that was not sent, and by when it should be."""

    award: Award
    due_on: date


def statement(session: Session, award: Award, up_to: date) -> Statement:
    """The account of an award up to a day, that day included."""
    moved = session.scalars(
        sa.select(AwardMovement)
        .where(AwardMovement.award_id == award.id, AwardMovement.moved_on <= up_to)
        .order_by(AwardMovement.moved_on, AwardMovement.id)
    ).all()
    rate = _rate(award, [each for each in moved if each.kind is MovementKind.RECEIPT])
    return Statement(
        reference=award.reference, title=award.title, donor=award.donor.name, currency=award.currency, up_to=up_to,
        agreed_cents=award.agreed_cents, agreed_usd_cents=award.agreed_usd_cents, agreed_on=award.agreed_on,
        starts_on=award.starts_on, ends_on=award.ends_on, icr_percent=award.icr_percent, icr_basis=award.icr_basis,
        restrictions=award.restrictions, rate=rate, movements=tuple(_moved(award, each, rate) for each in moved),
        lines=_lines(session, award, up_to),
    )  # fmt: skip


def sent(session: Session, award: Award) -> list[SentStatement]:
    """The statements of an award that were sent, the latest first."""
    query = sa.select(SentStatement).where(SentStatement.award_id == award.id)
    return list(session.scalars(query.order_by(SentStatement.sent_on.desc(), SentStatement.id.desc())))


def due(session: Session, today: date) -> list[Due]:
    """The final statements that are due within a month or were before, the earliest first.

    Where the agreement says itself which reports are due, its own dates hold (``agreements.reports_overdue``).
    """
    final = sa.select(SentStatement.id).where(
        SentStatement.award_id == Award.id, SentStatement.is_final.is_(True)
    )
    agreed = sa.select(AwardReportDue.id).where(AwardReportDue.award_id == Award.id)
    query = (
        sa.select(Award)
        .where(Award.ends_on <= today - DUE_AFTER + REMINDED_BEFORE, ~final.exists(), ~agreed.exists())
        .order_by(Award.ends_on, Award.reference)
    )
    return [Due(award, award.ends_on + DUE_AFTER) for award in session.scalars(query) if award.ends_on]


def _rate(award: Award, receipts: list[AwardMovement]) -> Decimal:
    """Units of the award's currency for one US dollar: of what came in, else of the agreement."""
    if award.currency == "USD":
        return Decimal(1)
    own = [each for each in receipts if each.currency == award.currency]
    units, dollars = sum(each.amount_cents for each in own), sum(each.usd_cents for each in own)
    if dollars <= 0 or units <= 0:
        units, dollars = award.agreed_cents or 1, award.agreed_usd_cents or 1
    return (Decimal(units) / Decimal(dollars)).quantize(_PLACES)


def _moved(award: Award, each: AwardMovement, rate: Decimal) -> Moved:
    """A movement with its sign. An exchange difference is a sum of dollars: it is nothing in the award's own."""
    usd = each.usd_cents * each.kind.sign
    is_difference = each.kind in (MovementKind.EXCHANGE_GAIN, MovementKind.EXCHANGE_LOSS)
    if each.currency == award.currency:
        own = each.amount_cents * each.kind.sign
    else:
        own = 0 if is_difference else int((usd * rate).quantize(Decimal(1)))
    return Moved(each.moved_on, each.kind, each.reference, own, usd)


def _lines(session: Session, award: Award, up_to: date) -> tuple[Spent, ...]:
    of = Expenditure
    query = (
        sa.select(of, Mission.code)
        .join(Mission, Mission.id == of.mission_id)
        .where(of.award_id == award.id, of.incurred_on <= up_to)
        .order_by(of.incurred_on, of.id)
    )
    return tuple(
        Spent(line.incurred_on, line.voucher, code, line.object_number, OBJECTS[line.object_number],
              line.description or "", line.amount_cents, line.currency, line.usd_cents, line.icr_cents)
        for line, code in session.execute(query)
    )  # fmt: skip
