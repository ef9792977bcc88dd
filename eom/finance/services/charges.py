"""What a line of the ledger was charged to, carried over to the line that takes it back."""

from __future__ import annotations

import sqlalchemy as sa

from eom.extensions import db
from eom.finance.models.award import AwardMovement
from eom.finance.models.commitment import AdvanceSettlement, ObligationSettlement, SettlementKind
from eom.finance.models.entry import Charge
from eom.finance.models.ledger import Expenditure
from eom.finance.services import movements
from eom.finance.services.acting import actor


def exchange_reference(line: Expenditure) -> str:
    """The reference of the movement that holds the exchange difference of a payment."""
    return f"FX {line.id}"


def mirror(line: Expenditure, reversal: Expenditure, reason: str, *, keeps_what_it_settled: bool) -> None:
    """Charge a reversal as the line that it takes back, and open again what that one settled.

    An exchange difference that was booked with the line is taken back with it.
    """
    charge = db.session.get(Charge, line.id)
    if charge is None:
        return
    db.session.add(
        Charge(
            expenditure_id=reversal.id, budget_line_id=charge.budget_line_id, obligation_id=charge.obligation_id,
            advance_id=charge.advance_id,
        )
    )  # fmt: skip
    db.session.flush()
    _take_back_exchange(line, reversal, reason)
    if not keeps_what_it_settled:
        first = _first_of(charge)
        _reopen_obligation(first, reversal, reason)
        _reopen_advance(first, reversal, reason)


def _first_of(charge: Charge) -> int:
    """The id of the line that was entered first, before any re-charge."""
    while charge.recharges_id is not None:
        before = db.session.get(Charge, charge.recharges_id)
        if before is None:
            return charge.recharges_id
        charge = before
    return charge.expenditure_id


def _take_back_exchange(line: Expenditure, reversal: Expenditure, reason: str) -> None:
    booked = db.session.scalar(
        sa.select(AwardMovement).where(
            AwardMovement.award_id == line.award_id, AwardMovement.reference == exchange_reference(line)
        )
    )
    if booked is not None:
        movements.reverse_movement(booked, on=reversal.incurred_on, reason=reason)


def _reopen_obligation(line_id: int, reversal: Expenditure, reason: str) -> None:
    paid = db.session.scalar(
        sa.select(ObligationSettlement).where(ObligationSettlement.expenditure_id == line_id)
    )
    if paid is not None:
        db.session.add(
            ObligationSettlement(
                obligation_id=paid.obligation_id, kind=SettlementKind.REOPENING, settled_on=reversal.incurred_on,
                amount_cents=-paid.amount_cents, usd_cents=-paid.usd_cents, expenditure_id=reversal.id, reason=reason,
                recorded_by=actor().name,
            )
        )  # fmt: skip
        db.session.flush()


def _reopen_advance(line_id: int, reversal: Expenditure, reason: str) -> None:
    settled = db.session.scalar(
        sa.select(AdvanceSettlement).where(AdvanceSettlement.expenditure_id == line_id)
    )
    if settled is not None:
        db.session.add(
            AdvanceSettlement(
                advance_id=settled.advance_id, settled_on=reversal.incurred_on, voucher=settled.voucher,
                days=-settled.days, rate_cents=settled.rate_cents, per_diem_cents=-settled.per_diem_cents,
                other_cents=-settled.other_cents, balance_cents=-settled.balance_cents, expenditure_id=reversal.id,
                reverses_id=settled.id, note=reason, recorded_by=actor().name,
            )
        )  # fmt: skip
        db.session.flush()
