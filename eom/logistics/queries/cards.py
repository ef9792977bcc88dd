"""What is printed on the credentials."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session, undefer

from eom.core.errors import Refused
from eom.core.i18n import lazy
from eom.core.vault import VaultError
from eom.logistics.models.credentials import Credential, PersonPhoto
from eom.logistics.queries import lists
from eom.missions.models.mission import Mission
from eom.observers.models import Appointment, AppointmentState, Person

MOST = 300


@dataclass(frozen=True)
class Card:
    """A card: ``token`` is its secret, ``photo`` a data: address or None."""

    credential: Credential
    appointment: Appointment
    person: Person
    token: str
    photo: str | None


def cards(session: Session, mission: Mission, ids: Sequence[int] = ()) -> list[Card]:
    """The living cards of a mission by name, or those of ``ids``; at most 300.

    Raises Refused when the vault cannot open what they carry.
    """
    query = (
        lists.credentials(mission)
        .where(Credential.revoked_at.is_(None), Appointment.state != AppointmentState.WITHDRAWN)
        .options(undefer(Credential.token))
        .order_by(Person.family_names, Person.given_names, Credential.id)
    )
    if ids:
        query = query.where(Credential.id.in_(ids))
    try:
        rows = session.execute(query.limit(MOST)).all()
        photos = photos_of(session, [row.Person.id for row in rows])
    except VaultError as error:
        raise Refused(
            lazy("What is on file cannot be opened. %(why)s", why=str(error)),
            next_step=lazy("Tell an administrator: the keys of the vault need attention."),
        ) from None
    return [
        Card(row.Credential, row.Appointment, row.Person, row.Credential.token, photos.get(row.Person.id))
        for row in rows
    ]


def photos_of(session: Session, person_ids: Sequence[int]) -> dict[int, str]:
    """The photos in some people's files, as data: addresses."""
    query = sa.select(PersonPhoto.person_id, PersonPhoto.picture).where(PersonPhoto.person_id.in_(person_ids))
    return dict(session.execute(query).tuples().all())


def has_photo(session: Session, person: Person) -> bool:
    """Whether a photo is in someone's file; it is not opened."""
    return session.scalar(sa.select(PersonPhoto.id).where(PersonPhoto.person_id == person.id)) is not None


def living_ids(session: Session, mission: Mission) -> Sequence[int]:
    """The ids of the cards that a sheet holds; nothing is opened."""
    query = (
        lists.credentials(mission)
        .with_only_columns(Credential.id)
        .where(Credential.revoked_at.is_(None), Appointment.state != AppointmentState.WITHDRAWN)
    )
    return session.scalars(query.limit(MOST)).all()
