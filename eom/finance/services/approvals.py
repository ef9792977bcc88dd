"""Entries above the limit wait outside the ledger until a second person approves or refuses them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa

from eom.core import audit, clock
from eom.core.errors import Conflict
from eom.core.i18n import lazy
from eom.extensions import db
from eom.finance.models.commitment import Advance, AdvanceSettlement
from eom.finance.models.entry import EntryKind, EntryStatus, PendingEntry, VoucherScan
from eom.finance.models.ledger import Expenditure
from eom.finance.services import advances, booking, recharges
from eom.finance.services.acting import actor, second_person
from eom.finance.services.advances import Journey, Return
from eom.finance.services.booking import Entry
from eom.finance.services.recharges import Recharge


def enter_expenditure(mission: Any, entry: Entry, *, limit_cents: int) -> Expenditure | PendingEntry:
    """Book an entry, or keep it for a second person when it is above the limit (US cents).

    Raises as ``booking.check`` does: what cannot be booked does not wait either.
    """
    checked = booking.check(mission, entry)
    if checked.row.usd_cents <= limit_cents:
        return booking.book(mission, entry)
    return _wait(
        mission, EntryKind.EXPENDITURE, checked.entry, award_id=checked.entry.award_id, dated_on=entry.incurred_on,
        voucher=entry.voucher, payee=entry.payee, usd_cents=checked.row.usd_cents,
        is_demonstration=entry.is_demonstration,
    )  # fmt: skip


def enter_recharge(mission: Any, asked: Recharge, *, limit_cents: int) -> Expenditure | PendingEntry:
    """Charge a line to another award, or keep that for a second person. Raises as ``recharges.check`` does."""
    line, award, _icr, _is_overdrawn = recharges.check(mission, asked)
    if line.usd_cents <= limit_cents:
        return recharges.recharge(mission, asked)
    return _wait(
        mission, EntryKind.RECHARGE, asked, award_id=award.id, dated_on=asked.on, voucher=line.voucher,
        payee=line.payee, usd_cents=line.usd_cents, is_demonstration=line.is_demonstration,
    )  # fmt: skip


def enter_advance(mission: Any, asked: Journey, *, limit_cents: int) -> Advance | PendingEntry:
    """Pay an advance, or keep it for a second person. Raises as ``advances.check_advance`` does."""
    checked = advances.check_advance(mission, asked)
    if checked.usd_cents <= limit_cents:
        return advances.give(mission, asked)
    payee = advances.payee_of(asked.appointment_id)
    return _wait(
        mission, EntryKind.ADVANCE, asked, award_id=asked.award_id, dated_on=asked.paid_on, voucher=asked.voucher,
        payee=payee, usd_cents=checked.usd_cents, is_demonstration=asked.is_demonstration,
    )  # fmt: skip


def enter_settlement(mission: Any, asked: Return, *, limit_cents: int) -> AdvanceSettlement | PendingEntry:
    """Settle an advance, or keep that for a second person when what was spent is above the limit.

    Raises as ``advances.check_settlement`` does.
    """
    found = advances.check_settlement(mission, asked)
    if found.spent_cents <= limit_cents:
        return advances.settle(mission, asked)
    return _wait(
        mission, EntryKind.SETTLEMENT, asked, award_id=found.advance.award_id, dated_on=asked.settled_on,
        voucher=asked.voucher, payee=advances.name_of(found.advance), usd_cents=found.spent_cents,
        is_demonstration=found.advance.is_demonstration,
    )  # fmt: skip


def approve(pending: PendingEntry, mission: Any) -> PendingEntry:
    """Book what waits, by somebody else than who entered it; every rule is checked anew.

    Raises Conflict when it was decided already, Refused for the one who entered it, and what booking
    raises: then it waits still.
    """
    _hold(pending)
    one = second_person(pending.entered_by_id)
    booked = _BOOK[pending.kind](mission, pending)
    if isinstance(booked, Advance):
        pending.advance_id = booked.id
    else:
        pending.expenditure_id = booked.id if booked else None
    _decide(pending, EntryStatus.APPROVED, one)
    for scan in db.session.scalars(sa.select(VoucherScan).where(VoucherScan.pending_id == pending.id)):
        scan.expenditure_id = pending.expenditure_id
    db.session.flush()
    return pending


def refuse(pending: PendingEntry, *, reason: str) -> PendingEntry:
    """Refuse what waits, and say why. Raises Conflict when it was decided, Refused for who entered it."""
    _hold(pending)
    one = second_person(pending.entered_by_id)
    audit.because(db.session(), reason)
    pending.reason = reason
    _decide(pending, EntryStatus.REFUSED, one)
    db.session.flush()
    return pending


def _expenditure(mission: Any, pending: PendingEntry) -> Expenditure:
    return booking.book(mission, Entry.from_json(pending.details), recorded_by=pending.entered_by)


def _recharge(mission: Any, pending: PendingEntry) -> Expenditure:
    return recharges.recharge(mission, Recharge.from_json(pending.details), recorded_by=pending.entered_by)


def _advance(mission: Any, pending: PendingEntry) -> Advance:
    return advances.give(mission, Journey.from_json(pending.details), recorded_by=pending.entered_by)


def _settlement(mission: Any, pending: PendingEntry) -> Expenditure | None:
    made = advances.settle(mission, Return.from_json(pending.details), recorded_by=pending.entered_by)
    return db.session.get(Expenditure, made.expenditure_id) if made.expenditure_id else None


_BOOK: dict[EntryKind, Callable[[Any, PendingEntry], Expenditure | Advance | None]] = {
    EntryKind.EXPENDITURE: _expenditure,
    EntryKind.RECHARGE: _recharge,
    EntryKind.ADVANCE: _advance,
    EntryKind.SETTLEMENT: _settlement,
}


def _wait(mission: Any, kind: EntryKind, asked: Any, **values: Any) -> PendingEntry:
    one = actor()
    made = PendingEntry(
        mission_id=mission.id,
        kind=kind,
        details=asked.as_json(),
        entered_by=one.name,
        entered_by_id=one.id,
        **values,
    )
    db.session.add(made)
    db.session.flush()
    return made


def _hold(pending: PendingEntry) -> None:
    db.session.refresh(pending, with_for_update=True)
    if not pending.is_waiting:
        raise Conflict(lazy("Somebody has decided on this entry already."))


def _decide(pending: PendingEntry, status: EntryStatus, one: audit.Actor) -> None:
    pending.status, pending.decided_by, pending.decided_by_id = status, one.name, one.id
    pending.decided_at = clock.now()
