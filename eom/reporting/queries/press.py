"""Counting what a press note tells of a mission."""

from __future__ import annotations

from collections import Counter
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eom.core import clock
from eom.deployment.models import Assignment, Visit
from eom.missions.models.mission import Mission
from eom.missions.models.process import Round
from eom.observers.models import OBSERVING_ROLES, Appointment, AppointmentState, Gender, Person
from eom.reporting.press import PressFigures
from eom.stations.models import Area, PollingStation, VotingCentre


def press_figures(session: Session, mission: Mission, round_: Round | None = None) -> PressFigures:
    """The figures of a mission as they are now; stations of one polling day, or (without) of all."""
    people = _people(session, mission)
    genders = Counter(person.gender for person, _origin, _remote in people)
    stated = sum(count for gender, count in genders.items() if gender is not Gender.NOT_STATED)
    names, cities, countries = _places(session, mission, round_)
    stations, visits, checklists = _visited(session, mission, round_)
    return PressFigures(
        code=mission.code,
        country=mission.country,
        polling_on=round_.polling_on if round_ else min((r.polling_on for r in mission.rounds), default=None),
        people_count=len(people),
        remote_count=sum(remote for _person, _origin, remote in people),
        women_count=genders[Gender.WOMAN],
        gender_stated_count=stated,
        nationalities=_nationalities(people),
        area_names=tuple(sorted(names)),
        city_count=cities,
        country_count=countries,
        planned_count=_planned(session, mission, round_),
        station_count=stations,
        visit_count=visits,
        checklist_count=checklists,
        as_of=clock.now(),
        time_zone=round_.time_zone if round_ else mission.time_zone,
        is_demonstration=mission.is_demonstration,
    )


def _people(session: Session, mission: Mission) -> list[tuple[Person, str | None, bool]]:
    """(person, the country they are counted under, works from afar) of the head-count, each once."""
    query = sa.select(Appointment).where(
        Appointment.mission_id == mission.id,
        Appointment.state == AppointmentState.CONFIRMED,
        Appointment.role.in_(OBSERVING_ROLES),
    )
    found: dict[int, tuple[Person, str | None, bool]] = {}
    for each in session.scalars(query.order_by(Appointment.id)):
        _person, origin, remote = found.get(each.person_id, (each.person, None, True))
        # Someone with two roles is from afar only when both are.
        found[each.person_id] = (each.person, origin or each.origin, remote and each.is_remote)
    return list(found.values())


def _nationalities(people: list[tuple[Person, str | None, bool]]) -> tuple[tuple[str, int], ...]:
    """(country, people), most first. Without a chosen country all of a person's nationalities count."""
    counts = Counter(
        code for person, origin, _remote in people for code in ([origin] if origin else person.countries)
    )
    return tuple(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))


def _places(session: Session, mission: Mission, round_: Round | None) -> tuple[set[str], int, int]:
    """(names of first-level areas at home, places abroad, countries abroad) with a planned or visited station."""
    first: dict[int, str] = {}
    cities: set[int] = set()
    countries: set[int] = set()
    for source in (Assignment, Visit):
        query = (
            sa.select(VotingCentre.area_id, Area.id, Area.name, Area.is_abroad)
            .select_from(source)
            .join(PollingStation, PollingStation.id == source.polling_station_id)
            .join(VotingCentre, VotingCentre.id == PollingStation.centre_id)
            .join(Area, Area.id == VotingCentre.first_area_id)
            .where(*_of(source, mission, round_))
            .distinct()
        )
        for place_id, area_id, name, is_abroad in session.execute(query):
            if is_abroad:
                cities.add(place_id)
                countries.add(area_id)
            else:
                first[area_id] = name
    return set(first.values()), len(cities), len(countries)


def _planned(session: Session, mission: Mission, round_: Round | None) -> int:
    query = sa.select(sa.func.count(sa.distinct(Assignment.polling_station_id)))
    return session.scalar(query.where(*_of(Assignment, mission, round_))) or 0


def _visited(session: Session, mission: Mission, round_: Round | None) -> tuple[int, int, int]:
    row = session.execute(
        sa.select(
            sa.func.count(sa.distinct(Visit.polling_station_id)),
            sa.func.count(),
            sa.func.coalesce(sa.func.sum(Visit.submission_count), 0),
        ).where(*_of(Visit, mission, round_))
    ).one()
    return int(row[0]), int(row[1]), int(row[2])


def _of(source: type[Assignment | Visit], mission: Mission, round_: Round | None) -> list[Any]:
    criteria: list[Any] = [source.mission_id == mission.id]
    if round_ is not None:
        criteria.append(source.round_id == round_.id)
    return criteria
