"""People on the roster: added and changed."""

from __future__ import annotations

import re
from collections.abc import Iterable

import sqlalchemy as sa

from eom.accounts import addresses
from eom.accounts.queries import user_by_email
from eom.core.countries import alpha2
from eom.core.errors import Conflict, InvalidInput, Refused
from eom.core.i18n import country_name, lazy
from eom.extensions import db
from eom.observers.models import Appointment, AppointmentState, Expertise, Gender, Person, PersonNationality

PHONE = re.compile(r"\+?[\d ()./-]{5,39}")


def add_person(
    *,
    given_names: str,
    family_names: str,
    nationalities: Iterable[str],
    gender: Gender = Gender.NOT_STATED,
    languages: Iterable[str] = (),
    expertise: Iterable[str] = (),
    email: str | None = None,
    phone: str | None = None,
    is_demonstration: bool = False,
) -> Person:
    """Add someone to the roster. Raises InvalidInput, and Conflict for an e-mail address in use."""
    person = Person(is_demonstration=is_demonstration)
    _fill(person, given_names, family_names, gender, languages, expertise, email, phone)
    person.nationalities = [PersonNationality(country=code) for code in checked_countries(nationalities)]
    db.session.add(person)
    db.session.flush()
    return person


def edit_person(
    person: Person,
    *,
    given_names: str,
    family_names: str,
    nationalities: Iterable[str],
    gender: Gender,
    languages: Iterable[str],
    expertise: Iterable[str],
    email: str | None,
    phone: str | None,
) -> Person:
    """Change what is known of a person.

    Raises InvalidInput, Conflict for an address in use, and Refused for a nationality of a country in
    whose mission the person observes: the appointment must end first.
    """
    countries = checked_countries(nationalities)
    _refuse_host(person, set(countries) - set(person.countries))
    _fill(person, given_names, family_names, gender, languages, expertise, email, phone)
    kept = [each for each in person.nationalities if each.country in countries]
    fresh = [
        PersonNationality(country=code) for code in countries if code not in {each.country for each in kept}
    ]
    person.nationalities = [*kept, *fresh]
    db.session.flush()
    return person


def edit_contact(person: Person, *, email: str | None, phone: str | None) -> Person:
    """Change how a person is reached. Raises InvalidInput, and Conflict for an address in use."""
    _fill(
        person, person.given_names, person.family_names, person.gender, person.languages, person.expertise,
        email, phone,
    )  # fmt: skip
    db.session.flush()
    return person


def link_account(*, user_id: int, email: str) -> None:
    """Give the person of an address, if the roster has one without an account, the account of it."""
    person = db.session.scalar(
        sa.select(Person).where(sa.func.lower(Person.email) == email.lower(), Person.user_id.is_(None))
    )
    if person is not None:
        person.user_id = user_id
        db.session.flush()


def checked_email(text: str | None) -> str | None:
    """The address in its usual form, or None for none. Raises InvalidInput."""
    if not text or not text.strip():
        return None
    return addresses.checked(text.strip())


def checked_phone(text: str | None) -> str | None:
    """The number as it was given, or None for none. Raises InvalidInput."""
    if not text or not text.strip():
        return None
    if not PHONE.fullmatch(text.strip()):
        raise InvalidInput(lazy("“%(phone)s” is no telephone number.", phone=text[:60]), "phone")
    return text.strip()


def checked_countries(codes: Iterable[str]) -> list[str]:
    """Alpha-3 codes, each once. Raises InvalidInput for none at all and for what is no country."""
    found = sorted(set(codes))
    if not found:
        raise InvalidInput(lazy("Give at least one nationality."), "nationalities")
    for code in found:
        if alpha2(code) is None:
            raise InvalidInput(lazy("“%(code)s” is no country.", code=code[:10]), "nationalities")
    return found


def _fill(
    person: Person, given: str, family: str, gender: Gender, languages: Iterable[str], expertise: Iterable[str],
    email: str | None, phone: str | None,
) -> None:  # fmt: skip
    for text, name in ((given, "given_names"), (family, "family_names")):
        if not (text or "").strip() or len(text) > 100:
            raise InvalidInput(lazy("A name of 1 to 100 characters was expected."), name)
    address = checked_email(email)
    if address and address != person.email:
        taken = db.session.scalar(sa.select(Person.id).where(sa.func.lower(Person.email) == address))
        if taken is not None and taken != person.id:
            raise Conflict(lazy("Someone else on the roster has %(email)s.", email=address), "email")
    person.given_names, person.family_names, person.gender = given.strip(), family.strip(), gender
    person.languages = sorted(set(languages))
    person.expertise = [each.value for each in Expertise if each.value in set(expertise)]
    if address and address != person.email and person.user_id is None:
        person.user_id = _free_account(address)
    person.email, person.phone = address, checked_phone(phone)


def _free_account(address: str) -> int | None:
    """The account of an address that belongs to nobody on the roster yet."""
    user = user_by_email(db.session(), address)
    taken = user and db.session.scalar(sa.select(Person.id).where(Person.user_id == user.id))
    return user.id if user is not None and taken is None else None


def _refuse_host(person: Person, added: set[str]) -> None:
    for appointment in person.appointments:
        living = appointment.state is not AppointmentState.WITHDRAWN and appointment.role.is_observing
        if living and appointment.mission.country in added and not appointment.mission.is_over:
            raise Refused(_host_words(appointment), "nationalities")


def _host_words(appointment: Appointment) -> object:
    return lazy(
        "%(name)s observes in mission %(code)s, and nobody observes in a country of which they are a national "
        "(%(country)s): end that appointment first.",
        name=appointment.person.name,
        code=appointment.mission.code,
        country=country_name(appointment.mission.country),
    )
