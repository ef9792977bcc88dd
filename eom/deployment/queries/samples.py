"""Reading the register as a frame, the samples of a mission, and what is in them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import sqlalchemy as sa
from sqlalchemy.orm import Session, contains_eager

from eom.core.errors import NotFound, Refused
from eom.core.i18n import lazy
from eom.deployment.models import Assignment, Visit
from eom.deployment.queries.coverage import NONE, PLANNED, VISITED
from eom.deployment.sample_models import Sample, SampledStation, SampleState
from eom.deployment.sampling_frames import Label, Place, Register
from eom.missions.models.mission import Mission
from eom.missions.models.process import Round
from eom.stations.models import Area, PollingStation, VotingCentre
from eom.stations.queries import Areas, station_within, within

STAND_IN = SampledStation.__table__.alias("stand_in")
# Between values that come as one text: the separator of units, which no key holds.
_BETWEEN = "\x1f"


def register_of(session: Session, mission: Mission) -> Register:
    """The stations of a mission that its newest register holds, with where they are."""
    of = PollingStation.mission_id == mission.id, PollingStation.is_missing.is_(False)
    voters = sa.func.coalesce(PollingStation.registered_voters, -1)
    ids, said, own, keys = _columns(session, of, PollingStation.id, voters, PollingStation.centre_id,
                                    PollingStation.key)  # fmt: skip
    held, areas, first = _columns(
        session, (VotingCentre.mission_id == mission.id,),
        VotingCentre.id, VotingCentre.area_id, VotingCentre.first_area_id,
    )  # fmt: skip
    order = np.argsort(held)
    at = order[np.searchsorted(held[order], own)] if len(own) else own
    return Register(ids, keys, said, own, areas[at], first[at], places_of(session, mission))


def _columns(session: Session, of: tuple[Any, ...], *columns: Any) -> list[Any]:
    """Columns of the rows that criteria give: numbers as an array, texts as a list, all in one order.

    Each comes as one text: for a quarter of a million rows that takes a fifth of the time of so many rows.
    """
    whole = [sa.func.aggregate_strings(sa.cast(each, sa.Text), _BETWEEN) for each in columns]
    row = session.connection().execute(sa.select(sa.func.count(), *whole).where(*of)).one()
    found = [
        _parted(text or "", isinstance(each.type, sa.Integer))
        for text, each in zip(row[1:], columns, strict=True)
    ]
    if any(len(each) != row[0] for each in found):
        raise Refused(lazy("A polling station of the register has a key that cannot be read."))
    return found


def _parted(text: str, are_numbers: bool) -> Any:
    if are_numbers:
        return np.fromstring(text.replace(_BETWEEN, " "), dtype=np.int64, sep=" ")
    return text.split(_BETWEEN) if text else []


def places_of(session: Session, mission: Mission) -> dict[int, Place]:
    """The areas of a mission by id."""
    rows = session.execute(
        sa.select(Area.id, Area.key, Area.name, Area.level, Area.parent_id, Area.is_abroad, Area.country)
        .where(Area.mission_id == mission.id)
    )  # fmt: skip
    return {
        id_: Place(key, _label(level, name, country), level, parent, abroad)
        for id_, key, name, level, parent, abroad, country in rows
    }


def _label(level: int, name: str, country: str) -> Label:
    return ["country", country] if level == 0 else ["area", name]


def area_counts(session: Session, mission: Mission) -> list[tuple[int, int, bool]]:
    """(level, how many areas of it have stations below them, abroad): what may be drawn in a first stage."""
    rows = session.execute(
        sa.select(Area.level, sa.func.count(), Area.is_abroad)
        .where(Area.mission_id == mission.id, Area.is_missing.is_(False))
        .group_by(Area.level, Area.is_abroad)
        .order_by(Area.level)
    )
    return [(int(level), int(count), bool(abroad)) for level, count, abroad in rows]


def strata_counts(session: Session, mission: Mission) -> list[tuple[bool, int]]:
    """(abroad, stations) of each first-level area that has stations, and of abroad as one; for the calculator."""
    place = sa.case((Area.is_abroad, 0), else_=Area.id)
    rows = session.execute(
        sa.select(place, sa.func.count())
        .select_from(PollingStation)
        .join(VotingCentre, VotingCentre.id == PollingStation.centre_id)
        .join(Area, Area.id == VotingCentre.first_area_id)
        .where(PollingStation.mission_id == mission.id, PollingStation.is_missing.is_(False))
        .group_by(place)
        .order_by(place)
    )
    return [(area == 0, int(count)) for area, count in rows]


def samples(mission: Mission) -> Any:
    """(sample, its round) of a mission."""
    return (
        sa.select(Sample, Round)
        .join(Round, Round.id == Sample.round_id)
        .where(Sample.mission_id == mission.id)
    )


def draws_before(session: Session, sample: Sample) -> int:
    """How many samples of the same round were drawn before this one."""
    return (
        session.scalar(
            sa.select(sa.func.count()).where(Sample.round_id == sample.round_id, Sample.id < sample.id)
        )
        or 0
    )


def adopted(session: Session, round_id: int) -> Sample | None:
    """The sample of a round that counts, if one was adopted."""
    return session.scalar(
        sa.select(Sample).where(Sample.round_id == round_id, Sample.state == SampleState.ADOPTED)
    )


def sampled(sample: Sample, areas: Areas = None) -> Any:
    """(sampled, station, centre, first-level area, id of what stands in and why or None, visit or None)."""
    return (
        sa.select(
            SampledStation,
            PollingStation,
            VotingCentre,
            Area,
            STAND_IN.c.id.label("stand_in_id"),
            STAND_IN.c.reason.label("because"),
            Visit,
        )
        .join(PollingStation, PollingStation.id == SampledStation.polling_station_id)
        .join(VotingCentre, VotingCentre.id == PollingStation.centre_id)
        .join(Area, Area.id == VotingCentre.first_area_id)
        .outerjoin(STAND_IN, STAND_IN.c.replaces_id == SampledStation.id)
        .outerjoin(
            Visit,
            sa.and_(Visit.polling_station_id == PollingStation.id, Visit.round_id == sample.round_id),
        )
        .where(SampledStation.sample_id == sample.id, within(areas))
    )


def is_in_force() -> Any:
    """The criterion that a sampled station is to be observed: drawn or standing in, and nothing stands in for it."""
    replaced = sa.select(STAND_IN.c.id).where(STAND_IN.c.replaces_id == SampledStation.id).exists()
    drawn = sa.or_(SampledStation.is_replacement.is_(False), SampledStation.replaces_id.is_not(None))
    return sa.and_(drawn, ~replaced)


def stations_in_force(
    session: Session, sample: Sample, areas: Areas = None, first_area: int | None = None
) -> Sequence[PollingStation]:
    """The stations that are to be observed for a sample, all or those of a first-level area."""
    query = (
        sa.select(PollingStation)
        .join(SampledStation, SampledStation.polling_station_id == PollingStation.id)
        .join(VotingCentre, VotingCentre.id == PollingStation.centre_id)
        .where(SampledStation.sample_id == sample.id, is_in_force(), within(areas))
        .options(contains_eager(PollingStation.centre))
        .order_by(SampledStation.position)
    )
    if first_area is not None:
        query = query.where(VotingCentre.first_area_id == first_area)
    return session.scalars(query).all()


def sampled_in(session: Session, sample: Sample, id_: int, areas: Areas = None) -> SampledStation:
    """A sampled station of a sample. Raises NotFound, also for one outside ``areas``."""
    query = sa.select(SampledStation).where(SampledStation.id == id_, SampledStation.sample_id == sample.id)
    found = session.scalar(query.where(station_within(areas, SampledStation.polling_station_id)))
    if found is None:
        raise NotFound(lazy("There is nothing here, or it is not yours to see."))
    return found


def stand_in_of(session: Session, sampled_station: SampledStation) -> SampledStation | None:
    """What stands in for a sampled station, if anything does."""
    return session.scalar(sa.select(SampledStation).where(SampledStation.replaces_id == sampled_station.id))


def next_reserve(session: Session, sampled_station: SampledStation) -> SampledStation | None:
    """The first replacement of the same stratum or area that stands in for nothing yet."""
    return session.scalar(
        sa.select(SampledStation)
        .where(
            SampledStation.sample_id == sampled_station.sample_id,
            SampledStation.stratum == sampled_station.stratum,
            SampledStation.is_replacement,
            SampledStation.replaces_id.is_(None),
        )
        .order_by(SampledStation.position)
        .limit(1)
    )


def progress(session: Session, sample: Sample) -> list[tuple[str, int, int, int]]:
    """(stratum, stations to observe, assigned, visited) of a sample, by the stratum's key."""
    planned = sa.exists().where(
        Assignment.polling_station_id == SampledStation.polling_station_id,
        Assignment.round_id == sample.round_id,
    )
    visited = sa.exists().where(
        Visit.polling_station_id == SampledStation.polling_station_id, Visit.round_id == sample.round_id
    )
    rows = session.execute(
        sa.select(
            SampledStation.stratum, sa.func.count(), sa.func.sum(sa.case((planned, 1), else_=0)),
            sa.func.sum(sa.case((visited, 1), else_=0)),
        )
        .where(SampledStation.sample_id == sample.id, is_in_force())
        .group_by(SampledStation.stratum)
        .order_by(SampledStation.stratum)
    )  # fmt: skip
    return [(stratum, int(count), int(plan or 0), int(seen or 0)) for stratum, count, plan, seen in rows]


def points(session: Session, sample: Sample, areas: Areas = None) -> list[tuple[float, float, int, int]]:
    """(latitude, longitude, centre's id, state) of the centres of a sample: 0 in reserve, 1 drawn, 2 visited."""
    force = sa.func.max(sa.case((is_in_force(), 1), else_=0))
    rows = session.execute(
        sa.select(
            VotingCentre.latitude, VotingCentre.longitude, VotingCentre.id, force, sa.func.count(Visit.id)
        )
        .select_from(SampledStation)
        .join(PollingStation, PollingStation.id == SampledStation.polling_station_id)
        .join(VotingCentre, VotingCentre.id == PollingStation.centre_id)
        .outerjoin(
            Visit,
            sa.and_(Visit.polling_station_id == PollingStation.id, Visit.round_id == sample.round_id),
        )
        .where(SampledStation.sample_id == sample.id, VotingCentre.latitude.is_not(None), within(areas))
        .group_by(VotingCentre.id, VotingCentre.latitude, VotingCentre.longitude)
        .order_by(VotingCentre.id)
    )
    return [
        (round(north or 0, 5), round(east or 0, 5), id_, (VISITED if seen else PLANNED) if drawn else NONE)
        for north, east, id_, drawn, seen in rows
    ]


def first_areas_of(session: Session, sample: Sample, areas: Areas = None) -> list[tuple[Area, int, int]]:
    """(first-level area, its stations to observe, of them visited) of a sample, by name."""
    visited = sa.exists().where(
        Visit.polling_station_id == PollingStation.id, Visit.round_id == sample.round_id
    )
    counted = (
        sa.select(
            VotingCentre.first_area_id.label("area_id"), sa.func.count().label("drawn"),
            sa.func.sum(sa.case((visited, 1), else_=0)).label("seen"),
        )
        .select_from(SampledStation)
        .join(PollingStation, PollingStation.id == SampledStation.polling_station_id)
        .join(VotingCentre, VotingCentre.id == PollingStation.centre_id)
        .where(SampledStation.sample_id == sample.id, is_in_force(), within(areas))
        .group_by(VotingCentre.first_area_id)
        .subquery()
    )  # fmt: skip
    rows = session.execute(
        sa.select(Area, counted.c.drawn, counted.c.seen)
        .join(counted, counted.c.area_id == Area.id)
        .order_by(Area.is_abroad, Area.name)
    )
    return [(area, int(drawn), int(seen)) for area, drawn, seen in rows]
