"""The form of help in kind; the fields are named as the arguments of the service."""

from __future__ import annotations

from typing import Any

from eom.core.i18n import lazy
from eom.finance.models.award import InKindContribution, InKindKind
from eom.web.fields import ChoiceField, DayField, EnumField, MoneyField, NumberField, TextField
from eom.web.forms import BaseForm

Choices = list[tuple[str, str]]


class InKindForm(BaseForm):
    """Help in kind and its value."""

    donor_id = ChoiceField(lazy("Donor"), needed=True)
    mission_id = ChoiceField(lazy("Mission"), needed=True)
    kind = EnumField(lazy("Kind"), InKindKind, needed=True)
    description = TextField(lazy("What was given"), length=300, needed=True)
    given_on = DayField(lazy("Given on"), needed=True)
    quantity = NumberField(
        lazy("Quantity"),
        needed=True,
        minimum=None,
        maximum=10**9,
        places=2,
        description=lazy("Of persons, vehicles, days…"),
    )
    valued_cents = MoneyField(
        lazy("Value of the whole in US dollars"), needed=True, description=lazy("Reported apart from cash.")
    )
    basis = TextField(
        lazy("Basis of the value"),
        length=300,
        needed=True,
        description=lazy("How it was arrived at: the donor's statement, market prices, the salary scale…"),
    )

    @classmethod
    def among(
        cls, donors: Choices, missions: Choices, row: InKindContribution | None = None, **given: Any
    ) -> InKindForm:
        """The form with the donors and missions there are, filled with a contribution or what is ``given``."""
        form = cls(obj=row, **given)
        form.donor_id.choices = [("", lazy("Choose…")), *donors]
        form.mission_id.choices = [("", lazy("Choose…")), *missions]
        return form

    def payload(self) -> dict[str, Any]:
        """The values without the donor's id, which the view turns into the donor."""
        values = super().payload()
        values.pop("donor_id")
        return values | {"mission_id": int(values["mission_id"])}
