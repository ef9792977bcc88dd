"""The card that says who someone is, and the photo on it."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eom.core.db import Base, Stamped
from eom.core.privacy import DataClass, classed
from eom.core.types import UTCDateTime
from eom.core.vault import Sealed
from eom.observers.models import Appointment

PERSONAL = classed(DataClass.PERSONAL)
SENSITIVE = classed(DataClass.SENSITIVE)


class PersonPhoto(Base, Stamped):
    """The photo in a person's file, for their credentials: JPEG bytes, sealed as base64; it never stands in the store."""

    __tablename__ = "person_photos"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"), unique=True)
    picture: Mapped[str] = mapped_column(Sealed("person_photos.picture"), deferred=True, info=SENSITIVE)

    def __str__(self) -> str:
        return f"№ {self.person_id}"


class Credential(Base, Stamped):
    """A card of an appointment. Its QR code carries a secret of 128 random bits.

    The secret is found by its hash; it is also kept sealed, so that a card can be printed again.
    """

    __tablename__ = "credentials"

    id: Mapped[int] = mapped_column(primary_key=True)
    mission_id: Mapped[int] = mapped_column(sa.ForeignKey("missions.id"), index=True)
    appointment_id: Mapped[int] = mapped_column(sa.ForeignKey("appointments.id"), index=True)
    number: Mapped[str] = mapped_column(sa.String(60), info=PERSONAL)
    token: Mapped[str] = mapped_column(Sealed("credentials.token"), deferred=True, info=SENSITIVE)
    token_sha256: Mapped[str] = mapped_column(sa.String(64), unique=True, info=SENSITIVE)
    valid_from: Mapped[date] = mapped_column()
    valid_until: Mapped[date] = mapped_column()
    revoked_at: Mapped[datetime | None] = mapped_column(UTCDateTime())
    revoked_because: Mapped[str | None] = mapped_column(sa.String(300), info=PERSONAL)

    appointment: Mapped[Appointment] = relationship()

    __table_args__ = (
        sa.UniqueConstraint("mission_id", "number"),
        sa.CheckConstraint("valid_until >= valid_from", name="dates_in_order"),
        # One living card for a place.
        sa.Index(
            "ix_credentials_one_living", "appointment_id", unique=True,
            sqlite_where=sa.text("revoked_at IS NULL"), postgresql_where=sa.text("revoked_at IS NULL"),
        ),
    )  # fmt: skip

    def __str__(self) -> str:
        return f"№ {self.appointment_id}"
