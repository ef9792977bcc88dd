"""What the report says of each mission beside its money, and what was given to it in kind."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eom.finance.models.award import Donor, InKindContribution
from eom.finance.queries import budgets, commitments
from eom.missions.models.mission import Mission, Stage
from eom.missions.models.process import ElectoralProcess, Round
from eom.observers.models import OBSERVING_ROLES, Appointment, AppointmentState, PersonNationality
from eom.reporting.annual.kinds import SourceKind
from eom.reporting.queries.annual_money import Year


@dataclass(frozen=True)
class About:
    """A mission in words and counts; ``is_expected`` when its days fall into the year."""

    code: str
    country: str
    process: str
    process_kinds: tuple[str, ...]
    polling_days: tuple[date, ...]
    observers: int | None
    nationalities: int | None
    budget_cents: int
    # None while the books hold no obligation at all.
    open_obligations_cents: int | None
    is_final: bool
    is_expected: bool
    cancelled_because: str
    is_demonstration: bool
    name: str
    starts_on: date | None
    ends_on: date | None
    is_cancelled: bool


@dataclass(frozen=True)
class Gift:
    """Help in kind of the year."""

    mission_id: int
    kind: SourceKind
    donor: str
    donor_country: str | None
    description: str
    basis: str
    valued_cents: int
    is_demonstration: bool


def gifts(session: Session, year: Year) -> list[Gift]:
    """What was given in kind in the year."""
    of = InKindContribution
    query = (
        sa.select(
            of.mission_id, Donor.kind, Donor.name, Donor.country, of.description, of.basis, of.valued_cents,
            of.is_demonstration,
        )
        .join(Donor, Donor.id == of.donor_id)
        .where(of.given_on.between(year.first, year.last))
    )  # fmt: skip
    return [Gift(row[0], SourceKind(row[1].value), *row[2:]) for row in session.execute(query)]


def about(session: Session, year: Year, active: Collection[int]) -> dict[int, About]:
    """The active missions and those whose days fall into the year, by id."""
    days, processes = _polling_days(session), _processes(session)
    approved, people = budgets.totals(session), _people(session, active)
    bound = commitments.open_at(session, year.last) if commitments.are_recorded(session, year.last) else None
    found = {}
    for mission in session.execute(_missions()):
        polling = tuple(days.get(mission.id, ()))
        expected = _falls_into(year, mission.starts_on, mission.ends_on, polling)
        if mission.id not in active and not expected:
            continue
        kinds, names = processes.get(mission.id, ((), ""))
        counted: tuple[int | None, int | None] = people.get(
            mission.id, (mission.observers_stated, mission.nationalities_stated)
        )
        is_cancelled = mission.stage is Stage.CANCELLED
        found[mission.id] = About(
            mission.code, mission.country, names, kinds, polling, counted[0], counted[1], approved.get(mission.id, 0),
            None if bound is None else bound.get(mission.id, 0), mission.stage is Stage.CLOSED, expected,
            (mission.cancellation_reason or "") if is_cancelled else "", mission.is_demonstration,
            mission.name, mission.starts_on, mission.ends_on, is_cancelled,
        )  # fmt: skip
    return found


def _missions() -> Any:
    of = Mission
    return sa.select(
        of.id, of.code, of.name, of.country, of.stage, of.starts_on, of.ends_on, of.observers_stated,
        of.nationalities_stated, of.cancellation_reason, of.is_demonstration,
    )  # fmt: skip


def _falls_into(year: Year, starts: date | None, ends: date | None, polling: tuple[date, ...]) -> bool:
    if any(year.first <= day <= year.last for day in polling):
        return True
    first, last = starts or ends, ends or starts
    return first is not None and last is not None and first <= year.last and last >= year.first


def _polling_days(session: Session) -> dict[int, list[date]]:
    found: dict[int, list[date]] = defaultdict(list)
    for mission_id, day in session.execute(
        sa.select(Round.mission_id, Round.polling_on).order_by(Round.polling_on)
    ):
        found[mission_id].append(day)
    return found


def _processes(session: Session) -> dict[int, tuple[tuple[str, ...], str]]:
    """Mission id → (kinds of the processes without a name, names of the others)."""
    kinds: dict[int, list[str]] = defaultdict(list)
    names: dict[int, list[str]] = defaultdict(list)
    of = ElectoralProcess
    for mission_id, kind, name in session.execute(sa.select(of.mission_id, of.kind, of.name).order_by(of.id)):
        if name:
            names[mission_id].append(name)
        else:
            kinds[mission_id].append(kind.value)
    return {i: (tuple(kinds.get(i, ())), "; ".join(names.get(i, ()))) for i in kinds.keys() | names.keys()}


def _people(session: Session, missions: Collection[int]) -> dict[int, tuple[int, int]]:
    """Mission id → (observers, nationalities), counted as the press figures are.

    Someone is counted under the country chosen for them, and without one under all of theirs.
    """
    of = Appointment
    head = (
        sa.select(of.mission_id, of.person_id, sa.func.max(of.origin).label("origin"))
        .where(
            of.mission_id.in_(missions),
            of.state == AppointmentState.CONFIRMED,
            of.role.in_(OBSERVING_ROLES),
        )
        .group_by(of.mission_id, of.person_id)
        .subquery()
    )
    theirs = sa.and_(PersonNationality.person_id == head.c.person_id, head.c.origin.is_(None))
    country = sa.func.coalesce(head.c.origin, PersonNationality.country)
    query = (
        sa.select(
            head.c.mission_id,
            sa.func.count(sa.distinct(head.c.person_id)),
            sa.func.count(sa.distinct(country)),
        )
        .select_from(head.outerjoin(PersonNationality, theirs))
        .group_by(head.c.mission_id)
    )
    return {mission_id: (people, countries) for mission_id, people, countries in session.execute(query)}
