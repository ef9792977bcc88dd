"""The reports that were prepared and issued, and the years that have something to report."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session, defer

from eom.finance.models.award import AwardMovement, InKindContribution, MovementKind
from eom.finance.models.ledger import Expenditure
from eom.finance.models.period import FiscalYear
from eom.reporting.annual.figures import AnnualFigures
from eom.reporting.annual.kinds import ReportStatus
from eom.reporting.annual.snapshot import figures_of_json
from eom.reporting.models import AnnualReport


@dataclass
class YearLine:
    """A fiscal year in the list of reports (US cents). ``report`` is the newest revision, if any."""

    year: int
    received_cents: int = 0
    spent_cents: int = 0
    in_kind_cents: int = 0
    is_closed: bool = False
    report: AnnualReport | None = None


def years(session: Session) -> list[YearLine]:
    """Every year with lines, help in kind, a closing or a report; the newest first."""
    found: dict[int, YearLine] = {}

    def line(year: int) -> YearLine:
        return found.setdefault(int(year), YearLine(int(year)))

    spent, gift = Expenditure, InKindContribution
    totals = sa.select(spent.fiscal_year, sa.func.sum(spent.usd_cents + spent.icr_cents))
    for year, cents in session.execute(totals.group_by(spent.fiscal_year)):
        line(year).spent_cents = int(cents)
    received = sa.func.sum(
        sa.case((AwardMovement.kind == MovementKind.RECEIPT, AwardMovement.usd_cents), else_=0)
    )
    moved = sa.select(AwardMovement.fiscal_year, received).group_by(AwardMovement.fiscal_year)
    for year, cents in session.execute(moved):
        line(year).received_cents = int(cents)
    given_in = sa.extract("year", gift.given_on)
    for year, cents in session.execute(
        sa.select(given_in, sa.func.sum(gift.valued_cents)).group_by(given_in)
    ):
        line(year).in_kind_cents = int(cents)
    for year in session.scalars(sa.select(FiscalYear.year).where(FiscalYear.closed_on.is_not(None))):
        line(year).is_closed = True
    for report in session.scalars(_reports().order_by(AnnualReport.year, AnnualReport.revision)):
        line(report.year).report = report
    return sorted(found.values(), key=lambda each: -each.year)


def reports_of(session: Session, year: int) -> list[AnnualReport]:
    """The revisions of a year's report, the newest first."""
    query = _reports().where(AnnualReport.year == year)
    return list(session.scalars(query.order_by(AnnualReport.revision.desc())))


def newest_issued(session: Session, year: int) -> AnnualReport | None:
    """The last revision of a year's report that was issued."""
    query = sa.select(AnnualReport).where(
        AnnualReport.year == year, AnnualReport.status == ReportStatus.ISSUED
    )
    return session.scalar(query.order_by(AnnualReport.revision.desc()).limit(1))


def revision_before(session: Session, report: AnnualReport) -> AnnualReport | None:
    """The revision that a report corrects."""
    query = sa.select(AnnualReport).where(
        AnnualReport.year == report.year, AnnualReport.revision == report.revision - 1
    )
    return session.scalar(query)


def is_closed(session: Session, year: int) -> bool:
    """Whether the fiscal year takes no more lines."""
    row = session.get(FiscalYear, year)
    return row is not None and row.is_closed


def figures_in(report: AnnualReport) -> AnnualFigures:
    """The figures that a report holds."""
    return figures_of_json(report.snapshot)


def carried_forward(session: Session, year: int) -> dict[str, dict[str, int]] | None:
    """Closing balances as a year's issued report states them, by award and by mission; None without one."""
    report = newest_issued(session, year)
    if report is None:
        return None
    figures = figures_in(report)
    return {
        "sources": {source.award: source.closing_cents for source in figures.sources},
        "missions": {mission.code: mission.closing_cents for mission in figures.missions},
    }


def _reports() -> sa.Select[AnnualReport]:
    """Reports without their snapshots, which are long."""
    return sa.select(AnnualReport).options(defer(AnnualReport.snapshot))
