"""Reading the scans of vouchers, invoices and contracts."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from eom.finance.models.commitment import Obligation
from eom.finance.models.entry import Charge, PendingEntry, VoucherScan
from eom.finance.models.ledger import Expenditure


def of_expenditure(session: Session, line: Expenditure) -> list[VoucherScan]:
    """The scans of a line; those of the line that it takes back or charges anew are its own too."""
    ids = {line.id, line.reverses_id}
    charge = session.get(Charge, line.id)
    while charge is not None and charge.recharges_id is not None:
        ids.add(charge.recharges_id)
        charge = session.get(Charge, charge.recharges_id)
    return _scans(session, VoucherScan.expenditure_id.in_([each for each in ids if each]))


def of_entry(session: Session, entry: PendingEntry) -> list[VoucherScan]:
    """The scans that came with an entry."""
    return _scans(session, VoucherScan.pending_id == entry.id)


def of_obligation(session: Session, obligation: Obligation) -> list[VoucherScan]:
    """The scans of a contract or an order."""
    return _scans(session, VoucherScan.obligation_id == obligation.id)


def _scans(session: Session, criterion: Any) -> list[VoucherScan]:
    query = sa.select(VoucherScan).where(criterion).options(joinedload(VoucherScan.file))
    return list(session.scalars(query.order_by(VoucherScan.id)))
