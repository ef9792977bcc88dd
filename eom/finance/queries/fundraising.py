"""What missions need and what donors gave or promised of it (US cents), for any number of missions at once.

*Agreed* is what may be counted on: agreements for the mission and what general ones allocated to it.
*Received* is what came in of that less what went back. *Pledged* is what is promised and not agreed yet.
Help in kind stands apart: it is no part of the money.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eom.finance.models.award import Donor, DonorKind, InKindContribution
from eom.finance.models.budget import OBJECTS, BudgetLine
from eom.finance.models.pledge import DonorPledge, PledgeState
from eom.finance.queries import budgets
from eom.finance.queries.award_parts import parts
from eom.finance.queries.pledges import open_usd_cents
from eom.missions.models.mission import OVER, Mission
from eom.missions.models.process import Round


@dataclass(frozen=True)
class Giver:
    """What one donor gave or promised a mission."""

    donor_id: int
    name: str
    kind: DonorKind
    country: str | None
    pledged_cents: int = 0
    agreed_cents: int = 0
    received_cents: int = 0
    in_kind_cents: int = 0

    @property
    def awaited_cents(self) -> int:
        """What is agreed and has not come in yet."""
        return max(self.agreed_cents - self.received_cents, 0)


@dataclass(frozen=True)
class Funding:
    """A mission's money before it is spent. ``unsaid_count``: pledges to it whose amount was not said."""

    budget: Mapping[int, int] = field(default_factory=dict)
    givers: Sequence[Giver] = ()
    icr_cents: int = 0
    unsaid_count: int = 0

    @property
    def budget_cents(self) -> int:
        """What the budget adds up to."""
        return sum(self.budget.values())

    @property
    def needed_cents(self) -> int:
        """The budget and the indirect costs that agreements charge on it."""
        return self.budget_cents + self.icr_cents

    @property
    def pledged_cents(self) -> int:
        """Promised, and not agreed yet."""
        return sum(each.pledged_cents for each in self.givers)

    @property
    def agreed_cents(self) -> int:
        """What may be counted on."""
        return sum(each.agreed_cents for each in self.givers)

    @property
    def received_cents(self) -> int:
        """What came in of it."""
        return sum(each.received_cents for each in self.givers)

    @property
    def in_kind_cents(self) -> int:
        """Help in kind, apart from the money."""
        return sum(each.in_kind_cents for each in self.givers)

    @property
    def gap_cents(self) -> int:
        """What no agreement covers; nil when agreements cover more."""
        return max(self.needed_cents - self.agreed_cents, 0)

    @property
    def surplus_cents(self) -> int:
        """What agreements give above the need."""
        return max(self.agreed_cents - self.needed_cents, 0)

    @property
    def gap_after_pledges_cents(self) -> int:
        """What would be missing still if every open pledge became an agreement."""
        return max(self.gap_cents - self.pledged_cents, 0)

    @property
    def objects(self) -> list[tuple[int, Any, int]]:
        """(number, label, cents) of the objects that the budget names."""
        return [(n, label, self.budget[n]) for n, label in OBJECTS.items() if self.budget.get(n)]


@dataclass(frozen=True)
class Coming:
    """A mission that lies ahead. ``next_on`` is its next polling day, else the day it starts."""

    mission: Mission
    next_on: date | None
    days_left: int | None
    funding: Funding


def coming(session: Session, today: date, until: date) -> list[Coming]:
    """The missions from today on whose next day is not after ``until``, and those without a day, by day."""
    polls = sa.select(sa.func.min(Round.polling_on)).where(Round.mission_id == Mission.id).correlate(Mission)
    ahead = polls.where(Round.polling_on >= today).scalar_subquery()
    starts = sa.case((Mission.starts_on >= today, Mission.starts_on))
    next_on = sa.func.coalesce(ahead, starts)
    is_undated = sa.and_(polls.scalar_subquery().is_(None), Mission.starts_on.is_(None))
    query = (
        sa.select(Mission, sa.type_coerce(next_on, sa.Date()))
        .where(Mission.stage.not_in(OVER), sa.or_(next_on <= until, is_undated))
        .order_by(next_on.is_(None), next_on, Mission.code)
    )
    found = session.execute(query).all()
    money = fundings(session, [mission.id for mission, _day in found])
    return [
        Coming(mission, day, (day - today).days if day else None, money[mission.id]) for mission, day in found
    ]


def general_pledges(session: Session) -> int:
    """What is promised to missions in general, and not agreed yet."""
    total = sa.select(sa.func.coalesce(sa.func.sum(open_usd_cents), 0))
    return int(session.scalar(total.where(DonorPledge.mission_id.is_(None))) or 0)


def funding(session: Session, mission_id: int) -> Funding:
    """The funding of one mission."""
    return fundings(session, [mission_id])[mission_id]


def fundings(session: Session, mission_ids: Collection[int]) -> dict[int, Funding]:
    """The funding of some missions, in a constant number of queries."""
    ids = list(mission_ids)
    planned = _budgets(session, ids)
    givers: dict[int, dict[int, Giver]] = defaultdict(dict)
    icr: dict[int, int] = defaultdict(int)
    donors = {
        each.id: each for each in session.execute(sa.select(Donor.id, Donor.name, Donor.kind, Donor.country))
    }

    def give(mission_id: int, donor_id: int, **more: int) -> None:
        donor = donors[donor_id]
        known = givers[mission_id].get(donor_id) or Giver(donor.id, donor.name, donor.kind, donor.country)
        added = {name: getattr(known, name) + cents for name, cents in more.items()}
        givers[mission_id][donor_id] = replace(known, **added)

    for part in parts(session, ids):
        icr[part.mission_id] += part.icr_cents
        give(
            part.mission_id, part.donor_id, agreed_cents=part.agreed_cents, received_cents=part.received_cents
        )
    unsaid: dict[int, int] = defaultdict(int)
    for mission_id, donor_id, cents, count in _pledged(session, ids):
        unsaid[mission_id] += count
        give(mission_id, donor_id, pledged_cents=cents)
    for mission_id, donor_id, cents in _in_kind(session, ids):
        give(mission_id, donor_id, in_kind_cents=cents)
    return {i: Funding(planned.get(i, {}), _ordered(givers[i].values()), icr[i], unsaid[i]) for i in ids}


def _ordered(givers: Iterable[Giver]) -> tuple[Giver, ...]:
    """The donors of most money first; those who gave nothing at all are left out."""
    some = [g for g in givers if g.agreed_cents or g.received_cents or g.pledged_cents or g.in_kind_cents]
    return tuple(sorted(some, key=lambda g: (-g.agreed_cents, -g.pledged_cents, -g.in_kind_cents, g.name)))


def _budgets(session: Session, ids: Sequence[int]) -> dict[int, dict[int, int]]:
    """What the version to go by plans for each object: what was approved, else what is being written."""
    of = BudgetLine
    lines = sa.select(of.mission_id, of.object_number, sa.func.sum(of.usd_cents)).where(
        of.mission_id.in_(ids)
    )
    query = budgets.of_versions(lines, budgets.to_go_by())
    found: dict[int, dict[int, int]] = defaultdict(dict)
    for mission_id, number, cents in session.execute(query.group_by(of.mission_id, of.object_number)):
        found[mission_id][number] = int(cents)
    return found


def _pledged(session: Session, ids: Sequence[int]) -> Iterable[tuple[int, int, int, int]]:
    """(mission, donor, US cents still open, how many without an amount) of open pledges to missions."""
    of = DonorPledge
    unsaid = sa.func.sum(sa.case((of.amount_cents.is_(None), 1), else_=0))
    query = (
        sa.select(of.mission_id, of.donor_id, sa.func.sum(open_usd_cents), unsaid)
        .where(of.mission_id.in_(ids), of.state == PledgeState.OPEN)
        .group_by(of.mission_id, of.donor_id)
    )
    for mission_id, donor_id, cents, count in session.execute(query):
        yield mission_id, donor_id, int(cents), int(count)


def _in_kind(session: Session, ids: Sequence[int]) -> Iterable[tuple[int, int, int]]:
    of = InKindContribution
    query = (
        sa.select(of.mission_id, of.donor_id, sa.func.sum(of.valued_cents))
        .where(of.mission_id.in_(ids))
        .group_by(of.mission_id, of.donor_id)
    )
    for mission_id, donor_id, cents in session.execute(query):
        yield mission_id, donor_id, int(cents)
