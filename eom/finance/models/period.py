"""Fiscal years (calendar years) and their closing."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from eom.core.db import Base, Stamped


class FiscalYear(Base, Stamped):
    """A year of the books; once closed it takes no line."""

    __tablename__ = "fiscal_years"

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    closed_on: Mapped[date | None] = mapped_column()
    closed_by: Mapped[str | None] = mapped_column(sa.String(200))

    def __str__(self) -> str:
        return str(self.year)

    @property
    def is_closed(self) -> bool:
        """Whether it takes no more lines."""
        return self.closed_on is not None
