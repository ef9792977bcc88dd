"""Help in kind."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session, contains_eager

from eom.finance.models.award import Donor, InKindContribution
from eom.finance.queries.years import year_given
from eom.missions.models.mission import Mission


def contributions() -> sa.Select[InKindContribution, Mission]:
    """(InKindContribution, Mission) of all help in kind, with the donors."""
    return (
        sa.select(InKindContribution, Mission)
        .join(InKindContribution.donor)
        .join(Mission, Mission.id == InKindContribution.mission_id)
        .options(contains_eager(InKindContribution.donor))
    )


def contributions_of(donor: Donor) -> sa.Select[InKindContribution, Mission]:
    """The rows of ``contributions`` for one donor, the latest first."""
    return (
        contributions()
        .where(InKindContribution.donor_id == donor.id)
        .order_by(InKindContribution.given_on.desc(), InKindContribution.id)
    )


def years(session: Session) -> list[int]:
    """The years in which help was given, the latest first."""
    return list(session.scalars(sa.select(year_given).distinct().order_by(year_given.desc())))


def missions(session: Session) -> list[tuple[int, str]]:
    """(id, code) of the missions that were helped."""
    helped = sa.select(InKindContribution.mission_id)
    rows = session.execute(
        sa.select(Mission.id, Mission.code).where(Mission.id.in_(helped)).order_by(Mission.code)
    )
    return [(id_, code) for id_, code in rows]
