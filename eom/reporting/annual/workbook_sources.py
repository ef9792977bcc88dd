"""Sheet «Sources of funding»: a row a source, subtotals by kind, and what was given in kind."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from openpyxl.utils import get_column_letter

from eom.core.i18n import _, lazy
from eom.reporting.annual.figures import AnnualFigures, SourceFigures, SourceKind
from eom.reporting.annual.workbook_book import Page
from eom.reporting.annual.workbook_table import Column, Sum, Table, share, shown, write_table

_SHARE = "IF(({direct_total}+{icr_total})=0,0,({direct}+{icr})/({direct_total}+{icr_total}))"


@dataclass(frozen=True)
class SourcesSheet:
    """Where the sheet's tables stand."""

    table: Table
    in_kind: Table


def columns(figures: AnnualFigures) -> list[Column]:
    """The columns; the available amount, the closing balance and the share are formulas."""
    spent = sum(source.spent_cents for source in figures.sources)
    amount = _amount
    return [
        Column(
            "kind", lazy("Kind of source"), lambda s: str(SourceKind(s.kind).label), "text", 20, total=None
        ),
        Column("donor", lazy("Source"), lambda s: s.donor, "text", 30, total=None),
        Column("award", lazy("Award"), lambda s: s.award, "text", 18, total=None),
        Column("purpose", lazy("Purpose"), _purpose, "text", 18, total=None),
        Column("currency", lazy("Currency of the agreement"), lambda s: s.currency, "text", 11, total=None),
        Column(
            "original",
            lazy("Agreed, in that currency"),
            lambda s: s.agreed_original_cents,
            width=16,
            total=None,
        ),
        amount("pledged", lazy("Pledged")),
        amount("agreed", lazy("Agreed")),
        amount("opening", lazy("Opening balance")),
        amount("received", lazy("Received")),
        amount("transfers_in", lazy("Transfers in")),
        amount("interest", lazy("Interest")),
        amount("exchange", lazy("Exchange gain or loss")),
        Column(
            "available",
            lazy("Available"),
            lambda s: s.available_cents,
            formula="{opening}+{received}+{transfers_in}+{interest}+{exchange}",
            total="formula",
        ),
        amount("direct", lazy("Direct spending")),
        amount("icr", lazy("Indirect cost recovery")),
        amount("refunds", lazy("Refunds to the donor")),
        amount("transfers_out", lazy("Transfers out")),
        Column(
            "closing",
            lazy("Closing balance"),
            lambda s: s.computed_closing_cents,
            formula="{available}-{direct}-{icr}-{refunds}-{transfers_out}",
            total="formula",
        ),
        Column("icr_rate", lazy("ICR rate"), lambda s: s.icr_percent / 100, "share", 9, total=None),
        Column(
            "share",
            lazy("Share of spending"),
            lambda s: share(s.spent_cents, spent),
            "share",
            11,
            formula=_SHARE,
            total="formula",
        ),
    ]


def _amount(key: str, heading: Any) -> Column:
    return Column(key, heading, lambda source: getattr(source, f"{key}_cents"))


def _purpose(source: SourceFigures) -> str:
    return source.mission_code or _("General")


def write_sources(page: Page) -> SourcesSheet:
    """Write the sheet."""
    figures = page.book.figures
    row = page.head()
    declared = columns(figures)
    page.widths(*(column.width for column in declared))
    table = write_table(page, row, declared, figures.sources, Sum(figures.sources))
    page.sheet.freeze_panes = page.sheet.cell(table.first, 4)
    last = get_column_letter(len(declared))
    page.sheet.auto_filter.ref = f"A{table.heading_row}:{last}{table.last}"
    row = _write_kinds(page, table, table.total_row + 2)
    in_kind = _write_in_kind(page, row + 1)
    page.printing(table.heading_row, wide=True)
    return SourcesSheet(table, in_kind)


def _write_kinds(page: Page, table: Table, row: int) -> int:
    """Subtotals by kind, in the same columns; the next free row."""
    row = page.section(row, _("Subtotals by kind of source"))
    for kind in SourceKind:
        whole = Sum([source for source in page.book.figures.sources if source.kind == kind])
        page.put(row, 1, str(kind.label), "text total")
        for place, column in enumerate(table.columns[1:], 2):
            style = f"{column.kind} total"
            if column.key == "icr_rate" or column.total is None:
                page.put(row, place, None, style)
                continue
            value = shown(column, column.value(whole))
            if column.total == "formula" and column.formula:
                page.formula(row, place, table.formula(column.formula, row), value, style)
            else:
                page.formula(row, place, _sum_if(table, row, place), value, style)
        row += 1
    return row


def _sum_if(table: Table, row: int, place: int) -> str:
    letter = get_column_letter(place)
    kinds = f"$A${table.first}:$A${table.last}"
    return f"SUMIF({kinds},$A{row},{letter}${table.first}:{letter}${table.last})"


def _write_in_kind(page: Page, row: int) -> Table:
    row = page.section(row, _("In-kind contributions (valued; not part of any balance)"))
    gifts = page.book.figures.in_kind
    declared = [
        Column("kind", lazy("Kind of source"), lambda g: str(SourceKind(g.kind).label), "text", total=None),
        Column("donor", lazy("Source"), lambda g: g.donor, "text", total=None),
        Column("mission", lazy("Mission"), lambda g: g.mission_code, "text", total=None),
        Column("description", lazy("What was given"), lambda g: g.description, "text", total=None),
        Column("basis", lazy("Basis of the valuation"), lambda g: g.basis, "text", total=None),
        Column("valued", lazy("Value"), lambda g: g.valued_cents),
    ]
    return write_table(page, row, declared, gifts, Sum(gifts))
