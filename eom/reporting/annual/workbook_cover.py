"""The first and the last sheet: the cover with its main figures, and the notes."""

from __future__ import annotations

from eom.core.i18n import _, day
from eom.core.money import to_units
from eom.reporting.annual.controls import controls, differences
from eom.reporting.annual.figures import snapshot_hash
from eom.reporting.annual.kinds import NoteKind
from eom.reporting.annual.method import definitions
from eom.reporting.annual.workbook_book import Page, Value
from eom.reporting.annual.workbook_reconciliation import Sheets

NOTES_WIDTHS = (16, 20, 16, 80)
NOTES_WIDTH = sum(NOTES_WIDTHS)


def write_cover(page: Page, sheets: Sheets, verdict: str) -> None:
    """Write the cover; ``verdict`` is the cell with the result of all controls."""
    book = page.book
    figures, issue = book.figures, book.issue
    page.widths(36, 92)
    row = page.head(book.title)
    facts: list[tuple[str, Value]] = [
        (_("Presented to"), _("Permanent Council of the Organization of American States")),
        (_("Mandate"), _("Resolution AG/RES. 2931 (XLIX-O/19), section xi, paragraph 7")),
        (_("Fiscal year"), _("1 January to 31 December %(year)s", year=figures.year)),
        (_("Status"), str(issue.status.label)),
        (_("Revision"), str(issue.revision)),
        (_("Date of issue"), day(issue.issued_on, "long") or _("Not issued")),
        (_("Prepared by"), issue.prepared_by),
        (_("Reviewed by"), issue.reviewed_by),
        (_("Issued by"), issue.issued_by),
        (_("Currency"), figures.currency),
        (_("Basis of accounting"), _("Receipts when received, expenditures when recorded with a voucher")),
        (_("Figures as of"), day(figures.prepared_as_of, "long")),
        (_("Snapshot (SHA-256)"), snapshot_hash(figures)),
    ]
    for label, value in facts:
        page.put(row, 1, label, "label")
        page.put(row, 2, value)
        row += 1
    _write_main_figures(page, row + 1, sheets, verdict)
    page.printing()


def _write_main_figures(page: Page, row: int, sheets: Sheets, verdict: str) -> None:
    figures = page.book.figures
    sources, missions = sheets.sources.table, sheets.missions
    row = page.section(row, _("Main figures"))
    for label, span, count in (
        (_("Missions with activity"), missions.span("code"), len(figures.missions)),
        (_("Sources of funding"), sources.span("award"), len(figures.sources)),
    ):
        page.put(row, 1, label, "label")
        page.formula(row, 2, f"COUNTA({span})", count, "count")
        row += 1
    for label, cell, cents in (
        (_("Opening balance"), sources.total("opening"), sum(s.opening_cents for s in figures.sources)),
        (_("Received"), sources.total("received"), sum(s.received_cents for s in figures.sources)),
        (_("Total spent"), missions.total("spent"), sum(m.spent_cents for m in figures.missions)),
        (
            _("Closing balance"),
            sources.total("closing"),
            sum(s.computed_closing_cents for s in figures.sources),
        ),
        (
            _("In kind (valued)"),
            sheets.sources.in_kind.total("valued"),
            sum(g.valued_cents for g in figures.in_kind),
        ),
    ):
        page.put(row, 1, label, "label")
        page.formula(row, 2, cell, to_units(cents))
        row += 1
    page.put(row, 1, _("Controls"), "label")
    value = page.book.pages["reconciliation"].values[verdict.rsplit("!", 1)[1].replace("$", "")]
    page.formula(row, 2, verdict, value, "text")
    _align_left(page, row)


def _align_left(page: Page, last: int) -> None:
    """Numbers on the cover stand under the texts and not at the far edge of a wide column."""
    from openpyxl.styles import Alignment

    for row in range(5, last + 1):
        page.sheet.cell(row, 2).alignment = Alignment(horizontal="left", vertical="top", wrap_text=True)


def write_notes(page: Page) -> None:
    """Write definitions, remarks and rates."""
    figures = page.book.figures
    page.widths(34, *NOTES_WIDTHS)
    row = page.section(page.head(), _("Definitions and method"))
    for word, meaning in definitions(figures):
        page.put(row, 1, word, "label")
        page.put(row, 2, meaning, "plain")
        page.sheet.merge_cells(start_row=row, start_column=2, end_row=row, end_column=5)
        page.sheet.row_dimensions[row].height = None
        page.make_room(row, meaning, NOTES_WIDTH)
        row += 1
    row = page.section(row + 1, _("Remarks"))
    page.headings(row, [_("Subject"), _("Mission"), _("Award"), _("Amount"), _("Remark")], 20)
    for note in figures.notes:
        row += 1
        page.put(row, 1, str(NoteKind(note.kind).label))
        page.put(row, 2, note.mission_code)
        page.put(row, 3, note.award)
        page.money(row, 4, note.amount_cents)
        page.put(row, 5, note.text)
    row = _write_rates(page, row + 2)
    _write_unresolved(page, row + 1)
    page.printing()


def _write_rates(page: Page, row: int) -> int:
    row = page.section(row, _("Rates of exchange used (units for one US dollar)"))
    page.headings(row, [_("Currency"), _("From"), _("Rate"), "", _("Source")], 20)
    for rate in page.book.figures.rates:
        row += 1
        page.put(row, 1, rate.currency)
        page.put(row, 2, rate.valid_on, "day")
        page.put(row, 3, rate.rate, "rate")
        page.put(row, 5, rate.source)
    return row + 1


def _write_unresolved(page: Page, row: int) -> None:
    """Say it in words when something does not agree; silence when all does."""
    if not differences(page.book.figures):
        return
    wrong = [str(control.key.label) for control in controls(page.book.figures) if not control.agrees]
    page.put(
        row,
        1,
        _("These do not agree: %(what)s", what="; ".join(wrong or differences(page.book.figures))),
        "warning",
    )
