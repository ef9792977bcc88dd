"""Objects of expenditure and the lines of a mission's budget."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from eom.core.db import Base, Stamped
from eom.core.i18n import lazy
from eom.core.types import Cents

# General Standards, Art. 91; the wording of 3 to 9 is to be confirmed by finance.
OBJECTS: dict[int, Any] = {
    1: lazy("Personnel, recurrent"),
    2: lazy("Personnel, non-recurrent"),
    3: lazy("Fellowships"),
    4: lazy("Travel"),
    5: lazy("Documents"),
    6: lazy("Equipment and supplies"),
    7: lazy("Buildings and maintenance"),
    8: lazy("Performance contracts"),
    9: lazy("Other costs"),
}


class BudgetLine(Base, Stamped):
    """What a mission plans to spend on an object (US cents)."""

    __tablename__ = "budget_lines"

    id: Mapped[int] = mapped_column(primary_key=True)
    mission_id: Mapped[int] = mapped_column(sa.ForeignKey("missions.id"), index=True)
    object_number: Mapped[int] = mapped_column(sa.SmallInteger)
    description: Mapped[str] = mapped_column(sa.String(300))
    usd_cents: Mapped[int] = mapped_column(Cents)
    is_demonstration: Mapped[bool] = mapped_column(default=False)

    __table_args__ = (
        sa.CheckConstraint("object_number BETWEEN 1 AND 9", name="object_is_known"),
        sa.CheckConstraint("usd_cents > 0", name="amount_is_above_zero"),
        sa.UniqueConstraint("mission_id", "object_number", "description"),
    )

    def __str__(self) -> str:
        return self.description
