"""Assignments and visits."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from eom.core.db import Base, Stamped
from eom.core.i18n import lazy
from eom.core.types import Labelled, UTCDateTime, one_of


class Selection(Labelled):
    """How a station came to be visited. Only a random choice carries a margin of error."""

    RANDOM = "random"
    ASSIGNED = "assigned"
    CONVENIENCE = "convenience"

    @classmethod
    def labels(cls) -> dict[str, Any]:
        return {
            "random": lazy("Random sample"),
            "assigned": lazy("Assigned"),
            "convenience": lazy("Chosen on the way"),
        }


class Assignment(Base, Stamped):
    """A polling station that an observer is to visit in a round."""

    __tablename__ = "assignments"

    id: Mapped[int] = mapped_column(primary_key=True)
    mission_id: Mapped[int] = mapped_column(sa.ForeignKey("missions.id"), index=True)
    round_id: Mapped[int] = mapped_column(sa.ForeignKey("rounds.id"), index=True)
    appointment_id: Mapped[int] = mapped_column(sa.ForeignKey("appointments.id"), index=True)
    polling_station_id: Mapped[int] = mapped_column(sa.ForeignKey("polling_stations.id"), index=True)
    selection: Mapped[Selection] = mapped_column(one_of(Selection), default=Selection.ASSIGNED)

    __table_args__ = (sa.UniqueConstraint("round_id", "polling_station_id", "appointment_id"),)

    def __str__(self) -> str:
        return f"{self.appointment_id} → {self.polling_station_id}"


class Visit(Base):
    """What has arrived from a polling station in a round: distinct stations and visits are two counts."""

    __tablename__ = "visits"
    __audited__ = False

    id: Mapped[int] = mapped_column(primary_key=True)
    mission_id: Mapped[int] = mapped_column(sa.ForeignKey("missions.id"), index=True)
    round_id: Mapped[int] = mapped_column(sa.ForeignKey("rounds.id"), index=True)
    polling_station_id: Mapped[int] = mapped_column(sa.ForeignKey("polling_stations.id"), index=True)
    submission_count: Mapped[int] = mapped_column(default=0)
    first_at: Mapped[datetime] = mapped_column(UTCDateTime())
    last_at: Mapped[datetime] = mapped_column(UTCDateTime())

    __table_args__ = (sa.UniqueConstraint("round_id", "polling_station_id"),)
