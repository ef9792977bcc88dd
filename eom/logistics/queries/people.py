"""The people of a mission whom logistics concerns, within what a coordinator of areas may see."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eom.core.errors import NotFound
from eom.core.i18n import lazy
from eom.deployment.models import Assignment, TeamMember
from eom.missions.models.mission import Mission
from eom.observers.models import Appointment, AppointmentState, Person
from eom.stations.queries import Areas, station_within


def seen(mission: Mission, areas: Areas, column: Any = Appointment.id) -> sa.ColumnElement[bool]:
    """The criterion that an appointment may be seen: assigned in one of ``areas``, or in a team with who is."""
    if areas is None:
        return sa.true()
    here = sa.select(Assignment.appointment_id).where(
        Assignment.mission_id == mission.id, station_within(areas, Assignment.polling_station_id)
    )
    teams = sa.select(TeamMember.team_id).where(TeamMember.appointment_id.in_(here))
    mates = sa.select(TeamMember.appointment_id).where(TeamMember.team_id.in_(teams))
    return sa.or_(column.in_(here), column.in_(mates))  # type: ignore[no-any-return]


def living(mission: Mission, areas: Areas = None) -> Any:
    """(appointment, person) of everyone who still has a place in the mission, by name."""
    return (
        sa.select(Appointment, Person)
        .join(Person, Person.id == Appointment.person_id)
        .where(
            Appointment.mission_id == mission.id, Appointment.state != AppointmentState.WITHDRAWN,
            seen(mission, areas),
        )
        .order_by(Person.family_names, Person.given_names, Appointment.id)
    )  # fmt: skip


def in_country(mission: Mission, areas: Areas = None) -> Any:
    """As ``living``, without those who work from afar: who must be brought, housed and found."""
    return living(mission, areas).where(Appointment.is_remote.is_(False))


def choices(session: Session, mission: Mission) -> list[tuple[str, str]]:
    """(id, name) of everyone in the country, for a form."""
    rows = session.execute(in_country(mission)).all()
    return [(str(each.id), f"{person.family_names}, {person.given_names}") for each, person in rows]


def one(session: Session, mission: Mission, appointment_id: int) -> Appointment:
    """A living appointment of the mission. Raises NotFound."""
    found = session.scalars(living(mission).where(Appointment.id == appointment_id)).first()
    if found is None:
        raise NotFound(lazy("There is nothing here, or it is not yours to see."))
    return found  # type: ignore[no-any-return]


def contacts(session: Session, mission: Mission) -> list[tuple[int, str, str | None]]:
    """(appointment, name, e-mail) of everyone with a living place, for a file that names them."""
    return [(each.id, person.name, person.email) for each, person in session.execute(living(mission))]
