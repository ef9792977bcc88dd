"""A load of the ledger taken back as a whole, and the columns of files that are known by name."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from eom.core import audit
from eom.core.errors import Conflict, InvalidInput, Refused
from eom.core.i18n import lazy
from eom.extensions import db
from eom.finance.models.award import Award
from eom.finance.models.ledger import Expenditure
from eom.finance.models.load import ColumnMapping, LedgerLoad
from eom.finance.queries import loads
from eom.finance.queries.standing import Standing, hold
from eom.finance.services import ledger_budgets, ledger_rows
from eom.finance.services.acting import actor
from eom.finance.services.closing import refuse_closed
from eom.finance.services.movements import refuse_more_than


def reverse_load(load: LedgerLoad, *, reason: str) -> LedgerLoad:
    """Take every line of a load back with a line of its own day, rate and ICR; return the record of it.

    A line that took back one from outside the load is undone by booking that one anew. Lines taken back by
    hand meanwhile stay so. Raises Conflict when it was taken back already, Refused for the taking back
    itself, for a closed year, and for money given back that was spent meanwhile.
    """
    check_reversal(load)
    lines = loads.standing_lines(db.session(), load)
    # A line and the one of the same load that takes it back are nothing together.
    undone = [_undoing(line, first, reason) for line, first in lines if _is_undone(load, first)]
    hold(db.session(), {each["award_id"] for each in undone})
    _check_balances(undone)
    back = LedgerLoad(
        mission_id=load.mission_id, file_name=load.file_name, line_count=len(undone), reverses_load_id=load.id,
        usd_cents=sum(each["usd_cents"] for each in undone), icr_cents=sum(each["icr_cents"] for each in undone),
        loaded_by=actor().name, reason=reason,
        is_demonstration=load.is_demonstration,
    )  # fmt: skip
    audit.because(db.session(), reason)
    db.session.add(back)
    db.session.flush()
    ids = ledger_rows.write([ledger_rows.row(**{"load_id": back.id, **each}) for each in undone])
    _charge(ids, undone, [first.id if first else line.id for line, first in lines if _is_undone(load, first)])
    audit.record(
        db.session(), "reversed", "ledger_loads", load.id, load.file_name, mission_id=load.mission_id,
        lines=len(undone), usd_cents=back.usd_cents,
    )  # fmt: skip
    audit.because(db.session(), None)
    return back


def check_reversal(load: LedgerLoad) -> None:
    """Raise what ``reverse_load`` raises of the load itself; whether its money is still there is asked then."""
    if load.is_reversal:
        raise Refused(lazy("This is the taking back of a load; load the file anew instead."))
    if loads.undone_by(db.session(), load) is not None:
        raise Conflict(lazy("This load has been taken back already."))
    for first_day in loads.first_days(db.session(), load):
        refuse_closed(first_day, "reason")


def _is_undone(load: LedgerLoad, first: Expenditure | None) -> bool:
    return first is None or first.load_id != load.id


def _charge(ids: list[int], undone: list[dict[str, Any]], sources: list[int]) -> None:
    """Charge the lines of a taking back to the budget lines of those that they undo or book anew."""
    lines = ledger_budgets.charged_lines(db.session(), sources)
    pairs = list(zip(ids, undone, sources, strict=True))
    ledger_budgets.charge(
        db.session(),
        {id_: (lines[source].id, False) for id_, _each, source in pairs if source in lines},
        {id_: each["mission_id"] for id_, each, _source in pairs},
    )


def _undoing(line: Expenditure, first: Expenditure | None, reason: str) -> dict[str, Any]:
    """The line that undoes one of a load; of a reversal, the line that it took back, booked anew.

    What is booked anew belongs to the load that the first one came with, so that it leaves with it.
    """
    kept = ("mission_id", "award_id", "object_number", "voucher", "payee", "currency", "rate", "incurred_on",
            "is_demonstration")  # fmt: skip
    undone = {name: getattr(line, name) for name in kept} | {"description": reason[:500]}
    undone |= {name: -getattr(line, name) for name in ("amount_cents", "usd_cents", "icr_cents")}
    if first is None:
        return undone | {"reverses_id": line.id}
    return undone | {"source_reference": loads.anew_of(line.id), "load_id": first.load_id}


def _check_balances(undone: list[dict[str, Any]]) -> None:
    """What credits of the load gave back must still be there (US cents)."""
    wanted: dict[tuple[int, int], int] = {}
    for each in undone:
        pair = (each["award_id"], each["mission_id"])
        wanted[pair] = wanted.get(pair, 0) + each["usd_cents"] + each["icr_cents"]
    standing = Standing(db.session())
    ids = {award_id for award_id, _mission_id in wanted}
    awards = {each.id: each for each in db.session.scalars(sa.select(Award).where(Award.id.in_(ids)))}
    for (award_id, mission_id), cents in wanted.items():
        award = awards[award_id]
        if cents > 0:
            refuse_more_than(standing.left(award, mission_id), cents, award, "reason")
        standing.spend(award, mission_id, cents)


def keep_mapping(*, name: str, heads: str, choice: dict[str, Any]) -> ColumnMapping:
    """Keep a choice of columns under a name, anew when there is one of that name. Raises InvalidInput."""
    name = " ".join(name.split())
    if not name:
        raise InvalidInput(lazy("A name was expected."), "keep_as")
    row = db.session.scalar(sa.select(ColumnMapping).where(sa.func.lower(ColumnMapping.name) == name.lower()))
    row = row or ColumnMapping(name=name)
    row.heads, row.choice = heads, choice
    row.saved_by = actor().name
    db.session.add(row)
    db.session.flush()
    return row


def forget_mapping(mapping: ColumnMapping) -> None:
    """Offer a choice of columns no more; what was loaded with it stays."""
    db.session.delete(mapping)
    db.session.flush()
