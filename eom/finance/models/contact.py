"""Whom to write to at a donor. These are people: their names and numbers are personal data."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eom.core.db import Base, Stamped
from eom.core.privacy import DataClass, classed
from eom.finance.models.award import Donor


class DonorContact(Base, Stamped):
    """A person (or an office) who answers for a donor's agreements."""

    __tablename__ = "donor_contacts"

    id: Mapped[int] = mapped_column(primary_key=True)
    donor_id: Mapped[int] = mapped_column(sa.ForeignKey("donors.id"), index=True)
    name: Mapped[str] = mapped_column(sa.String(300), info=classed(DataClass.PERSONAL))
    role: Mapped[str | None] = mapped_column(sa.String(200))
    email: Mapped[str | None] = mapped_column(sa.String(254), info=classed(DataClass.PERSONAL))
    phone: Mapped[str | None] = mapped_column(sa.String(40), info=classed(DataClass.PERSONAL))
    is_demonstration: Mapped[bool] = mapped_column(default=False)

    donor: Mapped[Donor] = relationship(back_populates="contacts")

    def __str__(self) -> str:
        """The trail keeps this text: it names no one."""
        return self.role or f"#{self.id}"
