"""Devices: an appointment's secret addresses."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eom.accounts.models import User
from eom.core.db import Base, Stamped
from eom.core.privacy import DataClass, classed
from eom.core.types import UTCDateTime


class AppUser(Base, Stamped):
    """A device of someone's appointment, known by a secret in its address; kept as its SHA-256 only.

    ``last_used_at`` is coarse: it is written at most every quarter of an hour.
    """

    __tablename__ = "app_users"
    __audit_secret__: ClassVar[frozenset[str]] = frozenset({"token_sha256"})

    id: Mapped[int] = mapped_column(primary_key=True)
    appointment_id: Mapped[int] = mapped_column(sa.ForeignKey("appointments.id"), index=True)
    name: Mapped[str] = mapped_column(sa.String(100), info=classed(DataClass.PERSONAL))
    token_sha256: Mapped[str] = mapped_column(sa.String(64), unique=True, info=classed(DataClass.SENSITIVE))
    created_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    last_used_at: Mapped[datetime | None] = mapped_column(UTCDateTime())
    revoked_at: Mapped[datetime | None] = mapped_column(UTCDateTime())

    created_by: Mapped[User | None] = relationship()

    # What the audit trail calls a device: no person's name gets into it.
    def __str__(self) -> str:
        return f"№ {self.id}"
