"""Reading a mission's areas, centres and stations."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, contains_eager, selectinload

from eom.core.db import get_in
from eom.core.errors import NotFound
from eom.core.i18n import lazy
from eom.missions.models.mission import Mission
from eom.stations.models import (
    Area,
    AreaBoundary,
    CentreFinding,
    FindingState,
    PollingStation,
    RegisterImport,
    VotingCentre,
)

Areas = Collection[int] | None


def within(areas: Areas, column: Any = VotingCentre.area_id) -> sa.ColumnElement[bool]:
    """The criterion that a column's area is one of some areas or lies inside one; None: no limit."""
    if areas is None:
        return sa.true()
    inside = sa.select(Area.id).where(Area.id.in_(areas)).cte(recursive=True)
    below = sa.alias(Area.__table__)
    inside = inside.union(sa.select(below.c.id).join(inside, below.c.parent_id == inside.c.id))
    return column.in_(sa.select(inside.c.id))  # type: ignore[no-any-return]


def station_within(areas: Areas, column: Any = PollingStation.id) -> sa.ColumnElement[bool]:
    """The criterion that a column's polling station lies in some areas; None: no limit."""
    if areas is None:
        return sa.true()
    found = sa.select(PollingStation.id).join(PollingStation.centre).where(within(areas))
    return column.in_(found)  # type: ignore[no-any-return]


def centre_in(session: Session, mission: Mission, centre_id: int, areas: Areas = None) -> VotingCentre:
    """A centre of a mission. Raises NotFound, also for one outside ``areas``."""
    query = sa.select(VotingCentre).where(VotingCentre.id == centre_id, VotingCentre.mission_id == mission.id)
    found = session.scalar(query.where(within(areas)))
    if found is None:
        raise NotFound(lazy("There is nothing here, or it is not yours to see."))
    return found


@dataclass(frozen=True)
class RegisterFigures:
    """What a mission's register holds, without what newer files no longer hold."""

    station_count: int
    centre_count: int
    registered_voters: int
    abroad_count: int
    unplaced_centre_count: int
    outside_centre_count: int
    missing_station_count: int


def register_figures(session: Session, mission: Mission, areas: Areas = None) -> RegisterFigures:
    """The register in figures, in two aggregates; of some areas or of all."""
    present = PollingStation.is_missing.is_(False)
    abroad = sa.select(VotingCentre.id).where(VotingCentre.mission_id == mission.id, VotingCentre.is_abroad)
    stations = session.execute(
        sa.select(
            _count(present),
            sa.func.coalesce(sa.func.sum(sa.case((present, PollingStation.registered_voters), else_=0)), 0),
            _count(sa.and_(present, PollingStation.centre_id.in_(abroad))),
            _count(PollingStation.is_missing),
        ).where(PollingStation.mission_id == mission.id, station_within(areas))
    ).one()
    here = VotingCentre.is_missing.is_(False)
    centres = session.execute(
        sa.select(
            _count(here),
            _count(sa.and_(here, VotingCentre.latitude.is_(None))),
            _count(sa.and_(here, VotingCentre.is_outside_area)),
        ).where(VotingCentre.mission_id == mission.id, within(areas))
    ).one()
    return RegisterFigures(
        station_count=int(stations[0]), registered_voters=int(stations[1]), abroad_count=int(stations[2]),
        missing_station_count=int(stations[3]), centre_count=int(centres[0]),
        unplaced_centre_count=int(centres[1]), outside_centre_count=int(centres[2]),
    )  # fmt: skip


def _count(criterion: Any) -> Any:
    return sa.func.coalesce(sa.func.sum(sa.case((criterion, 1), else_=0)), 0)


def stations(mission: Mission, areas: Areas = None) -> sa.Select[PollingStation]:
    """The stations of a mission with their centre and areas, those that newer files lack included."""
    return (
        sa.select(PollingStation)
        .join(PollingStation.centre)
        .where(PollingStation.mission_id == mission.id, within(areas))
        .options(
            contains_eager(PollingStation.centre).options(
                selectinload(VotingCentre.first_area), selectinload(VotingCentre.area)
            )
        )
    )


def centres(mission: Mission, areas: Areas = None) -> sa.Select[Any]:
    """(centre, its stations, their registered voters) of a mission."""
    own = (
        sa.select(
            PollingStation.centre_id,
            sa.func.count().label("stations"),
            sa.func.sum(PollingStation.registered_voters).label("voters"),
        )
        .where(PollingStation.mission_id == mission.id, PollingStation.is_missing.is_(False))
        .group_by(PollingStation.centre_id)
        .subquery()
    )
    return (
        sa.select(VotingCentre, sa.func.coalesce(own.c.stations, 0).label("stations"), own.c.voters)
        .outerjoin(own, own.c.centre_id == VotingCentre.id)
        .where(VotingCentre.mission_id == mission.id, within(areas))
        .options(selectinload(VotingCentre.first_area), selectinload(VotingCentre.area))
    )


def stations_of(session: Session, centre: VotingCentre) -> list[PollingStation]:
    """The stations of a centre by their number."""
    found = session.scalars(sa.select(PollingStation).where(PollingStation.centre_id == centre.id))
    return sorted(found, key=lambda each: (len(each.code), each.code))


def first_areas(session: Session, mission: Mission, areas: Areas = None) -> list[Area]:
    """The first-level areas of the host country and the countries abroad, by name, the host's first."""
    return list(
        session.scalars(
            sa.select(Area)
            .where(
                Area.mission_id == mission.id,
                sa.or_(Area.level == 0, sa.and_(Area.level == 1, Area.is_abroad.is_(False))),
                within(areas, Area.id),
            )
            .order_by(Area.is_abroad, Area.name)
        )
    )


def path_of(session: Session, area: Area) -> list[Area]:
    """An area and those above it, from the top."""
    above: list[Area] = [area]
    while above[0].parent_id is not None:
        above.insert(0, session.get_one(Area, above[0].parent_id))
    return above


def last_import(session: Session, mission: Mission) -> RegisterImport | None:
    """The newest load of the mission's register."""
    return session.scalar(
        sa.select(RegisterImport)
        .where(RegisterImport.mission_id == mission.id, RegisterImport.applied_at.is_not(None))
        .order_by(RegisterImport.id.desc())
        .limit(1)
    )


def last_mapping(session: Session, mission: Mission) -> dict[str, str] | None:
    """The mapping of columns that the mission used last: heading by field."""
    last = last_import(session, mission)
    return dict(last.mapping) if last else None


def missions_with_register(session: Session, mission: Mission) -> dict[str, Mission]:
    """The other missions to the same country that have a register, by code, the newest first."""
    loaded = sa.select(VotingCentre.mission_id).distinct()
    found = session.scalars(
        sa.select(Mission)
        .where(Mission.country == mission.country, Mission.id != mission.id, Mission.id.in_(loaded))
        .order_by(Mission.id.desc())
    )
    return {each.code: each for each in found}


def findings(mission: Mission, areas: Areas = None) -> sa.Select[CentreFinding]:
    """What is doubtful about a mission's centres, decided or not, with the centre and its areas."""
    return (
        sa.select(CentreFinding)
        .join(CentreFinding.centre)
        .where(CentreFinding.mission_id == mission.id, within(areas))
        .options(
            contains_eager(CentreFinding.centre).options(
                selectinload(VotingCentre.first_area), selectinload(VotingCentre.area)
            )
        )
    )


def finding_in(session: Session, mission: Mission, finding_id: int, areas: Areas = None) -> CentreFinding:
    """A finding of a mission. Raises NotFound, also for one about a centre outside ``areas``."""
    found = get_in(session, CentreFinding, finding_id, mission_id=mission.id)
    centre_in(session, mission, found.centre_id, areas)
    return found


def findings_of(session: Session, centre: VotingCentre) -> list[CentreFinding]:
    """What is doubtful about a centre, what is open first."""
    found = session.scalars(sa.select(CentreFinding).where(CentreFinding.centre_id == centre.id))
    return sorted(found, key=lambda each: (each.state is not FindingState.OPEN, each.id))


def open_findings(session: Session, mission: Mission, areas: Areas = None) -> dict[str, int]:
    """How many findings of each kind are open."""
    found = session.execute(
        sa.select(CentreFinding.kind, sa.func.count())
        .join(CentreFinding.centre)
        .where(
            CentreFinding.mission_id == mission.id, CentreFinding.state == FindingState.OPEN, within(areas)
        )
        .group_by(CentreFinding.kind)
    )
    return {kind.value: count for kind, count in found}


def doubtful_points(
    session: Session, mission: Mission, areas: Areas = None, limit: int = 2_000
) -> list[tuple[float, float]]:
    """(latitude, longitude) of the host's centres with an open finding, without repetitions."""
    found = session.execute(
        sa.select(VotingCentre.latitude, VotingCentre.longitude)
        .join(CentreFinding, CentreFinding.centre_id == VotingCentre.id)
        .where(
            CentreFinding.mission_id == mission.id, CentreFinding.state == FindingState.OPEN, within(areas),
            VotingCentre.latitude.is_not(None), VotingCentre.is_abroad.is_(False),
        )
        .distinct()
        .order_by(VotingCentre.latitude, VotingCentre.longitude)
        .limit(limit)
    )  # fmt: skip
    return [
        (latitude, longitude)
        for latitude, longitude in found
        if latitude is not None and longitude is not None
    ]


@dataclass(frozen=True)
class LoadedLevel:
    """The boundaries of a level that a mission loaded."""

    level: int
    count: int
    file_name: str
    examples: str


def loaded_boundaries(session: Session, mission: Mission) -> list[LoadedLevel]:
    """The boundaries that a mission loaded, by level, without their outlines."""
    found = session.execute(
        sa.select(AreaBoundary.level, AreaBoundary.name, AreaBoundary.file_name)
        .where(AreaBoundary.mission_id == mission.id)
        .order_by(AreaBoundary.level, AreaBoundary.name)
    ).all()
    return [
        LoadedLevel(level, len(own), own[0].file_name, ", ".join(each.name for each in own[:5]))
        for level in sorted({each.level for each in found})
        for own in [[each for each in found if each.level == level]]
    ]
