"""Reading pledges: one's own places in a mission, and who has signed."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session, selectinload

from eom.missions.models.mission import Mission
from eom.observers.models import Appointment, AppointmentState, Pledge
from eom.observers.queries.people import places_of


def own_appointments(session: Session, mission: Mission, user_id: int) -> list[Appointment]:
    """The living places in the mission of the person whose account it is, with their pledges."""
    query = places_of(mission.id, user_id).options(selectinload(Appointment.pledges))
    return list(session.scalars(query.order_by(Appointment.id)))


def pledges_of(session: Session, appointment: Appointment) -> list[Pledge]:
    """What was signed for an appointment, the newest first."""
    query = sa.select(Pledge).where(Pledge.appointment_id == appointment.id).order_by(Pledge.id.desc())
    return list(session.scalars(query))


def unsigned_count(session: Session, mission: Mission) -> int:
    """How many living appointments of a mission have no day of the pledge."""
    query = sa.select(sa.func.count()).where(
        Appointment.mission_id == mission.id,
        Appointment.state != AppointmentState.WITHDRAWN,
        Appointment.pledge_signed_on.is_(None),
    )
    return session.scalar(query) or 0
