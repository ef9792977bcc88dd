"""Statements of an award that were sent to its donor."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from eom.core.db import Base, Stamped


class SentStatement(Base, Stamped):
    """That a statement of an award's money up to a day was sent, when, to whom and by whom."""

    __tablename__ = "sent_statements"

    id: Mapped[int] = mapped_column(primary_key=True)
    award_id: Mapped[int] = mapped_column(sa.ForeignKey("awards.id"), index=True)
    up_to: Mapped[date] = mapped_column()
    sent_on: Mapped[date] = mapped_column()
    sent_to: Mapped[str] = mapped_column(sa.String(300))
    language: Mapped[str] = mapped_column(sa.String(5))
    is_final: Mapped[bool] = mapped_column(default=False)
    note: Mapped[str | None] = mapped_column(sa.String(500))
    sent_by: Mapped[str] = mapped_column(sa.String(200))
    is_demonstration: Mapped[bool] = mapped_column(default=False)

    def __str__(self) -> str:
        return f"{self.up_to:%Y-%m-%d}"
