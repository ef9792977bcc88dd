"""Rates of exchange."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import sqlalchemy as sa

from eom.core.errors import InvalidInput, Refused
from eom.core.i18n import lazy
from eom.core.money import is_currency
from eom.extensions import db
from eom.finance.models.ledger import Expenditure
from eom.finance.models.rate import ExchangeRate
from eom.finance.queries.rates import rate_row


def record_rate(
    *,
    currency: str,
    month: date,
    units_per_usd: Decimal,
    source: str,
    is_demonstration: bool = False,
) -> ExchangeRate:
    """Record a month's rate; the same again changes nothing, another one is refused once it was used.

    Raises InvalidInput for a currency or a rate that cannot be.
    """
    currency = currency.upper()
    if not is_currency(currency) or currency == "USD":
        raise InvalidInput(
            lazy("“%(code)s” is no currency with a rate.", code=currency[:10]),
            "currency",
        )
    if units_per_usd <= 0:
        raise InvalidInput(lazy("A rate is above zero."), "units_per_usd")
    month = month.replace(day=1)
    row = rate_row(db.session(), currency, month)
    if row is None:
        row = ExchangeRate(currency=currency, month=month, units_per_usd=units_per_usd, source=source,
                           is_demonstration=is_demonstration)  # fmt: skip
        db.session.add(row)
    elif row.units_per_usd != units_per_usd:
        _refuse_used(currency, month)
        row.units_per_usd, row.source = units_per_usd, source
    db.session.flush()
    return row


def _refuse_used(currency: str, month: date) -> None:
    after = date(month.year + month.month // 12, month.month % 12 + 1, 1)
    used = sa.select(Expenditure.id).where(
        Expenditure.currency == currency,
        Expenditure.incurred_on >= month,
        Expenditure.incurred_on < after,
    )
    if db.session.scalar(used.limit(1)) is not None:
        raise Refused(
            lazy("Expenditures have been booked at this month's rate, so it stays as it is."),
            "units_per_usd",
            lazy("Reverse them first, or book the difference as an exchange gain or loss of the award."),
        )
