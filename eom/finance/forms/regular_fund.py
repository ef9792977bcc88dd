"""The form of an appropriation; the fields are named as the arguments of the service."""

from __future__ import annotations

from eom.core.i18n import lazy
from eom.finance.queries.years import FIRST, LAST
from eom.web.fields import CountField, DayField, MoneyField, TextField
from eom.web.forms import BaseForm


class YearField(CountField):
    """A calendar year, written without a sign between its digits."""

    def _value(self) -> str:
        return str(self.raw_data[0]) if self.raw_data else str(self.data or "")


class AppropriationForm(BaseForm):
    """What the programme-budget of a year gives to missions."""

    year = YearField(lazy("Year"), needed=True, minimum=FIRST, maximum=LAST)
    usd_cents = MoneyField(lazy("Amount in US dollars"), needed=True)
    decided_on = DayField(lazy("Decided on"), needed=True)
    decision = TextField(
        lazy("Decision"), length=300, needed=True,
        description=lazy("The resolution of the programme-budget, or the decision that adds to it."),
    )  # fmt: skip
    reference = TextField(
        lazy("Reference"),
        length=60,
        description=lazy("Left open, RF and the year: it is recorded as an award."),
    )
