"""What is elected, and on which days."""

from __future__ import annotations

from datetime import date, time
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eom.core.db import Base
from eom.core.i18n import lazy
from eom.core.types import Labelled, one_of

if TYPE_CHECKING:
    from eom.missions.models.mission import Mission


class ProcessKind(Labelled):
    """Kinds of electoral process."""

    PRESIDENTIAL = "presidential"
    LEGISLATIVE = "legislative"
    GENERAL = "general"
    REGIONAL = "regional"
    MUNICIPAL = "municipal"
    JUDICIAL = "judicial"
    REFERENDUM = "referendum"
    PRIMARY = "primary"
    OTHER = "other"

    @classmethod
    def labels(cls) -> dict[str, Any]:
        return {
            "presidential": lazy("Presidential election"),
            "legislative": lazy("Legislative election"),
            "general": lazy("General elections"),
            "regional": lazy("Regional elections"),
            "municipal": lazy("Municipal elections"),
            "judicial": lazy("Judicial elections"),
            "referendum": lazy("Referendum"),
            "primary": lazy("Primary elections"),
            "other": lazy("Other process"),
        }


class RoundKind(Labelled):
    """Why there is a polling day."""

    FIRST = "first"
    RUNOFF = "runoff"
    SPECIAL = "special"
    REPEAT = "repeat"

    @classmethod
    def labels(cls) -> dict[str, Any]:
        return {
            "first": lazy("First round"),
            "runoff": lazy("Runoff"),
            "special": lazy("Special voting day"),
            "repeat": lazy("Repeated vote"),
        }


class ElectoralProcess(Base):
    """One thing that is decided; several may share a polling day."""

    __tablename__ = "electoral_processes"

    id: Mapped[int] = mapped_column(primary_key=True)
    mission_id: Mapped[int] = mapped_column(sa.ForeignKey("missions.id"), index=True)
    kind: Mapped[ProcessKind] = mapped_column(one_of(ProcessKind))
    name: Mapped[str | None] = mapped_column(sa.String(200))

    mission: Mapped[Mission] = relationship(back_populates="processes")

    def __str__(self) -> str:
        return self.name or str(self.kind.label)


class Round(Base):
    """A polling day with its hours, in the round's own zone."""

    __tablename__ = "rounds"

    id: Mapped[int] = mapped_column(primary_key=True)
    mission_id: Mapped[int] = mapped_column(sa.ForeignKey("missions.id"), index=True)
    kind: Mapped[RoundKind] = mapped_column(one_of(RoundKind), default=RoundKind.FIRST)
    polling_on: Mapped[date] = mapped_column()
    opens_at: Mapped[time | None] = mapped_column(sa.Time)
    closes_at: Mapped[time | None] = mapped_column(sa.Time)
    time_zone: Mapped[str] = mapped_column(sa.String(60), default="UTC")

    mission: Mapped[Mission] = relationship(back_populates="rounds")

    __table_args__ = (
        sa.UniqueConstraint("mission_id", "polling_on"),
        sa.CheckConstraint(
            "closes_at IS NULL OR opens_at IS NULL OR closes_at > opens_at", name="hours_in_order"
        ),
    )

    def __str__(self) -> str:
        return f"{self.kind.value} {self.polling_on}"
