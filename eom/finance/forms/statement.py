"""The forms of a donor's statement: up to which day, in which language, and that it was sent."""

from __future__ import annotations

from eom.core import i18n
from eom.core.i18n import LANGUAGES, lazy
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
    is_final = BooleanField(lazy("It is the final statement: no more is due for this award"))
    note = NoteField(lazy("Note"), length=500)
