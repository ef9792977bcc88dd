"""An extract of a ledger, booked: all of it or nothing; the same line twice is one line."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from eom.core import audit
from eom.core.errors import InvalidFile, RowError
from eom.core.i18n import _, lazy, ngettext
from eom.extensions import db
from eom.finance.models.load import LedgerLoad
from eom.finance.queries.standing import hold
from eom.finance.services import ledger_budgets, ledger_rows
from eom.finance.services.acting import actor
from eom.finance.services.ledger_checks import Checked, awards_of, check
from eom.finance.services.ledger_credits import Taken
from eom.finance.services.ledger_lines import Line
from eom.missions.models.mission import Mission

Progress = Callable[[int, int, str], None]


@dataclass(frozen=True)
class Booked:
    """What came of an extract (US cents). ``load`` is its record; None when every line was there already."""

    added_count: int
    known_count: int
    usd_cents: int
    icr_cents: int = 0
    load: LedgerLoad | None = None


def take(
    lines: Sequence[Line], *, mission: Mission | None, file_name: str, data: bytes | None = None,
    reason: str | None = None, progress: Progress = lambda *_told: None, is_demonstration: bool = False,
) -> Booked:  # fmt: skip
    """Book the lines that are not there yet, in the order of the file, and keep a record of the load.

    ``mission`` is where lines without a mission of their own go, and the only one then; ``data`` are the
    bytes of the file, for its record; ``reason`` says why lines may go beyond their budget line. Raises
    InvalidFile with every line that cannot be booked; nothing is written then.
    """
    checked = ready(lines, mission, reason)
    return book(checked, mission=mission, file_name=file_name, data=data, reason=reason, progress=progress,
                is_demonstration=is_demonstration)  # fmt: skip


def ready(lines: Sequence[Line], mission: Mission | None, reason: str | None) -> Checked:
    """The lines checked, with the awards and the budget lines that they name held. Raises as ``take`` does."""
    hold(db.session(), [award.id for award in awards_of(lines).values()])
    ledger_budgets.hold(db.session(), lines)
    checked = check(lines, mission)
    refuse(sorted([*checked.errors, *([] if reason else ledger_budgets.errors_of(checked.beyond))],
                  key=lambda each: each.row or 0))  # fmt: skip
    return checked


def book(
    checked: Checked, *, mission: Mission | None, file_name: str, data: bytes | None, reason: str | None = None,
    loaded_by: str | None = None, progress: Progress = lambda *_told: None, is_demonstration: bool = False,
) -> Booked:  # fmt: skip
    """Book lines that were found ready; ``loaded_by`` is who sent them where somebody else approved them."""
    if not checked.ready:
        return _booked(checked, None)
    load = LedgerLoad(
        mission_id=mission.id if mission else None, file_name=file_name[:200],
        sha256=hashlib.sha256(data).hexdigest() if data is not None else None,
        line_count=len(checked.ready), known_count=checked.known_count, usd_cents=checked.usd_cents,
        icr_cents=checked.icr_cents, loaded_by=loaded_by or actor().name,
        reason=reason if checked.beyond else None, is_demonstration=is_demonstration,
    )  # fmt: skip
    audit.because(db.session(), load.reason)
    db.session.add(load)
    db.session.flush()
    _write(checked.ready, load, progress)
    audit.record(
        db.session(), "imported", "expenditures", load.id, load.file_name, mission_id=load.mission_id,
        added=load.line_count, known=load.known_count, usd_cents=load.usd_cents,
    )  # fmt: skip
    audit.because(db.session(), None)
    return _booked(checked, load)


def look(lines: Sequence[Line], *, mission: Mission | None) -> tuple[Booked, list[RowError]]:
    """What booking the lines would do, and every line that cannot be booked; writes nothing."""
    checked = check(lines, mission)
    return _booked(checked, None), checked.errors


def refuse(errors: Sequence[RowError]) -> None:
    """Raise InvalidFile with the errors when there are any."""
    if errors:
        words = ngettext(
            "%(num)d thing in the file is not right; nothing was written.",
            "%(num)d things in the file are not right; nothing was written.",
            len(errors),
        )
        raise InvalidFile(words, list(errors), lazy("Mend the file and send it again."))


def _booked(checked: Checked, load: LedgerLoad | None) -> Booked:
    return Booked(len(checked.ready), checked.known_count, checked.usd_cents, checked.icr_cents, load)


def _write(lines: Sequence[Taken], load: LedgerLoad, progress: Progress) -> None:
    """Write the lines; those that take back a line of the same file after it, when it has its id."""
    total = len(lines)
    first = [each for each in lines if not isinstance(each.takes_back, Taken)]
    later = [each for each in lines if isinstance(each.takes_back, Taken)]
    ids = ledger_rows.write(
        [_row(each, load, each.takes_back) for each in first],
        lambda done: progress(done, total, _("Recording the lines")),
    )
    by_reference = {each.reference: id_ for each, id_ in zip(first, ids, strict=True)}
    rows = [_row(each, load, by_reference[each.takes_back.reference]) for each in later]  # type: ignore[union-attr]
    more = ledger_rows.write(rows, lambda done: progress(len(ids) + done, total, _("Recording the lines")))
    written = dict(zip([*ids, *more], [*first, *later], strict=True))
    ledger_budgets.charge(
        db.session(),
        {id_: (each.budget_line.id, each.exceeds_line) for id_, each in written.items() if each.budget_line},
        {id_: each.mission.id for id_, each in written.items()},
    )


def _row(each: Taken, load: LedgerLoad, reverses_id: Any) -> ledger_rows.Row:
    line = each.line
    return ledger_rows.row(
        mission_id=each.mission.id, award_id=each.award.id, object_number=line.object_number,
        incurred_on=line.incurred_on, voucher=line.voucher, payee=line.payee, description=line.description,
        amount_cents=line.amount_cents, currency=line.currency, rate=each.cost.rate,
        usd_cents=each.cost.usd_cents, icr_cents=each.cost.icr_cents, reverses_id=reverses_id,
        source_reference=each.reference, load_id=load.id, recorded_by=load.loaded_by,
        is_demonstration=load.is_demonstration,
    )  # fmt: skip
