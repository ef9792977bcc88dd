"""Per diem rates by place, from a day on."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa

from eom.core.errors import InvalidInput, Refused
from eom.core.i18n import lazy
from eom.extensions import db
from eom.finance.models.commitment import Advance, PerDiemRate


def record_rate(
    *, country: str, place: str, starts_on: date, usd_cents: int, source: str, is_demonstration: bool = False
) -> PerDiemRate:
    """Record what a day in a place is worth from a day on (US cents); the same place and day again corrects it.

    Raises InvalidInput for a rate that cannot be, Refused for changing one that an advance was paid at.
    """
    if not 0 < usd_cents <= 200_000:
        raise InvalidInput(lazy("A rate above zero and up to 2,000 dollars a day was expected."), "usd_cents")
    row = db.session.scalar(
        sa.select(PerDiemRate).where(
            PerDiemRate.country == country, PerDiemRate.place == place, PerDiemRate.starts_on == starts_on
        )
    )
    if row is None:
        row = PerDiemRate(country=country, place=place, starts_on=starts_on, usd_cents=usd_cents, source=source,
                          is_demonstration=is_demonstration)  # fmt: skip
        db.session.add(row)
    elif row.usd_cents != usd_cents:
        used = sa.select(Advance.id).where(Advance.per_diem_rate_id == row.id).limit(1)
        if db.session.scalar(used) is not None:
            raise Refused(
                lazy("Advances were paid at this rate, so it stays as it is."), "usd_cents",
                lazy("Record the new rate from the day on which it holds."),
            )  # fmt: skip
        row.usd_cents = usd_cents
    row.source = source
    db.session.flush()
    return row
