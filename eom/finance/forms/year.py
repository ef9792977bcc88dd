"""The forms that close a fiscal year and open one again."""

from __future__ import annotations

from eom.core.i18n import lazy
from eom.web.fields import BooleanField, NoteField, required
from eom.web.forms import BaseForm


class CloseYearForm(BaseForm):
    """Closing is for good, so it is said twice."""

    is_sure = BooleanField(
        lazy("Every line of the year is booked and checked against the ledger"),
        validators=required(lazy("Say that the year is complete.")),
    )


class ReopenYearForm(BaseForm):
    """Why a closed year must take lines again."""

    reason = NoteField(
        lazy("Why it must be opened again"),
        length=500,
        needed=True,
        description=lazy("The year’s page and the notes of its annual report show it for good."),
    )


class AgreeForm(BaseForm):
    """A second person agrees."""

    is_sure = BooleanField(
        lazy("I have read the reason and agree"), validators=required(lazy("Say that you agree."))
    )
