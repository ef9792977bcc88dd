"""What agreements foresee and what came of it: instalments, amendments, reports to send, documents."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased, contains_eager, joinedload

from eom.finance.models.agreement import (
    AwardAmendment,
    AwardDocument,
    AwardInstalment,
    AwardReportDue,
    InstalmentReceipt,
)
from eom.finance.models.award import Award, AwardMovement, Donor, MovementKind

paid_of_instalment = (
    sa.select(sa.func.coalesce(sa.func.sum(InstalmentReceipt.amount_cents), 0))
    .where(InstalmentReceipt.instalment_id == AwardInstalment.id)
    .correlate(AwardInstalment)
    .scalar_subquery()
)


@dataclass(frozen=True)
class Instalment:
    """An instalment with what came in of it, in the award's currency."""

    row: AwardInstalment
    paid_cents: int

    @property
    def due_cents(self) -> int:
        """What is still to come in."""
        return self.row.amount_cents - self.paid_cents

    def is_overdue(self, today: date) -> bool:
        """Whether its day has passed and not all of it came in."""
        return self.due_cents > 0 and self.row.due_on < today


@dataclass(frozen=True)
class Terms:
    """What an agreement holds beside its amount."""

    instalments: Sequence[Instalment]
    amendments: Sequence[AwardAmendment]
    reports: Sequence[AwardReportDue]
    papers: Sequence[AwardDocument]

    @property
    def foreseen_cents(self) -> int:
        """What the instalments add up to."""
        return sum(each.row.amount_cents for each in self.instalments)

    @property
    def paid_cents(self) -> int:
        """What receipts paid of them."""
        return sum(each.paid_cents for each in self.instalments)


def terms(session: Session, award: Award) -> Terms:
    """What one agreement holds, in four queries."""
    return Terms(
        instalments_of(session, award),
        _of(session, AwardAmendment, award, AwardAmendment.signed_on, AwardAmendment.id),
        _of(session, AwardReportDue, award, AwardReportDue.due_on, AwardReportDue.id),
        list(
            session.scalars(
                sa.select(AwardDocument)
                .options(joinedload(AwardDocument.file))
                .where(AwardDocument.award_id == award.id)
                .order_by(AwardDocument.created_at, AwardDocument.id)
            )
        ),
    )


def instalments_of(session: Session, award: Award) -> list[Instalment]:
    """The instalments of an award, in the order of their days."""
    query = (
        sa.select(AwardInstalment, paid_of_instalment)
        .where(AwardInstalment.award_id == award.id)
        .order_by(AwardInstalment.due_on, AwardInstalment.id)
    )
    return [Instalment(row, int(paid)) for row, paid in session.execute(query)]


def instalment(session: Session, row: AwardInstalment) -> Instalment:
    """One instalment with what came in of it."""
    return Instalment(row, paid_cents(session, row))


def expected() -> sa.Select[Any]:
    """(AwardInstalment, paid_cents) of every award, with awards and donors."""
    return (
        sa.select(AwardInstalment, paid_of_instalment.label("paid_cents"))
        .join(AwardInstalment.award)
        .join(Award.donor)
        .options(contains_eager(AwardInstalment.award).contains_eager(Award.donor))
    )


def overdue(session: Session, today: date) -> int:
    """How many instalments have not come in whole on their day."""
    late = sa.and_(AwardInstalment.due_on < today, AwardInstalment.amount_cents > paid_of_instalment)
    return int(session.scalar(sa.select(sa.func.count()).select_from(AwardInstalment).where(late)) or 0)


def reports_overdue(session: Session, today: date, limit: int | None = None) -> list[AwardReportDue]:
    """Reports that should have been sent, the oldest first, with their awards."""
    query = (
        sa.select(AwardReportDue)
        .options(joinedload(AwardReportDue.award))
        .where(AwardReportDue.sent_on.is_(None), AwardReportDue.due_on < today)
        .order_by(AwardReportDue.due_on, AwardReportDue.id)
        .limit(limit)
    )
    return list(session.scalars(query))


def dues_open(session: Session, award: Award) -> list[AwardReportDue]:
    """The reports of an award that were not sent, the earliest first."""
    query = sa.select(AwardReportDue).where(
        AwardReportDue.award_id == award.id, AwardReportDue.sent_on.is_(None)
    )
    return list(session.scalars(query.order_by(AwardReportDue.due_on, AwardReportDue.id)))


def donor_choices(session: Session) -> list[tuple[str, str]]:
    """(id, name) of the donors whose awards have instalments, by name."""
    with_some = sa.select(Award.donor_id).join(AwardInstalment, AwardInstalment.award_id == Award.id)
    query = sa.select(Donor.id, Donor.name).where(Donor.id.in_(with_some)).order_by(sa.func.lower(Donor.name))
    return [(str(id_), name) for id_, name in session.execute(query)]


def receipts_to_match(session: Session, award: Award) -> list[AwardMovement]:
    """The receipts of an award that are no reversal and were not reversed, the latest first."""
    of, taken_back = AwardMovement, aliased(AwardMovement)
    reversed_ = sa.exists().where(
        taken_back.award_id == of.award_id,
        taken_back.kind == of.kind,
        taken_back.reference == "REV " + of.reference,
    )
    query = sa.select(of).where(
        of.award_id == award.id, of.kind == MovementKind.RECEIPT, of.amount_cents > 0, ~reversed_
    )
    return list(session.scalars(query.order_by(of.moved_on.desc(), of.id.desc())))


def matched_of_award(session: Session, award: Award) -> dict[int, int]:
    """What each receipt of an award pays of instalments, by the receipt's id (award's currency)."""
    query = (
        sa.select(InstalmentReceipt.movement_id, sa.func.sum(InstalmentReceipt.amount_cents))
        .join(AwardInstalment, AwardInstalment.id == InstalmentReceipt.instalment_id)
        .where(AwardInstalment.award_id == award.id)
        .group_by(InstalmentReceipt.movement_id)
    )
    return {movement_id: int(cents) for movement_id, cents in session.execute(query)}


def foreseen_cents(session: Session, award_id: int) -> int:
    """What an award's instalments add up to (its currency)."""
    return _sum(session, AwardInstalment.amount_cents, AwardInstalment.award_id == award_id)


def paid_cents(session: Session, row: AwardInstalment) -> int:
    """What receipts paid of an instalment (the award's currency)."""
    return _sum(session, InstalmentReceipt.amount_cents, InstalmentReceipt.instalment_id == row.id)


def matched_cents(session: Session, movement: AwardMovement) -> int:
    """What a receipt pays of instalments (the award's currency)."""
    return _sum(session, InstalmentReceipt.amount_cents, InstalmentReceipt.movement_id == movement.id)


def matches(session: Session, movement: AwardMovement) -> list[InstalmentReceipt]:
    """What a receipt was set against."""
    return list(
        session.scalars(sa.select(InstalmentReceipt).where(InstalmentReceipt.movement_id == movement.id))
    )


def is_reversed(session: Session, movement: AwardMovement) -> bool:
    """Whether a line takes the movement back."""
    of = AwardMovement
    back = sa.select(of.id).where(
        of.award_id == movement.award_id,
        of.kind == movement.kind,
        of.reference == movement.reversal_reference,
    )
    return session.scalar(back) is not None


def last_signed_on(session: Session, award_id: int) -> date | None:
    """The day of the last amendment of an award."""
    query = sa.select(sa.func.max(AwardAmendment.signed_on)).where(AwardAmendment.award_id == award_id)
    return session.scalar(query)


def _sum(session: Session, column: Any, *criteria: Any) -> int:
    return int(session.scalar(sa.select(sa.func.coalesce(sa.func.sum(column), 0)).where(*criteria)) or 0)


def _of(session: Session, model: Any, award: Award, *order: Any) -> list[Any]:
    return list(session.scalars(sa.select(model).where(model.award_id == award.id).order_by(*order)))
