"""The list of fiscal years."""

from __future__ import annotations

from typing import Any

from eom.core.i18n import lazy
from eom.core.listing import Column, ListDefinition
from eom.finance.exports.sums import Link, totals
from eom.finance.queries import years


def register(link: Link) -> ListDefinition:
    """Every fiscal year with what its books hold; ``link`` gives the address of a year."""
    known = years.years()
    by = {column.key: column for column in known.selected_columns}
    columns = (
        Column("year", lazy("Fiscal year"), lambda r: str(r.year), by["year"], href=lambda r: link(r.year)),
        Column("state", lazy("State"), state, by["closed_on"], "badge", tone=_tone),
        Column("received", lazy("Received (US$)"), lambda r: int(r.received_cents), kind="money"),
        Column("spent", lazy("Spent (US$)"), lambda r: int(r.spent_cents), kind="money"),
        Column("icr", lazy("ICR (US$)"), lambda r: int(r.icr_cents), kind="money"),
        Column("expenditures", lazy("Expenditures"), lambda r: int(r.expenditure_count), kind="number"),
        Column("closed_on", lazy("Closed on"), lambda r: r.closed_on, by["closed_on"], "date"),
        Column("closed_by", lazy("Closed by"), lambda r: r.closed_by),
    )
    return ListDefinition(
        known, columns, sort="year", descending=True, entity=False, totals=totals("received", "spent", "icr")
    )


def state(row: Any) -> Any:
    """Whether a year takes lines, in words."""
    return lazy("Closed") if row.closed_on else lazy("Open")


def _tone(row: Any) -> str:
    return "neutral" if row.closed_on else "success"
