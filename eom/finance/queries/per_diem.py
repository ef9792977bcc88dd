"""Reading per diem rates."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eom.finance.models.commitment import PerDiemRate


def rate_on(session: Session, country: str, place: str, on: date) -> PerDiemRate | None:
    """The rate of a place that holds on a day."""
    query = sa.select(PerDiemRate).where(
        PerDiemRate.country == country, PerDiemRate.place == place, PerDiemRate.starts_on <= on
    )
    return session.scalars(query.order_by(PerDiemRate.starts_on.desc()).limit(1)).first()


def latest(session: Session) -> list[PerDiemRate]:
    """The newest rate of each place."""
    newest = (
        sa.select(PerDiemRate.country, PerDiemRate.place, sa.func.max(PerDiemRate.starts_on).label("day"))
        .group_by(PerDiemRate.country, PerDiemRate.place)
        .subquery()
    )
    of = PerDiemRate
    same = (newest.c.country == of.country) & (newest.c.place == of.place) & (newest.c.day == of.starts_on)
    return list(session.scalars(sa.select(of).join(newest, same).order_by(of.country, of.place)))
