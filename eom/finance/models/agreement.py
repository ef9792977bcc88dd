"""What an agreement holds beside its amount: instalments, amendments, reports to send, documents."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eom.core.db import Base, Stamped
from eom.core.i18n import lazy
from eom.core.storage import StoredFile
from eom.core.types import Cents, Exact, Labelled, one_of
from eom.finance.models.award import Award, AwardMovement


class AwardInstalment(Base, Stamped):
    """A payment that the agreement foresees, in the currency of the award."""

    __tablename__ = "award_instalments"

    id: Mapped[int] = mapped_column(primary_key=True)
    award_id: Mapped[int] = mapped_column(sa.ForeignKey("awards.id"), index=True)
    due_on: Mapped[date] = mapped_column(index=True)
    amount_cents: Mapped[int] = mapped_column(Cents)
    condition: Mapped[str | None] = mapped_column(sa.String(500))
    is_demonstration: Mapped[bool] = mapped_column(default=False)

    award: Mapped[Award] = relationship()

    __table_args__ = (sa.CheckConstraint("amount_cents > 0", name="amount_is_above_zero"),)

    def __str__(self) -> str:
        return self.due_on.isoformat()


class InstalmentReceipt(Base, Stamped):
    """What a receipt paid of an instalment, in the award's currency; a reversal takes it back below zero."""

    __tablename__ = "instalment_receipts"

    id: Mapped[int] = mapped_column(primary_key=True)
    instalment_id: Mapped[int] = mapped_column(sa.ForeignKey("award_instalments.id"), index=True)
    movement_id: Mapped[int] = mapped_column(sa.ForeignKey("award_movements.id"), index=True)
    amount_cents: Mapped[int] = mapped_column(Cents)

    instalment: Mapped[AwardInstalment] = relationship()
    movement: Mapped[AwardMovement] = relationship()

    __table_args__ = (
        sa.CheckConstraint("amount_cents <> 0", name="amount_is_not_nil"),
        sa.UniqueConstraint("instalment_id", "movement_id"),
    )

    def __str__(self) -> str:
        return f"#{self.movement_id}"


class AwardAmendment(Base, Stamped):
    """A change of an agreement that both sides signed. A wrong one is put right by another."""

    __tablename__ = "award_amendments"

    id: Mapped[int] = mapped_column(primary_key=True)
    award_id: Mapped[int] = mapped_column(sa.ForeignKey("awards.id"), index=True)
    reference: Mapped[str] = mapped_column(sa.String(60))
    signed_on: Mapped[date] = mapped_column()
    summary: Mapped[str] = mapped_column(sa.String(500))
    change_cents: Mapped[int] = mapped_column(Cents, default=0)
    change_usd_cents: Mapped[int] = mapped_column(Cents, default=0)
    ended_before_on: Mapped[date | None] = mapped_column()
    ends_on: Mapped[date | None] = mapped_column()
    icr_before_percent: Mapped[Decimal] = mapped_column(Exact(7, 4))
    icr_percent: Mapped[Decimal] = mapped_column(Exact(7, 4))
    is_demonstration: Mapped[bool] = mapped_column(default=False)

    award: Mapped[Award] = relationship()

    __table_args__ = (sa.UniqueConstraint("award_id", "reference"),)

    def __str__(self) -> str:
        return self.reference


class ReportKind(Labelled):
    """What a donor is to be told."""

    NARRATIVE = "narrative"
    FINANCIAL = "financial"
    INTERIM = "interim"
    FINAL = "final"
    AUDIT = "audit"

    @classmethod
    def labels(cls) -> dict[str, Any]:
        return {
            "narrative": lazy("Narrative report"),
            "financial": lazy("Financial report"),
            "interim": lazy("Interim report, narrative and financial"),
            "final": lazy("Final report, narrative and financial"),
            "audit": lazy("Audited statement"),
        }


class AwardReportDue(Base, Stamped):
    """A report that an agreement asks for, and the day it was sent."""

    __tablename__ = "award_report_dues"

    id: Mapped[int] = mapped_column(primary_key=True)
    award_id: Mapped[int] = mapped_column(sa.ForeignKey("awards.id"), index=True)
    kind: Mapped[ReportKind] = mapped_column(one_of(ReportKind))
    due_on: Mapped[date] = mapped_column(index=True)
    sent_on: Mapped[date | None] = mapped_column()
    note: Mapped[str | None] = mapped_column(sa.String(300))
    is_demonstration: Mapped[bool] = mapped_column(default=False)

    award: Mapped[Award] = relationship()

    __table_args__ = (sa.UniqueConstraint("award_id", "kind", "due_on"),)

    def __str__(self) -> str:
        return self.due_on.isoformat()

    def is_overdue(self, today: date) -> bool:
        """Whether its day has passed and it was not sent."""
        return self.sent_on is None and self.due_on < today


class PaperKind(Labelled):
    """What a document of an award is."""

    AGREEMENT = "agreement"
    AMENDMENT = "amendment"
    PLEDGE = "pledge"
    REPORT = "report"
    LETTER = "letter"
    OTHER = "other"

    @classmethod
    def labels(cls) -> dict[str, Any]:
        return {
            "agreement": lazy("Agreement"),
            "amendment": lazy("Amendment"),
            "pledge": lazy("Pledge"),
            "report": lazy("Report to the donor"),
            "letter": lazy("Letter"),
            "other": lazy("Other document"),
        }


class AwardDocument(Base, Stamped):
    """A document kept with an award."""

    __tablename__ = "award_documents"

    id: Mapped[int] = mapped_column(primary_key=True)
    award_id: Mapped[int] = mapped_column(sa.ForeignKey("awards.id"), index=True)
    kind: Mapped[PaperKind] = mapped_column(one_of(PaperKind))
    title: Mapped[str] = mapped_column(sa.String(200))
    file_id: Mapped[int] = mapped_column(sa.ForeignKey("stored_files.id"), index=True)

    award: Mapped[Award] = relationship()
    file: Mapped[StoredFile] = relationship()

    def __str__(self) -> str:
        return self.title
