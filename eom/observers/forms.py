"""Forms of people and appointments; the fields are named as the arguments of the services they feed."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from wtforms import HiddenField

from eom.core.errors import NotFound
from eom.core.i18n import country_name, lazy
from eom.observers.models import (
    Appointment,
    AppointmentRole,
    AppointmentState,
    DossierGroup,
    Expertise,
    Gender,
    Person,
)
from eom.observers.services.dossiers import BLOOD_TYPES
from eom.observers.words import DOSSIER_LABELS
from eom.web.fields import (
    BooleanField,
    ChoiceField,
    ChoicesField,
    CountryField,
    DayField,
    EnumField,
    NoteField,
    TextField,
    UploadField,
    country_choices,
    language_choices,
)
from eom.web.forms import BaseForm

SHEETS = ".csv,.xlsx,.xls,.ods"


class PersonForm(BaseForm):
    """A person of the roster."""

    given_names = TextField(lazy("Given names"), length=100, needed=True)
    family_names = TextField(lazy("Family names"), length=100, needed=True)
    nationalities = ChoicesField(
        lazy("Nationalities"),
        country_choices,
        needed=True,
        description=lazy("All of them: an observer has none of the host country's."),
    )
    gender = EnumField(lazy("Gender"), Gender, needed=True)
    languages = ChoicesField(lazy("Languages"), language_choices)
    expertise = ChoicesField(lazy("Expertise"), Expertise.choices)
    email = TextField(lazy("E-mail"), length=254)
    phone = TextField(lazy("Telephone"), length=40)

    @classmethod
    def of(cls, person: Person | None) -> PersonForm:
        """The form, filled with what is known of a person."""
        if person is None:
            return cls(gender=Gender.NOT_STATED)
        return cls(obj=person, nationalities=person.countries)


class AppointmentForm(BaseForm):
    """A person's place in a mission."""

    role = EnumField(lazy("Role"), AppointmentRole, needed=True)
    expertise = EnumField(lazy("Area of expertise"), Expertise, description=lazy("For specialists."))
    starts_on = DayField(lazy("Starts on"))
    ends_on = DayField(lazy("Ends on"))
    is_remote = BooleanField(lazy("Works from afar, not in the country"))
    state = EnumField(lazy("State"), AppointmentState, needed=True)


class NewAppointmentForm(AppointmentForm):
    """A place for someone on the roster."""

    person_id = ChoiceField(lazy("Person"), needed=True)

    @classmethod
    def among(cls, people: list[tuple[str, str]], chosen: str | None) -> NewAppointmentForm:
        """The form with the people who have no place in the mission yet."""
        form = cls(person_id=chosen, state=AppointmentState.CONFIRMED, role=AppointmentRole.OBSERVER)
        form.person_id.choices = [("", lazy("Choose…")), *people]
        return form


class EditAppointmentForm(AppointmentForm):
    """A place that someone has."""

    origin = ChoiceField(
        lazy("Counted under"),
        description=lazy("The nationality that the press figures count, if there are several."),
    )

    @classmethod
    def of(cls, appointment: Appointment) -> EditAppointmentForm:
        """The form, filled with an appointment."""
        form = cls(obj=appointment)
        own = [(code, country_name(code)) for code in appointment.person.countries]
        form.origin.choices = [("", lazy("Choose…")), *own]
        return form


class StepsForm(BaseForm):
    """The three steps before someone deploys."""

    pledge_signed_on = DayField(
        lazy("Pledge signed on"),
        description=lazy("The pledge of the Code of Conduct for International Election Observers."),
    )
    trained_on = DayField(lazy("Trained on"))
    accredited_on = DayField(
        lazy("Accredited on"), description=lazy("By the electoral authority; after both.")
    )
    credential_number = TextField(lazy("Credential number"), length=60)


class PeopleFileForm(BaseForm):
    """A spreadsheet of people."""

    file = UploadField(
        lazy("File"), needed=True, accept=SHEETS, description=lazy("CSV, Excel or OpenDocument.")
    )


class EmergencyForm(BaseForm):
    """Whom to call. Nothing on file is shown: an empty field keeps it, ``remove`` empties it."""

    emergency_name = TextField(DOSSIER_LABELS["emergency_name"], length=200)
    emergency_relation = TextField(DOSSIER_LABELS["emergency_relation"], length=60)
    emergency_phone = TextField(DOSSIER_LABELS["emergency_phone"], length=40)
    remove = ChoicesField(lazy("Remove what is on file"))

    @classmethod
    def over(cls, held: Collection[str], **given: Any) -> Any:
        """The form over a dossier of which the columns ``held`` are on file."""
        form = cls(**given)
        known = [name for name in DOSSIER_LABELS if name in form._fields and name in held]
        form.remove.choices = [(name, DOSSIER_LABELS[name]) for name in known]
        for name in known:
            form[name].description = lazy("On file. Leave empty to keep it.")
        return form

    def dossier_values(self) -> dict[str, Any]:
        """The dossier's fields by name."""
        return {name: value for name, value in self.payload().items() if name in DOSSIER_LABELS}


class DossierForm(EmergencyForm):
    """All of a dossier."""

    passport_number = TextField(DOSSIER_LABELS["passport_number"], length=20)
    passport_country = CountryField(DOSSIER_LABELS["passport_country"])
    passport_expires_on = DayField(DOSSIER_LABELS["passport_expires_on"])
    birth_date = DayField(DOSSIER_LABELS["birth_date"])
    blood_type = ChoiceField(DOSSIER_LABELS["blood_type"], [(each, each) for each in BLOOD_TYPES])
    medical_notes = NoteField(DOSSIER_LABELS["medical_notes"], length=4000)


class MyDataForm(EmergencyForm):
    """What someone changes of themselves: how to reach them, and whom to call."""

    email = TextField(lazy("E-mail"), length=254)
    phone = TextField(lazy("Telephone"), length=40)


class PledgeForm(BaseForm):
    """The signature under the pledge. ``shown`` is the SHA-256 of the text that was read."""

    shown = HiddenField()
    agrees = BooleanField(lazy("I have read the pledge and give it."))
    typed_name = TextField(lazy("Your full name, as your signature"), length=200, needed=True)


class ReasonForm(BaseForm):
    """Why something is done that cannot be undone."""

    reason = TextField(lazy("Reason"), length=500, needed=True)


def dossier_group(name: str) -> DossierGroup:
    """The group of an address. Raises NotFound."""
    try:
        return DossierGroup(name)
    except ValueError:
        raise NotFound(lazy("There is nothing here, or it is not yours to see.")) from None


def appointment_values(form: AppointmentForm) -> dict[str, Any]:
    """What the service takes, without the choice of the person."""
    return {name: value for name, value in form.payload().items() if name != "person_id"}
