"""The budget lines that lines of an extract are charged to, and what these still hold (US cents)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eom.core import audit
from eom.core.errors import AppError, InvalidInput, RowError
from eom.core.i18n import lazy, money
from eom.extensions import db
from eom.finance.models.budget import BudgetLine, BudgetVersion
from eom.finance.models.entry import Charge
from eom.finance.queries import budgets
from eom.finance.services.ledger_credits import Taken
from eom.finance.services.ledger_lines import Line

PART = 500


@dataclass(frozen=True)
class Beyond:
    """A line of a file that is more than its budget line had left when it came to it (US cents)."""

    row: int
    code: str
    description: str
    left_cents: int
    wanted_cents: int

    def as_dict(self) -> dict[str, Any]:
        """The same as JSON types."""
        return dict(vars(self))


class BudgetBook:
    """The approved budgets as they stand, and as the lines that were counted since would leave them."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self._lines: dict[int, dict[str, BudgetLine]] = {}
        self._left: dict[tuple[int, str], int] = {}

    def line(self, mission_id: int, code: str, object_number: int) -> BudgetLine:
        """The line of a code. Raises InvalidInput when the approved budget has none, or it is of another object."""
        line = self._of(mission_id).get(code)
        if line is None:
            raise InvalidInput(lazy("a line of the approved budget"), "budget")
        if line.object_number != object_number:
            raise InvalidInput(
                lazy("a line of object %(number)d; this one is of object %(other)d", number=object_number,
                     other=line.object_number), "budget",
            )  # fmt: skip
        return line

    def left(self, mission_id: int, code: str) -> int:
        """What a line still holds; below zero when it was exceeded."""
        self._of(mission_id)
        return self._left.get((mission_id, code), 0)

    def spend(self, mission_id: int, code: str, cents: int) -> None:
        """Count a line of the ledger that is about to be booked."""
        self._left[mission_id, code] = self.left(mission_id, code) - cents

    def _of(self, mission_id: int) -> dict[str, BudgetLine]:
        if mission_id not in self._lines:
            version = budgets.approved(self.session, mission_id)
            found = budgets.standings(self.session, version) if version else []
            self._lines[mission_id] = {each.line.code: each.line for each in found}
            self._left |= {(mission_id, each.line.code): each.left_cents for each in found}
        return self._lines[mission_id]


def name(book: BudgetBook, taken: Iterable[Taken]) -> list[RowError]:
    """Give each line the budget line that it names, or say why it cannot have it.

    A credit that takes a line back is charged as that line, whatever it names itself.
    """
    errors, back = [], []
    for each in taken:
        if each.is_reversal:
            back.append(each)
        elif each.line.budget_code:
            try:
                each.budget_line = book.line(each.mission.id, each.line.budget_code, each.line.object_number)
            except AppError as error:
                errors.append(RowError(each.line.row, "budget", each.line.budget_code, error.message))
    kept = charged_lines(db.session(), [each.takes_back for each in back if isinstance(each.takes_back, int)])
    for each in back:
        first = each.takes_back
        each.budget_line = first.budget_line if isinstance(first, Taken) else kept.get(first or 0)
    return errors


def give_back(book: BudgetBook, credits: Iterable[Taken]) -> None:
    """Count what a file gives back to budget lines."""
    for each in credits:
        if each.budget_line is not None and each.cost is not None:
            book.spend(each.mission.id, each.budget_line.code, each.cost.usd_cents)


def spend(book: BudgetBook, debits: Iterable[Taken]) -> list[Beyond]:
    """Count what a file spends of budget lines, in its order; the lines that go beyond theirs are marked and told."""
    beyond = []
    for each in debits:
        line = each.budget_line
        if line is None:
            continue
        left = book.left(each.mission.id, line.code)
        if each.cost.usd_cents > left:
            each.exceeds_line = True
            beyond.append(Beyond(each.line.row, line.code, line.description, left, each.cost.usd_cents))
        book.spend(each.mission.id, line.code, each.cost.usd_cents)
    return beyond


def errors_of(beyond: Sequence[Beyond]) -> list[RowError]:
    """Lines beyond their budget line as errors, where nobody gave a reason for them."""
    return [
        RowError(each.row, "amount", money(each.wanted_cents),
                 lazy("no more than line %(code)s of the budget has left, %(left)s, or a reason why it is more",
                      code=each.code, left=money(each.left_cents)))
        for each in beyond
    ]  # fmt: skip


def hold(session: Session, lines: Iterable[Line]) -> None:
    """Keep others from spending the budget lines that a file names until the transaction ends."""
    codes = sorted({each.budget_code for each in lines if each.budget_code})
    for start in range(0, len(codes), PART):
        of = sa.select(BudgetLine.id).where(BudgetLine.code.in_(codes[start : start + PART]))
        session.execute(of.order_by(BudgetLine.id).with_for_update())


def charged_lines(session: Session, expenditure_ids: Sequence[int]) -> dict[int, BudgetLine]:
    """The budget lines that lines of the ledger are charged to, by the ids of these."""
    found: dict[int, BudgetLine] = {}
    for start in range(0, len(expenditure_ids), PART):
        query = (
            sa.select(Charge.expenditure_id, BudgetLine)
            .join(BudgetLine, BudgetLine.id == Charge.budget_line_id)
            .join(BudgetVersion, BudgetVersion.id == BudgetLine.version_id)
            .where(Charge.expenditure_id.in_(expenditure_ids[start : start + PART]))
        )
        found |= {row[0]: row[1] for row in session.execute(query)}
    return found


def charge(session: Session, lines: Mapping[int, tuple[int, bool]], mission_of: Mapping[int, int]) -> None:
    """Charge lines of the ledger, by their ids, to (budget line id, whether it goes beyond that).

    ``mission_of`` are the missions of the lines, for the trail.
    """
    rows = [
        {"expenditure_id": id_, "budget_line_id": line_id, "exceeds_line": exceeds}
        for id_, (line_id, exceeds) in lines.items()
    ]
    if not rows:
        return
    session.execute(sa.insert(Charge), rows)
    audit.created_all(
        session, Charge.__tablename__,
        ((row["expenditure_id"], str(row["expenditure_id"]), mission_of[row["expenditure_id"]], row) for row in rows),
    )  # fmt: skip
