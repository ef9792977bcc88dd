"""Making and changing teams."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import time
from typing import Any

import sqlalchemy as sa

from eom.core.errors import Conflict, InvalidInput, Refused
from eom.core.i18n import lazy
from eom.deployment.models import Selection, Team, TeamMember
from eom.deployment.queries import teams as reading
from eom.deployment.services import assigning, no_go
from eom.extensions import db
from eom.missions.models.mission import Mission
from eom.missions.models.process import Round
from eom.observers.models import Appointment, AppointmentState
from eom.stations.models import PollingStation


def make_team(mission: Mission, **told: object) -> Team:
    """A new team; ``told`` as ``edit_team`` takes it, and raises."""
    team = Team(mission_id=mission.id)
    areas: Any = told.pop("areas", ())
    edit_team(mission, team, **told)  # type: ignore[arg-type]
    db.session.add(team)
    db.session.flush()
    no_go.keep_to(mission, team, areas)
    return team


def edit_team(
    mission: Mission, team: Team, *, name: str, members: Sequence[int] = (), lead: int | None = None,
    base: str | None = None, latitude: float | None = None, longitude: float | None = None,
    vehicle: str | None = None, call_sign: str | None = None, starts_at: time | None = None,
    ends_at: time | None = None, note: str | None = None, areas: Sequence[int] | None = None,
) -> None:  # fmt: skip
    """Change a team. ``members`` and ``lead`` are ids of appointments; the lead is one of the members.
    ``areas`` are ids of the areas that it keeps to; None leaves them as they are.

    Raises InvalidInput for a name or position that cannot be, Conflict for a name that another team has,
    Refused for somebody of another mission, who withdrew, or who is in another team.
    """
    _check(name, latitude, longitude, starts_at, ends_at)
    _refuse_known(mission, team, name.strip())
    chosen = list(dict.fromkeys([*members, *([lead] if lead else [])]))
    people = _admitted(mission, team, chosen)
    team.name = name.strip()
    team.base, team.vehicle, team.call_sign, team.note = (
        base or None,
        vehicle or None,
        call_sign or None,
        note or None,
    )
    team.latitude, team.longitude = latitude, longitude
    team.starts_at, team.ends_at = starts_at, ends_at
    held = {each.appointment_id: each for each in team.members}
    team.members = [held.get(each.id) or TeamMember(appointment_id=each.id, is_lead=False) for each in people]
    for each in team.members:
        each.is_lead = each.appointment_id == lead
    db.session.flush()
    if areas is not None:
        no_go.keep_to(mission, team, areas)


def remove_team(team: Team) -> None:
    """Dissolve a team: its people are free, what they are assigned to stays theirs."""
    db.session.delete(team)
    db.session.flush()


def assign_team(
    mission: Mission, team: Team, *, round_: Round, stations: Sequence[PollingStation],
    selection: Selection = Selection.ASSIGNED,
) -> int:  # fmt: skip
    """Assign everyone of a team who observes to stations; how many assignments are new.

    Raises Refused for a team in which nobody observes, and as ``assigning.assign``.
    """
    people = reading.observing_members(db.session(), team)
    if team.mission_id != mission.id or not people:
        raise Refused(
            lazy("Nobody in the team “%(team)s” observes.", team=team.name), "who",
            lazy("Add its observers on the page of the team first."),
        )  # fmt: skip
    return sum(
        assigning.assign(mission, round_=round_, appointment=each, stations=stations, selection=selection)
        for each in people
    )


def _check(
    name: str, latitude: float | None, longitude: float | None, starts_at: time | None, ends_at: time | None
) -> None:
    if not name.strip():
        raise InvalidInput(lazy("Give the team a name."), "name")
    if (latitude is None) != (longitude is None):
        raise InvalidInput(
            lazy("A position has a latitude and a longitude."),
            "latitude" if latitude is None else "longitude",
        )
    if latitude is not None and not -90 <= latitude <= 90:
        raise InvalidInput(lazy("A latitude lies between −90 and 90 degrees."), "latitude")
    if longitude is not None and not -180 <= longitude <= 180:
        raise InvalidInput(lazy("A longitude lies between −180 and 180 degrees."), "longitude")
    if starts_at and ends_at and ends_at <= starts_at:
        raise InvalidInput(lazy("The day of the team ends after it begins."), "ends_at")


def _refuse_known(mission: Mission, team: Team, name: str) -> None:
    same = sa.select(Team.id).where(Team.mission_id == mission.id, Team.name == name)
    with db.session.no_autoflush:
        known = db.session.scalar(same)
    if known is not None and known != team.id:
        raise Conflict(lazy("The mission has a team “%(name)s” already.", name=name), "name")


def _admitted(mission: Mission, team: Team, ids: Sequence[int]) -> list[Appointment]:
    with db.session.no_autoflush:
        people = {each.id: each for each in reading.appointments_in(db.session(), mission, ids)}
        taken = reading.places_held(db.session(), ids)
    if set(ids) - set(people):
        raise Refused(lazy("The members must be of this mission."), "members")
    for each in people.values():
        if each.state is AppointmentState.WITHDRAWN:
            raise Refused(lazy("%(name)s has withdrawn.", name=each.person.name), "members")
        other = taken.get(each.id)
        if other is not None and other.id != team.id:
            raise Refused(
                lazy("%(name)s is in the team “%(team)s”.", name=each.person.name, team=other.name), "members",
                lazy("Take them out of it first."),
            )  # fmt: skip
    return [people[id_] for id_ in ids]
