"""Money that is bound before it is spent: obligations and what settles them, advances and their settlement."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eom.core import final
from eom.core.db import Base, Stamped
from eom.core.i18n import lazy
from eom.core.types import Cents, Exact, Labelled, one_of
from eom.finance.models.award import Award
from eom.finance.models.budget import BudgetLine
from eom.finance.models.ledger import Expenditure
from eom.observers.models import Appointment

MESSAGE = "lines of the books are never changed or deleted"


class Obligation(Base, Stamped):
    """A commitment to pay: what was ordered or contracted. It is no expenditure until it is paid.

    ``usd_cents`` is the amount at the rate of its month. It may be liquidated until 31 December of the
    year after (General Standards, Art. 106).
    """

    __tablename__ = "obligations"

    id: Mapped[int] = mapped_column(primary_key=True)
    mission_id: Mapped[int] = mapped_column(sa.ForeignKey("missions.id"), index=True)
    award_id: Mapped[int] = mapped_column(sa.ForeignKey("awards.id"), index=True)
    object_number: Mapped[int] = mapped_column(sa.SmallInteger)
    budget_line_id: Mapped[int | None] = mapped_column(sa.ForeignKey("budget_lines.id"), index=True)
    reference: Mapped[str] = mapped_column(sa.String(60))
    payee: Mapped[str] = mapped_column(sa.String(200))
    description: Mapped[str | None] = mapped_column(sa.String(500))
    obligated_on: Mapped[date] = mapped_column(index=True)
    amount_cents: Mapped[int] = mapped_column(Cents)
    currency: Mapped[str] = mapped_column(sa.String(3))
    rate: Mapped[Decimal] = mapped_column(Exact(18, 8))
    usd_cents: Mapped[int] = mapped_column(Cents)
    recorded_by: Mapped[str] = mapped_column(sa.String(200))
    is_demonstration: Mapped[bool] = mapped_column(default=False)

    award: Mapped[Award] = relationship()
    budget_line: Mapped[BudgetLine | None] = relationship()

    __table_args__ = (
        sa.UniqueConstraint("mission_id", "reference"),
        sa.CheckConstraint("object_number BETWEEN 1 AND 9", name="object_is_known"),
        sa.CheckConstraint("amount_cents > 0 AND usd_cents > 0", name="amounts_are_above_zero"),
        sa.CheckConstraint("length(currency) = 3", name="currency_has_three_letters"),
    )

    def __str__(self) -> str:
        return self.reference

    @property
    def lapses_on(self) -> date:
        """The last day on which it can be paid."""
        return date(self.obligated_on.year + 1, 12, 31)


class SettlementKind(Labelled):
    """What settles a part of an obligation."""

    PAYMENT = "payment"
    CANCELLATION = "cancellation"
    REOPENING = "reopening"

    @classmethod
    def labels(cls) -> dict[str, Any]:
        return {
            "payment": lazy("Payment"),
            "cancellation": lazy("Cancellation"),
            "reopening": lazy("Payment reversed"),
        }


class ObligationSettlement(Base, Stamped):
    """A part of an obligation that is open no more; a reversed payment opens it again by a negative line.

    Both amounts are the obligation's: its currency, and US cents at its own rate.
    """

    __tablename__ = "obligation_settlements"

    id: Mapped[int] = mapped_column(primary_key=True)
    obligation_id: Mapped[int] = mapped_column(sa.ForeignKey("obligations.id"), index=True)
    kind: Mapped[SettlementKind] = mapped_column(one_of(SettlementKind))
    settled_on: Mapped[date] = mapped_column(index=True)
    amount_cents: Mapped[int] = mapped_column(Cents)
    usd_cents: Mapped[int] = mapped_column(Cents)
    expenditure_id: Mapped[int | None] = mapped_column(sa.ForeignKey("expenditures.id"), unique=True)
    reason: Mapped[str | None] = mapped_column(sa.String(500))
    recorded_by: Mapped[str] = mapped_column(sa.String(200))

    obligation: Mapped[Obligation] = relationship()
    expenditure: Mapped[Expenditure | None] = relationship()

    __table_args__ = (sa.CheckConstraint("amount_cents <> 0", name="amount_is_not_nil"),)

    def __str__(self) -> str:
        return f"{self.kind.value} {self.settled_on:%Y-%m-%d}"


class PerDiemRate(Base, Stamped):
    """What a person is paid for a day in a place, from a day on (US cents)."""

    __tablename__ = "per_diem_rates"

    id: Mapped[int] = mapped_column(primary_key=True)
    country: Mapped[str] = mapped_column(sa.String(3))
    place: Mapped[str] = mapped_column(sa.String(100))
    starts_on: Mapped[date] = mapped_column()
    usd_cents: Mapped[int] = mapped_column(Cents)
    source: Mapped[str] = mapped_column(sa.String(200))
    is_demonstration: Mapped[bool] = mapped_column(default=False)

    __table_args__ = (
        sa.UniqueConstraint("country", "place", "starts_on"),
        sa.CheckConstraint("usd_cents > 0", name="rate_is_above_zero"),
    )

    def __str__(self) -> str:
        return f"{self.country} {self.place}"


class Advance(Base, Stamped):
    """Money given to a member of a mission before a journey: owed back until it is settled (US cents)."""

    __tablename__ = "advances"

    id: Mapped[int] = mapped_column(primary_key=True)
    mission_id: Mapped[int] = mapped_column(sa.ForeignKey("missions.id"), index=True)
    award_id: Mapped[int] = mapped_column(sa.ForeignKey("awards.id"), index=True)
    appointment_id: Mapped[int] = mapped_column(sa.ForeignKey("appointments.id"), index=True)
    object_number: Mapped[int] = mapped_column(sa.SmallInteger)
    budget_line_id: Mapped[int | None] = mapped_column(sa.ForeignKey("budget_lines.id"), index=True)
    per_diem_rate_id: Mapped[int] = mapped_column(sa.ForeignKey("per_diem_rates.id"))
    voucher: Mapped[str] = mapped_column(sa.String(60))
    purpose: Mapped[str | None] = mapped_column(sa.String(300))
    paid_on: Mapped[date] = mapped_column(index=True)
    days: Mapped[Decimal] = mapped_column(Exact(8, 2))
    rate_cents: Mapped[int] = mapped_column(Cents)
    per_diem_cents: Mapped[int] = mapped_column(Cents)
    other_cents: Mapped[int] = mapped_column(Cents, default=0)
    recorded_by: Mapped[str] = mapped_column(sa.String(200))
    is_demonstration: Mapped[bool] = mapped_column(default=False)

    award: Mapped[Award] = relationship()
    appointment: Mapped[Appointment] = relationship()
    budget_line: Mapped[BudgetLine | None] = relationship()
    per_diem_rate: Mapped[PerDiemRate] = relationship()

    __table_args__ = (
        sa.UniqueConstraint("mission_id", "voucher"),
        sa.CheckConstraint("object_number BETWEEN 1 AND 9", name="object_is_known"),
        sa.CheckConstraint("per_diem_cents >= 0 AND other_cents >= 0", name="amounts_are_not_below_zero"),
        sa.CheckConstraint(
            "ABS(CAST(days AS NUMERIC) * rate_cents - per_diem_cents) <= 0.51", name="per_diem_is_the_product"
        ),
    )

    def __str__(self) -> str:
        return self.voucher

    @property
    def usd_cents(self) -> int:
        """All that was given."""
        return self.per_diem_cents + self.other_cents


class AdvanceSettlement(Base, Stamped):
    """What an advance was spent on, and the balance: returned when above zero, paid out when below.

    A reversed settlement has a second line with every amount negated: the advance is owed again.
    """

    __tablename__ = "advance_settlements"

    id: Mapped[int] = mapped_column(primary_key=True)
    advance_id: Mapped[int] = mapped_column(sa.ForeignKey("advances.id"), index=True)
    settled_on: Mapped[date] = mapped_column()
    voucher: Mapped[str] = mapped_column(sa.String(60))
    days: Mapped[Decimal] = mapped_column(Exact(8, 2))
    rate_cents: Mapped[int] = mapped_column(Cents)
    per_diem_cents: Mapped[int] = mapped_column(Cents)
    other_cents: Mapped[int] = mapped_column(Cents, default=0)
    balance_cents: Mapped[int] = mapped_column(Cents)
    expenditure_id: Mapped[int | None] = mapped_column(sa.ForeignKey("expenditures.id"), unique=True)
    reverses_id: Mapped[int | None] = mapped_column(sa.ForeignKey("advance_settlements.id"), unique=True)
    note: Mapped[str | None] = mapped_column(sa.String(500))
    recorded_by: Mapped[str] = mapped_column(sa.String(200))

    advance: Mapped[Advance] = relationship()
    expenditure: Mapped[Expenditure | None] = relationship()

    __table_args__ = (
        sa.CheckConstraint(
            "ABS(CAST(days AS NUMERIC) * rate_cents - per_diem_cents) <= 0.51", name="per_diem_is_the_product"
        ),
    )

    def __str__(self) -> str:
        return self.voucher

    @property
    def spent_cents(self) -> int:
        """What became an expenditure."""
        return self.per_diem_cents + self.other_cents


for _model in (Obligation, ObligationSettlement, Advance, AdvanceSettlement):
    final.lock(_model.__table__, MESSAGE)
