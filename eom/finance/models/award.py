"""Donors, their awards, what moves in an award, what it gives to missions, and help in kind."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eom.core.db import Base, Stamped
from eom.core.i18n import lazy
from eom.core.types import Cents, Exact, Labelled, one_of

if TYPE_CHECKING:
    from eom.finance.models.contact import DonorContact
    from eom.finance.models.pledge import PledgePart


class DonorKind(Labelled):
    """Kinds of source, in the order of the annual report."""

    REGULAR_FUND = "regular_fund"
    MEMBER_STATE = "member_state"
    PERMANENT_OBSERVER = "permanent_observer"
    ORGANISATION = "organisation"
    OTHER = "other"

    @classmethod
    def labels(cls) -> dict[str, Any]:
        return {
            "regular_fund": lazy("Regular Fund"),
            "member_state": lazy("Member state"),
            "permanent_observer": lazy("Permanent observer"),
            "organisation": lazy("Organisation"),
            "other": lazy("Other source"),
        }


class Fund(Labelled):
    """The classes of fund (General Standards, Art. 77)."""

    REGULAR = "regular"
    SPECIFIC = "specific"
    ICR = "icr"

    @classmethod
    def labels(cls) -> dict[str, Any]:
        return {
            "regular": lazy("Regular Fund"),
            "specific": lazy("Specific Funds"),
            "icr": lazy("Indirect Cost Recovery"),
        }


class MovementKind(Labelled):
    """What moves in an award besides spending. The sign is the kind's, amounts are above zero."""

    RECEIPT = "receipt"
    INTEREST = "interest"
    TRANSFER_IN = "transfer_in"
    EXCHANGE_GAIN = "exchange_gain"
    EXCHANGE_LOSS = "exchange_loss"
    REFUND = "refund"
    TRANSFER_OUT = "transfer_out"

    @classmethod
    def labels(cls) -> dict[str, Any]:
        return {
            "receipt": lazy("Received"),
            "interest": lazy("Interest"),
            "transfer_in": lazy("Transfer in"),
            "exchange_gain": lazy("Exchange gain"),
            "exchange_loss": lazy("Exchange loss"),
            "refund": lazy("Refund to the donor"),
            "transfer_out": lazy("Transfer out"),
        }

    @property
    def sign(self) -> int:
        """+1 for money that comes in, -1 for money that goes out."""
        return -1 if self in (self.EXCHANGE_LOSS, self.REFUND, self.TRANSFER_OUT) else 1

    @property
    def may_name_a_mission(self) -> bool:
        """Whether it may change one mission's part of a general award; what comes in is allocated instead."""
        return self not in (self.RECEIPT, self.INTEREST)


class InKindKind(Labelled):
    """What help in kind consists of."""

    PERSONNEL = "personnel"
    TRAVEL = "travel"
    EQUIPMENT = "equipment"
    PREMISES = "premises"
    SERVICES = "services"
    OTHER = "other"

    @classmethod
    def labels(cls) -> dict[str, Any]:
        return {
            "personnel": lazy("Seconded personnel"),
            "travel": lazy("Travel and vehicles"),
            "equipment": lazy("Equipment and supplies"),
            "premises": lazy("Premises"),
            "services": lazy("Services"),
            "other": lazy("Other help"),
        }


class Donor(Base, Stamped):
    """Who gives: a state, an organisation, or the Regular Fund."""

    __tablename__ = "donors"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(200), unique=True)
    kind: Mapped[DonorKind] = mapped_column(one_of(DonorKind), index=True)
    country: Mapped[str | None] = mapped_column(sa.String(3))
    is_demonstration: Mapped[bool] = mapped_column(default=False)

    awards: Mapped[list[Award]] = relationship(back_populates="donor", order_by="Award.reference")
    contacts: Mapped[list[DonorContact]] = relationship(back_populates="donor", order_by="DonorContact.id")

    def __str__(self) -> str:
        return self.name


class Award(Base, Stamped):
    """One agreement with a donor. Without a mission it is general and is allocated to missions."""

    __tablename__ = "awards"

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(sa.String(60), unique=True)
    donor_id: Mapped[int] = mapped_column(sa.ForeignKey("donors.id"), index=True)
    fund: Mapped[Fund] = mapped_column(one_of(Fund), default=Fund.SPECIFIC)
    mission_id: Mapped[int | None] = mapped_column(sa.ForeignKey("missions.id"), index=True)
    title: Mapped[str] = mapped_column(sa.String(300))
    currency: Mapped[str] = mapped_column(sa.String(3), default="USD")
    agreed_cents: Mapped[int | None] = mapped_column(Cents)
    agreed_usd_cents: Mapped[int | None] = mapped_column(Cents)
    agreed_on: Mapped[date | None] = mapped_column()
    starts_on: Mapped[date | None] = mapped_column()
    ends_on: Mapped[date | None] = mapped_column()
    icr_percent: Mapped[Decimal] = mapped_column(Exact(7, 4), default=Decimal(0))
    icr_basis: Mapped[str | None] = mapped_column(sa.String(300))
    purpose: Mapped[str | None] = mapped_column(sa.Text)
    restrictions: Mapped[str | None] = mapped_column(sa.Text)
    # Of the Regular Fund: the year whose programme-budget it is of.
    appropriation_year: Mapped[int | None] = mapped_column(index=True)
    is_demonstration: Mapped[bool] = mapped_column(default=False)

    donor: Mapped[Donor] = relationship(back_populates="awards")
    # What it took up of a pledge; an award may exist without one.
    pledge_part: Mapped[PledgePart | None] = relationship(back_populates="award")

    __table_args__ = (
        sa.CheckConstraint(
            "CAST(icr_percent AS NUMERIC) >= 0 AND CAST(icr_percent AS NUMERIC) <= 100",
            name="icr_is_a_percentage",
        ),
        sa.CheckConstraint("length(currency) = 3", name="currency_has_three_letters"),
        sa.CheckConstraint(
            "ends_on IS NULL OR starts_on IS NULL OR ends_on >= starts_on",
            name="dates_in_order",
        ),
    )

    def __str__(self) -> str:
        return self.reference

    @property
    def is_general(self) -> bool:
        """Whether it serves missions by allocation."""
        return self.mission_id is None

    @property
    def pledged_cents(self) -> int | None:
        """What the donor had pledged of it, in the currency of the pledge."""
        return self.pledge_part.amount_cents if self.pledge_part else None

    @property
    def pledged_usd_cents(self) -> int | None:
        """The same in US cents, at the rate of the pledge's month."""
        return self.pledge_part.usd_cents if self.pledge_part else None

    @property
    def pledged_on(self) -> date | None:
        """The day of the pledge."""
        return self.pledge_part.pledge.pledged_on if self.pledge_part else None


class AwardMovement(Base, Stamped):
    """Money in or out of an award. Never changed: a mistake is taken back by a line with negated amounts."""

    __tablename__ = "award_movements"

    id: Mapped[int] = mapped_column(primary_key=True)
    award_id: Mapped[int] = mapped_column(sa.ForeignKey("awards.id"), index=True)
    # Of a general award: the mission whose part of it moves. What came in is a mission's by allocation only.
    mission_id: Mapped[int | None] = mapped_column(sa.ForeignKey("missions.id"), index=True)
    kind: Mapped[MovementKind] = mapped_column(one_of(MovementKind))
    moved_on: Mapped[date] = mapped_column(index=True)
    fiscal_year: Mapped[int] = mapped_column()
    reference: Mapped[str] = mapped_column(sa.String(100))
    amount_cents: Mapped[int] = mapped_column(Cents)
    currency: Mapped[str] = mapped_column(sa.String(3))
    rate: Mapped[Decimal] = mapped_column(Exact(18, 8))
    usd_cents: Mapped[int] = mapped_column(Cents)
    note: Mapped[str | None] = mapped_column(sa.String(500))
    is_demonstration: Mapped[bool] = mapped_column(default=False)

    award: Mapped[Award] = relationship()

    __table_args__ = (
        sa.UniqueConstraint("award_id", "kind", "reference"),
        sa.CheckConstraint("amount_cents <> 0 AND usd_cents <> 0", name="amounts_are_not_nil"),
        sa.Index("ix_award_movements_year", "fiscal_year", "award_id", "kind"),
    )

    def __str__(self) -> str:
        return f"{self.kind.value} {self.reference}"

    @property
    def is_reversal(self) -> bool:
        """Whether the line takes another one back."""
        return self.amount_cents < 0

    @property
    def reversal_reference(self) -> str:
        """The reference of the line that takes this one back; the key allows one."""
        return f"REV {self.reference}"


class Allocation(Base, Stamped):
    """What a general award gives to a mission, and the decision behind it (US cents)."""

    __tablename__ = "allocations"

    id: Mapped[int] = mapped_column(primary_key=True)
    award_id: Mapped[int] = mapped_column(sa.ForeignKey("awards.id"), index=True)
    mission_id: Mapped[int] = mapped_column(sa.ForeignKey("missions.id"), index=True)
    usd_cents: Mapped[int] = mapped_column(Cents)
    allocated_on: Mapped[date] = mapped_column()
    decision: Mapped[str] = mapped_column(sa.String(300))
    is_demonstration: Mapped[bool] = mapped_column(default=False)

    award: Mapped[Award] = relationship()

    __table_args__ = (sa.CheckConstraint("usd_cents <> 0", name="amount_is_not_nil"),)

    def __str__(self) -> str:
        return self.decision


class InKindContribution(Base, Stamped):
    """Help in kind, valued and shown apart from cash (US cents)."""

    __tablename__ = "in_kind_contributions"

    id: Mapped[int] = mapped_column(primary_key=True)
    donor_id: Mapped[int] = mapped_column(sa.ForeignKey("donors.id"), index=True)
    mission_id: Mapped[int] = mapped_column(sa.ForeignKey("missions.id"), index=True)
    kind: Mapped[InKindKind] = mapped_column(
        one_of(InKindKind), default=InKindKind.OTHER, server_default=InKindKind.OTHER.value
    )
    description: Mapped[str] = mapped_column(sa.String(300))
    quantity: Mapped[Decimal] = mapped_column(Exact(14, 2), default=Decimal(1))
    valued_cents: Mapped[int] = mapped_column(Cents)
    basis: Mapped[str] = mapped_column(sa.String(300))
    given_on: Mapped[date] = mapped_column(index=True)
    is_demonstration: Mapped[bool] = mapped_column(default=False)

    donor: Mapped[Donor] = relationship()

    __table_args__ = (sa.CheckConstraint("valued_cents > 0", name="value_is_above_zero"),)

    def __str__(self) -> str:
        return self.description
