"""The forms of the ledger: an expenditure, and its reversal."""

from __future__ import annotations

from wtforms import BooleanField

from eom.core import clock
from eom.core.i18n import lazy
from eom.extensions import db
from eom.finance.models.budget import OBJECTS
from eom.finance.queries import balances
from eom.missions.models.mission import Mission
from eom.web.fields import ChoiceField, DayField, MoneyField, NoteField, TextField
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
    currency = TextField(
        lazy("Currency"), length=3, needed=True,
        description=lazy("Three letters, as USD or BOB. US dollars follow at the month’s rate."),
    )  # fmt: skip
    allow_overdraft = BooleanField(
        lazy("Record it even if the award does not hold the amount"),
        description=lazy("The report then shows it as above the award’s balance."),
    )

    @classmethod
    def within(cls, mission: Mission) -> ExpenditureForm:
        """The form with the awards that serve a mission."""
        form = cls(currency="USD")
        awards = db.session.scalars(balances.awards_serving(mission.id))
        form.award.choices = [
            ("", lazy("Choose…")),
            *((str(each.id), f"{each.reference} · {each.title}") for each in awards),
        ]
        return form


class ReversalForm(BaseForm):
    """Why and when a line is taken back."""

    on = DayField(lazy("Date of the reversal"), needed=True)
    reason = NoteField(lazy("Reason"), length=500, needed=True)

    @classmethod
    def today(cls, mission: Mission) -> ReversalForm:
        """The form for today, in the mission's zone."""
        return cls(on=clock.today(mission.time_zone))
