"""Who calls whom when something happens, and who was reached."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from eom.core import clock
from eom.core.db import Base, Stamped
from eom.core.i18n import lazy
from eom.core.privacy import DataClass, classed
from eom.core.types import Labelled, UTCDateTime, one_of

PERSONAL = classed(DataClass.PERSONAL)


class FocalPoint(Base, Stamped):
    """The mission's security focal point: the root of its call tree."""

    __tablename__ = "focal_points"

    id: Mapped[int] = mapped_column(primary_key=True)
    mission_id: Mapped[int] = mapped_column(sa.ForeignKey("missions.id"), unique=True)
    appointment_id: Mapped[int] = mapped_column(sa.ForeignKey("appointments.id"), index=True)

    def __str__(self) -> str:
        return f"№ {self.appointment_id}"


class TeamCaller(Base, Stamped):
    """Who calls the lead of a team, where the mission has decided it."""

    __tablename__ = "team_callers"

    id: Mapped[int] = mapped_column(primary_key=True)
    team_id: Mapped[int] = mapped_column(sa.ForeignKey("teams.id", ondelete="CASCADE"), unique=True)
    appointment_id: Mapped[int] = mapped_column(sa.ForeignKey("appointments.id"), index=True)

    def __str__(self) -> str:
        return f"{self.appointment_id} → {self.team_id}"


class Headcount(Base, Stamped):
    """A roll call after something happened: ``occasion`` says what, in the words of who began it."""

    __tablename__ = "headcounts"

    id: Mapped[int] = mapped_column(primary_key=True)
    mission_id: Mapped[int] = mapped_column(sa.ForeignKey("missions.id"), index=True)
    occasion: Mapped[str] = mapped_column(sa.String(300), info=PERSONAL)
    began_at: Mapped[datetime] = mapped_column(UTCDateTime(), default=clock.now)
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime())

    def __str__(self) -> str:
        return f"№ {self.id}"


class Reached(Labelled):
    """What is known of someone in a headcount."""

    REACHED = "reached"
    NOT_REACHED = "not_reached"
    NEEDS_HELP = "needs_help"

    @classmethod
    def labels(cls) -> dict[str, Any]:
        return {
            "reached": lazy("Reached, safe"),
            "not_reached": lazy("Not reached"),
            "needs_help": lazy("Needs help"),
        }


class HeadcountAnswer(Base):
    """The last that is known of someone in a headcount, who noted it and when."""

    __tablename__ = "headcount_answers"

    id: Mapped[int] = mapped_column(primary_key=True)
    headcount_id: Mapped[int] = mapped_column(sa.ForeignKey("headcounts.id"), index=True)
    appointment_id: Mapped[int] = mapped_column(sa.ForeignKey("appointments.id"), index=True)
    reached: Mapped[Reached] = mapped_column(one_of(Reached))
    noted_at: Mapped[datetime] = mapped_column(UTCDateTime(), default=clock.now)
    noted_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    note: Mapped[str | None] = mapped_column(sa.String(300), info=PERSONAL)

    __table_args__ = (sa.UniqueConstraint("headcount_id", "appointment_id"),)

    def __str__(self) -> str:
        return f"№ {self.appointment_id}"
