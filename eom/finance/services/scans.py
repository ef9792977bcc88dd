"""Scans of vouchers, invoices and contracts: kept with what they prove, and never taken away."""

from __future__ import annotations

from typing import Any

from eom.core.errors import InvalidInput
from eom.core.i18n import lazy
from eom.core.storage import Store, keep_document
from eom.extensions import db
from eom.finance.models.commitment import Obligation
from eom.finance.models.entry import PendingEntry, VoucherScan
from eom.finance.models.ledger import Expenditure
from eom.finance.services.acting import actor


def keep_scan(
    mission: Any, proves: Expenditure | PendingEntry | Obligation, store: Store, data: bytes, name: str
) -> VoucherScan:
    """Keep a file (PDF, picture, office document) with a line, an entry that waits or an obligation.

    Raises what ``storage.keep_document`` raises: for an empty file, a type we do not take, more than 25 MB.
    """
    if not data:
        raise InvalidInput(lazy("“%(name)s” is empty.", name=name[:100]), "file")
    kept = keep_document(db.session(), store, data, name=name, mission_id=mission.id)
    made = VoucherScan(
        mission_id=mission.id, file_id=kept.id, added_by=actor().name,
        expenditure_id=proves.id if isinstance(proves, Expenditure) else None,
        pending_id=proves.id if isinstance(proves, PendingEntry) else None,
        obligation_id=proves.id if isinstance(proves, Obligation) else None,
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    return made
