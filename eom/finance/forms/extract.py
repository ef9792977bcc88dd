"""The form that takes an extract of a ledger."""

from __future__ import annotations

from eom.core.i18n import lazy
from eom.web.fields import ChoiceField, UploadField
from eom.web.forms import BaseForm

SIGNS = ((".", lazy("A point: 1,234.50")), (",", lazy("A comma: 1.234,50")))


class ExtractForm(BaseForm):
    """A file of expenditures."""

    file = UploadField(lazy("Extract of the ledger"), needed=True, accept=".csv,.gz,.xlsx,.xls,.ods")
    decimal_mark = ChoiceField(
        lazy("Decimal sign of the amounts"), SIGNS, description=lazy("Left open, the file’s amounts tell.")
    )


class RateListForm(BaseForm):
    """A file of monthly rates of exchange."""

    file = UploadField(lazy("List of rates"), needed=True, accept=".csv,.gz,.xlsx,.xls,.ods")
    decimal_mark = ChoiceField(
        lazy("Decimal sign of the rates"), SIGNS, description=lazy("Left open, the file’s rates tell.")
    )
