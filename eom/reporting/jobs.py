"""Issuing a report takes a workbook in each language: it goes on in the background."""

from __future__ import annotations

from typing import Any

from eom.core import jobs
from eom.core.i18n import LANGUAGES, _
from eom.core.jobs import Job
from eom.extensions import db, store
from eom.reporting.models import AnnualReport
from eom.reporting.services import annual

ISSUE = "annual.issue"


@jobs.job(ISSUE)
def issue(row: Job, progress: Any) -> dict[str, Any]:
    """Issue the report whose id is ``report_id``; done already is done."""
    report = db.session.get_one(AnnualReport, row.arguments["report_id"])
    if not report.is_issued:
        annual.issue_report(report, store, progress)
    return {
        "lines": [
            [_("Fiscal year"), str(report.year)],
            [_("Revision"), str(report.revision)],
            [_("Workbooks"), ", ".join(LANGUAGES.values())],
            [_("Snapshot (SHA-256)"), report.sha256],
        ],
        "next_url": f"/annual-reports/{report.year}",
        "next_label": _("See the report"),
    }
