"""Sheet «Spending by mission»: a row a mission with activity in the year."""

from __future__ import annotations

from typing import Any

from openpyxl.utils import get_column_letter

from eom.core.i18n import _, country_name, day, lazy
from eom.core.money import to_units
from eom.reporting.annual.columns import object_heading
from eom.reporting.annual.controls import in_kind_by_mission, paid_by_fund
from eom.reporting.annual.figures import OBJECTS, MissionFigures
from eom.reporting.annual.kinds import SourceKind
from eom.reporting.annual.tables import processes
from eom.reporting.annual.workbook_book import Page, quoted
from eom.reporting.annual.workbook_matrix import MatrixSheet
from eom.reporting.annual.workbook_sources import SourcesSheet
from eom.reporting.annual.workbook_table import Column, Sum, Table, share, write_table

# Filled in after the table, from the other sheets.
FROM_OTHER_SHEETS = ("regular", "specific", "in_kind")


def _amount(key: str, heading: Any) -> Column:
    return Column(key, heading, lambda mission: getattr(mission, f"{key}_cents"))


def _described() -> list[Column]:
    return [
        Column("code", lazy("Mission"), lambda m: m.code, "text", 14, total=None),
        Column("country", lazy("Country"), lambda m: country_name(m.country), "text", 20, total=None),
        Column("process", lazy("Electoral process"), processes, "text", 28, total=None),
        Column("polling", lazy("Polling days"), _polling_days, "text", 16, total=None),
        Column("observers", lazy("Observers"), lambda m: m.observers, "count", 11, total=None),
        Column("nationalities", lazy("Nationalities"), lambda m: m.nationalities, "count", 13, total=None),
    ]


def _polling_days(mission: MissionFigures) -> str:
    return "; ".join(day(polling_day) for polling_day in mission.polling_days)


def _spent_on(number: int) -> Column:
    return Column(f"object{number}", object_heading(number), lambda m: _object_cents(m, number))


def _object_cents(row: Any, number: int) -> int:
    """A mission's spending on an object; of a sum of missions too."""
    missions = row.missions if isinstance(row, Missions) else (row,)
    return sum(mission.spent_by_object_cents[number - 1] for mission in missions)


class Missions(Sum):
    """The missions added up."""

    def __init__(self, missions: tuple[MissionFigures, ...]) -> None:
        super().__init__(missions)
        self.missions = missions


def columns() -> list[Column]:
    """The columns of the main table, those filled from other sheets last but empty."""
    objects = [_spent_on(number) for number in OBJECTS]
    direct = "SUM({object1}:{object9})"
    return [
        *_described(),
        _amount("budget", lazy("Budget")),
        _amount("opening", lazy("Opening balance")),
        _amount("allocated_cash", lazy("Allocated in cash")),
        _amount("allocated_regular", lazy("Allocated from the Regular Fund")),
        *objects,
        Column("direct", lazy("Direct spending"), lambda m: m.direct_cents, formula=direct, total="formula"),
        _amount("icr", lazy("Indirect cost recovery")),
        Column(
            "spent", lazy("Total spent"), lambda m: m.spent_cents, formula="{direct}+{icr}", total="formula"
        ),
        _amount("open_obligations", lazy("Open obligations")),
        _amount("exchange", lazy("Exchange gain or loss")),
        _amount("refunds", lazy("Refunds")),
        Column(
            "closing",
            lazy("Closing balance"),
            lambda m: m.computed_closing_cents,
            formula="{opening}+{allocated_cash}+{allocated_regular}+{exchange}-{spent}-{refunds}",
            total="formula",
        ),
        Column("final", lazy("State of the figures"), _state, "text", 13, total=None),
        _amount("spent_since_start", lazy("Spent since the start")),
        Column(
            "of_budget",
            lazy("Share of the budget"),
            lambda m: share(m.spent_since_start_cents, m.budget_cents),
            "share",
            11,
            formula="IF({budget}=0,0,{spent_since_start}/{budget})",
            total="formula",
        ),
        Column("regular", lazy("Paid by the Regular Fund"), lambda m: None),
        Column("specific", lazy("Paid by specific funds"), lambda m: None),
        Column("in_kind", lazy("In kind (valued)"), lambda m: None),
    ]


def _state(mission: MissionFigures) -> str:
    return str(_("Final") if mission.is_final else _("Provisional"))


def write_missions(page: Page, sources: SourcesSheet, matrix: MatrixSheet) -> Table:
    """Write the sheet; what funds paid comes from the matrix, what was given in kind from the sources."""
    figures = page.book.figures
    declared = columns()
    page.widths(*(column.width for column in declared))
    table = write_table(page, page.head(), declared, figures.missions, Missions(figures.missions))
    _write_from_other_sheets(table, sources, matrix)
    page.sheet.freeze_panes = page.sheet.cell(table.first, 3)
    page.sheet.auto_filter.ref = f"A{table.heading_row}:{get_column_letter(len(declared))}{table.last}"
    page.sheet.print_title_cols = "A:B"
    page.printing(table.heading_row, wide=True, across=2)
    return table


def _write_from_other_sheets(table: Table, sources: SourcesSheet, matrix: MatrixSheet) -> None:
    page = table.page
    paid, gifts = paid_by_fund(page.book.figures), in_kind_by_mission(page.book.figures)
    label = quoted(SourceKind.REGULAR_FUND.label)
    places = {key: table.at(key) for key in FROM_OTHER_SHEETS}
    for row, mission in enumerate(page.book.figures.missions, table.first):
        regular, specific = paid[mission.code]
        formula = matrix.paid_by(mission.code, label)
        page.formula(row, places["regular"], formula, to_units(regular))
        others = matrix.paid_by(mission.code, quoted(f"<>{SourceKind.REGULAR_FUND.label}"))
        page.formula(row, places["specific"], others, to_units(specific))
        given = f"SUMIF({sources.in_kind.span('mission')},$A{row},{sources.in_kind.span('valued')})"
        page.formula(row, places["in_kind"], given, to_units(gifts.get(mission.code, 0)))
    codes = [mission.code for mission in page.book.figures.missions]
    totals = {
        "regular": sum(pair[0] for pair in paid.values()),
        "specific": sum(pair[1] for pair in paid.values()),
        "in_kind": sum(gifts.get(code, 0) for code in codes),
    }
    for key, cents in totals.items():
        letter = get_column_letter(places[key])
        formula = f"SUM({letter}{table.first}:{letter}{table.last})"
        page.formula(table.total_row, places[key], formula, to_units(cents), "money total")
