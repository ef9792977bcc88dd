"""The appeal for a mission as a document of Word, in the language that is set."""

from __future__ import annotations

from collections.abc import Sequence
from typing import IO, Any

from docx import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from eom.core import i18n
from eom.core.documents import add_field, clean
from eom.core.i18n import _
from eom.finance.exports.appeal_words import about, contact, covered, facts, needed, title, ways
from eom.finance.queries.appeals import AppealSheet

NAVY = RGBColor(0x12, 0x2B, 0x4A)
LOCALES = {"en": "en-US", "es": "es-419", "fr": "fr-FR", "pt": "pt-BR"}


def write_docx(sheet: AppealSheet, lang: str, out: IO[bytes]) -> None:
    """Write the appeal; words are in the language set around the call, which is ``lang``."""
    document = Document()
    _set_up(document, sheet, lang)
    _head(document, sheet)
    _mission(document, sheet, lang)
    _need(document, sheet)
    _cover(document, sheet)
    _ways(document, sheet, lang)
    document.save(out)


def _set_up(document: Any, sheet: AppealSheet, lang: str) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.2)
    section.top_margin = section.bottom_margin = Cm(2)
    for name in ("Normal", "Title", "Heading 1"):
        font = document.styles[name].font
        font.name = "Calibri"
        document.styles[name].element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), "Calibri")
    document.styles["Normal"].font.size = Pt(11)
    for name, size in (("Title", 22), ("Heading 1", 14)):
        document.styles[name].font.size, document.styles[name].font.color.rgb = Pt(size), NAVY
    facts = document.core_properties
    facts.title, facts.language = clean(title(sheet)), LOCALES[lang]
    facts.author = facts.last_modified_by = str(_("Electoral Observation Missions"))
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), LOCALES[lang])
    document.styles["Normal"].element.get_or_add_rPr().append(language)
    _foot(section, sheet)


def _foot(section: Any, sheet: AppealSheet) -> None:
    line = section.footer.paragraphs[0]
    line.alignment = WD_ALIGN_PARAGRAPH.CENTER
    line.add_run(clean(f"{sheet.mission.code} · {_('Figures of %(day)s', day=i18n.day(sheet.as_of))} · "))
    add_field(line, "PAGE")


def _head(document: Any, sheet: AppealSheet) -> None:
    document.add_paragraph(clean(title(sheet)), style="Title")
    document.add_paragraph(clean(sheet.mission.name)).runs[0].bold = True
    if sheet.mission.is_demonstration:
        document.add_paragraph(_("Invented for the demonstration: nothing here is real.")).runs[
            0
        ].italic = True


def _mission(document: Any, sheet: AppealSheet, lang: str) -> None:
    document.add_heading(_("The mission"), level=1)
    if text := sheet.appeal and sheet.appeal.text(lang):
        _paragraphs(document, text)
    else:
        for text in about(sheet):
            document.add_paragraph(clean(text))
    _table(document, [(label, value) for label, value in facts(sheet)], bold_last=False)


def _need(document: Any, sheet: AppealSheet) -> None:
    document.add_heading(_("What it needs"), level=1)
    if not needed(sheet):
        document.add_paragraph(_("The budget is being prepared."))
        return
    _table(document, [(label, i18n.money(cents)) for label, cents in needed(sheet)], is_money=True)


def _cover(document: Any, sheet: AppealSheet) -> None:
    document.add_heading(_("What is covered, and what is missing"), level=1)
    _table(document, [(label, i18n.money(cents)) for label, cents in covered(sheet)], is_money=True)
    if sheet.funding.in_kind_cents:
        words = _(
            "Besides, help in kind worth %(value)s was given.", value=i18n.money(sheet.funding.in_kind_cents)
        )
        document.add_paragraph(words)
    if sheet.supporters:
        names = ", ".join(sheet.supporters)
        document.add_paragraph(clean(_("Those who support this mission already: %(names)s.", names=names)))


def _ways(document: Any, sheet: AppealSheet, lang: str) -> None:
    document.add_heading(_("How to contribute"), level=1)
    if text := sheet.appeal and sheet.appeal.how(lang):
        _paragraphs(document, text)
    else:
        for text in ways():
            document.add_paragraph(clean(text), style="List Bullet")
    document.add_heading(_("Whom to write to"), level=1)
    for line in contact(sheet):
        document.add_paragraph(clean(line))


def _paragraphs(document: Any, text: str) -> None:
    for each in text.splitlines():
        if each.strip():
            document.add_paragraph(clean(each.strip()))


def _table(
    document: Any, rows: Sequence[tuple[str, str]], *, is_money: bool = False, bold_last: bool = True
) -> None:
    if not rows:
        return
    table = document.add_table(rows=0, cols=2)
    table.style, table.alignment = "Table Grid", WD_TABLE_ALIGNMENT.CENTER
    for place, (label, value) in enumerate(rows):
        cells = table.add_row().cells
        cells[0].text, cells[1].text = clean(label), clean(value)
        cells[0].width, cells[1].width = Cm(10), Cm(6.6)
        if is_money:
            cells[1].paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.RIGHT
        is_bold = bold_last and place == len(rows) - 1
        for run in (*cells[0].paragraphs[0].runs, *cells[1].paragraphs[0].runs):
            run.bold = is_bold
    document.add_paragraph()
