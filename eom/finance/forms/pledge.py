"""Forms of pledges; fields are named as the services' arguments."""

from __future__ import annotations

from typing import Any

from eom.core.i18n import lazy
from eom.finance.models.pledge import DonorPledge, PledgeManner, PledgeState
from eom.web.fields import (
    ChoiceField,
    CurrencyField,
    DayField,
    EnumField,
    MoneyField,
    NoteField,
    TextField,
    currency_choices,
)
from eom.web.forms import BaseForm

Choices = list[tuple[str, str]]


class PledgeForm(BaseForm):
    """What a donor promised."""

    donor_id = ChoiceField(lazy("Donor"), needed=True)
    mission_id = ChoiceField(
        lazy("For one mission"), description=lazy("Leave it open for a promise to missions in general.")
    )
    amount_cents = MoneyField(
        lazy("Amount pledged"), description=lazy("Leave it open while no amount was said.")
    )
    currency = CurrencyField(lazy("Currency"), needed=True)
    pledged_on = DayField(
        lazy("Pledged on"), needed=True, description=lazy("Its month gives the rate of exchange.")
    )
    manner = EnumField(lazy("How it was made"), PledgeManner, needed=True)
    paper = TextField(
        lazy("Reference"),
        length=200,
        description=lazy("Of the letter, the note or the record of the meeting."),
    )
    note = NoteField(lazy("Note"))

    @classmethod
    def among(
        cls, donors: Choices, missions: Choices, pledge: DonorPledge | None = None, **given: Any
    ) -> PledgeForm:
        """The form with the donors and missions there are, filled with a pledge or what is ``given``."""
        form = cls(obj=pledge, **given)
        form.donor_id.choices = [("", lazy("Choose…")), *donors]
        form.mission_id.choices = [("", lazy("In general: for several missions")), *missions]
        if pledge is not None and pledge.currency not in dict(currency_choices()):
            form.currency.choices = [*form.currency.choices, (pledge.currency, pledge.currency)]
        return form

    def payload(self) -> dict[str, Any]:
        """The values without the donor's id, which the view turns into the donor."""
        values = super().payload()
        values.pop("donor_id")
        return values | {"mission_id": int(values["mission_id"]) if values["mission_id"] else None}


class EndPledgeForm(BaseForm):
    """Why nothing more comes of a pledge."""

    state = ChoiceField(
        lazy("What happened"),
        [(each.value, each.label) for each in (PledgeState.WITHDRAWN, PledgeState.LAPSED)],
        needed=True,
    )
    on = DayField(lazy("Day"), needed=True)
    reason = TextField(lazy("Reason"), length=500, needed=True)

    def payload(self) -> dict[str, Any]:
        """The values, the state as a member of its enumeration."""
        values = super().payload()
        return values | {"state": PledgeState(values["state"])}


class ReopenPledgeForm(BaseForm):
    """Why a pledge is expected again."""

    reason = TextField(lazy("Reason"), length=500, needed=True)
