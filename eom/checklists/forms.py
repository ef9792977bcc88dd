"""The form that takes an XLSForm."""

from __future__ import annotations

from eom.checklists.models import FormKind
from eom.core.i18n import lazy
from eom.web.fields import EnumField, UploadField
from eom.web.forms import BaseForm


class WorkbookForm(BaseForm):
    """An XLSForm and the stage it is about."""

    file = UploadField(lazy("XLSForm"), needed=True, accept=".xlsx,.xls,.ods")
    kind = EnumField(
        lazy("Stage"), FormKind, description=lazy("Left open, it is that of the form’s earlier versions.")
    )


class ContendersForm(BaseForm):
    """The parties or candidates that the forms offer."""

    file = UploadField(lazy("List of parties or candidates"), needed=True, accept=".csv,.xlsx,.xls,.ods",
                       description=lazy("Two columns: name (a code) and label (the words to show)."))  # fmt: skip
