"""One sheet a mission: its sources, its objects, its months, the rates it was converted at, its remarks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from eom.core.i18n import _, country_name, day, lazy
from eom.core.money import to_units
from eom.reporting.annual.charts import months_of
from eom.reporting.annual.columns import object_heading
from eom.reporting.annual.figures import OBJECTS, MissionFigures, PartFigures
from eom.reporting.annual.kinds import NoteKind, SourceKind
from eom.reporting.annual.tables import processes
from eom.reporting.annual.workbook_book import Page, Value, quoted
from eom.reporting.annual.workbook_table import Column, Sum, Table, write_table


@dataclass(frozen=True)
class _Part:
    """A source's part in the mission with what the sheet says of the source."""

    part: PartFigures
    donor: str
    kind: str

    def __getattr__(self, name: str) -> Any:
        return getattr(self.part, name)


@dataclass(frozen=True)
class _Cost:
    """A line of costs (US cents)."""

    label: str
    direct_cents: int
    icr_cents: int

    @property
    def spent_cents(self) -> int:
        return self.direct_cents + self.icr_cents


def _money(key: str, heading: Any, **more: Any) -> Column:
    return Column(key, heading, lambda row: getattr(row, f"{key}_cents"), **more)


_PARTS = (
    Column("award", lazy("Award"), lambda p: p.award, "text", 26, total=None),
    Column("donor", lazy("Source"), lambda p: p.donor, "text", 34, total=None),
    Column("kind", lazy("Kind of source"), lambda p: p.kind, "text", 22, total=None),
    _money("opening", lazy("Opening balance")),
    _money("allocated", lazy("Allocated")),
    _money("exchange", lazy("Exchange gain or loss")),
    _money("spent", lazy("Spent")),
    _money("refunds", lazy("Refunds")),
    Column("closing", lazy("Closing balance"), lambda p: p.computed_closing_cents,
           formula="{opening}+{allocated}+{exchange}-{spent}-{refunds}", total="formula"),
)  # fmt: skip


def write_mission(page: Page, mission: MissionFigures, spent: str) -> None:
    """Write the sheet; ``spent`` is the cell of the mission's total on «Spending by mission»."""
    figures = page.book.figures
    page.widths(*(column.width for column in _PARTS))
    row = _facts(page, page.head(f"{mission.code} {mission.name}".strip()), mission)
    donors = {source.award: source for source in figures.sources}
    parts = [
        _Part(part, donors[part.award].donor, str(SourceKind(donors[part.award].kind).label))
        for part in figures.parts
        if part.mission_code == mission.code
    ]
    row = page.section(row + 1, _("Sources of the mission"))
    sources = write_table(page, row, _PARTS, parts, Sum(parts))
    row = page.section(sources.total_row + 2, _("Spending by object"))
    objects = _objects(page, row, mission)
    row = page.section(objects.total_row + 2, _("Spending by month"))
    costs = [_Cost(*month) for month in months_of(figures, mission.code)]
    months = write_table(page, row, _costs(_("Month")), costs, Sum(costs))
    row = _agreement(page, months.total_row + 2, mission, (sources, objects, months), spent)
    row = _rates(page, row + 1, mission)
    _notes(page, row + 1, mission)
    page.printing()


def _facts(page: Page, row: int, mission: MissionFigures) -> int:
    days = "; ".join(map(day, mission.polling_days))
    known: list[tuple[str, Value, str]] = [
        (_("Country"), country_name(mission.country), "text"),
        (_("Electoral process"), processes(mission), "text"),
        (_("Polling days"), days, "text"),
        (_("Observers"), mission.observers, "count"),
        (_("Nationalities"), mission.nationalities, "count"),
        (_("State of the figures"), _("Final") if mission.is_final else _("Provisional"), "text"),
        (_("Budget"), to_units(mission.budget_cents), "money"),
        (_("Spent since the start"), to_units(mission.spent_since_start_cents), "money"),
    ]
    for label, value, style in known:
        page.put(row, 1, label, "label")
        page.put(row, 2, value, style)
        row += 1
    return row


def _costs(first: str) -> tuple[Column, ...]:
    return (
        Column("label", first, lambda cost: cost.label, "text", total=None),
        _money("direct", lazy("Direct spending")),
        _money("icr", lazy("Indirect cost recovery")),
        Column(
            "spent",
            lazy("Total spent"),
            lambda cost: cost.spent_cents,
            formula="{direct}+{icr}",
            total="formula",
        ),
    )


def _objects(page: Page, row: int, mission: MissionFigures) -> Table:
    """Each object's direct spending and the indirect costs charged on it."""
    icr: dict[int, int] = {}
    for cell in page.book.figures.matrix:
        if cell.mission_code == mission.code:
            icr[cell.object] = icr.get(cell.object, 0) + cell.icr_cents
    costs = [
        _Cost(str(object_heading(n)), mission.spent_by_object_cents[n - 1], icr.get(n, 0)) for n in OBJECTS
    ]
    return write_table(page, row, _costs(_("Object")), costs, Sum(costs))


def _agreement(
    page: Page, row: int, mission: MissionFigures, tables: tuple[Table, Table, Table], spent: str
) -> int:
    """The three sums of the sheet against the mission's total: one verdict."""
    whole = to_units(mission.spent_cents)
    names = (_("Spent by source"), _("Spent by object"), _("Spent by month"))
    for name, table in zip(names, tables, strict=True):
        page.put(row, 1, name, "label")
        page.formula(row, 2, table.total("spent"), whole)
        row += 1
    page.put(row, 1, _("Spending by mission"), "label")
    page.formula(row, 2, spent, whole)
    off = "+".join(f"ABS(B{row}-B{each})" for each in range(row - 3, row))
    page.put(row + 1, 1, _("Verdict"), "label")
    page.formula(
        row + 1, 2, f"IF(ROUND({off},2)=0,{quoted(_('Agrees'))},{quoted(_('Differs'))})", _("Agrees"), "text"
    )
    return row + 2


def _rates(page: Page, row: int, mission: MissionFigures) -> int:
    row = page.section(row, _("Rates of exchange used (units for one US dollar)"))
    used = [rate for rate in page.book.figures.rates if rate.currency in mission.currencies]
    if not used:
        page.put(row, 1, _("None"), "plain")
        return row + 1
    page.headings(row, [_("Currency"), _("Source"), _("From"), _("Rate")], 20)
    for rate in used:
        row += 1
        values: tuple[tuple[str | date | Any, str], ...] = (
            (rate.currency, "text"), (rate.source, "text"), (rate.valid_on, "day"), (rate.rate, "rate"),
        )  # fmt: skip
        for column, (value, style) in enumerate(values, 1):
            page.put(row, column, value, style)
    return row + 1


def _notes(page: Page, row: int, mission: MissionFigures) -> None:
    row = page.section(row, _("Remarks"))
    notes = [note for note in page.book.figures.notes if note.mission_code == mission.code]
    if not notes:
        page.put(row, 1, _("None"), "plain")
        return
    page.headings(row, [_("Subject"), _("Remark"), _("Award"), _("Amount")], 20)
    for note in notes:
        row += 1
        page.put(row, 1, str(NoteKind(note.kind).label))
        page.put(row, 2, note.text)
        page.put(row, 3, note.award)
        page.money(row, 4, note.amount_cents)
