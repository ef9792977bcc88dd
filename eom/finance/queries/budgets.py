"""Reading budgets: versions, what differs between them, what was spent of each line (US cents)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, selectinload

from eom.finance.models.budget import OBJECTS, BudgetLine, BudgetStatus, BudgetVersion
from eom.finance.models.entry import Charge
from eom.finance.models.ledger import Expenditure
from eom.finance.queries import commitments
from eom.missions.models.milestone import Milestone, MilestoneKind
from eom.missions.models.mission import Mission


@dataclass(frozen=True)
class Change:
    """A line that two versions have otherwise: None where one of them lacks it."""

    before: BudgetLine | None
    after: BudgetLine | None

    @property
    def line(self) -> BudgetLine:
        """The newer of the two."""
        found = self.after or self.before
        assert found is not None
        return found

    @property
    def usd_cents(self) -> int:
        """By how much the line grew."""
        return (self.after.usd_cents if self.after else 0) - (self.before.usd_cents if self.before else 0)


@dataclass(frozen=True)
class Difference:
    """What differs between two versions, line by line and by object."""

    changes: Sequence[Change]
    by_object: dict[int, tuple[int, int]] = field(default_factory=dict)

    @property
    def usd_cents(self) -> int:
        """By how much the whole grew."""
        return sum(change.usd_cents for change in self.changes)


@dataclass(frozen=True)
class LineStanding:
    """A line of the approved budget against what was spent and what is bound."""

    line: BudgetLine
    spent_cents: int
    open_cents: int

    @property
    def left_cents(self) -> int:
        """What can still be spent or bound; below zero when it was exceeded."""
        return self.line.usd_cents - self.spent_cents - self.open_cents


def versions(session: Session, mission_id: int) -> list[BudgetVersion]:
    """Every version of a mission's budget with its lines, the newest first."""
    query = sa.select(BudgetVersion).where(BudgetVersion.mission_id == mission_id)
    query = query.options(selectinload(BudgetVersion.lines)).order_by(BudgetVersion.number.desc())
    return list(session.scalars(query))


def approved(session: Session, mission_id: int) -> BudgetVersion | None:
    """The newest version that was approved: the mission's budget."""
    query = sa.select(BudgetVersion).where(
        BudgetVersion.mission_id == mission_id, BudgetVersion.status == BudgetStatus.APPROVED
    )
    return session.scalars(query.order_by(BudgetVersion.number.desc()).limit(1)).first()


def open_version(session: Session, mission_id: int) -> BudgetVersion | None:
    """The version that is written or waits for approval."""
    return session.scalar(
        sa.select(BudgetVersion).where(
            BudgetVersion.mission_id == mission_id, BudgetVersion.status != BudgetStatus.APPROVED
        )
    )


def version_before(session: Session, version: BudgetVersion) -> BudgetVersion | None:
    """The version that was approved before this one."""
    query = sa.select(BudgetVersion).where(
        BudgetVersion.mission_id == version.mission_id, BudgetVersion.number == version.number - 1
    )
    return session.scalar(query)


def in_force() -> sa.Subquery:
    """(mission_id, number) of the newest approved version of every mission."""
    return (
        sa.select(BudgetVersion.mission_id, sa.func.max(BudgetVersion.number).label("number"))
        .where(BudgetVersion.status == BudgetStatus.APPROVED)
        .group_by(BudgetVersion.mission_id)
        .subquery("in_force")
    )


def to_go_by() -> sa.Subquery:
    """(mission_id, number) of the version to go by for every mission: the newest approved, else the newest."""
    of = BudgetVersion
    newest_approved = sa.func.max(sa.case((of.status == BudgetStatus.APPROVED, of.number)))
    return (
        sa.select(of.mission_id, sa.func.coalesce(newest_approved, sa.func.max(of.number)).label("number"))
        .group_by(of.mission_id)
        .subquery("to_go_by")
    )


def of_versions(query: Any, chosen: sa.Subquery) -> Any:
    """A query of budget lines, kept to those of one version a mission (``in_force`` or ``to_go_by``)."""
    of = BudgetVersion
    return query.join(of, of.id == BudgetLine.version_id).join(
        chosen, (chosen.c.mission_id == of.mission_id) & (chosen.c.number == of.number)
    )


def totals(session: Session) -> dict[int, int]:
    """Mission id → its approved budget, of every mission that has one."""
    lines = sa.select(BudgetLine.mission_id, sa.func.sum(BudgetLine.usd_cents)).group_by(
        BudgetLine.mission_id
    )
    query = of_versions(lines, in_force())
    return {mission_id: int(cents) for mission_id, cents in session.execute(query)}


def is_approved_code(session: Session, mission_id: int, code: str) -> bool:
    """Whether a version that was approved has a line of this code."""
    query = (
        sa.select(BudgetLine.id)
        .join(BudgetLine.version)
        .where(
            BudgetLine.mission_id == mission_id,
            BudgetLine.code == code,
            BudgetVersion.status == BudgetStatus.APPROVED,
        )
    )
    return session.scalar(query.limit(1)) is not None


def last_place(session: Session, mission_id: int, object_number: int) -> int:
    """The highest place that a line of an object ever had in a mission's budget; 0 for none."""
    codes = session.scalars(
        sa.select(BudgetLine.code).where(
            BudgetLine.mission_id == mission_id, BudgetLine.code.startswith(f"{object_number}.")
        )
    )
    return max((int(code.split(".")[1]) for code in codes), default=0)


def milestones_of(session: Session, mission_id: int, kind: MilestoneKind) -> list[Milestone]:
    """The milestones of a kind in a mission."""
    return list(
        session.scalars(
            sa.select(Milestone).where(Milestone.mission_id == mission_id, Milestone.kind == kind)
        )
    )


def difference(before: Iterable[BudgetLine], after: Iterable[BudgetLine]) -> Difference:
    """What the lines of one version have otherwise than those of an earlier one."""
    old, new = ({line.code: line for line in lines} for lines in (before, after))
    changes = [
        Change(old.get(code), new.get(code))
        for code in sorted(old.keys() | new.keys())
        if _said(old.get(code)) != _said(new.get(code))
    ]
    sums = {
        number: (
            sum(line.usd_cents for line in old.values() if line.object_number == number),
            sum(line.usd_cents for line in new.values() if line.object_number == number),
        )
        for number in OBJECTS
    }
    return Difference(changes, {number: pair for number, pair in sums.items() if any(pair)})


def _said(line: BudgetLine | None) -> tuple[object, ...] | None:
    if line is None:
        return None
    return (
        line.object_number,
        line.activity,
        line.description,
        line.unit,
        line.quantity,
        line.days,
        line.unit_cents,
    )


def spent_by_code(session: Session, mission_id: int) -> dict[str, int]:
    """What was spent of each budget line, by its code (reversals count against it)."""
    query = (
        sa.select(BudgetLine.code, sa.func.sum(Expenditure.usd_cents))
        .join(Charge, Charge.budget_line_id == BudgetLine.id)
        .join(Expenditure, Expenditure.id == Charge.expenditure_id)
        .where(BudgetLine.mission_id == mission_id)
        .group_by(BudgetLine.code)
    )
    return {code: int(cents) for code, cents in session.execute(query)}


def standings(session: Session, version: BudgetVersion) -> list[LineStanding]:
    """Each line of a version against spending and what is bound."""
    spent = spent_by_code(session, version.mission_id)
    bound = commitments.open_by_code(session, version.mission_id)
    return [LineStanding(each, spent.get(each.code, 0), bound.get(each.code, 0)) for each in version.lines]


def standing_of(session: Session, line: BudgetLine) -> LineStanding:
    """A line of an approved budget against spending and what is bound."""
    spent = spent_by_code(session, line.mission_id).get(line.code, 0)
    return LineStanding(line, spent, commitments.open_by_code(session, line.mission_id).get(line.code, 0))


def current_line(session: Session, mission_id: int, code: str) -> BudgetLine | None:
    """The line of a code in the approved budget of a mission."""
    version = approved(session, mission_id)
    if version is None:
        return None
    return session.scalar(
        sa.select(BudgetLine).where(BudgetLine.version_id == version.id, BudgetLine.code == code)
    )


def without_line(session: Session, mission_id: int) -> dict[int, int]:
    """Object → what was spent without naming a budget line."""
    query = (
        sa.select(Expenditure.object_number, sa.func.sum(Expenditure.usd_cents))
        .outerjoin(Charge, Charge.expenditure_id == Expenditure.id)
        .where(Expenditure.mission_id == mission_id, Charge.budget_line_id.is_(None))
        .group_by(Expenditure.object_number)
    )
    return {number: int(cents) for number, cents in session.execute(query) if cents}


def sources(session: Session, mission_id: int) -> list[tuple[BudgetVersion, Mission]]:
    """The approved budgets of other missions with their missions, by code: what can be copied."""
    newest = in_force()
    query = (
        sa.select(BudgetVersion, Mission)
        .join(newest, (newest.c.mission_id == BudgetVersion.mission_id) & (newest.c.number == BudgetVersion.number))
        .join(Mission, Mission.id == BudgetVersion.mission_id)
        .where(BudgetVersion.mission_id != mission_id)
        .order_by(Mission.code)
    )  # fmt: skip
    return [(version, mission) for version, mission in session.execute(query)]
