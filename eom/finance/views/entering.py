"""What the pages that enter something share: the limit, the scan that comes with it, and where it goes on."""

from __future__ import annotations

from typing import Any

from flask import current_app, url_for

from eom.core.i18n import _
from eom.finance.models.commitment import Advance, AdvanceSettlement, Obligation
from eom.finance.models.entry import PendingEntry
from eom.finance.models.ledger import Expenditure
from eom.finance.services import scans
from eom.missions.models.mission import Mission
from eom.web import responses


def limit_cents() -> int:
    """Above it an entry waits for a second person (US cents)."""
    return int(current_app.extensions["eom_settings"].approval_limit_cents)


def attach(mission: Mission, made: Any, sent: Any) -> None:
    """Keep a file that was sent with an entry, if one was."""
    if getattr(sent, "filename", "") and isinstance(made, Expenditure | PendingEntry | Obligation):
        scans.keep_scan(mission, made, responses.store(), sent.read(), sent.filename)


def where(mission: Mission, made: Any, message: str) -> tuple[str, str]:
    """(address, message) of the page that shows what was made of an entry."""
    if isinstance(made, PendingEntry):
        words = _("It is above the limit: it waits for a second person, outside the ledger")
        return url_for("entries.show", mission=mission.code, pending_id=made.id), words
    return address(mission, made), message


def address(mission: Mission, made: Any) -> str:
    """The page of a line, an obligation or an advance."""
    code = mission.code
    if isinstance(made, Obligation):
        return url_for("obligations.show", mission=code, obligation_id=made.id)
    if isinstance(made, Advance):
        return url_for("advances.show", mission=code, advance_id=made.id)
    if isinstance(made, AdvanceSettlement):
        return url_for("advances.show", mission=code, advance_id=made.advance_id)
    return url_for("expenditures.show", mission=code, expenditure_id=made.id)
