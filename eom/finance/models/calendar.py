"""The elections of coming years that a mission may be asked for, as finance expects them."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from eom.core.db import Base, Stamped


class ExpectedElection(Base, Stamped):
    """An election that may be observed: what a mission to it would be like, and how likely it is."""

    __tablename__ = "expected_elections"

    id: Mapped[int] = mapped_column(primary_key=True)
    country: Mapped[str] = mapped_column(sa.String(3))
    name: Mapped[str] = mapped_column(sa.String(200))
    polling_on: Mapped[date] = mapped_column(index=True)
    observer_count: Mapped[int] = mapped_column()
    day_count: Mapped[int] = mapped_column()
    likelihood_percent: Mapped[int] = mapped_column(sa.SmallInteger, default=100)
    source: Mapped[str] = mapped_column(sa.String(300))
    note: Mapped[str | None] = mapped_column(sa.String(500))
    is_demonstration: Mapped[bool] = mapped_column(default=False)

    __table_args__ = (
        sa.UniqueConstraint("country", "polling_on", "name"),
        sa.CheckConstraint("observer_count > 0 AND day_count > 0", name="counts_are_above_zero"),
        sa.CheckConstraint("likelihood_percent BETWEEN 1 AND 100", name="likelihood_is_a_percentage"),
    )

    def __str__(self) -> str:
        return f"{self.country} {self.polling_on:%Y}"
