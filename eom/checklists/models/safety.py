"""What observers say of their own safety."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eom.accounts.models import User
from eom.core import clock
from eom.core.db import Base
from eom.core.privacy import DataClass, classed
from eom.core.types import UTCDateTime

PERSONAL = classed(DataClass.PERSONAL)


class SafetyReport(Base):
    """“I am safe”, said by a person with the clock of their telephone (``at``) and, where it knew one, its position.

    Latitude and longitude in degrees (WGS 84), ``accuracy`` in metres.
    """

    __tablename__ = "safety_reports"

    id: Mapped[int] = mapped_column(primary_key=True)
    mission_id: Mapped[int] = mapped_column(sa.ForeignKey("missions.id"))
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id"), index=True)
    appointment_id: Mapped[int | None] = mapped_column(sa.ForeignKey("appointments.id"), index=True)
    # Made on the telephone, so that the same word sent twice is kept once.
    instance_id: Mapped[str] = mapped_column(sa.String(64))
    at: Mapped[datetime] = mapped_column(UTCDateTime())
    received_at: Mapped[datetime] = mapped_column(UTCDateTime(), default=clock.now)
    latitude: Mapped[float | None] = mapped_column(info=PERSONAL)
    longitude: Mapped[float | None] = mapped_column(info=PERSONAL)
    accuracy: Mapped[float | None] = mapped_column(info=PERSONAL)

    user: Mapped[User] = relationship()

    __table_args__ = (
        sa.UniqueConstraint("mission_id", "instance_id"),
        sa.CheckConstraint("(latitude IS NULL) = (longitude IS NULL)", name="position_whole"),
        sa.CheckConstraint("latitude IS NULL OR latitude BETWEEN -90 AND 90", name="latitude_on_earth"),
        sa.CheckConstraint("longitude IS NULL OR longitude BETWEEN -180 AND 180", name="longitude_on_earth"),
    )

    # What the audit trail calls it: no person's name gets into it.
    def __str__(self) -> str:
        return f"№ {self.user_id}"
