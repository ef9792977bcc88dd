"""People and appointments from a file: all of it or nothing; the same file twice adds nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from eom.core import audit
from eom.core.countries import fold
from eom.core.errors import InvalidFile, RowError
from eom.core.i18n import country_name, lazy, ngettext
from eom.extensions import db
from eom.missions.models.mission import Mission
from eom.observers.models import AppointmentRole, Expertise, Gender, Person
from eom.observers.queries import people as queries
from eom.observers.services import appointing, roster


@dataclass(frozen=True)
class PersonRow:
    """A line of a file: a person and their place in the mission. ``row`` is its number in the sheet."""

    row: int
    given_names: str
    family_names: str
    nationalities: tuple[str, ...]
    gender: Gender
    languages: tuple[str, ...]
    expertise: tuple[str, ...]
    email: str | None
    phone: str | None
    role: AppointmentRole
    starts_on: date | None
    ends_on: date | None

    @property
    def key(self) -> tuple[str, frozenset[str]]:
        """What a person without an address is known by."""
        return fold(f"{self.given_names} {self.family_names}"), frozenset(self.nationalities)


@dataclass(frozen=True)
class Taken:
    """What came of a file: people added to the roster, places given, rows that changed nothing."""

    people_count: int
    appointment_count: int
    unchanged_count: int


def barred(mission: Mission, rows: Sequence[PersonRow]) -> list[RowError]:
    """The rows that the mission cannot take: host nationals in observing roles, the same place twice."""
    errors: list[RowError] = []
    first: dict[tuple[object, AppointmentRole], int] = {}
    for each in rows:
        if appointing.bar_to_observing(each.nationalities, mission.country, each.role) is not None:
            expected = lazy(
                "no national of the host country (%(country)s) in an observing role",
                country=country_name(mission.country),
            )
            errors.append(RowError(each.row, "nationalities", ", ".join(each.nationalities), expected))
        identity = (each.email or each.key, each.role)
        if (before := first.setdefault(identity, each.row)) != each.row:
            expected = lazy("a person once; row %(row)d has the same", row=before)
            errors.append(
                RowError(each.row, "email" if each.email else "name", each.email or each.key[0], expected)
            )
    return errors


def take(mission: Mission, rows: Sequence[PersonRow], *, file_name: str) -> Taken:
    """Add people who are not on the roster and give everyone their place.

    A person is known by e-mail address, else by name and nationalities; what the roster holds of them
    stays. Raises InvalidFile with every row that cannot be taken; nothing is written then.
    """
    _refuse(barred(mission, rows))
    known = _Known(rows)
    conflicts = [error for each in rows if (error := _conflict(mission, each, known.person(each)))]
    _refuse(conflicts)
    held = queries.roles_held(db.session(), mission)
    people = places = 0
    for each in rows:
        person = known.person(each)
        if person is None:
            person = known.add(each)
            people += 1
        if (person.id, each.role.value) in held:
            continue
        expertise = Expertise(each.expertise[0]) if each.expertise else None
        appointing.appoint(
            mission,
            person,
            role=each.role,
            expertise=expertise,
            starts_on=each.starts_on,
            ends_on=each.ends_on,
        )
        held.add((person.id, each.role.value))
        places += 1
    if people or places:
        audit.record(
            db.session(),
            "imported",
            "appointments",
            None,
            file_name,
            mission_id=mission.id,
            people=people,
            places=places,
        )
    return Taken(people, places, len(rows) - places)


class _Known:
    """The people of the roster that a file may speak of, by address and by name."""

    def __init__(self, rows: Sequence[PersonRow]) -> None:
        session = db.session()
        self.by_email = queries.people_by_email(session, [each.email for each in rows if each.email])
        self.by_name = queries.people_by_name(session, {each.key[0] for each in rows})

    def person(self, row: PersonRow) -> Person | None:
        if row.email and row.email in self.by_email:
            return self.by_email[row.email]
        found = self.by_name.get(row.key)
        # The same name with another address is another person.
        return None if found is None or (row.email and found.email and found.email != row.email) else found

    def add(self, row: PersonRow) -> Person:
        person = roster.add_person(
            given_names=row.given_names, family_names=row.family_names, nationalities=row.nationalities,
            gender=row.gender, languages=row.languages, expertise=row.expertise, email=row.email, phone=row.phone,
        )  # fmt: skip
        if row.email:
            self.by_email[row.email] = person
        self.by_name.setdefault(row.key, person)
        return person


def _conflict(mission: Mission, row: PersonRow, person: Person | None) -> RowError | None:
    """A person of the roster may have a nationality that the file does not tell."""
    if person and appointing.bar_to_observing(person.countries, mission.country, row.role) is not None:
        expected = lazy(
            "nobody whom the roster knows as a national of %(country)s", country=country_name(mission.country)
        )
        return RowError(row.row, "name", person.name, expected)
    return None


def _refuse(errors: list[RowError]) -> None:
    if errors:
        words = ngettext(
            "%(num)d thing in the file is not right; nothing was written.",
            "%(num)d things in the file are not right; nothing was written.",
            len(errors),
        )
        raise InvalidFile(words, errors, lazy("Mend the file and send it again."))
