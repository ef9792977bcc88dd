"""Awards with what came in, what they paid and what they gave to missions (US cents)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, contains_eager, selectinload

from eom.finance.models.award import Allocation, Award, AwardMovement, Donor, MovementKind
from eom.finance.models.ledger import Expenditure
from eom.finance.models.pledge import PledgePart
from eom.finance.queries.balances import signed_movement
from eom.missions.models.mission import Mission


@dataclass(frozen=True)
class Step:
    """A line of an award's account: a kind of movement with the sign of its kind."""

    kind: MovementKind
    usd_cents: int


@dataclass(frozen=True)
class MissionPart:
    """What an award gives to a mission, and what the mission spent of it."""

    award: Award
    mission: Mission
    given_cents: int
    spent_cents: int
    icr_cents: int

    @property
    def left_cents(self) -> int:
        """What the mission can still spend of it; below zero when overdrawn."""
        return self.given_cents - self.spent_cents - self.icr_cents


@dataclass(frozen=True)
class Account:
    """An award's account today: ``moved`` adds up the steps, ``available`` is what is left of it."""

    steps: Sequence[Step] = ()
    spent_cents: int = 0
    icr_cents: int = 0
    allocated_cents: int = 0

    @property
    def moved_cents(self) -> int:
        """All that came in less what went back."""
        return sum(step.usd_cents for step in self.steps)

    @property
    def received_cents(self) -> int:
        """What the donor paid."""
        return sum(step.usd_cents for step in self.steps if step.kind is MovementKind.RECEIPT)

    @property
    def available_cents(self) -> int:
        """What can still be spent."""
        return self.moved_cents - self.spent_cents - self.icr_cents


def _of_award(column: Any, *criteria: Any) -> Any:
    """A sum over the rows of an award, nil when there are none."""
    total = sa.select(sa.func.coalesce(sa.func.sum(column), 0))
    return total.where(*criteria).correlate(Award).scalar_subquery()


# For sorting by them; what is shown comes from ``accounts``, which reads the ledger once.
received_cents = _of_award(
    AwardMovement.usd_cents, AwardMovement.award_id == Award.id, AwardMovement.kind == MovementKind.RECEIPT
)
moved_cents = _of_award(signed_movement(), AwardMovement.award_id == Award.id)
spent_cents = _of_award(Expenditure.usd_cents, Expenditure.award_id == Award.id)
icr_cents = _of_award(Expenditure.icr_cents, Expenditure.award_id == Award.id)
available_cents = moved_cents - _of_award(
    Expenditure.usd_cents + Expenditure.icr_cents, Expenditure.award_id == Award.id
)


def awards() -> sa.Select[Award, str]:
    """(Award, mission_code) of every award, with the donors."""
    return (
        sa.select(Award, Mission.code.label("mission_code"))
        .join(Award.donor)
        .outerjoin(Mission, Mission.id == Award.mission_id)
        .options(contains_eager(Award.donor), selectinload(Award.pledge_part).joinedload(PledgePart.pledge))
    )


def awards_of(donor: Donor) -> sa.Select[Award, str]:
    """The rows of ``awards`` for one donor, by reference."""
    return awards().where(Award.donor_id == donor.id).order_by(Award.reference)


def accounts(session: Session, ids: Collection[int] | None = None) -> Mapping[int, Account]:
    """The accounts of some awards (None: of all) by id, in three aggregates; an empty one for the others."""
    moved = sa.select(AwardMovement.award_id, AwardMovement.kind, sa.func.sum(signed_movement()))
    steps: dict[int, dict[MovementKind, int]] = defaultdict(dict)
    for award_id, kind, cents in session.execute(
        _only(moved, AwardMovement.award_id, ids, AwardMovement.kind)
    ):
        steps[award_id][kind] = int(cents)
    spent = sa.select(
        Expenditure.award_id, sa.func.sum(Expenditure.usd_cents), sa.func.sum(Expenditure.icr_cents)
    )
    paid = {
        i: (int(usd), int(icr)) for i, usd, icr in session.execute(_only(spent, Expenditure.award_id, ids))
    }
    given = sa.select(Allocation.award_id, sa.func.sum(Allocation.usd_cents))
    allocated = {i: int(usd) for i, usd in session.execute(_only(given, Allocation.award_id, ids))}
    found: dict[int, Account] = defaultdict(Account)
    for award_id in {*steps, *paid, *allocated}:
        by_kind = steps.get(award_id, {})
        ordered = tuple(Step(kind, by_kind[kind]) for kind in MovementKind if kind in by_kind)
        found[award_id] = Account(ordered, *paid.get(award_id, (0, 0)), allocated.get(award_id, 0))
    return found


def account(session: Session, award: Award) -> Account:
    """The account of an award."""
    return accounts(session, [award.id])[award.id]


def _only(query: Any, column: Any, ids: Collection[int] | None, *more: Any) -> Any:
    query = query.group_by(column, *more)
    return query if ids is None else query.where(column.in_(ids))


def movements(session: Session, award: Award) -> list[AwardMovement]:
    """What moved in an award, the latest first."""
    query = sa.select(AwardMovement).where(AwardMovement.award_id == award.id)
    return list(session.scalars(query.order_by(AwardMovement.moved_on.desc(), AwardMovement.id.desc())))


def allocations(session: Session, award: Award) -> list[tuple[Allocation, Mission]]:
    """What a general award gave, the latest first, with the missions."""
    query = (
        sa.select(Allocation, Mission)
        .join(Mission, Mission.id == Allocation.mission_id)
        .where(Allocation.award_id == award.id)
        .order_by(Allocation.allocated_on.desc(), Allocation.id.desc())
    )
    return [(allocation, mission) for allocation, mission in session.execute(query)]


def parts() -> sa.Select[Any]:
    """(Award, Mission, given_cents, spent_cents, icr_cents) of every award and mission that it serves.

    An earmarked award gives its mission all that came in; a general one what was allocated, and what
    moved in the mission's part.
    """
    served = sa.union(
        sa.select(Award.id.label("award_id"), Award.mission_id).where(Award.mission_id.is_not(None)),
        sa.select(Allocation.award_id, Allocation.mission_id),
    ).subquery("served")
    here = (Expenditure.award_id == served.c.award_id, Expenditure.mission_id == served.c.mission_id)
    return (
        sa.select(
            Award,
            Mission,
            sa.case((Award.mission_id.is_not(None), moved_cents), else_=_given(served)).label("given_cents"),
            _in(served, Expenditure.usd_cents, *here).label("spent_cents"),
            _in(served, Expenditure.icr_cents, *here).label("icr_cents"),
        )
        .join(served, served.c.award_id == Award.id)
        .join(Mission, Mission.id == served.c.mission_id)
        .join(Award.donor)
        .options(contains_eager(Award.donor), selectinload(Award.pledge_part).joinedload(PledgePart.pledge))
    )


def parts_of(session: Session, award: Award) -> list[MissionPart]:
    """What an award gives to each mission."""
    rows = session.execute(parts().where(Award.id == award.id).order_by(Mission.code))
    return [
        MissionPart(row.Award, row.Mission, int(row.given_cents), int(row.spent_cents), int(row.icr_cents))
        for row in rows
    ]


def mission_choices(session: Session) -> list[tuple[str, str]]:
    """(id, code and name) of every mission, by code."""
    rows = session.execute(sa.select(Mission.id, Mission.code, Mission.name).order_by(Mission.code))
    return [(str(id_), f"{code} – {name}") for id_, code, name in rows]


def missions_served(session: Session, award: Award) -> list[tuple[str, str]]:
    """(id, code and name) of the missions that an award was allocated to, by code."""
    allocated = sa.select(Allocation.mission_id).where(Allocation.award_id == award.id)
    query = sa.select(Mission.id, Mission.code, Mission.name).where(Mission.id.in_(allocated))
    return [(str(i), f"{code} – {name}") for i, code, name in session.execute(query.order_by(Mission.code))]


def currencies(session: Session) -> list[str]:
    """The currencies of awards."""
    return list(session.scalars(sa.select(Award.currency).distinct().order_by(Award.currency)))


def _given(served: sa.Subquery) -> Any:
    allocated, moved = (
        _in(served, cents, of.award_id == served.c.award_id, of.mission_id == served.c.mission_id)
        for of, cents in ((Allocation, Allocation.usd_cents), (AwardMovement, signed_movement()))
    )
    return allocated + moved


def _in(served: sa.Subquery, column: Any, *criteria: Any) -> Any:
    total = sa.select(sa.func.coalesce(sa.func.sum(column), 0))
    return total.where(*criteria).correlate(served).scalar_subquery()
