"""Pledges: what donors promised, and which part of it became which agreement."""

from __future__ import annotations

from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eom.core.db import Base, Stamped
from eom.core.i18n import lazy
from eom.core.types import Cents, Labelled, one_of
from eom.finance.models.award import Award, Donor


class PledgeState(Labelled):
    """What became of a promise."""

    OPEN = "open"
    AGREED = "agreed"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"

    @classmethod
    def labels(cls) -> dict[str, Any]:
        return {
            "open": lazy("Open"),
            "agreed": lazy("Agreed"),
            "withdrawn": lazy("Withdrawn"),
            "lapsed": lazy("Lapsed"),
        }

    @property
    def has_ended(self) -> bool:
        """Whether nothing more is expected of it, without an agreement for the rest."""
        return self in (self.WITHDRAWN, self.LAPSED)


class PledgeManner(Labelled):
    """How a promise was made."""

    LETTER = "letter"
    NOTE = "note"
    CONFERENCE = "conference"
    PUBLIC = "public"
    SPOKEN = "spoken"
    OTHER = "other"

    @classmethod
    def labels(cls) -> dict[str, Any]:
        return {
            "letter": lazy("By letter or e-mail"),
            "note": lazy("By note verbale"),
            "conference": lazy("At a meeting of donors"),
            "public": lazy("Announced in public"),
            "spoken": lazy("By word of mouth"),
            "other": lazy("Not recorded"),
        }


class DonorPledge(Base, Stamped):
    """A donor's promise, to one mission or in general. Its amount may not have been said yet."""

    __tablename__ = "donor_pledges"

    id: Mapped[int] = mapped_column(primary_key=True)
    donor_id: Mapped[int] = mapped_column(sa.ForeignKey("donors.id"), index=True)
    mission_id: Mapped[int | None] = mapped_column(sa.ForeignKey("missions.id"), index=True)
    currency: Mapped[str] = mapped_column(sa.String(3), default="USD")
    amount_cents: Mapped[int | None] = mapped_column(Cents)
    usd_cents: Mapped[int | None] = mapped_column(Cents)
    pledged_on: Mapped[date | None] = mapped_column(index=True)
    manner: Mapped[PledgeManner] = mapped_column(one_of(PledgeManner), default=PledgeManner.OTHER)
    paper: Mapped[str | None] = mapped_column(sa.String(200))
    note: Mapped[str | None] = mapped_column(sa.Text)
    state: Mapped[PledgeState] = mapped_column(one_of(PledgeState), default=PledgeState.OPEN, index=True)
    ended_on: Mapped[date | None] = mapped_column()
    ended_because: Mapped[str | None] = mapped_column(sa.String(500))
    is_demonstration: Mapped[bool] = mapped_column(default=False)

    donor: Mapped[Donor] = relationship()
    parts: Mapped[list[PledgePart]] = relationship(back_populates="pledge", order_by="PledgePart.id")

    __table_args__ = (
        sa.CheckConstraint("amount_cents IS NULL OR amount_cents > 0", name="amount_is_above_zero"),
        sa.CheckConstraint("length(currency) = 3", name="currency_has_three_letters"),
        sa.CheckConstraint(
            "state NOT IN ('withdrawn', 'lapsed') OR ended_because IS NOT NULL", name="an_end_has_its_reason"
        ),
    )

    def __str__(self) -> str:
        return f"#{self.id}"

    @property
    def taken_cents(self) -> int:
        """What awards took up of it, in its currency."""
        return sum(part.amount_cents or 0 for part in self.parts)

    @property
    def left_cents(self) -> int | None:
        """What no award took up yet, in its currency; None while its amount has not been said."""
        return None if self.amount_cents is None else self.amount_cents - self.taken_cents


class PledgePart(Base, Stamped):
    """What an award took up of a pledge, in the pledge's currency and in US cents."""

    __tablename__ = "pledge_parts"

    id: Mapped[int] = mapped_column(primary_key=True)
    pledge_id: Mapped[int] = mapped_column(sa.ForeignKey("donor_pledges.id"), index=True)
    award_id: Mapped[int] = mapped_column(sa.ForeignKey("awards.id"), unique=True)
    amount_cents: Mapped[int | None] = mapped_column(Cents)
    usd_cents: Mapped[int | None] = mapped_column(Cents)

    pledge: Mapped[DonorPledge] = relationship(back_populates="parts")
    award: Mapped[Award] = relationship(back_populates="pledge_part")

    __table_args__ = (
        sa.CheckConstraint("amount_cents IS NULL OR amount_cents > 0", name="amount_is_above_zero"),
    )

    def __str__(self) -> str:
        return f"#{self.pledge_id}"
