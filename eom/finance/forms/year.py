"""The form that closes a fiscal year."""

from __future__ import annotations

from eom.core.i18n import lazy
from eom.web.fields import BooleanField, required
from eom.web.forms import BaseForm


class CloseYearForm(BaseForm):
    """Closing is for good, so it is said twice."""

    is_sure = BooleanField(
        lazy("Every line of the year is booked and checked against the ledger"),
        validators=required(lazy("Say that the year is complete.")),
    )
