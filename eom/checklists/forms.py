"""What is sent from the pages of checklists: files, devices, decisions of reviewers, rules."""

from __future__ import annotations

from typing import Any

from flask import request
from wtforms import BooleanField

from eom.checklists.export_options import Format, Options
from eom.checklists.media_types import ENDINGS
from eom.checklists.models.form import FormKind
from eom.checklists.models.submission import SubmissionState
from eom.core.errors import InvalidInput
from eom.core.i18n import lazy
from eom.web.fields import ChoiceField, EnumField, NoteField, TextField, UploadField
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


class FormFileForm(BaseForm):
    """A file that forms name."""

    file = UploadField(
        lazy("File"), needed=True,
        accept=",".join(f".{each}" for each in ENDINGS),
        description=lazy("A list has at most 5 MB, a picture or a sound 10 MB, a film 25 MB."),
    )  # fmt: skip
    name = TextField(
        lazy("Name in the form"), length=100,
        description=lazy("Left open, it is the name of the file, as “box.png”."),
    )  # fmt: skip


class DeviceForm(BaseForm):
    """A device that is to send for someone."""

    name = TextField(
        lazy("Name of the device"),
        length=100,
        needed=True,
        description=lazy("As you would tell it from others: “Samsung of Bruno”."),
    )


class DecisionForm(BaseForm):
    """A state for submissions, each sent as ``submission`` with its id and the last act seen: ``17:40``."""

    state = EnumField(lazy("Decision"), SubmissionState, needed=True)
    comment = NoteField(
        lazy("Comment"), length=2000,
        description=lazy("Needed to reject, or to have something corrected."),
    )  # fmt: skip

    def seen(self) -> dict[int, int]:
        """The last act seen by the id of the submission. Raises InvalidInput for what is no such pair."""
        try:
            pairs = [each.split(":") for each in request.form.getlist("submission")]
            return {int(id_): int(act_id) for id_, act_id in pairs}
        except ValueError:
            raise InvalidInput(lazy("This page was not sent whole. Load it again.")) from None


class CommentForm(BaseForm):
    """What a reviewer says."""

    comment = NoteField(lazy("Comment"), length=2000, needed=True)


class RuleForm(BaseForm):
    """A rule that marks reports of a form."""

    form_id = ChoiceField(lazy("Form"), needed=True)
    words = TextField(lazy("Words of the flag"), length=200, needed=True,
                      description=lazy("What a reviewer reads: “Turnout above 95 percent”."))  # fmt: skip
    expression = NoteField(
        lazy("Expression"),
        length=1000,
        needed=True,
        description=lazy("True for a report that is to be marked: ${voters_total} > 0.95 * ${registered}"),
    )

    @classmethod
    def among(cls, forms: list[tuple[str, str]], **given: Any) -> RuleForm:
        """The form with the checklists of a mission to choose from."""
        made = cls(**given)
        made.form_id.choices = [("", lazy("Choose…")), *forms]
        return made


class RuleEditForm(BaseForm):
    """A rule as it stands."""

    words = TextField(lazy("Words of the flag"), length=200, needed=True)
    expression = NoteField(lazy("Expression"), length=1000, needed=True)
    is_on = BooleanField(lazy("Mark reports with it"))


class ExportForm(BaseForm):
    """What goes out, and how."""

    form_id = ChoiceField(lazy("Form"), needed=True)
    format = EnumField(lazy("Format"), Format, needed=True)
    labels = ChoiceField(lazy("Answers in"), description=lazy("Codes are what the form’s author wrote: they are the "
                         "same in every language."))  # fmt: skip
    splits = BooleanField(lazy("A column for each choice of questions with several answers"))
    people = BooleanField(lazy("With the names of those who sent them, and their devices"))
    files = BooleanField(lazy("With the photos and other files (XML only)"))

    @classmethod
    def among(cls, forms: list[tuple[str, str]], languages: list[str], *, people: bool) -> ExportForm:
        """The form with a mission's forms and their languages; without people for who may not see them."""
        made = cls()
        made.form_id.choices = [("", lazy("Choose…")), *forms]
        made.labels.choices = [("", lazy("Codes")), *((each, _language(each)) for each in languages)]
        if not people:
            del made.people
        return made

    def options(self) -> Options:
        """The choices, for the export."""
        people = "people" in self and self.people.data
        return Options(
            Format(self.format.data), self.labels.data or "", self.splits.data, people, self.files.data
        )


def _language(name: str) -> Any:
    return lazy("The form’s own words") if name == "default" else name


class EntryForm(BaseForm):
    """Whose report it is, and which form."""

    observer = ChoiceField(lazy("Observer"), needed=True)
    form = ChoiceField(lazy("Form"), needed=True)

    @classmethod
    def among(cls, observers: list[tuple[str, str]], forms: list[tuple[str, str]]) -> EntryForm:
        """The form with a mission's observers and forms to choose from."""
        made = cls()
        made.observer.choices = [("", lazy("Choose…")), *observers]
        made.form.choices = [("", lazy("Choose…")), *forms]
        return made
