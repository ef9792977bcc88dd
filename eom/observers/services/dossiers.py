"""Dossiers: looked at by group, each look recorded; filled in without showing what is there."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date

from sqlalchemy.orm.attributes import set_committed_value

from eom.core import audit, clock
from eom.core.countries import alpha2
from eom.core.errors import InvalidInput, Refused
from eom.core.i18n import lazy
from eom.core.vault import VaultError
from eom.extensions import db
from eom.observers.models import DossierGroup, Person, PersonDossier
from eom.observers.queries import dossiers as queries
from eom.observers.services.roster import checked_phone

BLOOD_TYPES = ("A+", "A-", "B+", "B-", "AB+", "AB-", "O+", "O-")
LENGTHS = {"passport_number": 20, "medical_notes": 4000, "emergency_name": 200, "emergency_relation": 60}
OLDEST = date(1900, 1, 1)


def look(person: Person, group: DossierGroup) -> dict[str, str | None]:
    """What a group of a person's dossier holds, by column. The look goes into the audit trail.

    Raises Refused when it cannot be opened (a key is gone, or the data was changed), naming the column.
    """
    audit.looked(db.session(), "people", person.id, str(person), group=group.value)
    return opened(person, (group,))


def opened(person: Person, of: Iterable[DossierGroup] = tuple(DossierGroup)) -> dict[str, str | None]:
    """The columns of some groups, opened; whoever calls records the look. Raises as ``look``."""
    names = [name for group in of for name in group.columns]
    try:
        return {name: getattr(person.dossier, name) if person.dossier else None for name in names}
    except VaultError as error:
        raise Refused(
            lazy("What is on file cannot be opened. %(why)s", why=str(error)),
            next_step=lazy("Tell an administrator: the keys of the vault need attention."),
        ) from None


def edit_dossier(
    person: Person, *, values: Mapping[str, str | date | None], remove: Collection[str] = ()
) -> None:
    """Put values on file: a None keeps what is there, ``remove`` names the columns to empty.

    Raises InvalidInput for a value that cannot be, on its field, and Refused for someone made anonymous.
    """
    if person.anonymised_at is not None:
        raise Refused(lazy("This person was made anonymous: nothing can be put on file."))
    fresh = {name: _checked(name, value) for name, value in values.items() if value not in (None, "")}
    held = queries.on_file(db.session(), person)
    dossier = person.dossier or PersonDossier(person=person)
    db.session.add(dossier)
    for name in queries.COLUMNS:
        if name in fresh:
            _replace(dossier, held, name, fresh[name])
        elif name in remove and name in held:
            _replace(dossier, held, name, None)
    db.session.flush()


def empty(person: Person, groups: Iterable[DossierGroup]) -> None:
    """Remove everything on file in some groups."""
    held = queries.on_file(db.session(), person)
    for name in (name for group in groups for name in group.columns):
        if name in held and person.dossier is not None:
            _replace(person.dossier, held, name, None)
    db.session.flush()


def _replace(dossier: PersonDossier, held: Collection[str], name: str, value: str | None) -> None:
    if name in held:
        # The trail is to tell that something was there; it need not be opened for that.
        set_committed_value(dossier, name, "•••")
    setattr(dossier, name, value)


def _checked(name: str, value: str | date | None) -> str:
    if isinstance(value, date):
        return _checked_day(name, value).isoformat()
    text = str(value).strip()
    if len(text) > LENGTHS.get(name, 200):
        raise InvalidInput(lazy("At most %(max)d characters.", max=LENGTHS.get(name, 200)), name)
    if name == "passport_number":
        text = "".join(text.split()).upper()
        if not text.isalnum() or not 4 <= len(text) <= 20:
            raise InvalidInput(lazy("A passport number of 4 to 20 letters and digits was expected."), name)
    if name == "passport_country" and alpha2(text) is None:
        raise InvalidInput(lazy("“%(code)s” is no country.", code=text[:10]), name)
    if name == "blood_type" and text not in BLOOD_TYPES:
        raise InvalidInput(lazy("One of %(types)s was expected.", types=", ".join(BLOOD_TYPES)), name)
    if name == "emergency_phone":
        text = _checked_phone(text)
    return text


def _checked_day(name: str, value: date) -> date:
    today = clock.today()
    if name == "birth_date" and not OLDEST < value < today:
        raise InvalidInput(lazy("A birth date in the past was expected."), name)
    if name == "passport_expires_on" and value.year > today.year + 20:
        raise InvalidInput(lazy("A passport does not hold for more than twenty years."), name)
    return value


def _checked_phone(text: str) -> str:
    try:
        return checked_phone(text) or ""
    except InvalidInput as error:
        raise InvalidInput(error.message, "emergency_phone") from None
