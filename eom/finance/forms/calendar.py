"""The form of an expected election, and what the cost model is asked."""

from __future__ import annotations

from typing import Any

from eom.core.i18n import lazy
from eom.web.fields import CountryField, DayField, NoteField, NumberField, TextField
from eom.web.forms import BaseForm

COUNTS = ("observer_count", "day_count", "likelihood_percent")


class ElectionForm(BaseForm):
    """An election that may be observed."""

    country = CountryField(lazy("Country"), needed=True)
    name = TextField(lazy("Election"), length=200, needed=True)
    polling_on = DayField(
        lazy("Polling day"), needed=True, description=lazy("If only the month is known, its last day.")
    )
    observer_count = NumberField(lazy("Observers"), needed=True, minimum=1, maximum=2000, places=0)
    day_count = NumberField(lazy("Days"), needed=True, minimum=1, maximum=1000, places=0)
    likelihood_percent = NumberField(
        lazy("How likely a mission is, in percent"), needed=True, minimum=1, maximum=100, places=0
    )
    source = TextField(lazy("Source"), length=300, needed=True, description=lazy("Where the date stands."))
    note = NoteField(lazy("Note"), length=500)

    def payload(self) -> dict[str, Any]:
        """The values, counts as whole numbers."""
        values = super().payload()
        return values | {name: int(values[name]) for name in COUNTS}
