"""The form of an appeal's words; the fields are named as the arguments of the service."""

from __future__ import annotations

from eom.core.i18n import LANGUAGES, lazy
from eom.web.fields import NoteField, TextField
from eom.web.forms import BaseForm


class AppealForm(BaseForm):
    """Whom donors write to, and the words of the appeal in each language."""

    contact_name = TextField(
        lazy("Whom to write to"),
        needed=True,
        description=lazy("A person or an office. It is printed on the appeal."),
    )
    contact_email = TextField(lazy("E-mail"), length=254, needed=True)
    contact_phone = TextField(lazy("Telephone"), length=40)
    text_en = NoteField(lazy("Why this mission matters"))
    text_es = NoteField(lazy("Why this mission matters"))
    text_fr = NoteField(lazy("Why this mission matters"))
    text_pt = NoteField(lazy("Why this mission matters"))
    how_en = NoteField(lazy("How to contribute"))
    how_es = NoteField(lazy("How to contribute"))
    how_fr = NoteField(lazy("How to contribute"))
    how_pt = NoteField(lazy("How to contribute"))


# (code, name of the language, its two fields), in the order of the form.
BY_LANGUAGE = [(code, name, f"text_{code}", f"how_{code}") for code, name in LANGUAGES.items()]
