"""Fiscal years: open until closed, then final."""

from __future__ import annotations

from datetime import date

from eom.core import audit, clock
from eom.core.errors import InvalidInput, Refused
from eom.core.i18n import day, lazy
from eom.extensions import db
from eom.finance.models.period import FiscalYear
from eom.finance.queries import years
from eom.finance.services.keeping import keep_sums


def refuse_closed(when: date, field: str = "incurred_on") -> None:
    """Raise Refused, on ``field``, when the fiscal year of a date is closed."""
    year = db.session.get(FiscalYear, when.year)
    if year is not None and year.closed_on is not None:
        raise closed(when.year, year.closed_on, field)


def closed(year: int, closed_on: date, field: str) -> Refused:
    """The refusal of a line in a closed fiscal year, on ``field``."""
    return Refused(
        lazy("The fiscal year %(year)d was closed on %(day)s and takes no more lines.",
             year=year, day=day(closed_on)),
        field,
        lazy("Give a date in an open year; a correction is a reversal there."),
    )  # fmt: skip


def close_year(year: int, *, by: str) -> FiscalYear:
    """Close a fiscal year. In the browser two people do it: ``services.year_end`` asks for them.

    Raises as ``closable`` does.
    """
    row = closable(year)
    row.closed_on, row.closed_by = clock.today(), by
    db.session.add(row)
    db.session.flush()
    keep_sums(year)
    audit.record(db.session(), "closed", "fiscal_years", year, str(year))
    return row


def closable(year: int) -> FiscalYear:
    """The row of a year that may be closed, new when it had none.

    Raises InvalidInput for what is no year of the books, Refused when it is closed already, has not
    ended, or an earlier year that holds lines is still open: its closing balance is what this one opens
    with.
    """
    if not years.FIRST <= year <= years.LAST:
        raise InvalidInput(lazy("“%(year)s” is no fiscal year.", year=str(year)[:10]))
    row = db.session.get(FiscalYear, year) or FiscalYear(year=year)
    if row.closed_on is not None:
        raise Refused(lazy("The fiscal year %(year)d is closed already.", year=year))
    if clock.today() <= date(year, 12, 31):
        raise Refused(lazy("The fiscal year %(year)d has not ended yet.", year=year))
    if (earlier := years.first_open_year(db.session(), before=year)) is not None:
        raise Refused(
            lazy("The fiscal year %(earlier)d is still open.", earlier=earlier),
            next_step=lazy("Close it first: its closing balances are those that %(year)d opens with.", year=year),
        )  # fmt: skip
    return row
