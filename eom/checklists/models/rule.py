"""Rules by which a mission marks reports."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eom.checklists.models.form import Form
from eom.core.db import Base, Stamped


class FlagRule(Base, Stamped):
    """What a mission looks for in reports of a form: an expression over answers, and the words of its flag."""

    __tablename__ = "flag_rules"

    id: Mapped[int] = mapped_column(primary_key=True)
    mission_id: Mapped[int] = mapped_column(sa.ForeignKey("missions.id"), index=True)
    form_id: Mapped[int] = mapped_column(sa.ForeignKey("forms.id"), index=True)
    words: Mapped[str] = mapped_column(sa.String(200))
    expression: Mapped[str] = mapped_column(sa.String(1000))
    is_on: Mapped[bool] = mapped_column(default=True)

    form: Mapped[Form] = relationship()

    __table_args__ = (sa.UniqueConstraint("form_id", "words"),)

    def __str__(self) -> str:
        return self.words
