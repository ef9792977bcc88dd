"""Briefings and who came."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eom.core.db import Base, Stamped
from eom.core.types import UTCDateTime


class Briefing(Base, Stamped):
    """A briefing of a mission's people. Held twice (two languages, two days) it has the same title twice."""

    __tablename__ = "briefings"

    id: Mapped[int] = mapped_column(primary_key=True)
    mission_id: Mapped[int] = mapped_column(sa.ForeignKey("missions.id"), index=True)
    title: Mapped[str] = mapped_column(sa.String(160))
    held_at: Mapped[datetime] = mapped_column(UTCDateTime())
    venue: Mapped[str | None] = mapped_column(sa.String(200))
    language: Mapped[str | None] = mapped_column(sa.String(2))
    is_needed: Mapped[bool] = mapped_column(default=True)

    attendances: Mapped[list[Attendance]] = relationship(
        back_populates="briefing", cascade="all, delete-orphan", order_by="Attendance.id"
    )

    def __str__(self) -> str:
        return self.title


class Attendance(Base, Stamped):
    """Someone came to a briefing."""

    __tablename__ = "attendances"

    id: Mapped[int] = mapped_column(primary_key=True)
    briefing_id: Mapped[int] = mapped_column(sa.ForeignKey("briefings.id"), index=True)
    appointment_id: Mapped[int] = mapped_column(sa.ForeignKey("appointments.id"), index=True)

    briefing: Mapped[Briefing] = relationship(back_populates="attendances")

    __table_args__ = (sa.UniqueConstraint("briefing_id", "appointment_id"),)

    def __str__(self) -> str:
        return f"{self.appointment_id} → {self.briefing_id}"
