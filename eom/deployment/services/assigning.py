"""Assigning observers to polling stations."""

from __future__ import annotations

import re
from collections.abc import Sequence

from eom.core.errors import InvalidInput, Refused
from eom.core.i18n import lazy
from eom.deployment.models import Assignment, Selection
from eom.deployment.queries import assignments as reading
from eom.extensions import db
from eom.missions.models.mission import Mission
from eom.missions.models.process import Round
from eom.observers.models import Appointment, AppointmentState
from eom.stations.models import PollingStation
from eom.stations.queries import Areas

_SEPARATORS = re.compile(r"[\s,;]+")
LISTED = 10


def assign(
    mission: Mission,
    *,
    round_: Round,
    appointment: Appointment,
    stations: Sequence[PollingStation],
    selection: Selection = Selection.ASSIGNED,
) -> int:
    """Assign someone to stations in a round; returns how many were new, those they have already stay.

    Raises Refused for someone who withdrew or does not observe, or for anything of another mission.
    """
    if appointment.mission_id != mission.id or round_.mission_id != mission.id:
        raise Refused(lazy("The person and the polling day must be of this mission."))
    if appointment.state is AppointmentState.WITHDRAWN or not appointment.role.is_observing:
        raise Refused(lazy("%(name)s does not observe in this mission.", name=appointment.person.name), "who")
    if any(each.mission_id != mission.id for each in stations):
        raise Refused(lazy("The polling stations must be of this mission."), "codes")
    known = reading.assigned_station_ids(db.session(), round_, appointment)
    fresh = {each.id: each for each in stations if each.id not in known}
    db.session.add_all(
        Assignment(
            mission_id=mission.id, round_id=round_.id, appointment_id=appointment.id, polling_station_id=id_,
            selection=selection,
        )
        for id_ in fresh
    )  # fmt: skip
    db.session.flush()
    return len(fresh)


def stations_named(mission: Mission, codes: str, areas: Areas = None) -> list[PollingStation]:
    """The stations whose numbers stand in a text, separated by commas, blanks or lines.

    With ``areas`` others do not exist: whoever is limited to them is not told of more. Raises InvalidInput naming the numbers that no station has, or that several have.
    """
    wanted = [code for code in _SEPARATORS.split(codes.strip()) if code]
    if not wanted:
        raise InvalidInput(lazy("Give the number of at least one polling station."), "codes")
    found = reading.stations_by_code(db.session(), mission, wanted, areas)
    unknown = [code for code in dict.fromkeys(wanted) if code not in found]
    if unknown:
        raise InvalidInput(
            lazy("No polling station of this mission has the number %(codes)s.", codes=_listed(unknown)),
            "codes",
        )
    shared = [code for code in dict.fromkeys(wanted) if len(found[code]) > 1]
    if shared:
        raise InvalidInput(
            lazy("Several polling stations have the number %(codes)s: assign these on the page of their centre.",
                 codes=_listed(shared)),
            "codes",
        )  # fmt: skip
    return [found[code][0] for code in dict.fromkeys(wanted)]


def unassign(assignment: Assignment) -> None:
    """Take an assignment away; what was observed stays, and the audit trail keeps the rest."""
    db.session.delete(assignment)
    db.session.flush()


def _listed(codes: list[str]) -> str:
    shown = ", ".join(code[:30] for code in codes[:LISTED])
    return f"{shown}, …" if len(codes) > LISTED else shown
