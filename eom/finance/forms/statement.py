"""The forms of a donor's statement: up to which day, in which language, and that it was sent."""

from __future__ import annotations

from typing import Any

from eom.core import i18n
from eom.core.db import get_in
from eom.core.i18n import LANGUAGES, lazy
from eom.extensions import db
from eom.finance.models.agreement import AwardReportDue
from eom.finance.models.award import Award
from eom.finance.queries import agreements
from eom.web.fields import BooleanField, ChoiceField, DayField, NoteField, TextField
from eom.web.forms import BaseForm


def languages() -> list[tuple[str, str]]:
    """The languages by their names in the reader's."""
    return [(code, i18n.language_name(code)) for code in LANGUAGES]


class StatementForm(BaseForm):
    """Which statement is made."""

    up_to = DayField(lazy("Account up to"), needed=True)
    language = ChoiceField(lazy("Language"), languages, needed=True)


class SentForm(BaseForm):
    """That a statement was sent."""

    up_to = DayField(lazy("Account up to"), needed=True)
    sent_on = DayField(lazy("Sent on"), needed=True)
    sent_to = TextField(lazy("Sent to"), length=300, needed=True)
    language = ChoiceField(lazy("Language"), languages, needed=True)
    due_id = ChoiceField(
        lazy("Reporting date that it meets"),
        description=lazy("Of the agreement. It counts as sent from then on."),
    )
    is_final = BooleanField(lazy("It is the final statement: no more is due for this award"))
    note = NoteField(lazy("Note"), length=500)

    @classmethod
    def of(cls, award: Award, **given: Any) -> SentForm:
        """The form with the reporting dates of an award that were not met, the earliest chosen."""
        dues = agreements.dues_open(db.session(), award)
        form = cls(due_id=str(dues[0].id) if dues else "", **given)
        form.due_id.choices = [
            ("", lazy("None of them")),
            *((str(each.id), f"{each.kind.label}, {i18n.day(each.due_on)}") for each in dues),
        ]
        if not dues:
            del form.due_id
        return form

    def due_asked(self, award: Award) -> AwardReportDue | None:
        """The reporting date that was chosen."""
        chosen = self.due_id.data if "due_id" in self else None
        return get_in(db.session(), AwardReportDue, int(chosen), award_id=award.id) if chosen else None

    def payload(self) -> dict[str, Any]:
        """What was sent, apart from the reporting date."""
        return {name: value for name, value in super().payload().items() if name != "due_id"}
