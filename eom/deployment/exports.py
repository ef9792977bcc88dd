"""The lists of teams and of assignments and the table of coverage: columns for the page and the files."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eom.core.i18n import _, day, lazy
from eom.core.listing import Column, Filter, ListDefinition
from eom.deployment.models import Assignment, Team, TeamMember, Visit
from eom.deployment.queries import assignments as reading
from eom.deployment.queries import teams as team_queries
from eom.deployment.queries.coverage import Coverage
from eom.missions.models.mission import Mission
from eom.observers.models import Person
from eom.stations import queries as station_queries
from eom.stations.models import Area, PollingStation, VotingCentre

STATES = (("visited", lazy("Visited")), ("open", lazy("Not visited yet")))


def assignments(session: Session, mission: Mission, areas: station_queries.Areas = None) -> ListDefinition:
    """Who is assigned where, and whether a checklist has arrived from there."""
    columns = (
        Column("person", lazy("Person"), lambda r: f"{r.Person.family_names}, {r.Person.given_names}",
               (Person.family_names, Person.given_names)),
        Column("station", lazy("Polling station"), lambda r: r.PollingStation.code,
               (sa.func.length(PollingStation.code), PollingStation.code)),
        Column("centre", lazy("Voting centre"), lambda r: r.VotingCentre.name, VotingCentre.name),
        Column("area", lazy("Area"), lambda r: r.Area.words, Area.name),
        Column("round", lazy("Polling day"), lambda r: r.Round.polling_on, kind="date"),
        Column("selection", lazy("Chosen"), lambda r: r.Assignment.selection, Assignment.selection, "label"),
        Column("visited", lazy("First checklist"), lambda r: r.Visit and (r.Visit.first_at, mission.time_zone),
               Visit.first_at, "moment"),
    )  # fmt: skip
    filters = _assignment_filters(session, mission, areas)
    search = (Person.family_names, Person.given_names, PollingStation.code, VotingCentre.name)
    return ListDefinition(
        reading.assignments(mission, areas), columns, filters, search, sort="person", entity=False,
        tie=Assignment.id,
    )  # fmt: skip


def _assignment_filters(
    session: Session, mission: Mission, areas: station_queries.Areas
) -> tuple[Filter, ...]:
    rounds = [(str(each.id), day(each.polling_on)) for each in mission.rounds]
    people = [(str(id_), name) for id_, name in reading.people_to_assign(session, mission)]
    places = [(str(each.id), each.words) for each in station_queries.first_areas(session, mission, areas)]
    return (
        Filter("round", lazy("Polling day"), lambda v: Assignment.round_id == int(v), choices=rounds),
        Filter("area", lazy("Area"), lambda v: VotingCentre.first_area_id == int(v), choices=places),
        Filter("person", lazy("Person"), lambda v: Assignment.appointment_id == int(v), choices=people),
        Filter(
            "team",
            lazy("Team"),
            _team,
            choices=[(str(id_), name) for id_, name in team_queries.names(session, mission)],
        ),
        Filter("state", lazy("State"), _state, choices=STATES),
    )


def teams(
    mission: Mission, link: Callable[[int], str] | None = None, areas: station_queries.Areas = None
) -> ListDefinition:
    """The teams with their lead, size, and what is planned and visited."""
    columns = (
        Column("name", lazy("Team"), lambda r: r.Team.name, Team.name, href=lambda r: link(r.Team.id) if link else None),
        Column("lead", lazy("Lead"), lambda r: r.family_names and f"{r.family_names}, {r.given_names}", team_queries.LEAD_SORT),
        Column("members", lazy("Members"), lambda r: r.member_count, sa.text("member_count"), "number"),
        Column("base", lazy("Base"), lambda r: r.Team.base, Team.base),
        Column("vehicle", lazy("Vehicle"), lambda r: r.Team.vehicle, Team.vehicle),
        Column("call_sign", lazy("Radio call sign"), lambda r: r.Team.call_sign, Team.call_sign),
        Column("planned", lazy("Stations"), lambda r: r.planned_count, sa.text("planned_count"), "number"),
        Column("visited", lazy("Visited"), lambda r: r.visited_count, sa.text("visited_count"), "number"),
    )  # fmt: skip
    search = (Team.name, Team.base, Team.vehicle, Team.call_sign)
    return ListDefinition(
        team_queries.teams(mission, areas), columns, (), search, sort="name", entity=False, tie=Team.id
    )


def coverage_rows(rows: Iterable[Coverage]) -> Iterator[list[Any]]:
    """The table of coverage as it goes out: headings first."""
    yield [
        _("Area"), _("Abroad"), _("Polling stations"), _("Registered voters"), _("Planned"), _("Visited"),
        _("Planned share"), _("Visited share"),
    ]  # fmt: skip
    for row in rows:
        yield [
            row.name, _("Yes") if row.is_abroad else _("No"), row.station_count, row.registered_voters,
            row.planned_count, row.visited_count, row.planned_share, row.visited_share,
        ]  # fmt: skip


def _team(value: str) -> Any:
    members = sa.select(TeamMember.appointment_id).where(TeamMember.team_id == int(value))
    return Assignment.appointment_id.in_(members)


def _state(value: str) -> Any:
    return Visit.id.is_not(None) if value == "visited" else Visit.id.is_(None)
