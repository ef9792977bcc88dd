"""Objects of expenditure, and a mission's budget: versions, their lines, and the lines that most missions need."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eom.core.db import Base, Stamped
from eom.core.i18n import lazy
from eom.core.types import Cents, Exact, Labelled, UTCDateTime, one_of

# General Standards, Art. 91; the wording of 3 to 9 is to be confirmed by finance.
OBJECTS: dict[int, Any] = {
    1: lazy("Personnel, recurrent"),
    2: lazy("Personnel, non-recurrent"),
    3: lazy("Fellowships"),
    4: lazy("Travel"),
    5: lazy("Documents"),
    6: lazy("Equipment and supplies"),
    7: lazy("Buildings and maintenance"),
    8: lazy("Performance contracts"),
    9: lazy("Other costs"),
}


class Activity(Labelled):
    """What a cost is for, in the order of a mission's life."""

    WHOLE = "whole"
    PREPARATION = "preparation"
    CORE_GROUP = "core_group"
    TRAINING = "training"
    DEPLOYMENT = "deployment"
    RUNOFF = "runoff"
    REPORTING = "reporting"

    @classmethod
    def labels(cls) -> dict[str, Any]:
        return {
            "whole": lazy("The mission as a whole"),
            "preparation": lazy("Preliminary visits"),
            "core_group": lazy("Core group"),
            "training": lazy("Training of observers"),
            "deployment": lazy("Deployment and polling day"),
            "runoff": lazy("Second round"),
            "reporting": lazy("Reports and closing"),
        }


class BudgetStatus(Labelled):
    """Where a version of a budget stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    APPROVED = "approved"

    @classmethod
    def labels(cls) -> dict[str, Any]:
        return {
            "draft": lazy("Draft"),
            "submitted": lazy("Waits for approval"),
            "approved": lazy("Approved"),
        }


class BudgetVersion(Base, Stamped):
    """A mission's budget as it was approved, or the one being written. An approved one never changes."""

    __tablename__ = "budget_versions"

    id: Mapped[int] = mapped_column(primary_key=True)
    mission_id: Mapped[int] = mapped_column(sa.ForeignKey("missions.id"), index=True)
    number: Mapped[int] = mapped_column()
    status: Mapped[BudgetStatus] = mapped_column(one_of(BudgetStatus), default=BudgetStatus.DRAFT)
    # What the budget is made for; a copy for another mission is scaled by these.
    observer_count: Mapped[int | None] = mapped_column()
    day_count: Mapped[int | None] = mapped_column()
    purpose: Mapped[str | None] = mapped_column(sa.String(500))
    # Why it was sent back, while it is a draft again.
    reason: Mapped[str | None] = mapped_column(sa.String(500))
    prepared_by: Mapped[str] = mapped_column(sa.String(200))
    prepared_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    submitted_by: Mapped[str | None] = mapped_column(sa.String(200))
    submitted_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    submitted_at: Mapped[datetime | None] = mapped_column(UTCDateTime())
    approved_by: Mapped[str | None] = mapped_column(sa.String(200))
    approved_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    approved_at: Mapped[datetime | None] = mapped_column(UTCDateTime())
    is_demonstration: Mapped[bool] = mapped_column(default=False)

    lines: Mapped[list[BudgetLine]] = relationship(
        back_populates="version", order_by="(BudgetLine.object_number, BudgetLine.code)"
    )

    __table_args__ = (
        sa.UniqueConstraint("mission_id", "number"),
        sa.CheckConstraint(
            "approved_by_id IS NULL OR submitted_by_id IS NULL OR approved_by_id <> submitted_by_id",
            name="two_people_approve",
        ),
        sa.CheckConstraint("status <> 'approved' OR approved_at IS NOT NULL", name="approval_has_its_day"),
        sa.CheckConstraint("observer_count IS NULL OR observer_count > 0", name="observers_above_zero"),
        sa.CheckConstraint("day_count IS NULL OR day_count > 0", name="days_above_zero"),
        sa.Index(
            "uq_budget_versions_one_open", "mission_id", unique=True,
            sqlite_where=sa.text("status <> 'approved'"), postgresql_where=sa.text("status <> 'approved'"),
        ),
    )  # fmt: skip

    def __str__(self) -> str:
        return f"v{self.number}"

    @property
    def is_draft(self) -> bool:
        """Whether its lines can be changed."""
        return self.status is BudgetStatus.DRAFT

    @property
    def is_approved(self) -> bool:
        """Whether it is final."""
        return self.status is BudgetStatus.APPROVED


class BudgetLine(Base, Stamped):
    """What a mission plans to spend: quantity × days × the cost of a unit (US cents).

    ``code`` stays with a line from version to version, so that spending is followed across them.
    """

    __tablename__ = "budget_lines"

    id: Mapped[int] = mapped_column(primary_key=True)
    mission_id: Mapped[int] = mapped_column(sa.ForeignKey("missions.id"), index=True)
    version_id: Mapped[int] = mapped_column(sa.ForeignKey("budget_versions.id"))
    code: Mapped[str] = mapped_column(sa.String(10))
    object_number: Mapped[int] = mapped_column(sa.SmallInteger)
    activity: Mapped[Activity] = mapped_column(one_of(Activity), default=Activity.WHOLE)
    description: Mapped[str] = mapped_column(sa.String(300))
    unit: Mapped[str | None] = mapped_column(sa.String(60))
    quantity: Mapped[Decimal] = mapped_column(Exact(12, 2), default=Decimal(1))
    days: Mapped[Decimal] = mapped_column(Exact(8, 2), default=Decimal(1))
    unit_cents: Mapped[int] = mapped_column(Cents)
    usd_cents: Mapped[int] = mapped_column(Cents)
    scales_with_observers: Mapped[bool] = mapped_column(default=False)
    scales_with_days: Mapped[bool] = mapped_column(default=False)
    is_demonstration: Mapped[bool] = mapped_column(default=False)

    version: Mapped[BudgetVersion] = relationship(back_populates="lines")

    __table_args__ = (
        sa.CheckConstraint("object_number BETWEEN 1 AND 9", name="object_is_known"),
        sa.CheckConstraint("usd_cents > 0", name="amount_is_above_zero"),
        # SQLite multiplies decimals as floats: half a cent, and a little for that.
        sa.CheckConstraint(
            "ABS(CAST(quantity AS NUMERIC) * CAST(days AS NUMERIC) * unit_cents - usd_cents) <= 0.51",
            name="total_is_the_product",
        ),
        sa.UniqueConstraint("version_id", "object_number", "activity", "description"),
        sa.UniqueConstraint("version_id", "code"),
    )

    def __str__(self) -> str:
        return self.description


class LineBasis(Labelled):
    """By what a standard line is multiplied."""

    FIXED = "fixed"
    OBSERVERS = "observers"
    DAYS = "days"
    OBSERVER_DAYS = "observer_days"

    @classmethod
    def labels(cls) -> dict[str, Any]:
        return {
            "fixed": lazy("The quantity given, once"),
            "observers": lazy("The quantity given for each observer"),
            "days": lazy("The quantity given for each day"),
            "observer_days": lazy("The quantity given for each observer and day"),
        }

    @property
    def by_observers(self) -> bool:
        """Whether more observers cost more."""
        return self in (self.OBSERVERS, self.OBSERVER_DAYS)

    @property
    def by_days(self) -> bool:
        """Whether more days cost more."""
        return self in (self.DAYS, self.OBSERVER_DAYS)


class StandardLine(Base, Stamped):
    """A line that most missions need, with its usual cost of a unit (US cents)."""

    __tablename__ = "standard_lines"

    id: Mapped[int] = mapped_column(primary_key=True)
    object_number: Mapped[int] = mapped_column(sa.SmallInteger)
    activity: Mapped[Activity] = mapped_column(one_of(Activity), default=Activity.WHOLE)
    description: Mapped[str] = mapped_column(sa.String(300))
    unit: Mapped[str | None] = mapped_column(sa.String(60))
    basis: Mapped[LineBasis] = mapped_column(one_of(LineBasis), default=LineBasis.FIXED)
    quantity: Mapped[Decimal] = mapped_column(Exact(12, 2), default=Decimal(1))
    unit_cents: Mapped[int] = mapped_column(Cents)
    source: Mapped[str] = mapped_column(sa.String(200))
    is_demonstration: Mapped[bool] = mapped_column(default=False)

    __table_args__ = (
        sa.CheckConstraint("object_number BETWEEN 1 AND 9", name="object_is_known"),
        sa.CheckConstraint("unit_cents > 0", name="cost_is_above_zero"),
        sa.UniqueConstraint("object_number", "activity", "description"),
    )

    def __str__(self) -> str:
        return self.description
