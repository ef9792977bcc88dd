"""Coverage: how many stations of each area are planned and visited in a round; the state of each centre."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
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
    session: Session, mission: Mission, round_: Round | None, areas: Areas = None
) -> list[Coverage]:
    """A row for each first-level area of the country and each country abroad, by name, the host's first.

    With ``areas`` only what lies in them is counted.
    """
    planned, visited = _planned(mission, round_), _visited(mission, round_)
    counted = (
        sa.select(
            VotingCentre.first_area_id.label("area_id"),
            sa.func.count(PollingStation.id).label("stations"),
            sa.func.coalesce(sa.func.sum(PollingStation.registered_voters), 0).label("voters"),
            sa.func.count(planned.c.station_id).label("planned"),
            sa.func.count(visited.c.station_id).label("visited"),
        )
        .join(VotingCentre, VotingCentre.id == PollingStation.centre_id)
        .outerjoin(planned, planned.c.station_id == PollingStation.id)
        .outerjoin(visited, visited.c.station_id == PollingStation.id)
        .where(PollingStation.mission_id == mission.id, PollingStation.is_missing.is_(False), within(areas))
        .group_by(VotingCentre.first_area_id)
        .subquery()
    )
    rows = session.execute(
        sa.select(Area, counted.c.stations, counted.c.voters, counted.c.planned, counted.c.visited)
        .join(counted, counted.c.area_id == Area.id)
        .order_by(Area.is_abroad, Area.name)
    )
    return [
        Coverage(area.id, area.words, area.is_abroad, area.boundary, *(int(value) for value in figures))
        for area, *figures in rows
    ]


def total(name: str, rows: Iterable[Coverage]) -> Coverage:
    """The sum of some rows under a name."""
    listed = list(rows)
    return Coverage(
        None, name, False, None, sum(r.station_count for r in listed), sum(r.registered_voters for r in listed),
        sum(r.planned_count for r in listed), sum(r.visited_count for r in listed),
    )  # fmt: skip


def points(
    session: Session, mission: Mission, round_: Round | None, area_id: int | None = None, areas: Areas = None
) -> list[tuple[float, float, int, int]]:
    """(latitude, longitude, centre's id, state) of every centre with coordinates; degrees, WGS 84.

    ``area_id`` is the first-level area that is looked at, ``areas`` are those that may be.
    """
    planned, visited = _planned(mission, round_), _visited(mission, round_)
    query = (
        sa.select(
            VotingCentre.latitude,
            VotingCentre.longitude,
            VotingCentre.id,
            sa.func.count(planned.c.station_id),
            sa.func.count(visited.c.station_id),
        )
        .outerjoin(PollingStation, PollingStation.centre_id == VotingCentre.id)
        .outerjoin(planned, planned.c.station_id == PollingStation.id)
        .outerjoin(visited, visited.c.station_id == PollingStation.id)
        .where(
            VotingCentre.mission_id == mission.id,
            VotingCentre.is_missing.is_(False),
            VotingCentre.latitude.is_not(None),
            within(areas),
        )
        .group_by(VotingCentre.id, VotingCentre.latitude, VotingCentre.longitude)
        .order_by(VotingCentre.id)
    )
    if area_id is not None:
        query = query.where(VotingCentre.first_area_id == area_id)
    return [
        (
            round(latitude or 0, 5),
            round(longitude or 0, 5),
            id_,
            VISITED if seen else PLANNED if plan else NONE,
        )
        for latitude, longitude, id_, plan, seen in session.execute(query)
    ]


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


def _planned(mission: Mission, round_: Round | None) -> Any:
    return _stations_in(Assignment, mission, round_)


def _visited(mission: Mission, round_: Round | None) -> Any:
    return _stations_in(Visit, mission, round_)


def _stations_in(model: Any, mission: Mission, round_: Round | None) -> Any:
    """The stations that a table names in a round, each once."""
    return (
        sa.select(model.polling_station_id.label("station_id"))
        .where(model.mission_id == mission.id, model.round_id == (round_.id if round_ else -1))
        .distinct()
        .subquery()
    )
