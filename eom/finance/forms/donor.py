"""The form of a donor; the fields are named as the arguments of the service."""

from __future__ import annotations

from eom.core.i18n import lazy
from eom.finance.models.award import DonorKind
from eom.web.fields import CountryField, EnumField, TextField
from eom.web.forms import BaseForm


class DonorForm(BaseForm):
    """Who gives."""

    name = TextField(lazy("Name"), needed=True)
    kind = EnumField(
        lazy("Kind"),
        DonorKind,
        needed=True,
        description=lazy("The annual report adds sources up by kind, in this order."),
    )
    country = CountryField(lazy("Country"), description=lazy("A state needs it."))
    contact = TextField(
        lazy("Contact"), length=300, description=lazy("Who answers for its agreements, with an address.")
    )
