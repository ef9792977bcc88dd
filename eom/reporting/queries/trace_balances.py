"""What a year handed on to the next: the balance that a trace begins with, by the day of each line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eom.finance.models.award import Allocation, Award, AwardMovement
from eom.finance.queries import kept
from eom.finance.queries.balances import signed_movement
from eom.missions.models.mission import Mission
from eom.reporting.annual.places import SOURCES, Place
from eom.reporting.queries.annual_money import Year
from eom.reporting.queries.annual_parts import OF_THE_PART
from eom.reporting.queries.trace_legs import Scope


@dataclass(frozen=True)
class Forward:
    """What earlier years handed on (US cents), and the figure of an earlier year's report that it is."""

    cents: int
    year: int
    place: Place | None


def forward(session: Session, brought: str, scope: Scope) -> Forward:
    """The balance of awards or of missions on the last day of the year before, or what was spent up to then."""
    before, place = Year(scope.year.number - 1), scope.place
    earlier = kept.spent_before(
        session, scope.year.number, award_id=scope.award_id, mission_id=scope.mission_id
    )
    if scope.awards is not None:
        earlier = [each for each in earlier if each.award_id in scope.awards]
    if brought == "spent_since_start":
        return _spent(session, scope, earlier)
    spent = sum(each.dated_cents for each in earlier)
    of_missions = place.part != SOURCES
    cents = _moved(session, scope, before, of_missions=of_missions) - spent
    cents += _allocated(session, scope, before) if of_missions else 0
    there = Place(place.part, "closing", place.award, place.mission, place.kind)
    return Forward(cents, before.number, there if cents else None)


def _spent(session: Session, scope: Scope, earlier: list[kept.SpentInYear]) -> Forward:
    """What was spent in earlier years; of one mission it is a figure of the last year it spent in."""
    shown = _shown(session, scope)
    rows = [each for each in earlier if each.mission_id in shown]
    last = max((each.year for each in rows), default=scope.year.number - 1)
    place = scope.place if scope.mission_id is not None and rows else None
    return Forward(sum(each.booked_cents for each in rows), last, place)


def _shown(session: Session, scope: Scope) -> set[int]:
    codes = [mission.code for mission in scope.figures.missions]
    return set(session.scalars(sa.select(Mission.id).where(Mission.code.in_(codes))))


def _moved(session: Session, scope: Scope, before: Year, *, of_missions: bool = False) -> int:
    of = AwardMovement
    criteria: list[Any] = [of.moved_on <= before.last, *scope.criteria(of.award_id)]
    if of_missions:
        of_part = sa.and_(of.mission_id.is_not(None), of.kind.in_(OF_THE_PART))
        criteria.append(sa.or_(Award.mission_id.is_not(None), of_part))
        if scope.mission_id is not None:
            criteria.append(sa.func.coalesce(Award.mission_id, of.mission_id) == scope.mission_id)
    query = sa.select(sa.func.coalesce(sa.func.sum(signed_movement()), 0)).join(
        Award, Award.id == of.award_id
    )
    return int(session.scalar(query.where(*criteria)) or 0)


def _allocated(session: Session, scope: Scope, before: Year) -> int:
    of = Allocation
    query = sa.select(sa.func.coalesce(sa.func.sum(of.usd_cents), 0)).join(Award, Award.id == of.award_id)
    criteria = [
        of.allocated_on <= before.last,
        Award.mission_id.is_(None),
        *scope.criteria(of.award_id, of.mission_id),
    ]
    return int(session.scalar(query.where(*criteria)) or 0)
