"""The report as a document: LibreOffice opens it, and its tables are the workbook's, in every language."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from docx import Document
from docx.enum.section import WD_ORIENT
from docx.oxml.ns import qn
from openpyxl import Workbook

from eom.core.i18n import LANGUAGES, _, in_locale
from eom.core.money import parse_amount, to_cents
from eom.extensions import db
from eom.reporting.annual.figures import AnnualFigures, Change, Issue, snapshot_hash
from eom.reporting.annual.kinds import ReportStatus
from eom.reporting.annual.paper import write_paper
from eom.reporting.annual.workbook import write_workbook
from eom.reporting.queries.annual import figures_of
from tests.reporting.annual_books import make_books
from tests.reporting.recalculate import recalculate, reopened
from tests.reporting.year_2019 import year_2019

ISSUED = Issue(
    ReportStatus.ISSUED,
    1,
    "Clara",
    "Hugo",
    "Felix",
    date(2020, 4, 2),
    (Change("missions", "BOL-2019", "object4", 100, 250),),
)
SOURCES, MISSIONS, HEADINGS = 1, 2, 5


@pytest.fixture
def figures(app) -> AnnualFigures:
    make_books()
    db.session.commit()
    return figures_of(db.session(), 2019, as_of=date(2020, 3, 31))


def test_its_tables_are_the_workbooks_in_every_language(figures):
    """Both through LibreOffice: it opens the document and calculates the workbook anew."""
    papers = reopened(*(write_paper(figures, lang) for lang in LANGUAGES))
    books = recalculate(*(write_workbook(figures, lang) for lang in LANGUAGES))
    for lang, paper, book in zip(LANGUAGES, papers, books, strict=True):
        with in_locale(lang):
            document = Document(io.BytesIO(paper))
            _compare(table_of(document, _("Award"), _("Pledged")), book, SOURCES, _("Award"), lang)
            _compare(
                table_of(document, _("Mission"), _("Total spent"), _("Country")),
                book,
                MISSIONS,
                _("Mission"),
                lang,
            )
            _compare(
                table_of(document, _("Mission"), _("Spent since the start")),
                book,
                MISSIONS,
                _("Mission"),
                lang,
            )


def table_of(document: Any, *heads: str) -> list[list[str]]:
    """The table with these headings, as texts."""
    for table in document.tables:
        rows = [[cell.text for cell in row.cells] for row in table.rows]
        if set(heads) <= set(rows[0]):
            return rows
    raise AssertionError(heads)


def _compare(table: list[list[str]], book: Workbook, sheet: int, key: str, lang: str) -> None:
    """Each amount of the document stands in the workbook, in the row of the same key and the same column."""
    page = book.worksheets[sheet]
    heads = [cell.value for cell in page[HEADINGS]]
    rows = {str(row[heads.index(key)].value): row for row in page.iter_rows(min_row=HEADINGS + 1)}
    shared, found = [head for head in table[0] if head in heads and head != key], 0
    for row in table[1:]:
        told = dict(zip(table[0], row, strict=True))
        if told[key] not in rows:
            continue
        for head in shared:
            value = rows[told[key]][heads.index(head)].value
            if isinstance(value, int | float) and told[head] and not told[head].endswith("%"):
                shown = told[head] if told[head] != "–" else "0"
                assert to_cents(parse_amount(shown, lang)) == round(Decimal(str(value)) * 100), (
                    told[key],
                    head,
                )
                found += 1
    assert found > 30, "the tables have nothing in common"


def test_it_says_what_it_is_and_stands_on_its_pages(figures):
    document = Document(io.BytesIO(write_paper(figures, "en", ISSUED)))
    words = "\n".join(paragraph.text for paragraph in document.paragraphs)
    for each in ("Permanent Council", "AG/RES. 2931", "1. Mandate", "2. Method", "3. Main figures", "4. Sources of funding",
                 "5. Spending by mission", "9. Reconciliation", "10. Notes", "Every control agrees", "Clara", "Hugo", "Felix",
                 "revision 1", "Changes since the last revision", snapshot_hash(figures)):  # fmt: skip
        assert each in words, each
    ways = [section.orientation for section in document.sections]
    assert ways == [WD_ORIENT.PORTRAIT, WD_ORIENT.LANDSCAPE, WD_ORIENT.PORTRAIT]
    assert "fiscal year 2019" in document.sections[0].header.paragraphs[0].text
    assert all(section.header.is_linked_to_previous for section in list(document.sections)[1:])
    fields = [each.text.strip() for each in document.sections[0].footer._element.iter(qn("w:instrText"))]
    assert fields == ["PAGE", "NUMPAGES"]
    core = document.core_properties
    assert (core.identifier, core.author, core.language) == (snapshot_hash(figures), "Clara", "en-US")


def test_every_table_repeats_its_head_and_tears_no_row(figures):
    document = Document(io.BytesIO(write_paper(figures, "pt")))
    assert len(document.tables) >= 8
    for table in document.tables:
        first, *others = table._tbl.tr_lst
        assert first.trPr.find(qn("w:tblHeader")) is not None
        assert all(row.trPr.find(qn("w:cantSplit")) is not None for row in [first, *others])
        assert all(row.trPr.find(qn("w:tblHeader")) is None for row in others)


def test_the_tables_fit_their_pages(figures):
    document = Document(io.BytesIO(write_paper(figures, "fr")))
    widest = max(
        section.page_width - section.left_margin - section.right_margin for section in document.sections
    )
    for table in document.tables:
        assert sum(column.width for column in table.columns) <= widest


def test_what_people_wrote_stands_there_as_it_is(app):
    words = "\n".join(
        cell.text
        for table in Document(io.BytesIO(write_paper(year_2019(), "en"))).tables
        for cell in table._cells
    )
    assert "=SUM(A1:A9)" in words
    assert '+cmd|"/c calc"!A1' in words
    assert "@Zoë & Söhne" in words
    assert "DEMONSTRATION" in "".join(
        p.text for p in Document(io.BytesIO(write_paper(year_2019(), "en"))).paragraphs
    )


def test_the_same_figures_give_the_same_bytes_without_the_hour(figures):
    assert write_paper(figures, "es", ISSUED) == write_paper(figures, "es", ISSUED)
    with zipfile.ZipFile(io.BytesIO(write_paper(figures, "es"))) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_a_year_without_anything_is_a_document_too(app):
    document = Document(io.BytesIO(write_paper(AnnualFigures(2015, date(2016, 1, 1)), "en")))
    assert "None in this year." in [paragraph.text for paragraph in document.paragraphs]
