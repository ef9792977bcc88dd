"""The annual report as a workbook: every total, share and control a live formula over the rows."""

from __future__ import annotations

import io
from typing import Any

from eom.core.i18n import _, in_locale
from eom.reporting.annual.figures import AnnualFigures, Issue, snapshot_hash


def write_workbook(figures: AnnualFigures, lang: str, issue: Issue | None = None) -> bytes:
    """The xlsx file in a language (needs an application context for any but English).

    The same figures, language and issue give the same bytes.
    """
    with in_locale(lang):
        return _write(figures, lang, issue or Issue())


def _write(figures: AnnualFigures, lang: str, issue: Issue) -> bytes:
    from eom.reporting.annual.workbook_book import Book, mission_key
    from eom.reporting.annual.workbook_charts import write_charts
    from eom.reporting.annual.workbook_cover import write_cover, write_notes
    from eom.reporting.annual.workbook_finish import finish
    from eom.reporting.annual.workbook_matrix import write_matrix
    from eom.reporting.annual.workbook_mission import write_mission
    from eom.reporting.annual.workbook_missions import write_missions
    from eom.reporting.annual.workbook_reconciliation import Reconciliation, Sheets
    from eom.reporting.annual.workbook_sources import write_sources

    book = Book(figures, issue)
    sources = write_sources(book.pages["sources"])
    matrix = write_matrix(book.pages["matrix"])
    missions = write_missions(book.pages["missions"], sources, matrix)
    sheets = Sheets(sources, missions, matrix)
    for row, mission in enumerate(book.with_sheet, missions.first):
        write_mission(book.pages[mission_key(mission.code)], mission, missions.cell(row, "spent"))
    verdict = Reconciliation(book.pages["reconciliation"], sheets).write()
    write_charts(book.pages["charts"], sheets)
    write_cover(book.pages["cover"], sheets, verdict)
    write_notes(book.pages["notes"])
    _describe(book, lang)
    out = io.BytesIO()
    book.workbook.save(out)
    return finish(out.getvalue(), list(book.pages.values()), issue.issued_on or figures.prepared_as_of)


def _describe(book: Any, lang: str) -> None:
    """The document's properties; the program that opens it calculates at once."""
    from eom.reporting.annual.workbook_book import at_midnight

    figures, issue = book.figures, book.issue
    properties = book.workbook.properties
    properties.title = f"{book.title}, {figures.year}"
    properties.creator = properties.lastModifiedBy = issue.prepared_by or _("General Secretariat")
    properties.subject = _("Resolution AG/RES. 2931 (XLIX-O/19), section xi, paragraph 7")
    properties.identifier = snapshot_hash(figures)
    properties.language = lang
    properties.version = str(issue.revision)
    properties.created = properties.modified = at_midnight(issue.issued_on or figures.prepared_as_of)
    book.workbook.calculation.fullCalcOnLoad = True
