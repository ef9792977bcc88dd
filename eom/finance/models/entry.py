"""What stands beside the ledger: what a line was charged to, entries that wait for a second person, scans."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eom.core import final
from eom.core.db import Base, Stamped
from eom.core.i18n import lazy
from eom.core.storage import StoredFile
from eom.core.types import Cents, JSONDocument, Labelled, UTCDateTime, one_of
from eom.finance.models.award import Award
from eom.finance.models.budget import BudgetLine
from eom.finance.models.commitment import MESSAGE, Advance, Obligation
from eom.finance.models.ledger import Expenditure


class Charge(Base):
    """What a line of the ledger was charged to besides its award. Final, as the line itself."""

    __tablename__ = "charges"

    expenditure_id: Mapped[int] = mapped_column(sa.ForeignKey("expenditures.id"), primary_key=True)
    budget_line_id: Mapped[int | None] = mapped_column(sa.ForeignKey("budget_lines.id"), index=True)
    obligation_id: Mapped[int | None] = mapped_column(sa.ForeignKey("obligations.id"), index=True)
    advance_id: Mapped[int | None] = mapped_column(sa.ForeignKey("advances.id"), index=True)
    # The line that this one charges to another award.
    recharges_id: Mapped[int | None] = mapped_column(sa.ForeignKey("expenditures.id"), unique=True)
    # Recorded above what its budget line held.
    exceeds_line: Mapped[bool] = mapped_column(default=False)

    budget_line: Mapped[BudgetLine | None] = relationship()
    obligation: Mapped[Obligation | None] = relationship()
    advance: Mapped[Advance | None] = relationship()

    def __str__(self) -> str:
        return str(self.expenditure_id)


class EntryKind(Labelled):
    """What a second person is asked to approve."""

    EXPENDITURE = "expenditure"
    RECHARGE = "recharge"
    ADVANCE = "advance"
    SETTLEMENT = "settlement"

    @classmethod
    def labels(cls) -> dict[str, Any]:
        return {
            "expenditure": lazy("Expenditure"),
            "recharge": lazy("Re-charge to another award"),
            "advance": lazy("Advance"),
            "settlement": lazy("Settlement of an advance"),
        }


class EntryStatus(Labelled):
    """What became of it."""

    WAITING = "waiting"
    APPROVED = "approved"
    REFUSED = "refused"

    @classmethod
    def labels(cls) -> dict[str, Any]:
        return {
            "waiting": lazy("Waits for a second person"),
            "approved": lazy("Approved and booked"),
            "refused": lazy("Refused"),
        }


class PendingEntry(Base, Stamped):
    """An entry above the limit: outside the ledger until somebody else than who entered it approves it."""

    __tablename__ = "pending_entries"

    id: Mapped[int] = mapped_column(primary_key=True)
    mission_id: Mapped[int] = mapped_column(sa.ForeignKey("missions.id"), index=True)
    kind: Mapped[EntryKind] = mapped_column(one_of(EntryKind))
    status: Mapped[EntryStatus] = mapped_column(one_of(EntryStatus), default=EntryStatus.WAITING, index=True)
    award_id: Mapped[int] = mapped_column(sa.ForeignKey("awards.id"), index=True)
    dated_on: Mapped[date] = mapped_column()
    voucher: Mapped[str] = mapped_column(sa.String(60))
    payee: Mapped[str] = mapped_column(sa.String(200))
    # At the rate when it was entered; what is booked is counted anew.
    usd_cents: Mapped[int] = mapped_column(Cents)
    details: Mapped[dict[str, Any]] = mapped_column(JSONDocument())
    entered_by: Mapped[str] = mapped_column(sa.String(200))
    entered_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    decided_by: Mapped[str | None] = mapped_column(sa.String(200))
    decided_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UTCDateTime())
    reason: Mapped[str | None] = mapped_column(sa.String(500))
    expenditure_id: Mapped[int | None] = mapped_column(sa.ForeignKey("expenditures.id"), unique=True)
    advance_id: Mapped[int | None] = mapped_column(sa.ForeignKey("advances.id"))
    is_demonstration: Mapped[bool] = mapped_column(default=False)

    award: Mapped[Award] = relationship()
    expenditure: Mapped[Expenditure | None] = relationship()

    __table_args__ = (
        sa.CheckConstraint(
            "entered_by_id IS NULL OR decided_by_id IS NULL OR decided_by_id <> entered_by_id",
            name="two_people_decide",
        ),
        sa.CheckConstraint("usd_cents > 0", name="amount_is_above_zero"),
    )

    def __str__(self) -> str:
        return f"{self.voucher} {self.payee}"

    @property
    def is_waiting(self) -> bool:
        """Whether somebody still has to decide."""
        return self.status is EntryStatus.WAITING


class VoucherScan(Base, Stamped):
    """The scan of a voucher, of an invoice or of a contract. It is kept as long as what it proves."""

    __tablename__ = "voucher_scans"

    id: Mapped[int] = mapped_column(primary_key=True)
    mission_id: Mapped[int] = mapped_column(sa.ForeignKey("missions.id"), index=True)
    expenditure_id: Mapped[int | None] = mapped_column(sa.ForeignKey("expenditures.id"), index=True)
    pending_id: Mapped[int | None] = mapped_column(sa.ForeignKey("pending_entries.id"), index=True)
    obligation_id: Mapped[int | None] = mapped_column(sa.ForeignKey("obligations.id"), index=True)
    file_id: Mapped[int] = mapped_column(sa.ForeignKey("stored_files.id"))
    added_by: Mapped[str] = mapped_column(sa.String(200))

    file: Mapped[StoredFile] = relationship()

    __table_args__ = (
        sa.CheckConstraint(
            "expenditure_id IS NOT NULL OR pending_id IS NOT NULL OR obligation_id IS NOT NULL",
            name="proves_something",
        ),
    )

    def __str__(self) -> str:
        return str(self.file_id)


final.lock(Charge.__table__, MESSAGE)
