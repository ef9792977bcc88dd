"""Forms of the annual report."""

from __future__ import annotations

from eom.core.i18n import lazy
from eom.web.fields import BooleanField, NoteField, required
from eom.web.forms import BaseForm


class PrepareForm(BaseForm):
    """A revision says why; the first report needs no reason."""

    reason = NoteField(
        lazy("Why does the issued report need a revision?"),
        length=500,
        description=lazy("It is kept with the report."),
    )


class IssueForm(BaseForm):
    """Issuing is for good, so it is said twice."""

    is_sure = BooleanField(
        lazy("The report goes to the Permanent Council as it stands"),
        validators=required(lazy("Say that the report goes out as it stands.")),
    )
