"""The forms of the ledger: an expenditure, a payment of an obligation, a reversal, a re-charge, a scan."""

from __future__ import annotations

from typing import Any

from eom.core import clock
from eom.core.i18n import lazy
from eom.extensions import db
from eom.finance.models.budget import OBJECTS
from eom.finance.models.commitment import Obligation
from eom.finance.models.ledger import Expenditure
from eom.finance.queries import balances, budgets
from eom.finance.services.booking import Entry
from eom.missions.models.mission import Mission
from eom.web.fields import (
    BooleanField,
    ChoiceField,
    CurrencyField,
    DayField,
    MoneyField,
    NoteField,
    TextField,
    UploadField,
)
from eom.web.forms import BaseForm

SCANS = ".pdf,.png,.jpg,.jpeg,.docx,.xlsx,.odt,.ods"


def object_choices() -> list[tuple[str, str]]:
    """The nine objects of expenditure, by number."""
    return [(str(number), f"{number} {label}") for number, label in OBJECTS.items()]


def award_choices(mission: Mission) -> list[tuple[str, Any]]:
    """The awards that serve a mission, by reference, after an empty choice."""
    awards = db.session.scalars(balances.awards_serving(mission.id))
    return [("", lazy("Choose…")), *((str(each.id), f"{each.reference} · {each.title}") for each in awards)]


def line_choices(mission: Mission) -> list[tuple[str, Any]]:
    """The lines of a mission's approved budget by code, after an empty choice."""
    version = budgets.approved(db.session(), mission.id)
    lines = version.lines if version else []
    return [
        ("", lazy("No line of the budget")),
        *((each.code, f"{each.code} {each.description}") for each in lines),
    ]


class ReasonedForm(BaseForm):
    """A form that asks for a reason once award or budget line do not hold the amount."""

    # Whether they do not: then the page asks for the reason.
    asks_reason = False

    def refuse(self, message: str, field: str | None = None) -> None:
        """Put a refusal on its field; one of the amount asks for a reason."""
        super().refuse(message, field)
        self.asks_reason = self.asks_reason or field in ("amount_cents", "days", "award_id")


class ExpenditureForm(ReasonedForm):
    """A line of the ledger."""

    award = ChoiceField(lazy("Award"), needed=True, description=lazy("Awards that pay for this mission."))
    object_number = ChoiceField(lazy("Object of expenditure"), object_choices, needed=True)
    budget_code = ChoiceField(
        lazy("Budget line"), description=lazy("Of the approved budget, and of the same object.")
    )
    incurred_on = DayField(lazy("Date of the expenditure"), needed=True)
    voucher = TextField(lazy("Voucher"), length=60, needed=True)
    payee = TextField(lazy("Payee"), length=200, needed=True)
    description = TextField(lazy("Description"), length=500)
    amount_cents = MoneyField(lazy("Amount"), needed=True)
    currency = CurrencyField(lazy("Currency"), needed=True)
    bank_usd_cents = MoneyField(
        lazy("US dollars that the bank took"),
        description=lazy("If known: what differs from the month’s rate is booked as exchange gain or loss."),
    )
    file = UploadField(
        lazy("Scan of the voucher"), accept=SCANS, description=lazy("PDF, picture or office document.")
    )
    overdraft_reason = NoteField(
        lazy("Why it is recorded above what the award or the budget line holds"),
        length=500,
        description=lazy("Leave it empty to correct the amount. The annual report shows such a line."),
    )

    @classmethod
    def within(cls, mission: Mission, may_overdraw: bool, given: Any = None) -> ExpenditureForm:
        """The form with the awards that serve a mission, filled with what was sent or ``given``."""
        form = cls(given, currency="USD") if given is not None else cls(currency="USD")
        form.award.choices, form.budget_code.choices = award_choices(mission), line_choices(mission)
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

    def entry(self) -> Entry:
        """What was entered."""
        given = self.payload()
        del given["file"]
        return Entry(
            award_id=int(given.pop("award")), object_number=int(given.pop("object_number")),
            reason=given.pop("overdraft_reason", None), **given,
        )  # fmt: skip


class PaymentForm(ReasonedForm):
    """A payment of an obligation: award, object and budget line are the obligation's."""

    incurred_on = DayField(lazy("Date of the payment"), needed=True)
    voucher = TextField(lazy("Voucher"), length=60, needed=True)
    payee = TextField(lazy("Payee"), length=200, needed=True)
    description = TextField(lazy("Description"), length=500)
    amount_cents = MoneyField(lazy("Amount"), needed=True)
    bank_usd_cents = MoneyField(
        lazy("US dollars that the bank took"),
        description=lazy("If known: what differs from the month’s rate is booked as exchange gain or loss."),
    )
    is_final = BooleanField(lazy("It is the last payment: cancel what it leaves open"))
    file = UploadField(
        lazy("Scan of the voucher"), accept=SCANS, description=lazy("PDF, picture or office document.")
    )
    overdraft_reason = NoteField(
        lazy("Why it is recorded above what the award or the budget line holds"),
        length=500,
        description=lazy("Leave it empty to correct the amount. The annual report shows such a line."),
    )

    @classmethod
    def of(cls, obligation: Obligation, may_overdraw: bool, **given: Any) -> PaymentForm:
        """The form for an obligation, without the bank's dollars where it is in dollars."""
        form = cls(payee=obligation.payee, description=obligation.description, **given)
        if obligation.currency == "USD":
            del form.bank_usd_cents
        if not may_overdraw:
            del form.overdraft_reason
        return form

    def entry(self, obligation: Obligation) -> Entry:
        """What was entered."""
        given = self.payload()
        del given["file"]
        return Entry(
            obligation_id=obligation.id,
            currency=obligation.currency,
            reason=given.pop("overdraft_reason", None),
            **given,
        )


class RechargeForm(ReasonedForm):
    """Another award pays."""

    award_id = ChoiceField(lazy("Award that pays instead"), needed=True)
    on = DayField(lazy("Day"), needed=True, description=lazy("In an open fiscal year."))
    reason = NoteField(lazy("Reason"), length=500, needed=True)
    overdraft_reason = NoteField(lazy("Why it is recorded above what the award holds"), length=500)

    @classmethod
    def of(cls, mission: Mission, line: Expenditure, may_overdraw: bool) -> RechargeForm:
        """The form with the other awards that serve the mission."""
        form = cls(on=clock.today(mission.time_zone))
        form.award_id.choices = [pair for pair in award_choices(mission) if pair[0] != str(line.award_id)]
        if not may_overdraw:
            del form.overdraft_reason
        return form


class ReversalForm(BaseForm):
    """Why and when a line is taken back."""

    on = DayField(lazy("Date of the reversal"), needed=True)
    reason = NoteField(lazy("Reason"), length=500, needed=True)

    @classmethod
    def today(cls, mission: Mission) -> ReversalForm:
        """The form for today, in the mission's zone."""
        return cls(on=clock.today(mission.time_zone))


class ScanForm(BaseForm):
    """A scan of a voucher, an invoice or a contract."""

    file = UploadField(
        lazy("File"), needed=True, accept=SCANS, description=lazy("PDF, picture or office document.")
    )
