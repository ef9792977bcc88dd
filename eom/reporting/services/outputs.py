"""The annual report's outputs: which figures a year has, and the files written from them."""

from __future__ import annotations

from dataclasses import dataclass

from eom.core.errors import InvalidInput, NotFound
from eom.core.i18n import LANGUAGES, lazy
from eom.core.storage import Store
from eom.extensions import db
from eom.reporting.annual.document import write_json
from eom.reporting.annual.figures import AnnualFigures, Issue, snapshot_hash
from eom.reporting.annual.workbook import write_workbook
from eom.reporting.models import AnnualReport
from eom.reporting.queries import annual_reports
from eom.reporting.queries.annual import figures_of
from eom.reporting.services.annual import XLSX, file_name, issue_of

KINDS = ("xlsx", "json")


@dataclass(frozen=True)
class Edition:
    """A year's figures with what is said of them. ``report`` is None for the books as they stand."""

    figures: AnnualFigures
    issue: Issue
    report: AnnualReport | None = None

    @property
    def sha256(self) -> str:
        """The hash that every output of the edition prints."""
        return self.report.sha256 if self.report else snapshot_hash(self.figures)


@dataclass(frozen=True)
class Output:
    """A file: its name, what it is and its bytes."""

    name: str
    content_type: str
    data: bytes


def current(year: int, *, from_books: bool = False) -> Edition:
    """The newest issued report of a year; without one, or ``from_books``, the books as they stand."""
    issued = None if from_books else annual_reports.newest_issued(db.session(), year)
    return of_report(issued) if issued else Edition(figures_of(db.session(), year), issue_of(None))


def of_report(report: AnnualReport) -> Edition:
    """What a report holds."""
    figures = annual_reports.figures_in(report)
    return Edition(figures, issue_of(report, figures), report)


def revision(year: int, number: int) -> Edition:
    """A revision of a year's report, in whatever state. Raises NotFound."""
    found = [each for each in annual_reports.reports_of(db.session(), year) if each.revision == number]
    if not found:
        raise NotFound(lazy("The report of %(year)d has no revision %(number)d.", year=year, number=number))
    return of_report(found[0])


def write(edition: Edition, language: str, kind: str, store: Store) -> Output:
    """The edition as a file. An issued workbook is the one that was kept, byte by byte.

    Raises InvalidInput for a language or a kind of file that does not exist.
    """
    if language not in LANGUAGES:
        raise InvalidInput(
            lazy(
                "“%(code)s” is no language of the report: en, es, fr or pt was expected.", code=language[:20]
            )
        )
    if kind not in KINDS:
        raise InvalidInput(
            lazy("“%(kind)s” is no format of the report: xlsx or json was expected.", kind=kind[:20])
        )
    name = file_name(edition.figures.year, edition.issue.revision, language, kind)
    if kind == "json":
        return Output(name, "application/json", write_json(edition.figures, language, edition.issue))
    kept = next((f for f in edition.report.files if f.language == language), None) if edition.report else None
    data = store.get(kept.file.sha256) if kept else write_workbook(edition.figures, language, edition.issue)
    return Output(name, XLSX, data)
