"""Forms of what an agreement holds; fields are named as the services' arguments."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from eom.core import i18n
from eom.core.i18n import lazy
from eom.finance.models.agreement import PaperKind, ReportKind
from eom.finance.models.award import AwardMovement
from eom.web.fields import (
    ChoiceField,
    DayField,
    EnumField,
    MoneyField,
    NumberField,
    TextField,
    UploadField,
)
from eom.web.forms import BaseForm

DOCUMENTS = ".pdf,.png,.jpg,.jpeg,.docx,.xlsx,.odt,.ods"


class InstalmentForm(BaseForm):
    """A payment that the agreement foresees."""

    due_on = DayField(lazy("Due on"), needed=True)
    amount_cents = MoneyField(lazy("Amount"), needed=True, description=lazy("In the currency of the award."))
    condition = TextField(
        lazy("Condition"), length=500, description=lazy("What must be done before it is paid: a report, say.")
    )


class MatchForm(BaseForm):
    """A receipt that pays an instalment."""

    movement_id = ChoiceField(lazy("Receipt"), needed=True)
    amount_cents = MoneyField(
        lazy("Amount"), description=lazy("In the currency of the award. Left open, all that fits.")
    )

    @classmethod
    def among(cls, receipts: Sequence[AwardMovement], matched: Mapping[int, int]) -> MatchForm:
        """The form with the receipts that have something left to set against an instalment."""
        form = cls()
        form.movement_id.choices = [
            ("", lazy("Choose…")),
            *(
                (
                    str(each.id),
                    f"{i18n.day(each.moved_on)} · {each.reference} · {i18n.money(each.amount_cents, each.currency)}",
                )
                for each in receipts
                if matched.get(each.id, 0) < each.amount_cents or each.currency != receipts[0].award.currency
            ),
        ]
        return form


class AmendmentForm(BaseForm):
    """A change of the agreement that both sides signed."""

    reference = TextField(lazy("Reference"), length=60, needed=True)
    signed_on = DayField(
        lazy("Signed on"), needed=True, description=lazy("Its month gives the rate of exchange.")
    )
    agreed_cents = MoneyField(
        lazy("New amount of the agreement"),
        needed=True,
        description=lazy("The whole, in the currency of the award."),
    )
    ends_on = DayField(lazy("New end"))
    icr_percent = NumberField(
        lazy("Indirect cost recovery (ICR), in percent"), needed=True, maximum=100, places=4,
        description=lazy("A change holds for the expenditures booked from then on."),
    )  # fmt: skip
    summary = TextField(lazy("What it changes, and why"), length=500, needed=True)


class ReportDueForm(BaseForm):
    """A report that the donor is to be sent."""

    kind = EnumField(lazy("Kind"), ReportKind, needed=True)
    due_on = DayField(lazy("Due on"), needed=True)
    sent_on = DayField(lazy("Sent on"), description=lazy("Open until it has gone out."))
    note = TextField(lazy("Note"), length=300)


class PaperForm(BaseForm):
    """A document kept with the award."""

    kind = EnumField(lazy("Kind"), PaperKind, needed=True)
    title = TextField(lazy("Title"), description=lazy("Left open, the file’s name."))
    document = UploadField(
        lazy("Document"), needed=True, accept=DOCUMENTS,
        description=lazy("PDF, Word, Excel, OpenDocument, JPEG or PNG, at most 25 MB."),
    )  # fmt: skip

    def payload(self) -> dict[str, Any]:
        """The values without the file, which goes its own way."""
        return {name: value for name, value in super().payload().items() if name != "document"}
