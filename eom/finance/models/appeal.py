"""What an appeal for a mission says beside its figures: why, and whom to write to."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from eom.core.db import Base, Stamped
from eom.core.privacy import DataClass, classed


class Appeal(Base, Stamped):
    """The words of a mission's appeal. The contact is an office of ours, published with the appeal."""

    __tablename__ = "appeals"

    id: Mapped[int] = mapped_column(primary_key=True)
    mission_id: Mapped[int] = mapped_column(sa.ForeignKey("missions.id"), unique=True)
    contact_name: Mapped[str] = mapped_column(sa.String(200), info=classed(DataClass.PUBLIC))
    contact_email: Mapped[str] = mapped_column(sa.String(254), info=classed(DataClass.PUBLIC))
    contact_phone: Mapped[str | None] = mapped_column(sa.String(40), info=classed(DataClass.PUBLIC))
    text_en: Mapped[str | None] = mapped_column(sa.Text)
    text_es: Mapped[str | None] = mapped_column(sa.Text)
    text_fr: Mapped[str | None] = mapped_column(sa.Text)
    text_pt: Mapped[str | None] = mapped_column(sa.Text)
    how_en: Mapped[str | None] = mapped_column(sa.Text)
    how_es: Mapped[str | None] = mapped_column(sa.Text)
    how_fr: Mapped[str | None] = mapped_column(sa.Text)
    how_pt: Mapped[str | None] = mapped_column(sa.Text)

    def __str__(self) -> str:
        return self.contact_name

    def text(self, lang: str) -> str | None:
        """Why the mission matters, in a language."""
        found: str | None = getattr(self, f"text_{lang}")
        return found

    def how(self, lang: str) -> str | None:
        """How to contribute, in a language; None for the usual words."""
        found: str | None = getattr(self, f"how_{lang}")
        return found
