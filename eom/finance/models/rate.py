"""Rates of exchange by month."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from eom.core.db import Base, Stamped
from eom.core.types import Exact


class ExchangeRate(Base, Stamped):
    """Units of a currency for one US dollar in a month (UN operational rates of exchange)."""

    __tablename__ = "exchange_rates"

    id: Mapped[int] = mapped_column(primary_key=True)
    currency: Mapped[str] = mapped_column(sa.String(3))
    month: Mapped[date] = mapped_column()
    units_per_usd: Mapped[Decimal] = mapped_column(Exact(18, 8))
    source: Mapped[str] = mapped_column(sa.String(200))
    is_demonstration: Mapped[bool] = mapped_column(default=False)

    __table_args__ = (
        sa.UniqueConstraint("currency", "month"),
        sa.CheckConstraint("CAST(units_per_usd AS NUMERIC) > 0", name="rate_is_above_zero"),
        sa.CheckConstraint("length(currency) = 3", name="currency_has_three_letters"),
    )

    def __str__(self) -> str:
        return f"{self.currency} {self.month:%Y-%m}"
