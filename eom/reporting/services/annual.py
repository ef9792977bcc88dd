"""The annual report's way: prepared by one, reviewed by another, issued once and for all.

Who acts is told by the session, as for every line of the books.
"""

from __future__ import annotations

from collections.abc import Callable

from eom.core import audit, clock
from eom.core.errors import Conflict, InvalidInput, Refused
from eom.core.i18n import LANGUAGES, lazy
from eom.core.storage import Store, StoredFile
from eom.extensions import db
from eom.finance.services.keeping import check_kept_sums
from eom.reporting.annual.controls import differences
from eom.reporting.annual.figures import AnnualFigures, Issue, canonical_json, snapshot_hash
from eom.reporting.annual.kinds import ReportStatus
from eom.reporting.annual.snapshot import changes, same_figures
from eom.reporting.annual.workbook import write_workbook
from eom.reporting.models import AnnualReport, AnnualReportFile
from eom.reporting.queries import annual_reports
from eom.reporting.queries.annual import figures_of
from eom.reporting.queries.annual_now import figures_of_report

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
NAMED = 8


def prepare_report(year: int, *, reason: str | None = None) -> AnnualReport:
    """Take the year's figures as they stand into a draft, anew when there is one.

    After an issued report the draft is its next revision, which says why (``reason``) and what changed.
    Raises InvalidInput for a revision without a reason, Refused for a year that has not ended or a
    revision that would change nothing.
    """
    if year >= clock.today().year:
        raise Refused(lazy("The fiscal year %(year)d has not ended yet.", year=year))
    issued = annual_reports.newest_issued(db.session(), year)
    figures = figures_of(db.session(), year)
    if issued is not None:
        _check_revision(issued, figures, reason)
    revision = issued.revision + 1 if issued else 0
    report = _draft(year, revision)
    actor = audit.actor_of(db.session())
    report.status, report.reason = ReportStatus.DRAFT, reason if revision else None
    report.snapshot, report.sha256 = canonical_json(figures).decode(), snapshot_hash(figures)
    report.prepared_by, report.prepared_by_id, report.prepared_at = actor.name, actor.id, clock.now()
    report.reviewed_by = report.reviewed_by_id = report.reviewed_at = None
    db.session.add(report)
    db.session.flush()
    return report


def review_report(report: AnnualReport) -> AnnualReport:
    """Say that the figures were looked at: by somebody else than who prepared them.

    Raises Refused when it is no draft, for the one who prepared it, when a control differs or the sums kept
    of closed years are not the ledger's; Conflict when the books changed meanwhile.
    """
    if report.status is not ReportStatus.DRAFT:
        raise Refused(lazy("This report is no draft any more."))
    actor = audit.actor_of(db.session())
    if actor.id is None or actor.id == report.prepared_by_id:
        raise Refused(
            lazy("Whoever prepared the figures cannot review them."),
            next_step=lazy("Ask a colleague to review this report."),
        )
    _check_figures(report)
    report.status = ReportStatus.REVIEWED
    report.reviewed_by, report.reviewed_by_id, report.reviewed_at = actor.name, actor.id, clock.now()
    db.session.flush()
    return report


def check_issuing(report: AnnualReport) -> AnnualFigures:
    """The report's figures, once nothing stands in the way of issuing them.

    Raises Refused when it was not reviewed, the year is open, a control differs, or for the one who
    prepared it; Conflict when the books changed since.
    """
    if report.is_issued:
        raise Conflict(lazy("This report has been issued already."))
    if report.status is not ReportStatus.REVIEWED:
        raise Refused(
            lazy("This report has not been reviewed."),
            next_step=lazy("Somebody else than who prepared it reviews it first."),
        )
    if not annual_reports.is_closed(db.session(), report.year):
        raise Refused(
            lazy("The fiscal year %(year)d is still open.", year=report.year),
            next_step=lazy("Close the year first: then its figures cannot change any more."),
        )
    if report.prepared_by_id is not None and audit.actor_of(db.session()).id == report.prepared_by_id:
        raise Refused(
            lazy("Whoever prepared the figures cannot issue them."),
            next_step=lazy("Ask the finance reviewer or another finance officer to issue this report."),
        )
    return _check_figures(report)


def issue_report(
    report: AnnualReport, store: Store, progress: Callable[[int, int, str], None] = lambda *_: None
) -> AnnualReport:
    """Issue a reviewed report: its workbooks are written in every language and kept; it never changes again.

    Raises what ``check_issuing`` raises.
    """
    figures = check_issuing(report)
    report.status, report.issued_by, report.issued_at = (
        ReportStatus.ISSUED,
        audit.actor_of(db.session()).name,
        clock.now(),
    )
    issue = issue_of(report, figures)
    for number, (language, name) in enumerate(LANGUAGES.items()):
        progress(number, len(LANGUAGES), name)
        _keep(report, language, write_workbook(figures, language, issue), store)
    db.session.flush()
    audit.record(
        db.session(), "issued", "annual_reports", report.id, str(report),
        sha256=report.sha256, files={each.language: each.file.sha256 for each in report.files},
    )  # fmt: skip
    return report


def issue_of(report: AnnualReport | None, figures: AnnualFigures | None = None) -> Issue:
    """What the outputs say of a report beside its figures; of none, that it is a draft."""
    if report is None:
        return Issue()
    figures = figures or figures_of_report(report)
    before = annual_reports.revision_before(db.session(), report)
    return Issue(
        status=report.status,
        revision=report.revision,
        prepared_by=report.prepared_by,
        reviewed_by=report.reviewed_by or "",
        issued_by=report.issued_by or "",
        issued_on=report.issued_at.date() if report.issued_at else None,
        changes=changes(figures_of_report(before), figures) if before else (),
    )


def file_name(year: int, revision: int, language: str, ending: str) -> str:
    """What an output is called when it is kept."""
    number = f"-r{revision}" if revision else ""
    return f"annual-report-{year}{number}-{language}.{ending}"


def _check_revision(issued: AnnualReport, figures: AnnualFigures, reason: str | None) -> None:
    if not reason or not reason.strip():
        raise InvalidInput(lazy("Say why the issued report needs a revision."), "reason")
    if same_figures(annual_reports.figures_in(issued), figures):
        raise Refused(
            lazy("The books say what revision %(revision)d says: there is nothing to revise.",
                 revision=issued.revision)
        )  # fmt: skip


def _draft(year: int, revision: int) -> AnnualReport:
    for report in annual_reports.reports_of(db.session(), year):
        if report.revision == revision:
            return report
    return AnnualReport(year=year, revision=revision)


def _check_figures(report: AnnualReport) -> AnnualFigures:
    check_kept_sums()
    figures = annual_reports.figures_in(report)
    wrong = differences(figures)
    if wrong:
        named = "; ".join(wrong[:NAMED])
        more = f" … +{len(wrong) - NAMED}" if len(wrong) > NAMED else ""
        raise Refused(
            lazy("These do not agree: %(what)s", what=named + more),
            next_step=lazy("Look at the controls; correct the books, or revise last year's report first."),
        )
    if not same_figures(figures, figures_of(db.session(), report.year)):
        raise Conflict(
            lazy("The books have changed since this report was prepared."),
            next_step=lazy("Prepare it again, so that it is reviewed as it stands."),
        )
    return figures


def _keep(report: AnnualReport, language: str, data: bytes, store: Store) -> None:
    name = file_name(report.year, report.revision, language, "xlsx")
    file = StoredFile(sha256=store.put(data), name=name, content_type=XLSX, size=len(data))
    report.files.append(AnnualReportFile(language=language, file=file))
