"""Reading the call tree, and how far a headcount is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eom.checklists.models.safety import SafetyReport
from eom.deployment.models import Team, TeamMember
from eom.logistics.call_tree import Call, Crew, grow
from eom.logistics.models.calls import FocalPoint, Headcount, HeadcountAnswer, Reached, TeamCaller
from eom.logistics.queries.people import in_country
from eom.missions.models.mission import Mission
from eom.observers.models import Appointment, AppointmentRole, Person

LEADERS = (AppointmentRole.CHIEF, AppointmentRole.DEPUTY_CHIEF)
COORDINATORS = (AppointmentRole.GENERAL_COORDINATOR, AppointmentRole.REGIONAL_COORDINATOR)
LEADING = LEADERS + COORDINATORS


@dataclass(frozen=True)
class Line:
    """Someone in the tree as a page shows them: ``depth`` 0 is the root."""

    depth: int
    appointment: Appointment
    person: Person
    team: str | None
    caller: Person | None
    calls: int


def lines(session: Session, mission: Mission) -> list[Line]:
    """The call tree from its root down: each who calls stands before those who are called."""
    people = {each.id: (each, person) for each, person in session.execute(in_country(mission))}
    root = _tree(session, mission, people)
    teams = dict(
        session.execute(sa.select(Team.id, Team.name).where(Team.mission_id == mission.id)).tuples().all()
    )
    return list(_lines(root, people, teams)) if root else []


def _tree(session: Session, mission: Mission, people: dict[int, Any]) -> Call | None:
    ordered = sorted(
        people,
        key=lambda id_: (
            _rank(people[id_][0].role),
            people[id_][1].family_names,
            people[id_][1].given_names,
            id_,
        ),
    )
    return grow(
        ordered, focal=focal_point(session, mission), crews=_crews(session, mission), callers=callers(session, mission),
        leaders={id_ for id_, (each, _person) in people.items() if each.role in LEADERS},
        coordinators={id_ for id_, (each, _person) in people.items() if each.role in COORDINATORS},
    )  # fmt: skip


def _rank(role: AppointmentRole) -> int:
    return LEADING.index(role) if role in LEADING else len(LEADING)


def _lines(
    call: Call, people: dict[int, Any], teams: dict[int, str], depth: int = 0, caller: Person | None = None
) -> Iterator[Line]:
    appointment, person = people[call.id]
    yield Line(depth, appointment, person, teams.get(call.team_id or 0), caller, len(call.calls))
    for each in call.calls:
        yield from _lines(each, people, teams, depth + 1, person)


def _crews(session: Session, mission: Mission) -> list[Crew]:
    query = (
        sa.select(TeamMember.team_id, TeamMember.appointment_id, TeamMember.is_lead)
        .join(Team, Team.id == TeamMember.team_id)
        .where(Team.mission_id == mission.id)
        .order_by(Team.name, TeamMember.id)
    )
    found: dict[int, tuple[list[int], int | None]] = {}
    for team_id, appointment_id, is_lead in session.execute(query):
        members, lead = found.get(team_id, ([], None))
        found[team_id] = ([*members, appointment_id], appointment_id if is_lead else lead)
    return [Crew(id_, tuple(members), lead) for id_, (members, lead) in found.items()]


def focal_point(session: Session, mission: Mission) -> int | None:
    """The appointment of the security focal point, or None."""
    return session.scalar(sa.select(FocalPoint.appointment_id).where(FocalPoint.mission_id == mission.id))


def callers(session: Session, mission: Mission) -> dict[int, int]:
    """Who calls the lead of a team, by the team's id, where it was decided."""
    query = (
        sa.select(TeamCaller.team_id, TeamCaller.appointment_id)
        .join(Team, Team.id == TeamCaller.team_id)
        .where(Team.mission_id == mission.id)
    )
    return dict(session.execute(query).tuples().all())


def teams(session: Session, mission: Mission) -> list[tuple[int, str]]:
    """(id, name) of the mission's teams by name."""
    query = sa.select(Team.id, Team.name).where(Team.mission_id == mission.id).order_by(Team.name)
    return list(session.execute(query).tuples().all())


@dataclass(frozen=True)
class Known:
    """What is known of someone in a headcount; ``said`` when they said themselves that they are safe."""

    line: Line
    reached: Reached | None
    at: datetime | None
    note: str | None
    said: bool = False


@dataclass(frozen=True)
class Count:
    """A headcount: everyone in the order of the call tree, and the sums."""

    people: list[Known]
    reached: int
    help: int
    missing: int


def count(session: Session, mission: Mission, headcount: Headcount) -> Count:
    """How far a headcount is. Who says “I am safe” after it began is reached, unless somebody noted otherwise later."""
    answers = {
        each.appointment_id: each
        for each in session.scalars(
            sa.select(HeadcountAnswer).where(HeadcountAnswer.headcount_id == headcount.id)
        )
    }
    words = _words(session, mission, headcount)
    people = [_known(line, answers.get(line.appointment.id), words) for line in lines(session, mission)]
    sums = Counter(each.reached for each in people)
    return Count(
        people, sums[Reached.REACHED], sums[Reached.NEEDS_HELP],
        len(people) - sums[Reached.REACHED] - sums[Reached.NEEDS_HELP],
    )  # fmt: skip


def _words(session: Session, mission: Mission, headcount: Headcount) -> dict[int, datetime]:
    """When each account last said that it is safe, since the headcount began, by the account's id."""
    query = sa.select(SafetyReport.user_id, sa.func.max(SafetyReport.at, type_=SafetyReport.at.type)).where(
        SafetyReport.mission_id == mission.id, SafetyReport.at >= headcount.began_at
    )
    if headcount.ended_at is not None:
        query = query.where(SafetyReport.at <= headcount.ended_at)
    return dict(session.execute(query.group_by(SafetyReport.user_id)).tuples().all())


def _known(line: Line, answer: HeadcountAnswer | None, words: dict[int, datetime]) -> Known:
    said = words.get(line.person.user_id or 0)
    if said is not None and (answer is None or said > answer.noted_at):
        return Known(line, Reached.REACHED, said, None, said=True)
    return (
        Known(line, answer.reached, answer.noted_at, answer.note) if answer else Known(line, None, None, None)
    )


def headcounts(mission: Mission) -> Any:
    """(headcount, how many were noted as reached) of a mission."""
    reached = (
        sa.select(sa.func.count(HeadcountAnswer.id))
        .where(HeadcountAnswer.headcount_id == Headcount.id, HeadcountAnswer.reached == Reached.REACHED)
        .correlate(Headcount).scalar_subquery()
    )  # fmt: skip
    return sa.select(Headcount, reached.label("reached_count")).where(Headcount.mission_id == mission.id)
