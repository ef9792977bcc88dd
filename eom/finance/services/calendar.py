"""The elections of coming years that a mission may be asked for."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa

from eom.core.errors import Conflict, InvalidInput
from eom.core.i18n import lazy
from eom.extensions import db
from eom.finance.models.calendar import ExpectedElection


def record_election(
    row: ExpectedElection | None, *, country: str, name: str, polling_on: date, observer_count: int, day_count: int,
    likelihood_percent: int, source: str, note: str | None = None, is_demonstration: bool = False,
) -> ExpectedElection:  # fmt: skip
    """Record an expected election, or change ``row``.

    Raises InvalidInput for counts that cannot be, Conflict for the same election twice.
    """
    for field, count, most in (("observer_count", observer_count, 2000), ("day_count", day_count, 1000),
                               ("likelihood_percent", likelihood_percent, 100)):  # fmt: skip
        if not 1 <= count <= most:
            raise InvalidInput(lazy("A number from 1 to %(most)d was expected.", most=most), field)
    same = sa.select(ExpectedElection.id).where(
        ExpectedElection.country == country, ExpectedElection.polling_on == polling_on,
        ExpectedElection.name == name, ExpectedElection.id != (row.id if row else 0),
    )  # fmt: skip
    if db.session.scalar(same) is not None:
        raise Conflict(lazy("The calendar has this election already."), "name")
    made = row or ExpectedElection(is_demonstration=is_demonstration)
    made.country, made.name, made.polling_on, made.source, made.note = country, name, polling_on, source, note
    made.observer_count, made.day_count, made.likelihood_percent = (
        observer_count,
        day_count,
        likelihood_percent,
    )
    db.session.add(made)
    db.session.flush()
    return made


def remove_election(row: ExpectedElection) -> None:
    """Take an election off the calendar; the audit trail keeps it."""
    db.session.delete(row)
    db.session.flush()
