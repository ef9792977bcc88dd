"""The lists of people and appointments: their columns serve the page and the files."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eom.core import i18n
from eom.core.i18n import lazy, ngettext
from eom.core.listing import Column, Filter, ListDefinition
from eom.missions.models.mission import Mission
from eom.observers.models import (
    Appointment,
    AppointmentRole,
    AppointmentState,
    Expertise,
    Gender,
    Person,
)
from eom.observers.queries import people as queries
from eom.observers.retention import RetentionReport

Link = Callable[[int], str]
STATE_TONES = {AppointmentState.CONFIRMED: "success", AppointmentState.WITHDRAWN: "neutral"}


def roster(session: Session, languages: list[tuple[str, str]], link: Link) -> ListDefinition:
    """Everyone on the roster; ``link`` gives the address of a person from the id."""
    columns = (
        Column(
            "name", lazy("Name"), _name, (Person.family_names, Person.given_names), href=lambda p: link(p.id)
        ),
        Column("nationalities", lazy("Nationalities"), lambda p: _countries(p)),
        Column("gender", lazy("Gender"), lambda p: p.gender, Person.gender, "label"),
        Column(
            "languages", lazy("Languages"), lambda p: ", ".join(i18n.language_name(c) for c in p.languages)
        ),
        Column(
            "expertise", lazy("Expertise"), lambda p: ", ".join(str(Expertise(e).label) for e in p.expertise)
        ),
        Column("email", lazy("E-mail"), lambda p: p.email, Person.email),
    )
    countries = _by_name(queries.nationalities(session))
    filters = (
        Filter(
            "nationality",
            lazy("Nationality"),
            _has_nationality,
            choices=countries,
        ),
        Filter("gender", lazy("Gender"), lambda v: Person.gender == Gender(v), choices=Gender.choices()),
        Filter("language", lazy("Language"), lambda v: _holds(Person.languages, v), choices=languages),
        Filter(
            "expertise", lazy("Expertise"), lambda v: _holds(Person.expertise, v), choices=Expertise.choices()
        ),
    )
    search = (
        Person.given_names,
        Person.family_names,
        Person.given_names + " " + Person.family_names,
        Person.email,
    )
    return ListDefinition(queries.roster(), columns, filters, search, sort="name", tie=Person.id)


def appointments(session: Session, mission: Mission, link: Link, *, in_full: bool = False) -> ListDefinition:
    """The people of a mission; ``link`` gives the address of an appointment from the id.

    ``in_full`` adds what a page has no room for: dates, e-mail address, credential.
    """
    by_name = (Person.family_names, Person.given_names)
    columns = (
        Column("name", lazy("Name"), lambda a: _name(a.person), by_name, href=lambda a: link(a.id)),
        Column("role", lazy("Role"), _role, _role_order()),
        Column("nationalities", lazy("Nationalities"), lambda a: _countries(a.person)),
        Column("gender", lazy("Gender"), lambda a: a.person.gender, Person.gender, "label"),
        Column("pledge", lazy("Pledge"), lambda a: a.pledge_signed_on, Appointment.pledge_signed_on, "date"),
        Column("trained", lazy("Training"), lambda a: a.trained_on, Appointment.trained_on, "date"),
        Column(
            "accredited", lazy("Accreditation"), lambda a: a.accredited_on, Appointment.accredited_on, "date"
        ),
        Column("state", lazy("State"), lambda a: a.state, Appointment.state, "badge", tone=_state_tone),
    )
    countries = _by_name(queries.nationalities(session))
    filters = (
        Filter("role", lazy("Role"), _has_role, choices=AppointmentRole.choices()),
        Filter("nationality", lazy("Nationality"), _has_nationality, choices=countries),
        Filter("gender", lazy("Gender"), lambda v: Person.gender == Gender(v), choices=Gender.choices()),
        Filter("lacks", lazy("Still lacks"), _lacks, choices=LACKS),
        Filter("state", lazy("State"), _in_state, choices=AppointmentState.choices()),
    )
    shown = (*columns, *IN_FULL) if in_full else columns
    return ListDefinition(
        queries.appointments(mission), shown, filters, SEARCH, sort="role", tie=Appointment.id
    )


SEARCH = (
    Person.given_names,
    Person.family_names,
    Person.given_names + " " + Person.family_names,
    Person.email,
)
IN_FULL = (
    Column("starts_on", lazy("From"), lambda a: a.starts_on, kind="date"),
    Column("ends_on", lazy("To"), lambda a: a.ends_on, kind="date"),
    Column("remote", lazy("Works from afar"), lambda a: a.is_remote, kind="boolean"),
    Column("email", lazy("E-mail"), lambda a: a.person.email),
    Column("phone", lazy("Telephone"), lambda a: a.person.phone),
    Column("credential", lazy("Credential number"), lambda a: a.credential_number),
)
LACKS = (("pledge", lazy("Pledge")), ("training", lazy("Training")), ("accreditation", lazy("Accreditation")))


def retention(report: RetentionReport) -> Iterator[list[Any]]:
    """The rows of a retention report, headings first."""
    headings = (lazy("Person"), lazy("What"), lazy("Mission"), lazy("Closed on"), lazy("Due since"))
    yield [str(each) for each in headings]
    for due in report.due:
        yield [due.name, str(due.group.label), due.mission_code, due.closed_on, due.due_on]
    for numbers in report.numbers:
        words = ngettext("%(num)d number", "%(num)d numbers", numbers.count)
        yield [words, str(numbers.group.label), numbers.mission_code, numbers.closed_on, numbers.due_on]


def _lacks(step: str) -> Any:
    column = {
        "pledge": Appointment.pledge_signed_on,
        "training": Appointment.trained_on,
        "accreditation": Appointment.accredited_on,
    }[step]
    return sa.and_(column.is_(None), Appointment.state != AppointmentState.WITHDRAWN)


def _state_tone(appointment: Appointment) -> str:
    return STATE_TONES.get(appointment.state, "warning")


def _name(person: Person) -> str:
    return f"{person.family_names}, {person.given_names}"


def _countries(person: Person) -> str:
    return ", ".join(i18n.country_name(code) for code in person.countries)


def _by_name(codes: list[str]) -> list[tuple[str, str]]:
    return sorted(((c, i18n.country_name(c)) for c in codes), key=lambda pair: i18n.sort_key(pair[1]))


def _holds(column: Any, value: str) -> Any:
    """The JSON list holds the value: both databases write it with quotes around each."""
    return sa.cast(column, sa.Text).like(f'%"{value}"%')


def _role_order() -> Any:
    places = {role.value: place for place, role in enumerate(AppointmentRole)}
    return sa.case(places, value=sa.cast(Appointment.role, sa.String))


def _role(appointment: Appointment) -> str:
    area = f" · {appointment.expertise.label}" if appointment.expertise else ""
    return f"{appointment.role.label}{area}"


def _has_role(value: str) -> Any:
    return Appointment.role == AppointmentRole(value)


def _in_state(value: str) -> Any:
    return Appointment.state == AppointmentState(value)


def _has_nationality(code: str) -> Any:
    return Person.nationalities.any(country=code)
