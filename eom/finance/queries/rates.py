"""Reading rates of exchange."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eom.core.errors import InvalidInput
from eom.core.i18n import lazy, month_name
from eom.finance.models.award import Award
from eom.finance.models.rate import ExchangeRate


def rate_row(session: Session, currency: str, month: date) -> ExchangeRate | None:
    """The rate of a currency in the month of a date."""
    return session.scalar(
        sa.select(ExchangeRate).where(
            ExchangeRate.currency == currency,
            ExchangeRate.month == month.replace(day=1),
        )
    )


def rate_on(session: Session, currency: str, day: date) -> Decimal:
    """Units for one US dollar in the month of ``day``; 1 for US dollars.

    Raises InvalidInput naming currency and month when no rate was recorded.
    """
    if currency == "USD":
        return Decimal(1)
    row = rate_row(session, currency, day)
    if row is None:
        raise InvalidInput(
            lazy(
                "There is no rate of %(currency)s for %(month)s.",
                currency=currency,
                month=month_name(day),
            ),
            "currency",
            lazy("Record the month's UN operational rate of exchange first."),
        )
    return row.units_per_usd


def rates(session: Session) -> dict[tuple[str, date], Decimal]:
    """All rates by (currency, first of the month), for a load of many lines."""
    rows = session.execute(sa.select(ExchangeRate.currency, ExchangeRate.month, ExchangeRate.units_per_usd))
    return {(currency, month): rate for currency, month, rate in rows}


year_of_month = sa.cast(sa.extract("year", ExchangeRate.month), sa.Integer)


def currencies(session: Session) -> list[str]:
    """The currencies that have a rate, by code."""
    return list(session.scalars(sa.select(ExchangeRate.currency).distinct().order_by(ExchangeRate.currency)))


def years(session: Session) -> list[int]:
    """The years that have a rate, the latest first."""
    return list(session.scalars(sa.select(year_of_month).distinct().order_by(year_of_month.desc())))


def missing(session: Session, today: date) -> list[str]:
    """Currencies of living awards that have no rate for the month of ``today``."""
    month = today.replace(day=1)
    known = sa.select(ExchangeRate.currency).where(ExchangeRate.month == month)
    living = sa.func.coalesce(Award.ends_on, today) >= today
    query = sa.select(Award.currency).where(Award.currency != "USD", living, Award.currency.not_in(known))
    return list(session.scalars(query.distinct().order_by(Award.currency)))


def month_of(text: str) -> date | None:
    """The first day of a month written as YYYY-MM; None for anything else."""
    try:
        return datetime.strptime(text, "%Y-%m").date()
    except ValueError:
        return None
