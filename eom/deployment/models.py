"""Teams, assignments and visits."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eom.core.db import Base, Stamped
from eom.core.i18n import lazy
from eom.core.types import Labelled, UTCDateTime, one_of
from eom.deployment import sample_models as sample_models
from eom.observers.models import Appointment


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


class Team(Base, Stamped):
    """People of a mission who travel together: where they sleep, what they drive, when they work.

    The base's position in degrees (WGS 84); hours in the mission's zone.
    """

    __tablename__ = "teams"

    id: Mapped[int] = mapped_column(primary_key=True)
    mission_id: Mapped[int] = mapped_column(sa.ForeignKey("missions.id"), index=True)
    name: Mapped[str] = mapped_column(sa.String(80))
    base: Mapped[str | None] = mapped_column(sa.String(160))
    latitude: Mapped[float | None] = mapped_column()
    longitude: Mapped[float | None] = mapped_column()
    vehicle: Mapped[str | None] = mapped_column(sa.String(120))
    call_sign: Mapped[str | None] = mapped_column(sa.String(60))
    starts_at: Mapped[time | None] = mapped_column()
    ends_at: Mapped[time | None] = mapped_column()
    note: Mapped[str | None] = mapped_column(sa.Text)

    members: Mapped[list[TeamMember]] = relationship(
        back_populates="team", cascade="all, delete-orphan", order_by="TeamMember.id"
    )

    __table_args__ = (
        sa.UniqueConstraint("mission_id", "name"),
        sa.CheckConstraint("(latitude IS NULL) = (longitude IS NULL)", name="position_is_whole"),
    )

    def __str__(self) -> str:
        return self.name


class TeamMember(Base, Stamped):
    """Someone's place in a team; an appointment is in one team at a time."""

    __tablename__ = "team_members"

    id: Mapped[int] = mapped_column(primary_key=True)
    team_id: Mapped[int] = mapped_column(sa.ForeignKey("teams.id"), index=True)
    appointment_id: Mapped[int] = mapped_column(sa.ForeignKey("appointments.id"), unique=True)
    is_lead: Mapped[bool] = mapped_column(default=False)

    team: Mapped[Team] = relationship(back_populates="members")
    appointment: Mapped[Appointment] = relationship()

    def __str__(self) -> str:
        return f"{self.appointment_id} → {self.team_id}"


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
