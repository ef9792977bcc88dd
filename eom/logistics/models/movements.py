"""Arrivals, departures, and the nights between them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eom.core.db import Base, Stamped
from eom.core.i18n import lazy
from eom.core.privacy import DataClass, classed
from eom.core.types import Labelled, UTCDateTime, one_of
from eom.observers.models import Appointment

PERSONAL = classed(DataClass.PERSONAL)


class Direction(Labelled):
    """To the mission, or home."""

    ARRIVAL = "arrival"
    DEPARTURE = "departure"

    @classmethod
    def labels(cls) -> dict[str, Any]:
        return {"arrival": lazy("Arrival"), "departure": lazy("Departure")}


class TravelState(Labelled):
    """How far a journey is."""

    PLANNED = "planned"
    BOOKED = "booked"
    DONE = "done"
    CANCELLED = "cancelled"

    @classmethod
    def labels(cls) -> dict[str, Any]:
        return {
            "planned": lazy("Not booked yet"),
            "booked": lazy("Booked"),
            "done": lazy("Made"),
            "cancelled": lazy("Cancelled"),
        }


class Travel(Base, Stamped):
    """Someone's arrival or departure: ``at`` is when they land or leave, ``place`` the airport or station.

    Where somebody will be is operational (domain.md, section 5): the trail tells that it changed, not what.
    """

    __tablename__ = "travels"

    id: Mapped[int] = mapped_column(primary_key=True)
    mission_id: Mapped[int] = mapped_column(sa.ForeignKey("missions.id"), index=True)
    appointment_id: Mapped[int] = mapped_column(sa.ForeignKey("appointments.id"), index=True)
    direction: Mapped[Direction] = mapped_column(one_of(Direction))
    travel_state: Mapped[TravelState] = mapped_column(one_of(TravelState), default=TravelState.PLANNED)
    travel_at: Mapped[datetime | None] = mapped_column(UTCDateTime(), index=True, info=PERSONAL)
    carrier: Mapped[str | None] = mapped_column(sa.String(80), info=PERSONAL)
    service_number: Mapped[str | None] = mapped_column(sa.String(40), info=PERSONAL)
    terminal: Mapped[str | None] = mapped_column(sa.String(120), info=PERSONAL)
    picked_up_by: Mapped[str | None] = mapped_column(sa.String(120), info=PERSONAL)
    note: Mapped[str | None] = mapped_column(sa.Text, info=PERSONAL)

    appointment: Mapped[Appointment] = relationship()

    __table_args__ = (
        sa.CheckConstraint(
            "travel_at IS NOT NULL OR travel_state = 'planned' OR travel_state = 'cancelled'",
            name="booked_has_its_time",
        ),
    )

    def __str__(self) -> str:
        return f"{self.direction.value} {self.appointment_id}"


class Hotel(Base, Stamped):
    """Where people of a mission sleep."""

    __tablename__ = "hotels"

    id: Mapped[int] = mapped_column(primary_key=True)
    mission_id: Mapped[int] = mapped_column(sa.ForeignKey("missions.id"), index=True)
    name: Mapped[str] = mapped_column(sa.String(120))
    town: Mapped[str | None] = mapped_column(sa.String(120))
    street: Mapped[str | None] = mapped_column(sa.String(200))
    desk_phone: Mapped[str | None] = mapped_column(sa.String(40))
    note: Mapped[str | None] = mapped_column(sa.Text)

    __table_args__ = (sa.UniqueConstraint("mission_id", "name"),)

    def __str__(self) -> str:
        return self.name


class Stay(Base, Stamped):
    """Someone's nights in a hotel: the first is that of ``from_on``, on ``until_on`` they leave."""

    __tablename__ = "stays"

    id: Mapped[int] = mapped_column(primary_key=True)
    mission_id: Mapped[int] = mapped_column(sa.ForeignKey("missions.id"), index=True)
    appointment_id: Mapped[int] = mapped_column(sa.ForeignKey("appointments.id"), index=True)
    hotel_id: Mapped[int] = mapped_column(sa.ForeignKey("hotels.id"), index=True, info=PERSONAL)
    from_on: Mapped[date] = mapped_column(info=PERSONAL)
    until_on: Mapped[date] = mapped_column(info=PERSONAL)
    room: Mapped[str | None] = mapped_column(sa.String(40), info=PERSONAL)
    is_shared: Mapped[bool] = mapped_column(default=False)
    note: Mapped[str | None] = mapped_column(sa.Text, info=PERSONAL)

    appointment: Mapped[Appointment] = relationship()
    hotel: Mapped[Hotel] = relationship()

    __table_args__ = (sa.CheckConstraint("until_on >= from_on", name="nights_in_order"),)

    def __str__(self) -> str:
        return f"№ {self.appointment_id}"
