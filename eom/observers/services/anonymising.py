"""A person made anonymous, for good: nothing says who it was, and every published figure stays."""

from __future__ import annotations

from eom.accounts.models import User
from eom.accounts.services import erasing
from eom.core import audit, clock, events
from eom.core.errors import InvalidInput, Refused
from eom.core.i18n import lazy
from eom.extensions import db
from eom.observers.models import AppointmentState, Person

HIDDEN = "•••"


def anonymise(person: Person, *, reason: str | None) -> Person:
    """Take away name, contact, dossier, languages, expertise, credentials, signatures and the account.

    Role, days, gender, nationalities and the country of each appointment stay: the figures are counted from
    them. Raises InvalidInput without a reason, Refused when it is done already and while the person has a
    place in a mission that is not over.
    """
    if not (reason or "").strip():
        raise InvalidInput(lazy("Say why the person is made anonymous."), "reason")
    if person.anonymised_at is not None:
        raise Refused(lazy("This person was made anonymous already."))
    _refuse_active(person)
    audit.because(db.session(), str(reason).strip()[:500])
    audit.record(db.session(), "anonymised", "people", person.id, str(person))
    if person.user_id is not None:
        account = db.session.get_one(User, person.user_id)
        person.user_id = None
        erasing.anonymise_account(account, actor_id=db.session().info.get("actor_id"))
    person.given_names, person.family_names = HIDDEN, f"№ {person.id}"
    person.email = person.phone = person.dossier = None
    person.languages, person.expertise = [], []
    _erase_places(person)
    person.anonymised_at = clock.now()
    db.session.flush()
    events.person_anonymised.send(person, person_id=person.id)
    return person


def _erase_places(person: Person) -> None:
    for appointment in person.appointments:
        appointment.credential_number = None
        for pledge in appointment.pledges:
            pledge.typed_name = pledge.user_id = pledge.address = None


def _refuse_active(person: Person) -> None:
    for each in person.appointments:
        if each.state is not AppointmentState.WITHDRAWN and not each.mission.is_over:
            raise Refused(
                lazy("%(name)s has a place in mission %(code)s, which is not over.", name=person.name,
                     code=each.mission.code),
                next_step=lazy("End that appointment first, or wait for the mission's closing."),
            )  # fmt: skip
