"""An entry of the ledger with all it is charged to: its award, its budget line, its obligation.

An entry can be kept as JSON while it waits for a second person, and is checked anew when it is booked.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any

import sqlalchemy as sa

from eom.core.db import get_in
from eom.core.errors import InvalidInput, Refused
from eom.core.i18n import day, lazy, money
from eom.core.money import convert
from eom.extensions import db
from eom.finance.models.award import Award, MovementKind
from eom.finance.models.budget import BudgetLine
from eom.finance.models.commitment import Obligation, ObligationSettlement, SettlementKind
from eom.finance.models.entry import Charge
from eom.finance.models.ledger import Expenditure
from eom.finance.queries import budgets, commitments
from eom.finance.queries.standing import hold
from eom.finance.services import ledger, movements
from eom.finance.services.acting import actor
from eom.finance.services.charges import exchange_reference

# By how much a bank's own rate may differ from the month's before it is a slip of the pen, in percent.
BANK_MAY_DIFFER = 25


@dataclass(frozen=True)
class Entry:
    """What somebody enters. ``amount_cents`` is in ``currency``; ``bank_usd_cents`` is what the bank debited.

    ``budget_code`` names a line of the approved budget; ``reason`` says why the award or the line may be
    exceeded. With ``obligation_id`` it is a payment: award, object and line are the obligation's, and
    ``is_final`` cancels what the payment leaves open.
    """

    incurred_on: date
    voucher: str
    payee: str
    amount_cents: int
    currency: str = "USD"
    award_id: int = 0
    object_number: int = 0
    description: str | None = None
    budget_code: str | None = None
    obligation_id: int | None = None
    is_final: bool = False
    bank_usd_cents: int | None = None
    reason: str | None = None
    is_demonstration: bool = False

    def as_json(self) -> dict[str, Any]:
        """The entry as it is kept while it waits."""
        return asdict(self) | {"incurred_on": self.incurred_on.isoformat()}

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> Entry:
        """The entry that was kept."""
        return cls(**(kept | {"incurred_on": date.fromisoformat(kept["incurred_on"])}))


@dataclass(frozen=True)
class Part:
    """The part of an obligation that a payment liquidates: in its currency, and in US cents at its rate."""

    obligation: Obligation
    amount_cents: int
    usd_cents: int
    rest_cents: int
    rest_usd_cents: int


@dataclass(frozen=True)
class Checked:
    """An entry that every rule allows: its line, not booked yet, and what it is charged to."""

    entry: Entry
    row: Expenditure
    line: BudgetLine | None
    part: Part | None
    exceeds_line: bool


def check(mission: Any, entry: Entry) -> Checked:
    """What booking the entry would do; writes nothing.

    Raises as ``ledger.checked`` does, InvalidInput for a line of another object or a bank's amount that
    cannot be, Refused for an exceeded budget line without a reason and for an obligation that is settled
    or has lapsed.
    """
    part = _part(mission, entry)
    if part is not None:
        entry = _as_obliged(entry, part.obligation)
    award = get_in(db.session(), Award, entry.award_id)
    hold(db.session(), [award.id])
    line = line_of(mission, entry.budget_code, entry.object_number, entry.incurred_on)
    standing = ledger.standing_of(mission, award, part.usd_cents if part else 0)
    row = ledger.checked(
        standing, mission, award=award, object_number=entry.object_number, incurred_on=entry.incurred_on,
        voucher=entry.voucher, payee=entry.payee, amount_cents=entry.amount_cents, currency=entry.currency,
        description=entry.description, may_overdraw=bool(entry.reason), is_demonstration=entry.is_demonstration,
    )  # fmt: skip
    _check_bank(entry, row)
    paid_of_line = part.usd_cents if part and line and part.obligation.budget_line_id else 0
    exceeds = refuse_exceeded(line, row.usd_cents, paid_of_line, entry.reason)
    return Checked(entry, row, line, part, exceeds)


def book(mission: Any, entry: Entry, *, recorded_by: str | None = None) -> Expenditure:
    """Book an entry: its line, what it is charged to, its part of an obligation, the bank's difference.

    Raises as ``check`` does.
    """
    checked = check(mission, entry)
    row, part = checked.row, checked.part
    row.recorded_by = recorded_by or row.recorded_by
    ledger.book(row, entry.reason if row.is_overdrawn or checked.exceeds_line else None)
    db.session.add(
        Charge(
            expenditure_id=row.id, budget_line_id=checked.line.id if checked.line else None,
            obligation_id=part.obligation.id if part else None, exceeds_line=checked.exceeds_line,
        )
    )  # fmt: skip
    db.session.flush()
    if part is not None:
        _liquidate(part, row, is_final=entry.is_final)
    if entry.bank_usd_cents is not None:
        book_exchange(row, entry.bank_usd_cents - row.usd_cents)
    return row


def book_exchange(row: Expenditure, lost_cents: int) -> None:
    """Book what the bank took beyond the month's rate as a loss of the award, what it took less as a gain."""
    if lost_cents == 0:
        return
    movements.record_movement(
        row.award, kind=MovementKind.EXCHANGE_LOSS if lost_cents > 0 else MovementKind.EXCHANGE_GAIN,
        moved_on=row.incurred_on, reference=exchange_reference(row), amount_cents=abs(lost_cents), currency="USD",
        note=row.voucher, mission_id=row.mission_id if row.award.is_general else None,
        is_demonstration=row.is_demonstration,
    )  # fmt: skip


def line_of(mission: Any, code: str | None, object_number: int, on: date) -> BudgetLine | None:
    """The line of a code in the approved budget, held until the transaction ends; None without a code.

    Raises InvalidInput when there is none, or when it is of another object.
    """
    if not code:
        return None
    line = budgets.current_line(db.session(), mission.id, code)
    if line is None:
        raise InvalidInput(lazy("The approved budget has no line %(code)s.", code=code[:10]), "budget_code")
    if line.object_number != object_number:
        raise InvalidInput(
            lazy("Line %(code)s is of object %(number)d.", code=code, number=line.object_number),
            "object_number",
        )
    db.session.execute(sa.select(BudgetLine.id).where(BudgetLine.id == line.id).with_for_update())
    return line


def refuse_exceeded(line: BudgetLine | None, usd_cents: int, paid_cents: int, reason: str | None) -> bool:
    """Whether a sum goes above what a budget line holds, of which ``paid_cents`` are bound for it already.

    Raises Refused when it does and no reason was given.
    """
    if line is None:
        return False
    left = budgets.standing_of(db.session(), line).left_cents + paid_cents
    if usd_cents <= left:
        return False
    if not reason:
        raise Refused(
            lazy("Line %(code)s of the budget, %(line)s, has %(left)s left: %(wanted)s is more than that.",
                 code=line.code, line=line.description, left=money(left), wanted=money(usd_cents)),
            "amount_cents",
            lazy("Revise the budget first, or choose another line."),
        )  # fmt: skip
    return True


def _part(mission: Any, entry: Entry) -> Part | None:
    if entry.obligation_id is None:
        return None
    obligation = get_in(db.session(), Obligation, entry.obligation_id, mission_id=mission.id)
    db.session.execute(sa.select(Obligation.id).where(Obligation.id == obligation.id).with_for_update())
    _refuse_late(obligation, entry)
    now = commitments.standing(db.session(), obligation)
    if now.open_amount_cents <= 0:
        raise Refused(lazy("Obligation %(reference)s has nothing open.", reference=obligation.reference))
    amount = min(entry.amount_cents, now.open_amount_cents)
    # The last part takes what is open, so that no cent of the conversion stays behind.
    usd = (
        now.open_cents
        if amount == now.open_amount_cents
        else min(convert(amount, obligation.rate), now.open_cents)
    )
    return Part(obligation, amount, usd, now.open_amount_cents - amount, now.open_cents - usd)


def _refuse_late(obligation: Obligation, entry: Entry) -> None:
    if entry.currency != obligation.currency:
        raise InvalidInput(
            lazy("Obligation %(reference)s is in %(currency)s: pay it in that currency.",
                 reference=obligation.reference, currency=obligation.currency), "currency",
        )  # fmt: skip
    if entry.incurred_on < obligation.obligated_on:
        raise InvalidInput(lazy("A payment cannot be dated before its obligation."), "incurred_on")
    if entry.incurred_on > obligation.lapses_on:
        raise Refused(
            lazy("Obligation %(reference)s could be paid until %(day)s.", reference=obligation.reference,
                 day=day(obligation.lapses_on)),
            "incurred_on",
            lazy("Cancel what is open of it and enter an obligation of this year."),
        )  # fmt: skip


def _as_obliged(entry: Entry, obligation: Obligation) -> Entry:
    line = obligation.budget_line
    return replace(
        entry, award_id=obligation.award_id, object_number=obligation.object_number,
        budget_code=line.code if line else None,
    )  # fmt: skip


def _check_bank(entry: Entry, row: Expenditure) -> None:
    if entry.bank_usd_cents is None:
        return
    if entry.currency == "USD":
        raise InvalidInput(lazy("An amount in US dollars has no difference of exchange."), "bank_usd_cents")
    if abs(entry.bank_usd_cents - row.usd_cents) * 100 > row.usd_cents * BANK_MAY_DIFFER:
        raise InvalidInput(
            lazy("At the month’s rate this is %(usd)s: %(bank)s is too far from it.", usd=money(row.usd_cents),
                 bank=money(entry.bank_usd_cents)),
            "bank_usd_cents",
        )  # fmt: skip


def _liquidate(part: Part, row: Expenditure, *, is_final: bool) -> None:
    values = {"obligation_id": part.obligation.id, "settled_on": row.incurred_on, "recorded_by": actor().name}
    db.session.add(
        ObligationSettlement(
            kind=SettlementKind.PAYMENT, amount_cents=part.amount_cents, usd_cents=part.usd_cents, expenditure_id=row.id,
            **values,
        )
    )  # fmt: skip
    if is_final and part.rest_cents:
        db.session.add(
            ObligationSettlement(
                kind=SettlementKind.CANCELLATION, amount_cents=part.rest_cents, usd_cents=part.rest_usd_cents,
                reason=str(lazy("Final payment with voucher %(voucher)s", voucher=row.voucher)), **values,
            )
        )  # fmt: skip
    db.session.flush()
