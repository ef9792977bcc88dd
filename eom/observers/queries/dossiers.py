"""Reading dossiers without opening them: what is on file, and who may come near."""

from __future__ import annotations

from collections.abc import Collection

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eom.core.errors import NotFound
from eom.core.i18n import lazy
from eom.observers.models import DOSSIER, Appointment, AppointmentState, DossierGroup, Person, PersonDossier

COLUMNS = tuple(name for names in DOSSIER.values() for name in names)


def person_in(session: Session, person_id: int, mission_ids: Collection[int] | None) -> Person:
    """The person, if they have a living place in one of the missions (None: whoever it is).

    Raises NotFound for anyone else: that they exist is not told.
    """
    query = sa.select(Person).where(Person.id == person_id)
    if mission_ids is not None:
        there = Person.appointments.any(
            sa.and_(Appointment.mission_id.in_(mission_ids), Appointment.state != AppointmentState.WITHDRAWN)
        )
        query = query.where(there)
    person = session.scalar(query)
    if person is None:
        raise NotFound(lazy("There is nothing here, or it is not yours to see."))
    return person


def person_of_user(session: Session, user_id: int) -> Person | None:
    """The person of the roster whose account it is."""
    return session.scalar(sa.select(Person).where(Person.user_id == user_id))


def on_file(session: Session, person: Person) -> frozenset[str]:
    """The columns of a person's dossier that hold something; nothing is opened."""
    flags = [
        sa.type_coerce(getattr(PersonDossier, name), sa.Text).is_not(None).label(name) for name in COLUMNS
    ]
    row = session.execute(sa.select(*flags).where(PersonDossier.person_id == person.id)).mappings().first()
    return frozenset(name for name in COLUMNS if row is not None and row[name])


def groups(held: Collection[str]) -> list[tuple[DossierGroup, bool]]:
    """(group, whether something of it is on file)."""
    return [(group, any(name in held for name in group.columns)) for group in DossierGroup]
