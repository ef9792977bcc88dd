"""What a finance officer must see first (US cents)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eom.finance.models.agreement import AwardReportDue
from eom.finance.models.award import Award, Donor
from eom.finance.models.commitment import Obligation
from eom.finance.models.entry import PendingEntry
from eom.finance.models.pending_load import PendingLoad
from eom.finance.queries import (
    agreements,
    awards,
    commitments,
    entries,
    pending_loads,
    rates,
    statements,
    years,
)
from eom.missions.models.mission import Mission

SHOWN = 8


@dataclass(frozen=True)
class Figures:
    """A year's books, and how many give under how many agreements."""

    books: years.Books
    donor_count: int
    award_count: int


@dataclass(frozen=True)
class Waiting:
    """What waits for someone: at most ``SHOWN`` of each."""

    missing_rates: Sequence[str]
    overdrawn: Sequence[Award]
    ended: Sequence[Award]
    unpaid: Sequence[Award]
    statements: Sequence[statements.Due]
    open_year: int | None
    overdue_instalments: int
    late_reports: Sequence[AwardReportDue]
    entries: Sequence[tuple[PendingEntry, Mission]] = ()
    lapsed: Sequence[tuple[Obligation, Mission]] = ()
    files: Sequence[PendingLoad] = ()


def figures(session: Session, year: int) -> Figures:
    """The books of a year, and how many donors and awards there are."""
    counts = [session.scalar(sa.select(sa.func.count()).select_from(model)) or 0 for model in (Donor, Award)]
    return Figures(years.year(session, year), *counts)


def waiting(session: Session, today: date) -> Waiting:
    """What waits: rates of this month, overdrawn awards, ended ones with money left, unpaid ones, an open year."""
    books = awards.accounts(session)
    every = list(session.scalars(sa.select(Award).order_by(Award.reference)))
    ended = [each for each in every if each.ends_on and each.ends_on < today]
    living = [each for each in every if not each.ends_on or each.ends_on >= today]
    return Waiting(
        missing_rates=rates.missing(session, today)[:SHOWN],
        overdrawn=[each for each in every if books[each.id].available_cents < 0][:SHOWN],
        ended=[each for each in ended if books[each.id].available_cents > 0][:SHOWN],
        statements=statements.due(session, today)[:SHOWN],
        unpaid=[each for each in living if each.agreed_cents and not books[each.id].received_cents][:SHOWN],
        open_year=years.first_open_year(session, before=today.year),
        overdue_instalments=agreements.overdue(session, today),
        late_reports=agreements.reports_overdue(session, today, SHOWN),
        entries=entries.waiting(session, SHOWN),
        lapsed=commitments.lapsed(session, today, SHOWN),
        files=pending_loads.waiting(session, SHOWN),
    )
