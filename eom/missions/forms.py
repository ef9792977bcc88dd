"""Forms of missions; the fields are named as the arguments of the services they feed."""

from __future__ import annotations

from typing import Any

from eom.core.i18n import lazy
from eom.missions.models.mission import StationWord
from eom.missions.models.process import ProcessKind, RoundKind
from eom.web.fields import (
    ChoiceField,
    ClockField,
    CountryField,
    DayField,
    EnumField,
    NoteField,
    TextField,
    UploadField,
    zone_choices,
)
from eom.web.forms import BaseForm

SHEETS = ".csv,.xlsx,.xls,.ods"
DOCUMENTS = ".pdf,.docx,.xlsx,.odt,.ods,.png,.jpg,.jpeg"


class EditMissionForm(BaseForm):
    """What may be changed of a mission."""

    name = TextField(lazy("Name"), needed=True)
    country = CountryField(lazy("Host country"), needed=True)
    host_authority = TextField(
        lazy("Host authority"), description=lazy("The electoral authority that hosts.")
    )
    starts_on = DayField(lazy("Starts on"))
    ends_on = DayField(lazy("Ends on"))
    time_zone = ChoiceField(lazy("Time zone"), zone_choices, needed=True)
    station_word = EnumField(
        lazy("Word for a polling station"),
        StationWord,
        needed=True,
        description=lazy("As the country says it."),
    )
    chief_name = TextField(lazy("Chief of mission"))
    chief_origin = TextField(lazy("Origin of the chief"), length=100, description=lazy("Country or post."))
    note = NoteField(lazy("Note"))


class NewMissionForm(EditMissionForm):
    """A mission to record."""

    code = TextField(
        lazy("Code"),
        length=20,
        needed=True,
        description=lazy("Country and year, as in BOL-2019; a second one in a year ends in -2."),
    )

    def payload(self) -> dict[str, Any]:
        """The values; the code as it is kept."""
        values = super().payload()
        return {**values, "code": (values["code"] or "").upper()}


class CancelForm(BaseForm):
    """Why a mission is cancelled."""

    reason = NoteField(lazy("Reason"), length=500, needed=True)


class ProcessForm(BaseForm):
    """An electoral process."""

    kind = EnumField(lazy("Kind"), ProcessKind, needed=True)
    name = TextField(lazy("Name"), description=lazy("If it has one of its own."))


class RoundForm(BaseForm):
    """A polling day."""

    kind = EnumField(lazy("Kind"), RoundKind, needed=True)
    polling_on = DayField(lazy("Polling day"), needed=True)
    opens_at = ClockField(lazy("Opens at"))
    closes_at = ClockField(lazy("Closes at"))
    time_zone = ChoiceField(lazy("Time zone"), zone_choices, needed=True)


class MilestoneForm(BaseForm):
    """The dates, owner and document of a milestone."""

    due_on = DayField(lazy("Due on"))
    done_on = DayField(lazy("Done on"))
    owner = TextField(lazy("Owner"), description=lazy("Who sees to it."))
    note = NoteField(lazy("Note"))
    document = UploadField(
        lazy("Document"),
        accept=DOCUMENTS,
        description=lazy("PDF, Word, Excel, JPEG or PNG. It replaces the present one."),
    )

    def payload(self) -> dict[str, Any]:
        """The values without the file, which goes its own way."""
        return {name: value for name, value in super().payload().items() if name != "document"}


class RegisterFileForm(BaseForm):
    """A register of past missions."""

    file = UploadField(
        lazy("File"), needed=True, accept=SHEETS, description=lazy("CSV, Excel or OpenDocument.")
    )
