"""A line of a mission's budget."""

from __future__ import annotations

from eom.core.i18n import lazy
from eom.finance.forms.expenditure import object_choices
from eom.web.fields import ChoiceField, MoneyField, TextField
from eom.web.forms import BaseForm


class BudgetLineForm(BaseForm):
    """What is planned, on which object, for how much."""

    object_number = ChoiceField(lazy("Object of expenditure"), object_choices, needed=True)
    description = TextField(lazy("Description"), length=300, needed=True)
    usd_cents = MoneyField(lazy("Amount in US dollars"), needed=True)
