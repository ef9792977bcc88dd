"""Reports that agreements ask for: due on a day, sent on another."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa

from eom.core import clock
from eom.core.errors import Conflict, InvalidInput
from eom.core.i18n import lazy
from eom.extensions import db
from eom.finance.models.agreement import AwardReportDue, ReportKind
from eom.finance.models.award import Award


def ask_for_report(
    award: Award, *, kind: ReportKind, due_on: date, sent_on: date | None = None, note: str | None = None,
    is_demonstration: bool = False,
) -> AwardReportDue:  # fmt: skip
    """Record that a donor is to be sent a report. Raises as ``edit_due`` does."""
    _check(award, None, kind, due_on, sent_on)
    row = AwardReportDue(
        award=award, kind=kind, due_on=due_on, sent_on=sent_on, note=note, is_demonstration=is_demonstration
    )
    db.session.add(row)
    db.session.flush()
    return row


def edit_due(
    row: AwardReportDue, *, kind: ReportKind, due_on: date, sent_on: date | None, note: str | None
) -> AwardReportDue:
    """Change it, or say when it was sent.

    Raises InvalidInput for a day that cannot be, Conflict when the same is asked for twice.
    """
    _check(row.award, row.id, kind, due_on, sent_on)
    row.kind, row.due_on, row.sent_on, row.note = kind, due_on, sent_on, note
    db.session.flush()
    return row


def remove_due(row: AwardReportDue) -> None:
    """Take a reporting date away that was recorded by mistake."""
    db.session.delete(row)
    db.session.flush()


def _check(award: Award, own_id: int | None, kind: ReportKind, due_on: date, sent_on: date | None) -> None:
    begins = award.agreed_on or award.starts_on
    if begins and due_on < begins:
        raise InvalidInput(lazy("It cannot be due before the agreement."), "due_on")
    if sent_on and sent_on > clock.today():
        raise InvalidInput(lazy("This day lies ahead."), "sent_on")
    if sent_on and begins and sent_on < begins:
        raise InvalidInput(lazy("It cannot be sent before the agreement."), "sent_on")
    of = AwardReportDue
    same = sa.select(of.id).where(
        of.award_id == award.id, of.kind == kind, of.due_on == due_on, of.id != (own_id or 0)
    )
    if db.session.scalar(same) is not None:
        raise Conflict(lazy("This report is asked for on that day already."), "due_on")
