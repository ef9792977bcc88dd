"""The form of a month's rate of exchange; the fields are named as the arguments of the service."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from wtforms import StringField
from wtforms.widgets import MonthInput

from eom.core.i18n import _, lazy
from eom.web.fields import CurrencyField, NumberField, TextField, required
from eom.web.forms import BaseForm


class MonthField(StringField):  # type: ignore[misc]
    """A month, sent as YYYY-MM; ``data`` is its first day."""

    widget = MonthInput()

    def __init__(self, label: Any, **kwargs: Any) -> None:
        super().__init__(label, validators=required(), **kwargs)

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return f"{self.data:%Y-%m}" if self.data else ""

    def process_formdata(self, valuelist: list[str]) -> None:
        text = " ".join(valuelist).strip()
        self.data: date | None = None
        if text:
            try:
                self.data = datetime.strptime(text, "%Y-%m").date()
            except ValueError:
                raise ValueError(
                    _("“%(text)s” is no month: year-month was expected, as in 2019-10.", text=text[:20])
                ) from None


class RateForm(BaseForm):
    """Units of a currency for one US dollar in a month."""

    currency = CurrencyField(lazy("Currency"), needed=True)
    month = MonthField(lazy("Month"), description=lazy("Year and month, as in 2019-10."))
    units_per_usd = NumberField(
        lazy("Units for one US dollar"),
        needed=True,
        minimum=None,
        places=8,
        description=lazy("As in the United Nations operational rates of exchange."),
    )
    source = TextField(lazy("Source"), needed=True, description=lazy("Where the rate stands, and its date."))
