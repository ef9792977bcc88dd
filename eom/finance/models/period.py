"""Fiscal years (calendar years), their closing, and the exceptions that opened one again."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from eom.core.db import Base, Stamped
from eom.core.types import UTCDateTime


class FiscalYear(Base, Stamped):
    """A year of the books; once closed it takes no line. One person prepares it, another closes it."""

    __tablename__ = "fiscal_years"

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    prepared_on: Mapped[date | None] = mapped_column()
    prepared_by: Mapped[str | None] = mapped_column(sa.String(200))
    prepared_by_id: Mapped[int | None] = mapped_column()
    closed_on: Mapped[date | None] = mapped_column()
    closed_by: Mapped[str | None] = mapped_column(sa.String(200))

    def __str__(self) -> str:
        return str(self.year)

    @property
    def is_closed(self) -> bool:
        """Whether it takes no more lines."""
        return self.closed_on is not None


class YearReopening(Base, Stamped):
    """That a closed year was opened again: one person asks and says why, another agrees. Kept for ever."""

    __tablename__ = "year_reopenings"

    id: Mapped[int] = mapped_column(primary_key=True)
    year: Mapped[int] = mapped_column(sa.ForeignKey("fiscal_years.year"), index=True)
    reason: Mapped[str] = mapped_column(sa.String(500))
    asked_by: Mapped[str] = mapped_column(sa.String(200))
    asked_by_id: Mapped[int | None] = mapped_column()
    was_closed_on: Mapped[date] = mapped_column()
    was_closed_by: Mapped[str | None] = mapped_column(sa.String(200))
    reopened_at: Mapped[datetime | None] = mapped_column(UTCDateTime())
    reopened_by: Mapped[str | None] = mapped_column(sa.String(200))

    def __str__(self) -> str:
        return str(self.year)

    @property
    def is_asked(self) -> bool:
        """Whether it waits for a second person."""
        return self.reopened_at is None
