"""A fiscal year's end: one person prepares it, another closes it; opening it again takes two as well.

Who acts is told by the session, as for every line of the books.
"""

from __future__ import annotations

import sqlalchemy as sa

from eom.core import audit, clock
from eom.core.errors import Conflict, Refused
from eom.core.i18n import lazy
from eom.extensions import db
from eom.finance.models.period import FiscalYear, YearReopening
from eom.finance.queries import year_end
from eom.finance.queries.year_end import CheckState
from eom.finance.services import closing, keeping
from eom.finance.services.acting import actor, second_person


def prepare_year(year: int) -> FiscalYear:
    """Say that a year is complete and was checked; another person then closes it.

    Raises InvalidInput for what is no year of the books, Refused when it is closed, has not ended, an
    earlier one is open, or a check that stops it stands.
    """
    row = closing.closable(year)
    _refuse_stopped(year)
    one = actor()
    row.prepared_on, row.prepared_by, row.prepared_by_id = clock.today(), one.name, one.id
    db.session.add(row)
    db.session.flush()
    audit.record(db.session(), "prepared", "fiscal_years", year, str(year))
    return row


def close_prepared(year: int) -> FiscalYear:
    """Close a year that somebody else prepared. Raises as ``prepare_year`` does, and Refused for the same person."""
    row = closing.closable(year)
    if row.prepared_on is None:
        raise Refused(
            lazy("The fiscal year %(year)d has not been prepared for closing.", year=year),
            next_step=lazy("One person checks it and prepares it; another closes it."),
        )
    one = second_person(
        row.prepared_by_id, message=lazy("Whoever prepared the year cannot close it."),
        next_step=lazy("Ask a colleague who may close years."),
    )  # fmt: skip
    _refuse_stopped(year)
    return closing.close_year(year, by=one.name)


def ask_reopening(year: int, *, reason: str) -> YearReopening:
    """Ask that a closed year be opened again, and say why. Raises Refused when it cannot be, Conflict when
    it was asked already."""
    row = _reopenable(year)
    if pending(year) is not None:
        raise Conflict(lazy("It has been asked already; another person decides."))
    one = actor()
    asked = YearReopening(
        year=year, reason=reason, asked_by=one.name, asked_by_id=one.id, was_closed_on=row.closed_on,
        was_closed_by=row.closed_by,
    )  # fmt: skip
    db.session.add(asked)
    db.session.flush()
    return asked


def reopen(year: int) -> YearReopening:
    """Agree to what another person asked: the year takes lines again until it is prepared and closed anew.

    Raises Refused when nobody asked, for the person who did, or when it cannot be opened.
    """
    row, asked = _reopenable(year), pending(year)
    if asked is None:
        raise Refused(lazy("Nobody has asked to open the fiscal year %(year)d again.", year=year))
    one = second_person(
        asked.asked_by_id, message=lazy("Whoever asked to open the year again cannot decide it."),
        next_step=lazy("Ask a colleague who may open years again."),
    )  # fmt: skip
    audit.because(db.session(), asked.reason)
    asked.reopened_at, asked.reopened_by = clock.now(), one.name
    row.closed_on = row.closed_by = row.prepared_on = row.prepared_by = row.prepared_by_id = None
    db.session.flush()
    keeping.let_go(year)
    audit.record(db.session(), "reopened", "fiscal_years", year, str(year), asked_by=asked.asked_by)
    audit.because(db.session(), None)
    return asked


def decline_reopening(year: int) -> None:
    """Withdraw or refuse what was asked; the trail keeps it. Raises Refused when nobody asked."""
    asked = pending(year)
    if asked is None:
        raise Refused(lazy("Nobody has asked to open the fiscal year %(year)d again.", year=year))
    db.session.delete(asked)
    db.session.flush()


def pending(year: int) -> YearReopening | None:
    """What was asked and not yet decided."""
    return next((each for each in year_end.reopenings(db.session(), year) if each.is_asked), None)


def _reopenable(year: int) -> FiscalYear:
    row = db.session.get(FiscalYear, year)
    if row is None or row.closed_on is None:
        raise Refused(lazy("The fiscal year %(year)d is not closed.", year=year))
    later = sa.select(sa.func.max(FiscalYear.year)).where(
        FiscalYear.year > year, FiscalYear.closed_on.is_not(None)
    )
    if (last := db.session.scalar(later)) is not None:
        raise Refused(
            lazy(
                "The fiscal year %(year)d is closed too and opens with the balances of this one.", year=last
            ),
            next_step=lazy("Open the later year first, or book a correction in an open year."),
        )
    return row


def _refuse_stopped(year: int) -> None:
    stopped = [
        each for each in year_end.checks(db.session(), year)
        if each.state is CheckState.STOP and each.name != "earlier"
    ]  # fmt: skip
    if stopped:
        raise Refused(
            lazy(
                "This is not as it should be: %(what)s", what="; ".join(str(each.title) for each in stopped)
            ),
            next_step=lazy("The year’s page names what to mend."),
        )
