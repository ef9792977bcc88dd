"""The annual report's outputs: which figures a year has, and the files written from them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from eom.core.errors import InvalidInput, NotFound
from eom.core.i18n import LANGUAGES, lazy
from eom.core.storage import Store, StoredFile
from eom.extensions import db
from eom.reporting.annual.figures import AnnualFigures, Issue, snapshot_hash
from eom.reporting.models import AnnualReport
from eom.reporting.queries import annual_reports
from eom.reporting.queries.annual_now import figures_now, figures_of_report
from eom.reporting.services.annual import XLSX, file_name, issue_of

Writer = Callable[[AnnualFigures, str, Issue], bytes]
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


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


@dataclass(frozen=True)
class Format:
    """A kind of file: who writes it, what it is, how its name ends, and what people call it."""

    writer: Callable[[], Writer]
    content_type: str
    ending: str
    label: Any


def _workbook() -> Writer:
    from eom.reporting.annual.workbook import write_workbook

    return write_workbook


def _paper() -> Writer:
    from eom.reporting.annual.paper import write_paper

    return write_paper


def _package() -> Writer:
    from eom.reporting.annual.package import write_package

    return write_package


def _json() -> Writer:
    from eom.reporting.annual.document import write_json

    return write_json


def _iati() -> Writer:
    from eom.reporting.annual.iati import write_iati

    return write_iati


# Writers are imported when they write: their libraries are slow to load.
FORMATS: dict[str, Format] = {
    "xlsx": Format(_workbook, XLSX, "xlsx", lazy("Workbook (xlsx)")),
    "docx": Format(_paper, DOCX, "docx", lazy("Document (docx)")),
    "csv": Format(_package, "application/zip", "csv.zip", lazy("Tables (csv)")),
    "json": Format(_json, "application/json", "json", lazy("Data (json)")),
    "iati": Format(_iati, "application/xml", "iati.xml", lazy("IATI activities (xml)")),
}
KINDS = tuple(FORMATS)


def current(year: int, *, from_books: bool = False) -> Edition:
    """The newest issued report of a year; without one, or ``from_books``, the books as they stand."""
    issued = None if from_books else annual_reports.newest_issued(db.session(), year)
    return of_report(issued) if issued else Edition(figures_now(db.session(), year), issue_of(None))


def of_report(report: AnnualReport) -> Edition:
    """What a report holds."""
    figures = figures_of_report(report)
    return Edition(figures, issue_of(report, figures), report)


def figures_before(edition: Edition) -> AnnualFigures | None:
    """The figures of the revision that an edition's report revises; None for a first report and for the books."""
    before = annual_reports.revision_before(db.session(), edition.report) if edition.report else None
    return figures_of_report(before) if before else None


def revision(year: int, number: int) -> Edition:
    """A revision of a year's report, in whatever state. Raises NotFound."""
    found = [each for each in annual_reports.reports_of(db.session(), year) if each.revision == number]
    if not found:
        raise NotFound(lazy("The report of %(year)d has no revision %(number)d.", year=year, number=number))
    return of_report(found[0])


def write(edition: Edition, language: str, kind: str, store: Store) -> Output:
    """The edition as a file. An issued workbook is the one that was kept, byte by byte.

    Raises InvalidInput for a language or a kind of file that does not exist, Refused for IATI activities
    of a year without any.
    """
    if language not in LANGUAGES:
        raise InvalidInput(
            lazy(
                "“%(code)s” is no language of the report: en, es, fr or pt was expected.", code=language[:20]
            )
        )
    made = FORMATS.get(kind)
    if made is None:
        raise InvalidInput(
            lazy("“%(kind)s” is no format of the report: %(known)s was expected.", kind=kind[:20],
                 known=", ".join(KINDS))
        )  # fmt: skip
    name = file_name(edition.figures.year, edition.issue.revision, language, made.ending)
    kept = _kept(edition, language, name)
    data = store.get(kept.sha256) if kept else made.writer()(edition.figures, language, edition.issue)
    return Output(name, made.content_type, data)


def _kept(edition: Edition, language: str, name: str) -> StoredFile | None:
    """The file of an issued report that was kept when it was issued."""
    files = edition.report.files if edition.report else []
    return next((each.file for each in files if each.language == language and each.file.name == name), None)
