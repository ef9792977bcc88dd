"""The budget of a mission: its draft is written, submitted, and approved by a second person.

An approved version never changes; the next change makes the next version, with the same lines to begin with.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

import sqlalchemy as sa

from eom.core import audit, clock
from eom.core.errors import Conflict, InvalidInput, Refused
from eom.core.i18n import day, lazy
from eom.extensions import db
from eom.finance.models.budget import OBJECTS, Activity, BudgetLine, BudgetStatus, BudgetVersion
from eom.finance.queries import budgets as reading
from eom.finance.services.acting import actor, second_person
from eom.missions.models.milestone import MilestoneKind

# What a line may cost: a slip beyond it is no budget of a mission (US cents).
LARGEST = 10**12


@dataclass(frozen=True)
class Sum:
    """What a line is worth: quantity × days × cost of a unit (US cents)."""

    unit_cents: int
    quantity: Decimal = Decimal(1)
    days: Decimal = Decimal(1)

    @property
    def usd_cents(self) -> int:
        """The product in whole cents, half to even."""
        exact = self.quantity * self.days * self.unit_cents
        return int(exact.quantize(Decimal(1), rounding=ROUND_HALF_EVEN))


def open_draft(mission: Any, *, purpose: str | None = None, is_demonstration: bool = False) -> BudgetVersion:
    """The version that is being written; a new one with the lines of the approved one when there is none.

    Raises Refused while a version waits for approval.
    """
    current = reading.open_version(db.session(), mission.id)
    if current is None:
        return _next_version(mission, purpose, is_demonstration)
    if not current.is_draft:
        raise Refused(
            lazy("Version %(number)d of the budget waits for approval.", number=current.number),
            next_step=lazy("Whoever approves it can send it back; then its lines can be changed."),
        )
    return current


def describe_draft(
    version: BudgetVersion, *, observer_count: int | None, day_count: int | None, purpose: str | None
) -> None:
    """Say what the draft is made for. Raises Refused when it is no draft, InvalidInput for counts not above zero."""
    _refuse_final(version)
    for name, count in (("observer_count", observer_count), ("day_count", day_count)):
        if count is not None and not 0 < count <= 10_000:
            raise InvalidInput(lazy("A number from 1 to 10,000 was expected."), name)
    version.observer_count, version.day_count, version.purpose = observer_count, day_count, purpose
    db.session.flush()


def plan_line(
    mission: Any, *, object_number: int, description: str, usd_cents: int | None = None,
    unit_cents: int | None = None, quantity: Decimal = Decimal(1), days: Decimal = Decimal(1),
    unit: str | None = None, activity: Activity = Activity.WHOLE, scales_with_observers: bool = False,
    scales_with_days: bool = False, is_demonstration: bool = False,
) -> BudgetLine:  # fmt: skip
    """Add a line to the draft of a mission's budget, which begins with it if there is none.

    ``usd_cents`` is a sum as a whole; else it is ``quantity`` × ``days`` × ``unit_cents``. Raises
    InvalidInput for an unknown object or an amount not above zero, Conflict for the same line twice,
    Refused while a version waits for approval.
    """
    worth = Sum(unit_cents if unit_cents is not None else usd_cents or 0, quantity, days)
    version = open_draft(mission, is_demonstration=is_demonstration)
    _check(version, object_number, activity, description, worth)
    line = BudgetLine(
        mission_id=mission.id, version=version, code=_next_code(mission.id, object_number), object_number=object_number,
        activity=activity, description=description, unit=unit, quantity=quantity, days=days, unit_cents=worth.unit_cents,
        usd_cents=worth.usd_cents, scales_with_observers=scales_with_observers, scales_with_days=scales_with_days,
        is_demonstration=is_demonstration,
    )  # fmt: skip
    db.session.add(line)
    db.session.flush()
    return line


def change_line(
    line: BudgetLine, *, object_number: int, description: str, unit_cents: int, quantity: Decimal = Decimal(1),
    days: Decimal = Decimal(1), unit: str | None = None, activity: Activity = Activity.WHOLE,
    scales_with_observers: bool = False, scales_with_days: bool = False,
) -> BudgetLine:  # fmt: skip
    """Change a line of a draft; the audit trail keeps what it was. Raises as ``plan_line`` does.

    A line that an approved version has keeps its object: spending was booked on it under that code.
    """
    _refuse_final(line.version)
    worth = Sum(unit_cents, quantity, days)
    _check(line.version, object_number, activity, description, worth, line.id)
    if object_number != line.object_number:
        if reading.is_approved_code(db.session(), line.mission_id, line.code):
            raise Refused(
                lazy("Line %(code)s was approved under another object of expenditure.", code=line.code),
                "object_number",
                lazy("Take the line away and plan a new one."),
            )
        line.code = _next_code(line.mission_id, object_number)
    line.object_number, line.activity, line.description, line.unit = (
        object_number,
        activity,
        description,
        unit,
    )
    line.quantity, line.days, line.unit_cents, line.usd_cents = quantity, days, unit_cents, worth.usd_cents
    line.scales_with_observers, line.scales_with_days = scales_with_observers, scales_with_days
    db.session.flush()
    return line


def remove_line(line: BudgetLine) -> None:
    """Take a line of a draft away; the audit trail keeps it. Raises Refused when it is no draft's."""
    _refuse_final(line.version)
    db.session.delete(line)
    db.session.flush()
    db.session.refresh(line.version)


def submit(version: BudgetVersion) -> BudgetVersion:
    """Ask for approval. Raises Refused when it is no draft, has no line or is what was approved already."""
    _refuse_final(version)
    if not version.lines:
        raise Refused(lazy("A budget without lines cannot be submitted."))
    approved = reading.approved(db.session(), version.mission_id)
    if approved is not None and not reading.difference(approved.lines, version.lines).changes:
        raise Refused(
            lazy("Nothing differs from version %(number)d, which was approved.", number=approved.number)
        )
    one = actor()
    version.status, version.reason = BudgetStatus.SUBMITTED, None
    version.submitted_by, version.submitted_by_id, version.submitted_at = one.name, one.id, clock.now()
    db.session.flush()
    return version


def send_back(version: BudgetVersion, *, reason: str) -> BudgetVersion:
    """Make a submitted version a draft again, and say why. Raises Refused when it does not wait."""
    _refuse_not_waiting(version)
    audit.because(db.session(), reason)
    version.status, version.reason = BudgetStatus.DRAFT, reason
    version.submitted_by = version.submitted_by_id = version.submitted_at = None
    db.session.flush()
    return version


def approve(version: BudgetVersion) -> BudgetVersion:
    """Approve a submitted version, by somebody else than who prepared or submitted it. It never changes again.

    The milestone “Budget approved” of the mission is done with the first one. Raises Refused.
    """
    _refuse_not_waiting(version)
    one = second_person(
        version.prepared_by_id, version.submitted_by_id,
        message=lazy("Whoever prepared or submitted the budget cannot approve it."),
    )  # fmt: skip
    version.status = BudgetStatus.APPROVED
    version.approved_by, version.approved_by_id, version.approved_at = one.name, one.id, clock.now()
    for milestone in reading.milestones_of(db.session(), version.mission_id, MilestoneKind.BUDGET_APPROVED):
        if milestone.done_on is None:
            milestone.done_on = clock.today()
    db.session.flush()
    return version


def discard(version: BudgetVersion) -> None:
    """Throw a draft away with its lines; what was approved stays. Raises Refused when it is no draft."""
    _refuse_final(version)
    for line in list(version.lines):
        db.session.delete(line)
    db.session.flush()
    db.session.refresh(version)
    db.session.delete(version)
    db.session.flush()


def _next_version(mission: Any, purpose: str | None, is_demonstration: bool) -> BudgetVersion:
    approved, one = reading.approved(db.session(), mission.id), actor()
    version = BudgetVersion(
        mission_id=mission.id, number=approved.number + 1 if approved else 1, status=BudgetStatus.DRAFT,
        observer_count=approved.observer_count if approved else None, day_count=approved.day_count if approved else None,
        purpose=purpose, prepared_by=one.name, prepared_by_id=one.id, is_demonstration=is_demonstration,
    )  # fmt: skip
    db.session.add(version)
    db.session.flush()
    kept = ("mission_id", "code", "object_number", "activity", "description", "unit", "quantity", "days", "unit_cents",
            "usd_cents", "scales_with_observers", "scales_with_days", "is_demonstration")  # fmt: skip
    for line in approved.lines if approved else ():
        db.session.add(BudgetLine(version_id=version.id, **{name: getattr(line, name) for name in kept}))
    db.session.flush()
    db.session.refresh(version)
    return version


def _next_code(mission_id: int, object_number: int) -> str:
    return f"{object_number}.{reading.last_place(db.session(), mission_id, object_number) + 1:02d}"


def _refuse_final(version: BudgetVersion) -> None:
    if version.is_approved:
        raise Refused(
            lazy("Version %(number)d was approved on %(day)s and never changes.", number=version.number,
                 day=day(version.approved_at.date() if version.approved_at else None)),
            next_step=lazy("A revision makes the next version."),
        )  # fmt: skip
    if not version.is_draft:
        raise Refused(lazy("Version %(number)d of the budget waits for approval.", number=version.number))


def _refuse_not_waiting(version: BudgetVersion) -> None:
    if version.status is not BudgetStatus.SUBMITTED:
        raise Refused(lazy("This version of the budget does not wait for approval."))


def _check(
    version: BudgetVersion, object_number: int, activity: Activity, description: str, worth: Sum,
    itself: int | None = None,
) -> None:  # fmt: skip
    if object_number not in OBJECTS:
        raise InvalidInput(lazy("Choose an object of expenditure from 1 to 9."), "object_number")
    for name, value in (("quantity", worth.quantity), ("days", worth.days)):
        if not 0 < value <= 1_000_000:
            raise InvalidInput(lazy("A number above zero was expected."), name)
    if worth.unit_cents <= 0 or worth.usd_cents <= 0:
        raise InvalidInput(lazy("An amount above zero was expected."), "unit_cents")
    if worth.usd_cents > LARGEST:
        raise InvalidInput(
            lazy("A line of a budget below ten thousand million dollars was expected."), "unit_cents"
        )
    same = sa.select(BudgetLine.id).where(
        BudgetLine.version_id == version.id, BudgetLine.object_number == object_number,
        BudgetLine.activity == activity, BudgetLine.description == description, BudgetLine.id != (itself or 0),
    )  # fmt: skip
    if db.session.scalar(same) is not None:
        raise Conflict(lazy("The budget has this line already."), "description")
