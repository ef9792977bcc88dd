"""The board of a mission's logistics: what happens today and tomorrow, and what is still open."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from eom.core.errors import NotFound
from eom.core.i18n import lazy
from eom.logistics.models.calls import FocalPoint, Headcount
from eom.logistics.models.credentials import Credential
from eom.logistics.models.movements import Direction, Stay, Travel, TravelState
from eom.logistics.models.things import Loan
from eom.logistics.nights import Nights, uncovered
from eom.logistics.period import local
from eom.logistics.queries import lists
from eom.logistics.queries.cards import has_photo
from eom.logistics.queries.people import living
from eom.missions.models.mission import Mission
from eom.observers.models import Appointment, Person
from eom.stations.queries import Areas


@dataclass(frozen=True)
class Roofless:
    """Someone with nights that no hotel covers."""

    appointment_id: int
    name: str
    gaps: tuple[Nights, ...]

    @property
    def count(self) -> int:
        """How many nights that are."""
        return sum(each.count for each in self.gaps)


@dataclass(frozen=True)
class Board:
    """What happens on two days ((day, journeys)), and how much is open of each kind."""

    days: Sequence[tuple[date, Sequence[Any]]]
    people_count: int
    lacking: dict[str, int]
    roofless: Sequence[Roofless]
    vehicles: dict[str, int]
    vehicle_count: int
    loans_out: int
    has_focal_point: bool
    headcount: Headcount | None


def board(session: Session, mission: Mission, today: date, areas: Areas = None) -> Board:
    """The board as of a day of the mission's zone, in a fixed number of queries."""
    people = lists.people(mission, areas)
    kinds = ("arrival", "departure", "credential", "photo", "briefing")
    total, *lacking = session.execute(_counting(people, [lists.lacks(mission, kind) for kind in kinds])).one()
    fleet = ("driver", "team", "seats")
    vehicles, *open_ = session.execute(
        _counting(lists.vehicles(mission), [lists.vehicle_lacks(kind) for kind in fleet])
    ).one()
    loans = sa.select(sa.func.count()).select_from(
        lists.equipment(mission).with_only_columns(Loan.id).where(Loan.id.is_not(None)).subquery()
    )
    focal = sa.select(FocalPoint.id).where(FocalPoint.mission_id == mission.id)
    open_count = sa.select(Headcount).where(Headcount.mission_id == mission.id, Headcount.ended_at.is_(None))
    return Board(
        days=[(on, journeys(session, mission, on, areas)) for on in (today, today + timedelta(days=1))],
        people_count=total, lacking=dict(zip(kinds, map(int, lacking), strict=True)),
        roofless=roofless(session, mission, areas), vehicle_count=vehicles,
        vehicles=dict(zip(fleet, map(int, open_), strict=True)), loans_out=session.scalar(loans) or 0,
        has_focal_point=session.scalar(focal) is not None, headcount=session.scalars(open_count).first(),
    )  # fmt: skip


def journeys(session: Session, mission: Mission, on: date, areas: Areas = None) -> Sequence[Any]:
    """(journey, person) of a day, in the order of the clock."""
    query = lists.travels(mission, areas).where(
        lists.on_day(mission, on), Travel.travel_state != TravelState.CANCELLED
    )
    return session.execute(query.order_by(Travel.travel_at, Travel.id)).all()


def roofless(session: Session, mission: Mission, areas: Areas = None) -> list[Roofless]:
    """Who has nights in the mission that no hotel covers; whose days nobody knows is left out.

    Someone is there from their arrival (else the first day of their appointment, else of the mission) to their
    departure (else the last day).
    """
    held: dict[int, list[Nights]] = defaultdict(list)
    query = sa.select(Stay.appointment_id, Stay.from_on, Stay.until_on).where(Stay.mission_id == mission.id)
    for appointment_id, first, until in session.execute(query):
        held[appointment_id].append(Nights(first, until))
    found = []
    rows = session.execute(
        lists.people(mission, areas).order_by(Person.family_names, Person.given_names, Appointment.id)
    )
    for row in rows:
        wanted = presence(mission, row.Appointment, row.arrival, row.departure)
        gaps = uncovered(wanted, held[row.Appointment.id]) if wanted else []
        if gaps:
            name = f"{row.Person.family_names}, {row.Person.given_names}"
            found.append(Roofless(row.Appointment.id, name, tuple(gaps)))
    return found


def presence(
    mission: Mission, appointment: Appointment, arrival: Travel | None, departure: Travel | None
) -> Nights | None:
    """The nights that someone spends in the mission, as far as is known."""
    first = _day(mission, arrival) or appointment.starts_on or mission.starts_on
    last = _day(mission, departure) or appointment.ends_on or mission.ends_on
    return Nights(first, last) if first and last and first < last else None


def own_travels(session: Session, appointment_id: int) -> dict[Direction, Travel]:
    """Someone's living journeys by direction."""
    query = sa.select(Travel).where(
        Travel.appointment_id == appointment_id, Travel.travel_state != TravelState.CANCELLED
    )
    return {each.direction: each for each in session.scalars(query)}


def _day(mission: Mission, travel: Travel | None) -> date | None:
    return local(mission, travel.travel_at).date() if travel and travel.travel_at else None


def _counting(query: Any, criteria: Sequence[Any]) -> Any:
    """How many rows a query has, and of how many each criterion is true."""
    sums = [sa.func.coalesce(sa.func.sum(sa.case((each, 1), else_=0)), 0) for each in criteria]
    return query.with_only_columns(sa.func.count(), *sums, maintain_column_froms=True)


@dataclass(frozen=True)
class File:
    """What logistics holds of someone in a mission."""

    appointment: Appointment
    travels: Sequence[Travel]
    stays: Sequence[Stay]
    gaps: Sequence[Nights]
    loans: Sequence[Loan]
    credentials: Sequence[Credential]
    has_photo: bool


def file_of(session: Session, mission: Mission, appointment_id: int, areas: Areas = None) -> File:
    """Someone's journeys, nights, things and cards. Raises NotFound, also for one outside ``areas``."""
    found = session.scalars(living(mission, areas).where(Appointment.id == appointment_id)).first()
    if found is None:
        raise NotFound(lazy("There is nothing here, or it is not yours to see."))
    travels = own_travels(session, found.id)
    stays = session.scalars(
        sa.select(Stay)
        .where(Stay.appointment_id == found.id)
        .options(joinedload(Stay.hotel))
        .order_by(Stay.from_on)
    ).all()
    wanted = presence(mission, found, travels.get(Direction.ARRIVAL), travels.get(Direction.DEPARTURE))
    loans = sa.select(Loan).where(Loan.appointment_id == found.id).options(joinedload(Loan.equipment))
    cards = sa.select(Credential).where(Credential.appointment_id == found.id).order_by(Credential.id.desc())
    return File(
        found, list(travels.values()), stays,
        uncovered(wanted, [Nights(each.from_on, each.until_on) for each in stays]) if wanted else [],
        session.scalars(loans.order_by(Loan.id)).all(), session.scalars(cards).all(), has_photo(session, found.person),
    )  # fmt: skip
