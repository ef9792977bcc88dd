"""Forms of an award, its movements and allocations; fields are named as the services' arguments."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from eom.core import i18n
from eom.core.i18n import _, lazy
from eom.finance.forms.regular_fund import YearField
from eom.finance.models.award import Award, Fund, MovementKind
from eom.finance.models.pledge import DonorPledge
from eom.finance.queries.agreements import Instalment
from eom.web.fields import (
    ChoiceField,
    CurrencyField,
    DayField,
    EnumField,
    MoneyField,
    NoteField,
    NumberField,
    TextField,
    currency_choices,
)
from eom.web.forms import BaseForm

Choices = list[tuple[str, str]]


class AwardForm(BaseForm):
    """An agreement with a donor."""

    reference = TextField(
        lazy("Reference"),
        length=60,
        needed=True,
        description=lazy("As the agreement or the ledger names it."),
    )
    donor_id = ChoiceField(lazy("Donor"), needed=True)
    title = TextField(lazy("Title"), length=300, needed=True)
    mission_id = ChoiceField(
        lazy("For one mission"),
        description=lazy("Leave it open for a general award, which is allocated to missions."),
    )
    fund = EnumField(lazy("Fund"), Fund, description=lazy("Left open, it follows from the donor."))
    appropriation_year = YearField(
        lazy("Year of the appropriation"),
        maximum=9999,
        description=lazy("Of the Regular Fund alone: the year of its programme-budget."),
    )
    pledge_id = ChoiceField(
        lazy("Pledge that it fulfils"),
        description=lazy("One pledge may become several awards; an award may exist without one."),
    )
    pledge_part_cents = MoneyField(
        lazy("Part of the pledge"),
        description=lazy("In the currency of the pledge. Left open, all that is left of it."),
    )
    currency = CurrencyField(lazy("Currency"), needed=True)
    agreed_cents = MoneyField(lazy("Amount agreed"))
    agreed_on = DayField(lazy("Agreed on"), description=lazy("Its month gives the rate of exchange."))
    starts_on = DayField(lazy("Starts on"))
    ends_on = DayField(lazy("Ends on"))
    icr_percent = NumberField(
        lazy("Indirect cost recovery (ICR), in percent"),
        needed=True,
        maximum=100,
        places=4,
        description=lazy("Charged on each expenditure. A change holds for those booked from then on."),
    )
    icr_basis = TextField(
        lazy("Basis of the ICR"),
        length=300,
        description=lazy("With no ICR, the reason: the report states it."),
    )
    purpose = NoteField(lazy("Purpose"), description=lazy("What the agreement says the money is for."))
    restrictions = NoteField(lazy("What it may be spent on"))

    @classmethod
    def among(
        cls, donors: Choices, missions: Choices, pledges: Sequence[DonorPledge], award: Award | None = None,
        **given: Any,
    ) -> AwardForm:  # fmt: skip
        """The form with the donors, missions and pledges there are, filled with an award or what is ``given``."""
        if award is not None and award.pledge_part is not None:
            part = award.pledge_part
            given = {"pledge_id": str(part.pledge_id), "pledge_part_cents": part.amount_cents} | given
        form = cls(obj=award, **given)
        form.pledge_id.choices = [("", lazy("No pledge")), *((str(each.id), said(each)) for each in pledges)]
        form.donor_id.choices = [("", lazy("Choose…")), *donors]
        form.mission_id.choices = [("", lazy("General: for several missions")), *missions]
        if award is not None and award.currency not in dict(currency_choices()):
            form.currency.choices = [*form.currency.choices, (award.currency, award.currency)]
        return form

    def validate(self, extra_validators: Any = None) -> bool:
        """Check the fields; no ICR needs its reason."""
        is_valid = bool(super().validate(extra_validators))
        if self.icr_percent.data == 0 and not self.icr_basis.data:
            self.refuse(_("Say why this award pays no indirect cost recovery."), "icr_basis")
            return False
        return is_valid

    def payload(self) -> dict[str, Any]:
        """The values without the donor's id, which the view turns into the donor."""
        values = super().payload()
        for name in ("donor_id", "pledge_id"):
            values.pop(name)
        return values | {"mission_id": int(values["mission_id"]) if values["mission_id"] else None}


def said(pledge: DonorPledge) -> str:
    """A pledge in a list of choices: who, how much of it is left, and when it was made."""
    if pledge.left_cents is None:
        amount = str(_("amount not said"))
    else:
        amount = i18n.money(pledge.left_cents or pledge.amount_cents, pledge.currency)
    return " · ".join(part for part in (pledge.donor.name, amount, i18n.day(pledge.pledged_on)) if part)


class MovementForm(BaseForm):
    """Money that came in or went out."""

    kind = EnumField(lazy("What happened"), MovementKind, needed=True)
    moved_on = DayField(lazy("Day"), needed=True)
    reference = TextField(
        lazy("Reference"), length=90, needed=True, description=lazy("Of the bank's note or the voucher.")
    )
    amount_cents = MoneyField(
        lazy("Amount"), needed=True, description=lazy("Above zero; what happened says which way it went.")
    )
    currency = ChoiceField(lazy("Currency"), needed=True)
    rate = NumberField(
        lazy("Rate of exchange"),
        places=8,
        minimum=None,
        description=lazy("Units for one US dollar, if the bank's own was used; else the month's rate is."),
    )
    mission_id = ChoiceField(
        lazy("Mission"),
        description=lazy(
            "Whose part of the award it is, for a refund, a transfer or an exchange difference."
        ),
    )
    note = TextField(lazy("Note"), length=500)
    instalment_id = ChoiceField(
        lazy("Instalment"), description=lazy("Which instalment of the agreement a receipt pays.")
    )

    @classmethod
    def of(
        cls, award: Award, missions: Sequence[tuple[str, str]] = (), instalments: Sequence[Instalment] = (),
        **given: Any,
    ) -> MovementForm:  # fmt: skip
        """The form for an award: its currency, or US dollars for a difference; its missions and instalments."""
        form = cls(currency=award.currency, **given)
        codes = dict.fromkeys([award.currency, "USD"])
        form.currency.choices = [pair for code in codes for pair in currency_choices() if pair[0] == code]
        if award.currency not in dict(form.currency.choices):
            form.currency.choices = [(award.currency, award.currency), *form.currency.choices]
        if award.currency == "USD":
            del form.rate
        form.mission_id.choices = [("", lazy("The award as a whole")), *missions]
        if not missions:
            del form.mission_id
        form.instalment_id.choices = [
            ("", lazy("None, or settle it later")),
            *(
                (
                    str(each.row.id),
                    f"{i18n.day(each.row.due_on)} · {i18n.money(each.due_cents, award.currency)}",
                )
                for each in instalments
            ),
        ]
        if not instalments:
            del form.instalment_id
        return form

    def validate(self, extra_validators: Any = None) -> bool:
        """Check the fields; only a receipt pays an instalment."""
        is_valid = bool(super().validate(extra_validators))
        chosen = getattr(self, "instalment_id", None)
        if chosen and chosen.data and self.kind.data is not MovementKind.RECEIPT:
            self.refuse(_("Only a receipt pays an instalment."), "instalment_id")
            return False
        return is_valid

    def payload(self) -> dict[str, Any]:
        """The values without the instalment's id, the mission's id as a number."""
        values = super().payload()
        values.pop("instalment_id", None)
        return values | {"mission_id": int(values["mission_id"]) if values.get("mission_id") else None}


class ReverseMovementForm(BaseForm):
    """When and why a movement is taken back."""

    on = DayField(lazy("Day of the reversal"), needed=True, description=lazy("In an open fiscal year."))
    reason = TextField(lazy("Reason"), length=500, needed=True)


class AllocationForm(BaseForm):
    """A part of a general award for a mission."""

    mission_id = ChoiceField(lazy("Mission"), needed=True)
    usd_cents = MoneyField(
        lazy("Amount in US dollars"),
        needed=True,
        minimum=None,
        description=lazy("Below zero to take back what the mission has not spent."),
    )
    allocated_on = DayField(lazy("Day"), needed=True)
    decision = TextField(
        lazy("Decision"),
        length=300,
        needed=True,
        description=lazy("Who decided, and the paper that says so."),
    )

    @classmethod
    def among(cls, missions: Choices, **given: Any) -> AllocationForm:
        """The form with the missions there are."""
        form = cls(**given)
        form.mission_id.choices = [("", lazy("Choose…")), *missions]
        return form

    def payload(self) -> dict[str, Any]:
        """The values, the mission's id as a number."""
        values = super().payload()
        return values | {"mission_id": int(values["mission_id"])}
