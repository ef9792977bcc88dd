"""Which personal data is no longer to be kept, and why some stays. Reads only; nothing is opened."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eom.core import events
from eom.missions.models.mission import OVER, Mission
from eom.observers.models import DOSSIER, Appointment, AppointmentState, Person, PersonDossier
from eom.observers.retention import (
    SCHEDULE,
    STRANGERS,
    DueData,
    DueNumbers,
    KeptGroup,
    RetentionReport,
    Rule,
)  # fmt: skip

CONTACT = (Person.email, Person.phone)


@dataclass(frozen=True)
class _Place:
    """A place someone had: in which mission, whether that is over, since when, and whether they still have it."""

    code: str
    is_over: bool
    closed_on: date | None
    is_living: bool


@dataclass(frozen=True)
class _Holding:
    """Someone of whom something is on file, by the groups that hold it."""

    person_id: int
    name: str
    groups: frozenset[KeptGroup]


def report(session: Session, today: date, schedule: tuple[Rule, ...] = SCHEDULE) -> RetentionReport:
    """What falls due by ``today``.

    The days run from the closing of a person's last mission. Someone with a living place in a mission that
    is not over keeps everything; someone never in a mission has nothing that falls due.
    """
    places = _places(session)
    due: list[DueData] = []
    active: list[str] = []
    undated: list[tuple[str, str]] = []
    for holding in _holdings(session):
        own = places.get(holding.person_id, [])
        over = [each for each in own if each.is_over]
        if not over:
            continue
        if any(each.is_living and not each.is_over for each in own):
            active.append(holding.name)
        elif unknown := next((each for each in over if each.closed_on is None), None):
            undated.append((holding.name, unknown.code))
        else:
            due += _due(holding, over, schedule, today)
    due.sort(key=lambda each: (each.due_on, each.name, each.person_id, each.group.value))
    return RetentionReport(
        today, tuple(due), tuple(sorted(active)), tuple(sorted(undated)), tuple(_numbers(session, today))
    )


def _numbers(session: Session, today: date) -> Iterator[DueNumbers]:
    """Telephone numbers of unknown people, by mission; who holds them says how many."""
    query = (
        sa.select(Mission.id, Mission.code, _closing()).where(Mission.stage.in_(OVER)).order_by(Mission.code)
    )
    ended = [
        (id_, code, closed_on, day)
        for id_, code, closed_on in session.execute(query)
        if closed_on is not None and (day := STRANGERS.due_on(closed_on)) is not None and day <= today
    ]
    found: Counter[int] = Counter()
    events.strangers_asked.send(None, mission_ids=[id_ for id_, *_rest in ended], found=found)
    for id_, code, closed_on, day in ended:
        if found[id_]:
            yield DueNumbers(id_, code, found[id_], closed_on=closed_on, due_on=day)


def _closing() -> sa.ColumnElement[date | None]:
    """The day of a mission's closing: one of a register may have none of its own, then its last day in the country."""
    return sa.func.coalesce(Mission.closed_on, Mission.ends_on, type_=sa.Date)


def _due(holding: _Holding, over: list[_Place], schedule: tuple[Rule, ...], today: date) -> Iterator[DueData]:
    last = max(over, key=lambda each: each.closed_on or date.min)
    assert last.closed_on is not None
    for rule in schedule:
        day = rule.due_on(last.closed_on)
        if rule.group in holding.groups and day is not None and day <= today:
            yield DueData(
                holding.person_id, holding.name, rule.group, last.code, closed_on=last.closed_on, due_on=day
            )


def _holdings(session: Session) -> Iterator[_Holding]:
    def some(*columns: Any) -> sa.ColumnElement[bool]:
        return sa.or_(*[sa.type_coerce(column, sa.Text).is_not(None) for column in columns])

    flags = {KeptGroup.CONTACT: some(*CONTACT)} | {
        KeptGroup(group.value): some(*[getattr(PersonDossier, name) for name in names])
        for group, names in DOSSIER.items()
    }
    moving: set[int] = set()
    events.movements_asked.send(None, found=moving)
    query = (
        sa.select(Person.id, Person.given_names, Person.family_names, *flags.values())
        .outerjoin(PersonDossier, PersonDossier.person_id == Person.id)
        .where(Person.anonymised_at.is_(None))
        .order_by(Person.id)
    )
    for person_id, given, family, *held in session.execute(
        query if moving else query.where(sa.or_(*flags.values()))
    ):
        groups = {group for group, is_held in zip(flags, held, strict=True) if is_held}
        if person_id in moving:
            groups.add(KeptGroup.MOVEMENTS)
        if groups:
            yield _Holding(person_id, f"{family}, {given}", frozenset(groups))


def _places(session: Session) -> dict[int, list[_Place]]:
    query = sa.select(Appointment.person_id, Mission.code, Mission.stage, _closing(), Appointment.state).join(
        Mission, Mission.id == Appointment.mission_id
    )
    found: dict[int, list[_Place]] = defaultdict(list)
    for person_id, code, stage, day, state in session.execute(query):
        is_over = stage in OVER
        found[person_id].append(_Place(code, is_over, day, state is not AppointmentState.WITHDRAWN))
    return found
