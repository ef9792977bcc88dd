"""That a statement was sent to a donor."""

from __future__ import annotations

from datetime import date

from eom.core import clock
from eom.core.errors import Conflict, InvalidInput
from eom.core.i18n import LANGUAGES, lazy
from eom.extensions import db
from eom.finance.models.agreement import AwardReportDue
from eom.finance.models.award import Award
from eom.finance.models.statement import SentStatement
from eom.finance.services import report_dues
from eom.finance.services.acting import actor


def record_sent(
    award: Award, *, up_to: date, sent_on: date, sent_to: str, language: str = "en", is_final: bool = False,
    note: str | None = None, due: AwardReportDue | None = None, is_demonstration: bool = False,
) -> SentStatement:  # fmt: skip
    """Keep that a statement up to a day was sent. A final one ends the reminders of the award.

    ``due`` is the reporting date of the agreement that it meets: it counts as sent from then on. Raises
    InvalidInput for a day that lies ahead, or a statement sent before the day it goes up to, Conflict for a
    reporting date that was met already.
    """
    if sent_on > clock.today():
        raise InvalidInput(lazy("It cannot have been sent on a day that lies ahead."), "sent_on")
    if up_to > sent_on:
        raise InvalidInput(lazy("It cannot go up to a day after it was sent."), "up_to")
    if language not in LANGUAGES:
        raise InvalidInput(lazy("“%(code)s” is no language of the system.", code=language[:10]), "language")
    row = SentStatement(
        award_id=award.id, up_to=up_to, sent_on=sent_on, sent_to=sent_to, language=language, is_final=is_final,
        note=note, sent_by=actor().name, is_demonstration=is_demonstration,
    )  # fmt: skip
    db.session.add(row)
    if due is not None:
        if due.sent_on is not None:
            raise Conflict(lazy("This report was sent already."), "due_id")
        report_dues.edit_due(due, kind=due.kind, due_on=due.due_on, sent_on=sent_on, note=due.note)
    db.session.flush()
    return row
