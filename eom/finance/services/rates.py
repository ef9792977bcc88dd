"""Rates of exchange."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import sqlalchemy as sa

from eom.core.errors import InvalidInput, Refused
from eom.core.i18n import exact, lazy
from eom.core.money import is_currency
from eom.extensions import db
from eom.finance.models.award import AwardMovement
from eom.finance.models.commitment import Obligation
from eom.finance.models.ledger import Expenditure
from eom.finance.models.rate import ExchangeRate
from eom.finance.queries.rates import rate_row
from eom.finance.services.closing import refuse_closed

# Wide enough for the dinar of Kuwait (0.3) and every inflation so far; what lies outside is a slip.
LOWEST, HIGHEST = Decimal("0.0001"), Decimal(1_000_000_000)


def record_rate(
    *,
    currency: str,
    month: date,
    units_per_usd: Decimal,
    source: str,
    is_demonstration: bool = False,
) -> ExchangeRate:
    """Record a month's rate; the same again changes nothing, another one is refused once it was used.

    Raises InvalidInput for a currency or a rate that cannot be, Refused for changing one that was used or
    that belongs to a closed year.
    """
    currency, month = currency.upper(), month.replace(day=1)
    row = check_record(currency, month, units_per_usd)
    if row is None:
        row = ExchangeRate(currency=currency, month=month, units_per_usd=units_per_usd, source=source,
                           is_demonstration=is_demonstration)  # fmt: skip
        db.session.add(row)
    elif row.units_per_usd != units_per_usd:
        row.units_per_usd, row.source = units_per_usd, source
    db.session.flush()
    return row


def check_record(currency: str, month: date, units_per_usd: Decimal) -> ExchangeRate | None:
    """The month's rate if there is one, once this one may be recorded; writes nothing. Raises as ``record_rate``."""
    if not is_currency(currency) or currency == "USD":
        raise InvalidInput(
            lazy("“%(code)s” is no currency with a rate.", code=currency[:10]),
            "currency",
        )
    check_rate(units_per_usd, "units_per_usd")
    row = rate_row(db.session(), currency, month)
    if row is not None and row.units_per_usd != units_per_usd:
        refuse_closed(month, "month")
        _refuse_used(row)
    return row


def check_rate(rate: Decimal, field: str) -> None:
    """Raise InvalidInput, on ``field``, for a rate that no currency has."""
    if rate <= 0:
        raise InvalidInput(lazy("A rate is above zero."), field)
    if not LOWEST <= rate <= HIGHEST:
        raise InvalidInput(
            lazy("A rate between %(low)s and %(high)s was expected.", low=exact(LOWEST), high=exact(HIGHEST)),
            field,
        )


def _refuse_used(row: ExchangeRate) -> None:
    month = row.month
    after = date(month.year + month.month // 12, month.month % 12 + 1, 1)
    spent = sa.select(Expenditure.id).where(
        Expenditure.currency == row.currency,
        Expenditure.incurred_on >= month,
        Expenditure.incurred_on < after,
    )
    # A movement may carry the bank's own rate: then it does not hang on the month's.
    moved = sa.select(AwardMovement.id).where(
        AwardMovement.currency == row.currency, AwardMovement.rate == row.units_per_usd,
        AwardMovement.moved_on >= month, AwardMovement.moved_on < after,
    )  # fmt: skip
    bound = sa.select(Obligation.id).where(
        Obligation.currency == row.currency, Obligation.obligated_on >= month, Obligation.obligated_on < after
    )
    if any(db.session.scalar(used.limit(1)) is not None for used in (spent, moved, bound)):
        raise Refused(
            lazy("Lines have been booked at this month's rate, so it stays as it is."),
            "units_per_usd",
            lazy("Reverse them first, or book the difference as an exchange gain or loss of the award."),
        )
