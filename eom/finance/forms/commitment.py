"""The forms of obligations, advances and per diem rates; the fields are named as the arguments of the services."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from eom.core import clock, i18n
from eom.core.i18n import lazy
from eom.extensions import db
from eom.finance.forms.expenditure import ReasonedForm, award_choices, line_choices, object_choices
from eom.finance.models.commitment import Advance
from eom.finance.queries import per_diem
from eom.finance.services.advances import Journey, Return
from eom.missions.models.mission import Mission
from eom.observers.models import Appointment
from eom.web.fields import (
    ChoiceField,
    CountryField,
    CurrencyField,
    DayField,
    MoneyField,
    NoteField,
    NumberField,
    TextField,
)
from eom.web.forms import BaseForm


class ObligationForm(ReasonedForm):
    """What was ordered or contracted."""

    award_id = ChoiceField(lazy("Award"), needed=True, description=lazy("Awards that pay for this mission."))
    object_number = ChoiceField(lazy("Object of expenditure"), object_choices, needed=True)
    budget_code = ChoiceField(
        lazy("Budget line"), description=lazy("Of the approved budget, and of the same object.")
    )
    reference = TextField(
        lazy("Reference"), length=60, needed=True, description=lazy("Of the order or the contract.")
    )
    payee = TextField(lazy("Payee"), length=200, needed=True)
    description = TextField(lazy("Description"), length=500)
    obligated_on = DayField(lazy("Day of the obligation"), needed=True)
    amount_cents = MoneyField(lazy("Amount"), needed=True)
    currency = CurrencyField(lazy("Currency"), needed=True)
    reason = NoteField(lazy("Why it is recorded above what the award or the budget line holds"), length=500)

    @classmethod
    def within(cls, mission: Mission, may_overdraw: bool) -> ObligationForm:
        """The form with the awards and budget lines of a mission."""
        form = cls(currency="USD", obligated_on=clock.today(mission.time_zone))
        form.award_id.choices, form.budget_code.choices = award_choices(mission), line_choices(mission)
        if not may_overdraw:
            del form.reason
        return form

    def payload(self) -> dict[str, Any]:
        """The values, award and object as numbers."""
        values = super().payload()
        return values | {name: int(values[name]) for name in ("award_id", "object_number")}


class CancelForm(BaseForm):
    """Why what is open is not needed any more."""

    on = DayField(lazy("Day"), needed=True, description=lazy("In an open fiscal year."))
    amount_cents = MoneyField(lazy("Amount"), description=lazy("Leave it empty to cancel all that is open."))
    reason = NoteField(lazy("Reason"), length=500, needed=True)


class AdvanceForm(ReasonedForm):
    """Money for a journey."""

    appointment_id = ChoiceField(lazy("To whom"), needed=True, description=lazy("Members of this mission."))
    award_id = ChoiceField(lazy("Award"), needed=True, description=lazy("Awards that pay for this mission."))
    object_number = ChoiceField(lazy("Object of expenditure"), object_choices, needed=True)
    budget_code = ChoiceField(
        lazy("Budget line"), description=lazy("Of the approved budget, and of the same object.")
    )
    per_diem_rate_id = ChoiceField(
        lazy("Place"), needed=True, description=lazy("The rate of the day of payment holds.")
    )
    days = NumberField(
        lazy("Days"), needed=True, maximum=400, places=1, description=lazy("Whole or half ones.")
    )
    other_cents = MoneyField(lazy("Beside the per diem, in US dollars"), minimum=Decimal(0))
    paid_on = DayField(lazy("Paid on"), needed=True)
    voucher = TextField(lazy("Voucher"), length=60, needed=True)
    purpose = TextField(lazy("For"), length=300)
    reason = NoteField(lazy("Why it is recorded above what the award or the budget line holds"), length=500)

    @classmethod
    def within(cls, mission: Mission, may_overdraw: bool) -> AdvanceForm:
        """The form with the people, awards, budget lines and places there are."""
        form = cls(object_number="4", paid_on=clock.today(mission.time_zone))
        form.award_id.choices, form.budget_code.choices = award_choices(mission), line_choices(mission)
        form.appointment_id.choices = [("", lazy("Choose…")), *people(mission)]
        form.per_diem_rate_id.choices = [("", lazy("Choose…")), *places()]
        if not may_overdraw:
            del form.reason
        return form

    def journey(self) -> Journey:
        """What was asked for."""
        given = self.payload()
        numbers = ("appointment_id", "award_id", "object_number", "per_diem_rate_id")
        return Journey(
            **given
            | {name: int(given[name]) for name in numbers}
            | {"other_cents": given["other_cents"] or 0}
        )


class SettlementForm(ReasonedForm):
    """How a journey went."""

    settled_on = DayField(lazy("Day of the settlement"), needed=True)
    voucher = TextField(lazy("Voucher"), length=60, needed=True)
    days = NumberField(
        lazy("Days"), needed=True, maximum=400, places=1, description=lazy("Whole or half ones.")
    )
    other_cents = MoneyField(lazy("Beside the per diem, in US dollars"), minimum=Decimal(0))
    note = TextField(lazy("Note"), length=500)
    reason = NoteField(lazy("Why it is recorded above what the award or the budget line holds"), length=500)

    @classmethod
    def of(cls, mission: Mission, advance: Advance, may_overdraw: bool) -> SettlementForm:
        """The form with the days as they were planned."""
        form = cls(
            settled_on=clock.today(mission.time_zone), days=advance.days, other_cents=advance.other_cents
        )
        if not may_overdraw:
            del form.reason
        return form

    def asked(self, advance: Advance) -> Return:
        """How it went."""
        given = self.payload()
        return Return(advance_id=advance.id, **given | {"other_cents": given["other_cents"] or 0})


class PerDiemForm(BaseForm):
    """What a day in a place is worth from a day on."""

    country = CountryField(lazy("Country"), needed=True)
    place = TextField(lazy("Place"), length=100, needed=True, description=lazy("A city, or: elsewhere."))
    starts_on = DayField(lazy("From"), needed=True)
    usd_cents = MoneyField(lazy("US dollars a day"), needed=True)
    source = TextField(lazy("Source"), needed=True, description=lazy("Where the rate stands, and its date."))


def people(mission: Mission) -> list[tuple[str, str]]:
    """The members of a mission, by name."""
    query = sa.select(Appointment).where(Appointment.mission_id == mission.id)
    found = [(str(each.id), f"{each.person.name} · {each.role.label}") for each in db.session.scalars(query)]
    return sorted(found, key=lambda pair: i18n.sort_key(pair[1]))


def places() -> list[tuple[str, str]]:
    """The places that have a per diem rate, by country and name."""
    found = [
        (str(each.id), f"{i18n.country_name(each.country)}, {each.place} · {i18n.money(each.usd_cents)}")
        for each in per_diem.latest(db.session())
    ]
    return sorted(found, key=lambda pair: i18n.sort_key(pair[1]))
