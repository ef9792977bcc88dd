"""A file with lines above the limit waits outside the ledger until a second person approves or refuses it.

It waits as a whole: what is above the limit and what is not hang together in it, and are booked together.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from eom.core import audit, clock
from eom.core.errors import Conflict
from eom.core.i18n import lazy
from eom.extensions import db
from eom.finance.models.entry import EntryStatus
from eom.finance.models.pending_load import PendingLoad
from eom.finance.services import ledger_intake
from eom.finance.services.acting import actor, second_person
from eom.finance.services.ledger_checks import Checked
from eom.finance.services.ledger_credits import Taken
from eom.finance.services.ledger_intake import Booked, Progress
from eom.finance.services.ledger_lines import Line
from eom.missions.models.mission import Mission

# How many lines above the limit, or beyond their budget line, are kept word by word; the file has them all.
KEPT = 500


def enter(
    lines: Sequence[Line], *, mission: Mission | None, file_name: str, data: bytes, digest: str,
    choice: dict[str, Any], limit_cents: int, reason: str | None = None, progress: Progress = lambda *_told: None,
    is_demonstration: bool = False,
) -> Booked | PendingLoad:  # fmt: skip
    """Book a file, or keep it for a second person when a line of it is above the limit (US cents).

    ``digest`` finds its bytes in the store, ``choice`` says how they were read. Raises as
    ``ledger_intake.take`` does, and Conflict for a file that waits already.
    """
    checked = ledger_intake.ready(lines, mission, reason)
    above = checked.above(limit_cents)
    if not above:
        return ledger_intake.book(
            checked,
            mission=mission,
            file_name=file_name,
            data=data,
            reason=reason,
            progress=progress,
            is_demonstration=is_demonstration,
        )
    _refuse_twice(digest, mission)
    return _wait(checked, above, mission=mission, file_name=file_name, digest=digest, choice=choice,
                 limit_cents=limit_cents, reason=reason, is_demonstration=is_demonstration)  # fmt: skip


def check_decision(pending: PendingLoad) -> audit.Actor:
    """Who decides. Raises Conflict when it was decided already, Refused for the one who sent the file."""
    db.session.refresh(pending, with_for_update=True)
    if not pending.is_waiting:
        raise Conflict(lazy("Somebody has decided on this file already."))
    return second_person(pending.entered_by_id, message=lazy("Whoever sent the file cannot decide on it."))


def approve(
    pending: PendingLoad, lines: Sequence[Line], *, mission: Mission | None, data: bytes,
    progress: Progress = lambda *_told: None,
) -> Booked:  # fmt: skip
    """Book a file that waits, as a whole, by somebody else than who sent it; every line is checked anew.

    Raises as ``check_decision`` does, and what booking raises: then it waits still.
    """
    one = check_decision(pending)
    checked = ledger_intake.ready(lines, mission, pending.reason)
    booked = ledger_intake.book(
        checked, mission=mission, file_name=pending.file_name, data=data, reason=pending.reason,
        loaded_by=pending.entered_by, progress=progress, is_demonstration=pending.is_demonstration,
    )  # fmt: skip
    pending.load_id = booked.load.id if booked.load else None
    _decide(pending, EntryStatus.APPROVED, one)
    return booked


def refuse(pending: PendingLoad, *, reason: str) -> PendingLoad:
    """Refuse a file that waits, and say why. Raises as ``check_decision`` does."""
    one = check_decision(pending)
    audit.because(db.session(), reason)
    pending.refusal = reason
    _decide(pending, EntryStatus.REFUSED, one)
    return pending


def said(taken: Sequence[Taken]) -> list[dict[str, Any]]:
    """The first of some lines as the page of the second person shows them (US cents)."""
    return [
        {"row": each.line.row, "date": each.line.incurred_on.isoformat(), "voucher": each.line.voucher,
         "payee": each.line.payee, "award": each.award.reference, "mission": each.mission.code,
         "object": each.line.object_number, "usd_cents": each.cost.usd_cents}
        for each in taken[:KEPT]
    ]  # fmt: skip


def _wait(checked: Checked, above: Sequence[Taken], *, mission: Mission | None, **values: Any) -> PendingLoad:
    one = actor()
    made = PendingLoad(
        mission_id=mission.id if mission else None, line_count=len(checked.ready), usd_cents=checked.usd_cents,
        icr_cents=checked.icr_cents, above=said(above), above_count=len(above),
        beyond=[each.as_dict() for each in checked.beyond[:KEPT]], beyond_count=len(checked.beyond),
        entered_by=one.name, entered_by_id=one.id, **values,
    )  # fmt: skip
    audit.because(db.session(), made.reason)
    db.session.add(made)
    db.session.flush()
    audit.because(db.session(), None)
    return made


def _refuse_twice(digest: str, mission: Mission | None) -> None:
    query = sa.select(PendingLoad.id).where(
        PendingLoad.digest == digest, PendingLoad.status == EntryStatus.WAITING,
        PendingLoad.mission_id.is_not_distinct_from(mission.id if mission else None),
    )  # fmt: skip
    if db.session.scalar(query.limit(1)) is not None:
        raise Conflict(lazy("This very file waits for a second person already."))


def _decide(pending: PendingLoad, status: EntryStatus, one: audit.Actor) -> None:
    pending.status, pending.decided_by, pending.decided_by_id = status, one.name, one.id
    pending.decided_at = clock.now()
    db.session.flush()
