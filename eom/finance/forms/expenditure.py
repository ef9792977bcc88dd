"""The forms of the ledger: an expenditure, and its reversal."""

from __future__ import annotations

from typing import Any

from eom.core import clock
from eom.core.i18n import lazy
from eom.extensions import db
from eom.finance.models.budget import OBJECTS
from eom.finance.queries import balances
from eom.missions.models.mission import Mission
from eom.web.fields import ChoiceField, CurrencyField, DayField, MoneyField, NoteField, TextField
from eom.web.forms import BaseForm


def object_choices() -> list[tuple[str, str]]:
    """The nine objects of expenditure, by number."""
    return [(str(number), f"{number} {label}") for number, label in OBJECTS.items()]


class ExpenditureForm(BaseForm):
    """A line of the ledger."""

    award = ChoiceField(lazy("Award"), needed=True, description=lazy("Awards that pay for this mission."))
    object_number = ChoiceField(lazy("Object of expenditure"), object_choices, needed=True)
    incurred_on = DayField(lazy("Date of the expenditure"), needed=True)
    voucher = TextField(lazy("Voucher"), length=60, needed=True)
    payee = TextField(lazy("Payee"), length=200, needed=True)
    description = TextField(lazy("Description"), length=500)
    amount_cents = MoneyField(lazy("Amount"), needed=True)
    currency = CurrencyField(lazy("Currency"), needed=True)
    overdraft_reason = NoteField(
        lazy("Why it is recorded above what the award holds"),
        length=500,
        description=lazy("Leave it empty to correct the amount. The annual report shows such a line."),
    )
    # Whether the award does not hold the amount: then the page asks for the reason.
    asks_reason = False

    @classmethod
    def within(cls, mission: Mission, may_overdraw: bool, given: Any = None) -> ExpenditureForm:
        """The form with the awards that serve a mission, filled with what was sent or ``given``."""
        form = cls(given, currency="USD") if given is not None else cls(currency="USD")
        awards = db.session.scalars(balances.awards_serving(mission.id))
        form.award.choices = [
            ("", lazy("Choose…")),
            *((str(each.id), f"{each.reference} · {each.title}") for each in awards),
        ]
        if not may_overdraw:
            del form.overdraft_reason
        return form

    def asked_price(self) -> dict[str, Any]:
        """What ``ledger.price`` needs to know, the award by its id: nothing while a part is missing or wrong."""
        asked = (self.award, self.incurred_on, self.amount_cents, self.currency)
        for each in asked:
            each.validate(self)
        if any(each.errors or not each.data for each in asked):
            return {}
        return {each.name: each.data for each in asked} | {"award": int(self.award.data)}

    def refuse(self, message: str, field: str | None = None) -> None:
        """Put a refusal on its field; one of the amount asks for a reason."""
        super().refuse(message, field)
        self.asks_reason = self.asks_reason or field == "amount_cents"


class ReversalForm(BaseForm):
    """Why and when a line is taken back."""

    on = DayField(lazy("Date of the reversal"), needed=True)
    reason = NoteField(lazy("Reason"), length=500, needed=True)

    @classmethod
    def today(cls, mission: Mission) -> ReversalForm:
        """The form for today, in the mission's zone."""
        return cls(on=clock.today(mission.time_zone))
