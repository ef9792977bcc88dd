"""The budget of a mission."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from eom.core.errors import Conflict, InvalidInput
from eom.core.i18n import lazy
from eom.extensions import db
from eom.finance.models.budget import OBJECTS, BudgetLine


def plan_line(
    mission: Any, *, object_number: int, description: str, usd_cents: int, is_demonstration: bool = False
) -> BudgetLine:  # fmt: skip
    """Add a line to a mission's budget (US cents).

    Raises InvalidInput for an unknown object or an amount not above zero, Conflict for the same line twice.
    """
    _check(mission.id, object_number, description, usd_cents)
    line = BudgetLine(mission_id=mission.id, object_number=object_number, description=description,
                      usd_cents=usd_cents, is_demonstration=is_demonstration)  # fmt: skip
    db.session.add(line)
    db.session.flush()
    return line


def change_line(line: BudgetLine, *, object_number: int, description: str, usd_cents: int) -> BudgetLine:
    """Change a planned line; the audit trail keeps what it was. Raises as ``plan_line`` does."""
    _check(line.mission_id, object_number, description, usd_cents, line.id)
    line.object_number, line.description, line.usd_cents = object_number, description, usd_cents
    db.session.flush()
    return line


def remove_line(line: BudgetLine) -> None:
    """Take a planned line away; the audit trail keeps it."""
    db.session.delete(line)
    db.session.flush()


def _check(
    mission_id: int, object_number: int, description: str, usd_cents: int, itself: int | None = None
) -> None:
    if object_number not in OBJECTS:
        raise InvalidInput(lazy("Choose an object of expenditure from 1 to 9."), "object_number")
    if usd_cents <= 0:
        raise InvalidInput(lazy("An amount above zero was expected."), "usd_cents")
    same = sa.select(BudgetLine.id).where(
        BudgetLine.mission_id == mission_id, BudgetLine.object_number == object_number,
        BudgetLine.description == description, BudgetLine.id != (itself or 0),
    )  # fmt: skip
    if db.session.scalar(same) is not None:
        raise Conflict(lazy("The budget has this line already."), "description")
