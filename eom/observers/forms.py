"""Forms of people and appointments; the fields are named as the arguments of the services they feed."""

from __future__ import annotations

from typing import Any

from eom.core.i18n import country_name, lazy
from eom.observers.models import Appointment, AppointmentRole, AppointmentState, Expertise, Gender, Person
from eom.web.fields import (
    BooleanField,
    ChoiceField,
    ChoicesField,
    DayField,
    EnumField,
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


def appointment_values(form: AppointmentForm) -> dict[str, Any]:
    """What the service takes, without the choice of the person."""
    return {name: value for name, value in form.payload().items() if name != "person_id"}
