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


class ContactForm(BaseForm):
    """Whom to write to at a donor."""

    name = TextField(lazy("Name"), length=300, needed=True)
    role = TextField(lazy("Role"), description=lazy("What this person answers for."))
    email = TextField(lazy("E-mail"), length=254)
    phone = TextField(lazy("Telephone"), length=40)
