"""Reading the lines that most missions need."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eom.finance.models.budget import StandardLine


def every(session: Session) -> list[StandardLine]:
    """All of them, by object."""
    return list(
        session.scalars(sa.select(StandardLine).order_by(StandardLine.object_number, StandardLine.id))
    )
