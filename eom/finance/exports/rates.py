"""The list of rates of exchange."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eom.core import i18n
from eom.core.i18n import lazy
from eom.core.listing import Column, ExactColumn, Filter, ListDefinition
from eom.finance.exports.sums import Link, invented
from eom.finance.models.rate import ExchangeRate
from eom.finance.queries import rates


@dataclass(frozen=True)
class MonthColumn(Column):
    """A month: its name on the page, its first day in a file."""

    def cell(self, row: Any) -> str:
        """The value as the reader writes it."""
        return i18n.month_name(self.value(row))


def register(session: Session, link: Link | None, *, in_full: bool = False) -> ListDefinition:
    """Every month's rates; ``link`` leads to the form of a rate for those who may correct it."""
    columns = (
        MonthColumn("month", lazy("Month"), lambda r: r.month, (ExchangeRate.month,)),
        Column("currency", lazy("Currency"), lambda r: r.currency, ExchangeRate.currency,
               href=lambda r: link(r) if link else None),
        Column("name", lazy("Name"), lambda r: i18n.currency_name(r.currency)),
        ExactColumn("rate", lazy("Units for one US dollar"), lambda r: r.units_per_usd,
                    sa.cast(ExchangeRate.units_per_usd, sa.Numeric(18, 8)), "number"),
        Column("source", lazy("Source"), lambda r: r.source, ExchangeRate.source),
    )  # fmt: skip
    codes = [(code, f"{code} – {i18n.currency_name(code)}") for code in rates.currencies(session)]
    years = [(str(year), str(year)) for year in rates.years(session)]
    filters = (
        Filter("currency", lazy("Currency"), lambda v: ExchangeRate.currency == v, choices=codes),
        Filter("year", lazy("Year"), lambda v: rates.year_of_month == int(v), choices=years),
    )
    return ListDefinition(
        sa.select(ExchangeRate), (*columns, invented(lambda r: r)) if in_full else columns, filters,
        sort="month", descending=True, tie=ExchangeRate.currency,
    )  # fmt: skip
