"""Fiscal years: open until closed, then final."""

from __future__ import annotations

from datetime import date

from eom.core import audit, clock
from eom.core.errors import Refused
from eom.core.i18n import day, lazy
from eom.extensions import db
from eom.finance.models.period import FiscalYear


def refuse_closed(when: date) -> None:
    """Raise Refused when the fiscal year of a date is closed."""
    year = db.session.get(FiscalYear, when.year)
    if year is not None and year.closed_on is not None:
        raise Refused(
            lazy("The fiscal year %(year)d was closed on %(day)s and takes no more lines.",
                 year=when.year, day=day(year.closed_on)),
            "incurred_on",
            lazy("Give a date in an open year; a correction is a reversal there."),
        )  # fmt: skip


def close_year(year: int, *, by: str) -> FiscalYear:
    """Close a fiscal year. Raises Refused when it is closed already or has not ended."""
    row = db.session.get(FiscalYear, year) or FiscalYear(year=year)
    if row.closed_on is not None:
        raise Refused(lazy("The fiscal year %(year)d is closed already.", year=year))
    if clock.today() <= date(year, 12, 31):
        raise Refused(lazy("The fiscal year %(year)d has not ended yet.", year=year))
    row.closed_on, row.closed_by = clock.today(), by
    db.session.add(row)
    db.session.flush()
    audit.record(db.session(), "closed", "fiscal_years", year, str(year))
    return row
