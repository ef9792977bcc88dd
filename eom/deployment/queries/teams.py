"""Reading teams: who is in them, what they are to visit, and what has come from there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload, selectinload

from eom.deployment.models import Assignment, Team, TeamMember, Visit
from eom.missions.models.mission import Mission
from eom.observers.models import Appointment, AppointmentState, Person
from eom.stations.queries import Areas, station_within

_LEAD = Person.__table__.alias("lead")
_LEADS = TeamMember.__table__.alias("leads")
_LEADING = Appointment.__table__.alias("leading")
LEAD_SORT = (_LEAD.c.family_names, _LEAD.c.given_names)


def teams(mission: Mission, areas: Areas = None) -> Any:
    """(team, its lead's family and given names, members, stations to visit, of them visited) of a mission.

    Stations are those of ``areas``, each counted once a team and round.
    """
    members = (
        sa.select(sa.func.count(TeamMember.id))
        .where(TeamMember.team_id == Team.id)
        .correlate(Team)
        .scalar_subquery()
    )
    assigned = _assigned(areas).correlate(Team)
    visited = assigned.join(
        Visit,
        sa.and_(
            Visit.round_id == Assignment.round_id, Visit.polling_station_id == Assignment.polling_station_id
        ),
    )
    return (
        sa.select(
            Team,
            _LEAD.c.family_names,
            _LEAD.c.given_names,
            members.label("member_count"),
            assigned.scalar_subquery().label("planned_count"),
            visited.scalar_subquery().label("visited_count"),
        )
        .outerjoin(_LEADS, sa.and_(_LEADS.c.team_id == Team.id, _LEADS.c.is_lead))
        .outerjoin(_LEADING, _LEADING.c.id == _LEADS.c.appointment_id)
        .outerjoin(_LEAD, _LEAD.c.id == _LEADING.c.person_id)
        .where(Team.mission_id == mission.id)
    )


def _assigned(areas: Areas) -> sa.Select[int]:
    pair = sa.func.count(
        sa.distinct(
            sa.cast(Assignment.round_id, sa.String)
            .op("||")("/")
            .op("||")(sa.cast(Assignment.polling_station_id, sa.String))
        )
    )
    return (
        sa.select(pair)
        .select_from(Assignment)
        .join(TeamMember, TeamMember.appointment_id == Assignment.appointment_id)
        .where(TeamMember.team_id == Team.id, station_within(areas, Assignment.polling_station_id))
    )


def row_of(session: Session, mission: Mission, team: Team, areas: Areas = None) -> Any:
    """The row of ``teams`` that is a team's."""
    return session.execute(teams(mission, areas).where(Team.id == team.id)).one()


def names(session: Session, mission: Mission) -> list[tuple[int, str]]:
    """(id, name) of the teams of a mission, by name."""
    rows = session.execute(
        sa.select(Team.id, Team.name).where(Team.mission_id == mission.id).order_by(Team.name)
    )
    return [(id_, name) for id_, name in rows]


def members_of(session: Session, team: Team) -> Sequence[TeamMember]:
    """The members with their people, the lead first, then by name."""
    return session.scalars(
        sa.select(TeamMember)
        .join(Appointment, Appointment.id == TeamMember.appointment_id)
        .join(Person, Person.id == Appointment.person_id)
        .where(TeamMember.team_id == team.id)
        .options(joinedload(TeamMember.appointment).joinedload(Appointment.person))
        .order_by(TeamMember.is_lead.desc(), Person.family_names, Person.given_names, TeamMember.id)
    ).all()


def free_people(session: Session, mission: Mission, team: Team | None = None) -> list[tuple[int, str]]:
    """(appointment id, name and role) of whom a team may take: in no other team, not withdrawn."""
    elsewhere = sa.select(TeamMember.appointment_id)
    if team is not None:
        elsewhere = elsewhere.where(TeamMember.team_id != team.id)
    rows = session.execute(
        sa.select(Appointment.id, Person.given_names, Person.family_names, Appointment.role)
        .join(Person, Person.id == Appointment.person_id)
        .where(
            Appointment.mission_id == mission.id,
            Appointment.state != AppointmentState.WITHDRAWN,
            Appointment.id.not_in(elsewhere),
        )
        .order_by(Person.family_names, Person.given_names, Appointment.id)
    )
    return [(id_, f"{family}, {given} · {role.label}") for id_, given, family, role in rows]


def appointments_in(session: Session, mission: Mission, ids: Sequence[int]) -> Sequence[Appointment]:
    """The appointments of a mission that have these ids, with their people."""
    return session.scalars(
        sa.select(Appointment)
        .where(Appointment.mission_id == mission.id, Appointment.id.in_(ids))
        .options(joinedload(Appointment.person))
        .order_by(Appointment.id)
    ).all()


def places_held(session: Session, appointment_ids: Sequence[int]) -> dict[int, Team]:
    """The team of each appointment that is in one."""
    rows = session.scalars(
        sa.select(TeamMember)
        .where(TeamMember.appointment_id.in_(appointment_ids))
        .options(selectinload(TeamMember.team))
    )
    return {each.appointment_id: each.team for each in rows}


def observing_members(session: Session, team: Team) -> list[Appointment]:
    """Those of a team who may be assigned to stations."""
    return [
        each.appointment
        for each in members_of(session, team)
        if each.appointment.role.is_observing and each.appointment.state is not AppointmentState.WITHDRAWN
    ]
