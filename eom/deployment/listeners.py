"""What deployment does when a checklist has arrived: the station counts as visited."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from eom.core import events
from eom.deployment.services import visits


@events.submission_received.connect
def _station_was_visited(
    _sender: Any,
    *,
    mission_id: int,
    round_id: int | None,
    polling_station_id: int | None,
    at: datetime,
    **_rest: Any,
) -> None:
    if round_id is not None and polling_station_id is not None:
        visits.record_visit(
            mission_id=mission_id, round_id=round_id, polling_station_id=polling_station_id, at=at
        )


@events.submission_moved_away.connect
def _station_was_not_visited(
    _sender: Any, *, round_id: int | None, polling_station_id: int | None, **_rest: Any
) -> None:
    if round_id is not None and polling_station_id is not None:
        visits.withdraw_visit(round_id=round_id, polling_station_id=polling_station_id)
