"""What deployment does when a checklist has arrived: the station counts as visited. And what it holds of people."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from eom.core import events
from eom.core.events import Reception
from eom.core.i18n import lazy
from eom.core.privacy import Held
from eom.deployment.models import Assignment
from eom.deployment.services import visits
from eom.extensions import db
from eom.observers.models import Appointment


@events.submissions_received.connect
def _stations_were_visited(_sender: Any, *, received: list[Reception], **_rest: Any) -> None:
    visits.record_visits(received)


@events.submission_moved_away.connect
def _station_was_not_visited(
    _sender: Any, *, round_id: int | None, polling_station_id: int | None, **_rest: Any
) -> None:
    if round_id is not None and polling_station_id is not None:
        visits.withdraw_visit(round_id=round_id, polling_station_id=polling_station_id)


@events.personal_data_asked.connect
def _assignments_of_a_person(_sender: Any, *, person_id: int | None, found: list[Held], **_rest: Any) -> None:
    own = sa.select(Appointment.id).where(Appointment.person_id == person_id)
    query = sa.select(sa.func.count()).where(Assignment.appointment_id.in_(own))
    found.append(Held("assignments", lazy("Stations you were assigned"), db.session.scalar(query) or 0))
