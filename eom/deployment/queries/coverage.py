"""Coverage: how many stations of each area are planned and visited in a round; the state of each centre."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eom.core import clock
from eom.deployment.models import Assignment, Visit
from eom.missions.models.mission import Mission
from eom.missions.models.process import Round
from eom.stations.models import Area, PollingStation, VotingCentre
from eom.stations.queries import Areas, within

NONE, PLANNED, VISITED = 0, 1, 2
# Latitude, longitude (degrees), the centre's id, its state.
Point = tuple[float, float, int, int]


@dataclass(frozen=True)
class Coverage:
    """Stations of an area (or of all of them) with those planned and those visited, each counted once."""

    area_id: int | None
    name: str
    is_abroad: bool
    boundary: str | None
    station_count: int
    registered_voters: int
    planned_count: int
    visited_count: int

    @property
    def planned_share(self) -> float | None:
        """Planned stations among all, 0..1; None without stations."""
        return self.planned_count / self.station_count if self.station_count else None

    @property
    def visited_share(self) -> float | None:
        """Visited stations among all, 0..1; None without stations."""
        return self.visited_count / self.station_count if self.station_count else None


@dataclass(frozen=True)
class View:
    """What a map shows: degrees (WGS 84), and the zoom of web maps, 0 for the world in 256 pixels."""

    south: float
    west: float
    north: float
    east: float
    zoom: int


@dataclass(frozen=True)
class StationState:
    """A station of a centre and how it stands in a round."""

    code: str
    registered_voters: int | None
    is_planned: bool
    visit_count: int


def round_to_show(mission: Mission, wanted: str | None) -> Round | None:
    """The round that is asked for by id, else the newest that has come, else the first one."""
    rounds = sorted(mission.rounds, key=lambda each: each.polling_on)
    for each in rounds:
        if wanted and str(each.id) == wanted:
            return each
    today = clock.today(mission.time_zone)
    past = [each for each in rounds if each.polling_on <= today]
    return past[-1] if past else (rounds[0] if rounds else None)


def coverage_by_area(
    session: Session,
    mission: Mission,
    round_: Round | None,
    areas: Areas = None,
    until: datetime | None = None,
) -> list[Coverage]:
    """A row for each first-level area of the country and each country abroad, by name, the host's first.

    With ``areas`` only what lies in them is counted, with ``until`` only what was visited by then.
    """
    planned = _among(session, mission, areas, stations_in(Assignment, mission, round_))
    visited = _among(session, mission, areas, visited_stations(mission, round_, until))
    counted = _by_area(
        mission, areas, sa.func.count(PollingStation.id).label("stations"),
        sa.func.coalesce(sa.func.sum(PollingStation.registered_voters), 0).label("voters"),
    ).subquery()  # fmt: skip
    rows = session.execute(
        sa.select(Area, counted.c.stations, counted.c.voters)
        .join(counted, counted.c.area_id == Area.id)
        .order_by(Area.is_abroad, Area.name)
    )
    return [
        Coverage(area.id, area.words, area.is_abroad, area.boundary, int(stations), int(voters),
                 planned.get(area.id, 0), visited.get(area.id, 0))
        for area, stations, voters in rows
    ]  # fmt: skip


def _by_area(mission: Mission, areas: Areas, *columns: Any) -> sa.Select[Any]:
    """Figures of the stations by first-level area, ``area_id``."""
    return (
        sa.select(VotingCentre.first_area_id.label("area_id"), *columns)
        .select_from(PollingStation)
        .join(VotingCentre, VotingCentre.id == PollingStation.centre_id)
        .where(PollingStation.mission_id == mission.id, PollingStation.is_missing.is_(False), within(areas))
        .group_by(VotingCentre.first_area_id)
    )


def _among(session: Session, mission: Mission, areas: Areas, stations: sa.Select[Any]) -> dict[int, int]:
    """How many of some stations lie in each area."""
    few = stations.subquery()
    query = _by_area(mission, areas, sa.func.count()).join(few, few.c.station_id == PollingStation.id)
    return dict(session.execute(query).tuples().all())


def total(name: str, rows: Iterable[Coverage]) -> Coverage:
    """The sum of some rows under a name."""
    listed = list(rows)
    return Coverage(
        None, name, False, None, sum(r.station_count for r in listed), sum(r.registered_voters for r in listed),
        sum(r.planned_count for r in listed), sum(r.visited_count for r in listed),
    )  # fmt: skip


def points(
    session: Session, mission: Mission, round_: Round | None, area_id: int | None = None, areas: Areas = None,
    until: datetime | None = None, view: View | None = None,
) -> list[Point]:  # fmt: skip
    """(latitude, longitude, centre's id, state) of every centre with coordinates; degrees, WGS 84.

    ``area_id`` is the first-level area that is looked at, ``areas`` are those that may be. With ``view`` only
    what it shows, with ``until`` only visits that were made by then.
    """
    criteria = drawn(mission, area_id, areas, view)
    known = standing(session, mission, round_, until, drawn(mission, area_id, areas))
    query = sa.select(VotingCentre.latitude, VotingCentre.longitude, VotingCentre.id).where(*criteria)
    return [
        (round(latitude or 0, 5), round(longitude or 0, 5), id_, known[id_][2] if id_ in known else NONE)
        for latitude, longitude, id_ in session.execute(query.order_by(VotingCentre.id))
    ]


def standing(
    session: Session, mission: Mission, round_: Round | None, until: datetime | None, criteria: Sequence[Any]
) -> dict[int, tuple[float, float, int]]:
    """The centres that are planned or visited, among those that meet the criteria: place and state by id.

    The stations, which are few, lead to them: an ``IN``, or a narrow view among the criteria, lets PostgreSQL begin
    with the centres and read all of them.
    """
    found: dict[int, tuple[float, float, int]] = {}
    for stations, state in (
        (stations_in(Assignment, mission, round_), PLANNED),
        (visited_stations(mission, round_, until), VISITED),
    ):
        few = stations.subquery()
        query = (
            sa.select(VotingCentre.id, VotingCentre.latitude, VotingCentre.longitude)
            .select_from(few)
            .join(PollingStation, PollingStation.id == few.c.station_id)
            .join(VotingCentre, VotingCentre.id == PollingStation.centre_id)
            .where(PollingStation.is_missing.is_(False), *criteria)
        )
        for id_, latitude, longitude in session.execute(query):
            found[id_] = (latitude or 0, longitude or 0, state)
    return found


def drawn(mission: Mission, area_id: int | None, areas: Areas, view: View | None = None) -> list[Any]:
    """The criteria of the centres that a map shows."""
    criteria: list[Any] = [
        VotingCentre.mission_id == mission.id, VotingCentre.is_missing.is_(False),
        VotingCentre.latitude.is_not(None), within(areas),
    ]  # fmt: skip
    if area_id is not None:
        criteria.append(VotingCentre.first_area_id == area_id)
    if view is not None:
        criteria.append(VotingCentre.latitude.between(view.south, view.north))
        criteria.append(VotingCentre.longitude.between(view.west, view.east))
    return criteria


def station_states(session: Session, centre: VotingCentre, round_: Round | None) -> list[StationState]:
    """The stations of a centre by number, with how they stand in a round."""
    round_id = round_.id if round_ else -1
    planned = (
        sa.select(Assignment.id)
        .where(Assignment.polling_station_id == PollingStation.id, Assignment.round_id == round_id)
        .exists()
    )
    rows = session.execute(
        sa.select(PollingStation.code, PollingStation.registered_voters, planned, Visit.submission_count)
        .outerjoin(Visit, sa.and_(Visit.polling_station_id == PollingStation.id, Visit.round_id == round_id))
        .where(PollingStation.centre_id == centre.id, PollingStation.is_missing.is_(False))
        .order_by(sa.func.length(PollingStation.code), PollingStation.code)
    )
    return [StationState(code, voters, bool(plan), int(seen or 0)) for code, voters, plan, seen in rows]


def visited_stations(mission: Mission, round_: Round | None, until: datetime | None) -> sa.Select[Any]:
    """The stations that were visited in a round, with ``until`` only those that were by then."""
    query = stations_in(Visit, mission, round_)
    return query if until is None else query.where(Visit.first_at <= until)


def stations_in(model: Any, mission: Mission, round_: Round | None) -> sa.Select[Any]:
    """The stations that a table names in a round, each once, as ``station_id``."""
    return (
        sa.select(model.polling_station_id.label("station_id"))
        .where(model.mission_id == mission.id, model.round_id == (round_.id if round_ else -1))
        .distinct()
    )
