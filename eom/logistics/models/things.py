"""Vehicles with their drivers, and what is handed out."""

from __future__ import annotations

from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eom.core.db import Base, Stamped
from eom.core.i18n import lazy
from eom.core.privacy import DataClass, classed
from eom.core.types import Labelled, one_of
from eom.deployment.models import Team
from eom.observers.models import Appointment

PERSONAL = classed(DataClass.PERSONAL)


class VehicleKind(Labelled):
    """What moves a team."""

    CAR = "car"
    FOUR_BY_FOUR = "four_by_four"
    MINIBUS = "minibus"
    MOTORCYCLE = "motorcycle"
    BOAT = "boat"
    OTHER = "other"

    @classmethod
    def labels(cls) -> dict[str, Any]:
        return {
            "car": lazy("Car"),
            "four_by_four": lazy("Four-wheel drive"),
            "minibus": lazy("Minibus"),
            "motorcycle": lazy("Motorcycle"),
            "boat": lazy("Boat"),
            "other": lazy("Other vehicle"),
        }


class Driver(Base, Stamped):
    """Someone hired to drive who need not be on the roster; forgotten some time after the mission's closing."""

    __tablename__ = "drivers"

    id: Mapped[int] = mapped_column(primary_key=True)
    mission_id: Mapped[int] = mapped_column(sa.ForeignKey("missions.id"), index=True)
    name: Mapped[str] = mapped_column(sa.String(120), info=PERSONAL)
    phone: Mapped[str | None] = mapped_column(sa.String(40), info=PERSONAL)
    provider: Mapped[str | None] = mapped_column(sa.String(120))

    def __str__(self) -> str:
        return f"№ {self.id}"


class Vehicle(Base, Stamped):
    """A vehicle of a mission; ``seats`` counts every seat, the driver's too."""

    __tablename__ = "vehicles"

    id: Mapped[int] = mapped_column(primary_key=True)
    mission_id: Mapped[int] = mapped_column(sa.ForeignKey("missions.id"), index=True)
    plate: Mapped[str] = mapped_column(sa.String(20))
    vehicle_kind: Mapped[VehicleKind] = mapped_column(one_of(VehicleKind))
    seats: Mapped[int] = mapped_column()
    provider: Mapped[str | None] = mapped_column(sa.String(120))
    team_id: Mapped[int | None] = mapped_column(sa.ForeignKey("teams.id", ondelete="SET NULL"), index=True)
    driver_id: Mapped[int | None] = mapped_column(sa.ForeignKey("drivers.id"), index=True)
    note: Mapped[str | None] = mapped_column(sa.Text)

    team: Mapped[Team | None] = relationship()
    driver: Mapped[Driver | None] = relationship()

    __table_args__ = (
        sa.UniqueConstraint("mission_id", "plate"),
        sa.CheckConstraint("seats BETWEEN 1 AND 100", name="seats_possible"),
    )

    def __str__(self) -> str:
        return self.plate


class EquipmentKind(Labelled):
    """What is handed out to people."""

    RADIO = "radio"
    SATELLITE_PHONE = "satellite_phone"
    MOBILE_PHONE = "mobile_phone"
    TABLET = "tablet"
    FIRST_AID_KIT = "first_aid_kit"
    VEST = "vest"
    OTHER = "other"

    @classmethod
    def labels(cls) -> dict[str, Any]:
        return {
            "radio": lazy("Radio"),
            "satellite_phone": lazy("Satellite telephone"),
            "mobile_phone": lazy("Mobile telephone"),
            "tablet": lazy("Tablet"),
            "first_aid_kit": lazy("First-aid kit"),
            "vest": lazy("Vest"),
            "other": lazy("Other equipment"),
        }


class Equipment(Base, Stamped):
    """A thing of a mission that is handed out, known by its serial number."""

    __tablename__ = "equipment"

    id: Mapped[int] = mapped_column(primary_key=True)
    mission_id: Mapped[int] = mapped_column(sa.ForeignKey("missions.id"), index=True)
    equipment_kind: Mapped[EquipmentKind] = mapped_column(one_of(EquipmentKind))
    serial: Mapped[str] = mapped_column(sa.String(60))
    note: Mapped[str | None] = mapped_column(sa.Text)

    __table_args__ = (sa.UniqueConstraint("mission_id", "equipment_kind", "serial"),)

    def __str__(self) -> str:
        return self.serial


class Loan(Base, Stamped):
    """A thing in somebody's hands, from ``issued_on`` until ``returned_on``; a thing is out once at a time."""

    __tablename__ = "loans"

    id: Mapped[int] = mapped_column(primary_key=True)
    equipment_id: Mapped[int] = mapped_column(sa.ForeignKey("equipment.id"), index=True)
    appointment_id: Mapped[int] = mapped_column(sa.ForeignKey("appointments.id"), index=True)
    issued_on: Mapped[date] = mapped_column()
    returned_on: Mapped[date | None] = mapped_column()
    condition_back: Mapped[str | None] = mapped_column(sa.String(300))

    equipment: Mapped[Equipment] = relationship()
    appointment: Mapped[Appointment] = relationship()

    __table_args__ = (
        sa.CheckConstraint("returned_on IS NULL OR returned_on >= issued_on", name="dates_in_order"),
        sa.Index(
            "ix_loans_out_once", "equipment_id", unique=True,
            sqlite_where=sa.text("returned_on IS NULL"), postgresql_where=sa.text("returned_on IS NULL"),
        ),
    )  # fmt: skip

    def __str__(self) -> str:
        return f"{self.equipment_id} → {self.appointment_id}"
