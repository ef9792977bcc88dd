"""A donor's statement as a document."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import Any

from eom.core import i18n
from eom.core.documents import clean
from eom.core.i18n import _, in_locale
from eom.finance.statement import Statement, first_day
from eom.finance.statement_workbook import terms


def write_document(statement: Statement, language: str) -> bytes:
    """The Word document of a statement in a language."""
    from docx import Document

    with in_locale(language):
        document = Document()
        document.core_properties.title = clean(f"{_('Statement of an award')} {statement.reference}")
        document.core_properties.language = language
        document.add_heading(_("Statement of an award"), 0)
        document.add_paragraph(clean(f"{statement.donor} · {statement.reference} · {statement.title}"))
        document.add_heading(_("The agreement"), 1)
        _table(document, (_("Term"), _("Agreed")), [[str(a), str(b)] for a, b in terms(statement)])
        document.add_heading(_("The account"), 1)
        own = (statement.currency,) if statement.has_own_currency else ()
        _table(document, (_("What"), _("US dollars"), *own), _account(statement), total=True)
        if statement.has_own_currency:
            words = _("What was spent is told in %(currency)s at %(rate)s units for one US dollar, the average of what "
                      "came in.", currency=statement.currency, rate=i18n.exact(statement.rate))  # fmt: skip
            document.add_paragraph(words)
        document.add_heading(_("Spent by object and month, in US dollars"), 1)
        _months(document, statement)
        document.add_paragraph(_("The lines of the ledger stand in the workbook of this statement."))
        out = BytesIO()
        document.save(out)
        return out.getvalue()


def _account(statement: Statement) -> list[list[str]]:
    rows = [
        [str(kind.label), _money(usd), i18n.money(own, statement.currency)]
        for kind, own, usd in statement.kinds
    ]
    spent = [(f"{number} {name}", cents) for number, name, cents in statement.objects]
    for name, cents in [*spent, (_("Indirect cost recovery"), statement.icr_cents)]:
        rows.append([name, _money(-cents), i18n.money(-statement.own(cents), statement.currency)])
    rows.append(
        [
            _("Balance"),
            _money(statement.balance_cents),
            i18n.money(statement.own_balance_cents, statement.currency),
        ]
    )
    return rows if statement.has_own_currency else [row[:2] for row in rows]


def _months(document: Any, statement: Statement) -> None:
    """One table a year: twelve months are as many as a page is wide."""
    for year in sorted({month[:4] for month in statement.months}):
        months = [month for month in statement.months if month.startswith(year)]
        objects = [each for each in statement.objects if any(statement.spent_in(each[0], m) for m in months)]
        rows = [
            [
                i18n.month_name(first_day(month)),
                *[_money(statement.spent_in(number, month)) for number, _name, _cents in objects],
            ]
            for month in months
        ]
        total = [sum(statement.spent_in(number, m) for m in months) for number, _name, _cents in objects]
        heads = (year, *[f"{number} {name}" for number, name, _cents in objects])
        _table(document, heads, [*rows, [_("Total"), *map(_money, total)]], total=True)
        document.add_paragraph()
    if not statement.months:
        document.add_paragraph(_("Nothing was spent yet"))


def _table(
    document: Any, heads: Sequence[Any], rows: Sequence[Sequence[str]], *, total: bool = False
) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    table = document.add_table(rows=1, cols=len(heads), style="Light Grid Accent 1")
    for cell, head in zip(table.rows[0].cells, heads, strict=True):
        cell.text = str(head)
    for number, row in enumerate(rows, 1):
        cells = table.add_row().cells
        for place, (cell, value) in enumerate(zip(cells, row, strict=True)):
            cell.text = clean(value)
            paragraph = cell.paragraphs[0]
            if place and len(heads) > 1 and heads[0] != _("Term"):
                paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
            for run in paragraph.runs:
                run.bold = total and number == len(rows)


def _money(cents: int) -> str:
    return i18n.money(cents)
