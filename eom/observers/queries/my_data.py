"""Everything that is held about one person, for that person. The dossier is not opened here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import sqlalchemy as sa
from sqlalchemy.orm import Session, selectinload

from eom.accounts.models import Membership, SignInSession, User
from eom.core import events
from eom.core.audit import AuditEntry
from eom.core.privacy import Held
from eom.missions.models.mission import Mission
from eom.observers.models import Appointment, DossierGroup, Person
from eom.observers.queries import dossiers

SHOWN_LOOKS = 100


@dataclass(frozen=True)
class MyData:
    """What is held about someone with an account; ``person`` is None for someone not on the roster."""

    user: User
    person: Person | None
    on_file: frozenset[str]
    memberships: Sequence[tuple[Membership, str | None]]
    sessions: Sequence[SignInSession]
    appointments: Sequence[Appointment] = ()
    elsewhere: Sequence[Held] = ()
    about_count: int = 0
    by_count: int = 0
    looks: Sequence[AuditEntry] = field(default=())

    @property
    def groups(self) -> list[tuple[DossierGroup, bool]]:
        """(group of the dossier, whether something is on file)."""
        return dossiers.groups(self.on_file)


def held_about(session: Session, user: User) -> MyData:
    """What is held about the person of an account."""
    person = dossiers.person_of_user(session, user.id)
    about = _about(user, person)
    found: list[Held] = []
    events.personal_data_asked.send(None, user_id=user.id, person_id=person and person.id, found=found)
    return MyData(
        user=user,
        person=person,
        on_file=dossiers.on_file(session, person) if person else frozenset(),
        memberships=_memberships(session, user),
        sessions=_sessions(session, user),
        appointments=_appointments(session, person) if person else (),
        elsewhere=found,
        about_count=_count(session, about),
        by_count=_count(session, AuditEntry.actor_id == user.id),
        looks=_looks(session, person) if person else (),
    )


def _about(user: User, person: Person | None) -> sa.ColumnElement[bool]:
    def entries(kind: str, ids: Sequence[int]) -> sa.ColumnElement[bool]:
        return sa.and_(AuditEntry.object_type == kind, AuditEntry.object_id.in_([str(each) for each in ids]))

    criteria = [entries("users", [user.id]), entries("memberships", [each.id for each in user.memberships])]
    if person is not None:
        criteria.append(entries("people", [person.id]))
        criteria.append(entries("appointments", [each.id for each in person.appointments]))
        if person.dossier is not None:
            criteria.append(entries("person_dossiers", [person.dossier.id]))
    return sa.or_(*criteria)


def _count(session: Session, criterion: sa.ColumnElement[bool]) -> int:
    return session.scalar(sa.select(sa.func.count()).select_from(AuditEntry).where(criterion)) or 0


def _memberships(session: Session, user: User) -> list[tuple[Membership, str | None]]:
    query = (
        sa.select(Membership, Mission.code)
        .outerjoin(Mission, Mission.id == Membership.mission_id)
        .where(Membership.user_id == user.id)
        .order_by(Membership.id)
    )
    return [(membership, code) for membership, code in session.execute(query)]


def _sessions(session: Session, user: User) -> Sequence[SignInSession]:
    query = sa.select(SignInSession).where(SignInSession.user_id == user.id)
    return session.scalars(query.order_by(SignInSession.began_at.desc())).all()


def _appointments(session: Session, person: Person) -> Sequence[Appointment]:
    query = (
        sa.select(Appointment)
        .where(Appointment.person_id == person.id)
        .options(selectinload(Appointment.mission), selectinload(Appointment.pledges))
        .order_by(Appointment.starts_on.desc().nulls_last(), Appointment.id.desc())
    )
    return session.scalars(query).all()


def _looks(session: Session, person: Person) -> Sequence[AuditEntry]:
    """Who looked at the dossier, the newest first."""
    query = sa.select(AuditEntry).where(
        AuditEntry.action == "looked",
        AuditEntry.object_type == "people",
        AuditEntry.object_id == str(person.id),
    )
    return session.scalars(query.order_by(AuditEntry.id.desc()).limit(SHOWN_LOOKS)).all()
