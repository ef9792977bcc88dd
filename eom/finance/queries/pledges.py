"""Pledges with what became of them (US cents where it says usd, else the pledge's currency)."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, contains_eager, selectinload

from eom.finance.models.award import Award, Donor
from eom.finance.models.pledge import DonorPledge, PledgePart, PledgeState
from eom.missions.models.mission import Mission


def _agreed(column: Any) -> Any:
    """What stands in agreements of a pledge, nil when nothing does."""
    return (
        sa.select(sa.func.coalesce(sa.func.sum(column), 0))
        .join(Award, Award.id == PledgePart.award_id)
        .where(PledgePart.pledge_id == DonorPledge.id, Award.agreed_cents.is_not(None))
        .correlate(DonorPledge)
        .scalar_subquery()
    )


agreed_usd_cents = _agreed(PledgePart.usd_cents)
# What is still hoped for: nothing of a pledge that has ended.
open_usd_cents = sa.case(
    (DonorPledge.state == PledgeState.OPEN, sa.func.coalesce(DonorPledge.usd_cents, 0) - agreed_usd_cents),
    else_=0,
)


def pledges() -> sa.Select[Any]:
    """(DonorPledge, mission_code, pledged_cents, agreed_cents, open_cents) of every pledge, with the donors."""
    return (
        sa.select(
            DonorPledge,
            Mission.code.label("mission_code"),
            sa.func.coalesce(DonorPledge.usd_cents, 0).label("pledged_cents"),
            agreed_usd_cents.label("agreed_cents"),
            open_usd_cents.label("open_cents"),
        )
        .join(DonorPledge.donor)
        .outerjoin(Mission, Mission.id == DonorPledge.mission_id)
        .options(contains_eager(DonorPledge.donor))
    )


def pledge(session: Session, pledge_id: int) -> Any:
    """The row of ``pledges`` for one, with its parts and their awards; None when there is none."""
    query = pledges().where(DonorPledge.id == pledge_id)
    return session.execute(query.options(_with_awards())).first()


def pledges_of(session: Session, donor_ids: Any) -> list[Any]:
    """The rows of ``pledges`` of some donors, the latest first."""
    query = pledges().where(DonorPledge.donor_id.in_(donor_ids))
    order = (DonorPledge.pledged_on.desc().nulls_last(), DonorPledge.id.desc())
    return list(session.execute(query.options(_with_awards()).order_by(*order)))


def choices(session: Session, own: DonorPledge | None = None) -> list[DonorPledge]:
    """The pledges that an award can take up: open ones with something left, and its own."""
    may = sa.or_(DonorPledge.state == PledgeState.OPEN, DonorPledge.id == (own.id if own else 0))
    query = sa.select(DonorPledge).join(DonorPledge.donor).options(
        contains_eager(DonorPledge.donor), selectinload(DonorPledge.parts)
    ).where(may).order_by(sa.func.lower(Donor.name), DonorPledge.pledged_on, DonorPledge.id)  # fmt: skip
    return [each for each in session.scalars(query) if each is own or each.left_cents != 0]


def mission_choices(session: Session) -> list[tuple[str, str]]:
    """(id, code) of the missions that something was pledged to."""
    pledged = sa.select(DonorPledge.mission_id)
    rows = session.execute(
        sa.select(Mission.id, Mission.code).where(Mission.id.in_(pledged)).order_by(Mission.code)
    )
    return [(str(id_), code) for id_, code in rows]


def donor_choices(session: Session) -> list[tuple[str, str]]:
    """(id, name) of the donors who pledged, by name."""
    query = sa.select(Donor.id, Donor.name).where(Donor.id.in_(sa.select(DonorPledge.donor_id)))
    return [(str(i), name) for i, name in session.execute(query.order_by(sa.func.lower(Donor.name)))]


def _with_awards() -> Any:
    return selectinload(DonorPledge.parts).joinedload(PledgePart.award)
