"""The document's ground: styles, sections, headers and footers, tables that repeat their heads."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Inches, Pt, RGBColor

from eom.core.documents import add_field, clean
from eom.core.i18n import _
from eom.reporting.annual.figures import AnnualFigures, Issue, snapshot_hash
from eom.reporting.annual.grid import AMOUNT, Grid
from eom.reporting.annual.workbook_book import at_midnight

BLUE = RGBColor(0x1F, 0x4E, 0x79)
RED = RGBColor(0x9C, 0x00, 0x06)
PALE, HEAD, LINE = "E8EEF5", "1F4E79", "BFC9D4"
FONT = "Arial"
# A twentieth of a point, in which tables are measured, in the units of the library.
TWIP = 635
SHORT, LONG = 8.5, 11.0
MARGIN, NARROW = 0.9, 0.5
# Sizes of print by the number of columns, so that a wide table still fits its landscape page.
SIZES = ((6, 9.0), (9, 8.0), (13, 6.5), (99, 5.5))
STYLES = {"body-name": (12, True, BLUE), "subtitle": (13, False, None), "mark": (11, True, RED),
          "strong": (10, True, None), "note": (8.5, False, None)}  # fmt: skip


class Paper:
    """The document being written."""

    def __init__(self, figures: AnnualFigures, issue: Issue, language: str) -> None:
        self.figures, self.issue = figures, issue
        self.document: Any = Document()
        self._style(language)
        section = self.document.sections[0]
        self._page(section, landscape=False)
        self._head_and_foot(section)
        self._describe(language)

    def data(self) -> bytes:
        """The file."""
        out = io.BytesIO()
        self.document.save(out)
        return out.getvalue()

    def title(self, words: str) -> None:
        """The document's title."""
        self.document.add_paragraph(words, style="Title")

    def heading(self, words: str, level: int = 1) -> None:
        """A heading."""
        self.document.add_heading(words, level)

    def text(self, words: str, style: str = "") -> None:
        """A paragraph."""
        paragraph = self.document.add_paragraph()
        run = paragraph.add_run(clean(words))
        if style:
            size, bold, colour = STYLES[style]
            run.font.size, run.bold = Pt(size), bold
            if colour is not None:
                run.font.color.rgb = colour

    def facts(self, rows: Iterable[tuple[str, str]]) -> None:
        """Terms with what they are, one under the other."""
        for term, words in rows:
            paragraph = self.document.add_paragraph(style="List Paragraph")
            paragraph.add_run(f"{term}: ").bold = True
            paragraph.add_run(clean(words))

    def turn(self, *, landscape: bool) -> None:
        """Begin a section whose pages lie or stand."""
        self._page(self.document.add_section(WD_SECTION.NEW_PAGE), landscape=landscape)

    def grid(self, grid: Grid, widths: Sequence[float]) -> None:
        """A table of the report, with its sums; a sentence when it has no row."""
        if not grid.rows:
            self.text(_("None in this year."))
            return
        rows = [[cell.text for cell in row.cells] for row in grid.rows]
        sums = {at for at, row in enumerate(grid.rows) if row.is_sum}
        if grid.total:
            sums.add(len(rows))
            rows.append([cell.text for cell in grid.total.cells])
        heads = [head.label for head in grid.headings]
        self.table(heads, rows, widths, [head.align == AMOUNT for head in grid.headings], sums)

    def table(
        self, heads: Sequence[str], rows: Sequence[Sequence[str]], widths: Sequence[float],
        amounts: Sequence[bool], sums: set[int] | None = None,
    ) -> None:  # fmt: skip
        """A table whose head stands on every page and whose rows are not torn.

        Written as XML of its own: the library looks every cell up anew, which takes seconds for some
        thousand cells.
        """
        section = self.document.sections[-1]
        room = int(section.page_width - section.left_margin - section.right_margin) / TWIP
        scaled = [int(width * room / sum(widths)) for width in widths]
        size = next(points for columns, points in SIZES if len(heads) <= columns)
        table = _frame(scaled)
        table.append(_row(heads, scaled, size, [False] * len(heads), is_head=True))
        for at, row in enumerate(rows):
            table.append(_row(row, scaled, size, amounts, is_sum=at in (sums or set())))
        body = self.document.element.body
        body.insert(len(body) - 1, table)
        self.document.add_paragraph()

    def _style(self, language: str) -> None:
        styles = self.document.styles
        normal = styles["Normal"]
        normal.font.name, normal.font.size = FONT, Pt(10)
        normal.paragraph_format.space_after = Pt(6)
        for name, size in (("Title", 20), ("Heading 1", 14), ("Heading 2", 11)):
            style = styles[name]
            style.font.name, style.font.size, style.font.color.rgb, style.font.bold = (
                FONT,
                Pt(size),
                BLUE,
                True,
            )
            fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
            for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
                fonts.attrib.pop(qn(f"w:{theme}"), None)
            style.paragraph_format.keep_with_next = True
        defaults = styles.element.find(qn("w:docDefaults")).find(qn("w:rPrDefault")).find(qn("w:rPr"))
        lang = defaults.find(qn("w:lang"))
        if lang is None:
            lang = OxmlElement("w:lang")
            defaults.append(lang)
        lang.set(qn("w:val"), language)

    def _page(self, section: Any, *, landscape: bool) -> None:
        width, height = (LONG, SHORT) if landscape else (SHORT, LONG)
        section.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT
        section.page_width, section.page_height = Inches(width), Inches(height)
        section.left_margin = section.right_margin = Inches(NARROW if landscape else MARGIN)
        section.top_margin = section.bottom_margin = Inches(0.8)

    def _head_and_foot(self, section: Any) -> None:
        """On every page: what it is, its state, and where one is; later sections take them over."""
        figures, issue = self.figures, self.issue
        words = _("Electoral observation missions, fiscal year %(year)s", year=figures.year)
        mark = f" · {_('DEMONSTRATION')}" if figures.is_demonstration else ""
        _small(section.header.paragraphs[0], f"{words} · {issue.status.label}{mark}")
        foot = section.footer.paragraphs[0]
        foot.alignment = WD_ALIGN_PARAGRAPH.CENTER
        before, between, after = _("Page %(page)s of %(pages)s", page="\0", pages="\0").split("\0")
        _small(foot, before)
        add_field(foot, "PAGE", points=8)
        _small(foot, between)
        add_field(foot, "NUMPAGES", points=8)
        _small(foot, f"{after} · SHA-256 {snapshot_hash(figures)[:16]}…")

    def _describe(self, language: str) -> None:
        figures, issue, core = self.figures, self.issue, self.document.core_properties
        core.title = _(
            "Annual report on electoral observation missions: sources of funding and spending by mission"
        )
        core.subject = _("Resolution AG/RES. 2931 (XLIX-O/19), section xi, paragraph 7")
        core.author = core.last_modified_by = clean(issue.prepared_by) or _("General Secretariat")
        core.language, core.version = language, str(issue.revision)
        core.identifier, core.comments = snapshot_hash(figures), ""
        core.created = core.modified = at_midnight(issue.issued_on or figures.prepared_as_of)
        core.revision = issue.revision + 1


def _small(paragraph: Any, words: str) -> None:
    run = paragraph.add_run(clean(words))
    run.font.size = Pt(8)


def _frame(widths: Sequence[int]) -> Any:
    """An empty table: fixed widths, thin lines between rows."""
    table = OxmlElement("w:tbl")
    facts = _child(table, "w:tblPr")
    _child(facts, "w:tblW", {"w:w": str(sum(widths)), "w:type": "dxa"})
    borders = _child(facts, "w:tblBorders")
    for side in ("top", "bottom", "insideH"):
        _child(borders, f"w:{side}", {"w:val": "single", "w:sz": "4", "w:space": "0", "w:color": LINE})
    _child(facts, "w:tblLayout", {"w:type": "fixed"})
    margins = _child(facts, "w:tblCellMar")
    for side in ("left", "right"):
        _child(margins, f"w:{side}", {"w:w": "45", "w:type": "dxa"})
    grid = _child(table, "w:tblGrid")
    for width in widths:
        _child(grid, "w:gridCol", {"w:w": str(width)})
    return table


def _row(
    texts: Sequence[str], widths: Sequence[int], size: float, amounts: Sequence[bool], *, is_head: bool = False,
    is_sum: bool = False,
) -> Any:  # fmt: skip
    row = OxmlElement("w:tr")
    facts = _child(row, "w:trPr")
    _child(facts, "w:cantSplit")
    if is_head:
        _child(facts, "w:tblHeader")
    fill = HEAD if is_head else PALE if is_sum else ""
    for text, width, is_amount in zip(texts, widths, amounts, strict=True):
        cell = _child(row, "w:tc")
        about = _child(cell, "w:tcPr")
        _child(about, "w:tcW", {"w:w": str(width), "w:type": "dxa"})
        if fill:
            _child(about, "w:shd", {"w:val": "clear", "w:color": "auto", "w:fill": fill})
        _paragraph(cell, text, size, is_amount, bold=is_head or is_sum, white=is_head)
    return row


def _paragraph(cell: Any, text: str, size: float, is_amount: bool, *, bold: bool, white: bool) -> None:
    paragraph = _child(cell, "w:p")
    about = _child(paragraph, "w:pPr")
    _child(about, "w:spacing", {"w:before": "20", "w:after": "20"})
    if is_amount:
        _child(about, "w:jc", {"w:val": "right"})
    run = _child(paragraph, "w:r")
    look = _child(run, "w:rPr")
    if bold:
        _child(look, "w:b")
    if white:
        _child(look, "w:color", {"w:val": "FFFFFF"})
    _child(look, "w:sz", {"w:val": str(int(size * 2))})
    words = _child(run, "w:t", {"xml:space": "preserve"})
    words.text = clean(text)


def _child(parent: Any, tag: str, facts: dict[str, str] | None = None) -> Any:
    made = OxmlElement(tag)
    for name, value in (facts or {}).items():
        made.set(qn(name), value)
    parent.append(made)
    return made
