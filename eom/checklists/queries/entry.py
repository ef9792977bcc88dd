"""For whom headquarters types in a report, and with which forms."""

from __future__ import annotations

from sqlalchemy.orm import Session

from eom.checklists.models.form import FormVersion
from eom.checklists.queries.forms import current_versions
from eom.core import i18n
from eom.core.errors import NotFound
from eom.core.i18n import lazy
from eom.missions.models.mission import Mission
from eom.observers.models import Appointment, AppointmentState
from eom.observers.queries import people


def observers(session: Session, mission: Mission) -> list[Appointment]:
    """The people of a mission who have an account, by name: a report is kept as theirs."""
    listed = session.scalars(people.appointments(mission)).unique().all()
    there = [each for each in listed if each.person.user_id and each.state is not AppointmentState.WITHDRAWN]
    return sorted(there, key=lambda each: i18n.sort_key(str(each.person)))


def observer_in(session: Session, mission: Mission, appointment_id: int) -> Appointment:
    """One of them. Raises NotFound."""
    found = next((each for each in observers(session, mission) if each.id == appointment_id), None)
    if found is None:
        raise NotFound(lazy("Nobody with an account has this place in the mission."))
    return found


def version_in(session: Session, mission: Mission, version_id: int) -> FormVersion:
    """A version that can be filled now. Raises NotFound."""
    found = next((each for each in current_versions(session, mission) if each.id == version_id), None)
    if found is None:
        raise NotFound(lazy("There is no such form to fill in this mission."))
    return found
