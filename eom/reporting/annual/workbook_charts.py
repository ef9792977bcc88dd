"""Sheet «Charts»: spending by mission stacked by kind of source, and the kinds' shares."""

from __future__ import annotations

from openpyxl.utils import get_column_letter

from eom.core.i18n import _
from eom.core.money import to_units
from eom.reporting.annual.controls import matrix_totals
from eom.reporting.annual.figures import SourceKind
from eom.reporting.annual.workbook_book import Page, quoted
from eom.reporting.annual.workbook_reconciliation import Sheets

COLOURS = ("1F4E79", "2E8B8B", "C58B2A", "7A5C99", "8C8C8C")


def write_charts(page: Page, sheets: Sheets) -> None:
    """Write the charts, and below them the table they draw from."""
    page.widths(20, *[18] * (len(SourceKind) + 1))
    page.head()
    heading = 28
    page.section(heading - 1, _("Figures of the charts"))
    page.headings(heading, [_("Mission"), *(str(kind.label) for kind in SourceKind)], 32)
    last = _write_table(page, sheets, heading)
    if page.book.figures.missions:
        _draw(page, heading, last)
    if page.book.figures.trend:
        _write_trend(page, last + 4)
    page.printing(wide=True)


def _write_trend(page: Page, row: int) -> None:
    """Five years beside each other: the table, and its chart below."""
    from openpyxl.chart import BarChart, Reference

    trend, heading = page.book.figures.trend, page.section(row, _("Five years"))
    page.headings(heading, [_("Fiscal year"), _("Received"), _("Total spent"), _("In kind (valued)")], 32)
    for number, year in enumerate(trend, heading + 1):
        page.put(number, 1, str(year.year))
        for column, cents in enumerate((year.received_cents, year.spent_cents, year.in_kind_cents), 2):
            page.money(number, column, cents)
    last = heading + len(trend)
    bars = BarChart()
    bars.type, bars.title = "col", _("Five years")
    bars.add_data(
        Reference(page.sheet, min_col=2, max_col=4, min_row=heading, max_row=last), titles_from_data=True
    )
    bars.set_categories(Reference(page.sheet, min_col=1, min_row=heading + 1, max_row=last))
    for series, colour in zip(bars.series, COLOURS, strict=False):
        series.graphicalProperties.solidFill = colour
    bars.y_axis.numFmt, bars.legend.position = "#,##0", "b"
    bars.x_axis.delete = bars.y_axis.delete = False
    bars.width, bars.height = 24, 9
    page.sheet.add_chart(bars, f"A{last + 2}")


def _write_table(page: Page, sheets: Sheets, heading: int) -> int:
    figures = page.book.figures
    kinds = {source.award: SourceKind(source.kind) for source in figures.sources}
    paid: dict[tuple[str, SourceKind], int] = {}
    for (award, code), cents in matrix_totals(figures).items():
        if award in kinds:
            paid[code, kinds[award]] = paid.get((code, kinds[award]), 0) + cents
    row = heading
    for row, mission in enumerate(figures.missions, heading + 1):
        page.put(row, 1, mission.code)
        for column, kind in enumerate(SourceKind, 2):
            formula = sheets.matrix.paid_by(mission.code, quoted(kind.label))
            page.formula(row, column, formula, to_units(paid.get((mission.code, kind), 0)))
    last = max(row, heading + 1)
    page.put(last + 1, 1, _("Total"), "text total")
    for column, kind in enumerate(SourceKind, 2):
        letter = get_column_letter(column)
        whole = sum(
            cents
            for (code, of_kind), cents in paid.items()
            if of_kind == kind and code in sheets.matrix.columns
        )
        page.formula(
            last + 1, column, f"SUM({letter}{heading + 1}:{letter}{last})", to_units(whole), "money total"
        )
    return last


def _draw(page: Page, heading: int, last: int) -> None:
    from openpyxl.chart import BarChart, PieChart, Reference
    from openpyxl.chart.label import DataLabelList
    from openpyxl.chart.marker import DataPoint

    sheet, width = page.sheet, len(SourceKind)
    bars = BarChart()
    bars.type, bars.grouping, bars.overlap, bars.gapWidth = "col", "stacked", 100, 60
    bars.title = _("Spending by mission and kind of source")
    bars.add_data(
        Reference(sheet, min_col=2, max_col=width + 1, min_row=heading, max_row=last), titles_from_data=True
    )
    bars.set_categories(Reference(sheet, min_col=1, min_row=heading + 1, max_row=last))
    for series, colour in zip(bars.series, COLOURS, strict=True):
        series.graphicalProperties.solidFill = colour
    bars.y_axis.numFmt, bars.legend.position = "#,##0", "b"
    bars.x_axis.delete = bars.y_axis.delete = False
    bars.width, bars.height = 24, 10.5
    sheet.add_chart(bars, "A5")
    pie = PieChart()
    pie.title = _("Share of spending by kind of source")
    pie.add_data(
        Reference(sheet, min_col=1, max_col=width + 1, min_row=last + 1),
        from_rows=True,
        titles_from_data=True,
    )
    pie.set_categories(Reference(sheet, min_col=2, max_col=width + 1, min_row=heading))
    pie.series[0].dPt = [DataPoint(idx=place) for place in range(width)]
    for point, colour in zip(pie.series[0].dPt, COLOURS, strict=True):
        point.graphicalProperties.solidFill = colour
    pie.dataLabels = DataLabelList(showPercent=True, showVal=False, showSerName=False, showCatName=False,
                                   showLegendKey=False)  # fmt: skip
    pie.width, pie.height = 15, 10.5
    sheet.add_chart(pie, "H5")
