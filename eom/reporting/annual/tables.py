"""The report's tables as a page shows them, in the reader's words: the workbook's rows, not its every column."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from eom.core.i18n import _, country_name, day, number, percent
from eom.core.money import to_units
from eom.reporting.annual.columns import column_name, object_heading, part_name
from eom.reporting.annual.controls import in_kind_by_mission, matrix_totals, paid_by_fund
from eom.reporting.annual.figures import OBJECTS, AnnualFigures, Issue, MissionFigures
from eom.reporting.annual.kinds import ElectionKind, NoteKind, SourceKind

WORD, AMOUNT = "start", "end"


@dataclass(frozen=True)
class Heading:
    """A column: its words, whether figures stand in it, or codes that must not break over lines."""

    label: str
    align: str = AMOUNT
    is_code: bool = False


@dataclass(frozen=True)
class Grid:
    """A table ready to show. ``total`` is its last row; ``codes`` name the mission a row leads to.

    ``objects`` says which object of expenditure stands in a column (0 for none): its lines can be seen.
    """

    key: str
    title: str
    headings: Sequence[Heading]
    rows: Sequence[Sequence[str]]
    total: Sequence[str] = ()
    codes: Sequence[str] = ()
    objects: Sequence[int] = ()


def amount(cents: int | None) -> str:
    """Cents as an amount without its currency, which the table names; a dash for nil and for unknown."""
    return number(to_units(cents), 2) if cents else "–"


def sources(figures: AnnualFigures) -> Grid:
    """A row a source, from what was pledged to what is left."""
    columns = (
        "pledged", "agreed", "opening", "received", "transfers_in", "interest", "exchange", "available", "direct",
        "icr", "refunds", "transfers_out", "closing",
    )  # fmt: skip
    heads = [Heading(_("Source"), WORD), Heading(_("Kind of source"), WORD), Heading(_("Award"), WORD, is_code=True),
             Heading(_("Purpose"), WORD, is_code=True)]  # fmt: skip
    heads += [Heading(_("Available") if each == "available" else column_name(each)) for each in columns]
    rows = [
        [
            source.donor,
            str(SourceKind(source.kind).label),
            source.award,
            source.mission_code or _("General"),
            *(amount(getattr(source, f"{each}_cents")) for each in columns),
        ]
        for source in figures.sources
    ]
    sums = [amount(sum(getattr(s, f"{each}_cents") for s in figures.sources)) for each in columns]
    return Grid("sources", _("Sources of funding"), heads, rows, [_("Total"), "", "", "", *sums])


def spending(figures: AnnualFigures) -> Grid:
    """A row a mission: what it cost, by object of expenditure."""
    heads = [Heading(_("Mission"), WORD, is_code=True), Heading(_("Country"), WORD), Heading(_("Electoral process"), WORD),
             Heading(_("Polling days"), WORD)]  # fmt: skip
    heads += [Heading(str(object_heading(each))) for each in OBJECTS]
    heads += [Heading(column_name("direct")), Heading(column_name("icr")), Heading(column_name("spent"))]
    rows = [
        [mission.code, country_name(mission.country), processes(mission), "; ".join(map(day, mission.polling_days)),
         *map(amount, _cost(mission))]
        for mission in figures.missions
    ]  # fmt: skip
    sums = [amount(sum(column)) for column in zip(*map(_cost, figures.missions), strict=True)]
    total = [_("Total"), "", "", "", *(sums or [amount(0)] * 12)]
    objects = [0] * 4 + [*OBJECTS] + [0] * 3
    return Grid("spending", _("Spending by mission"), heads, rows, total, _codes(figures), objects)


def _cost(mission: MissionFigures) -> tuple[int, ...]:
    return (*mission.spent_by_object_cents, mission.direct_cents, mission.icr_cents, mission.spent_cents)


def balances(figures: AnnualFigures) -> Grid:
    """A row a mission: what it was given, what is left, who paid and what came in kind."""
    paid, gifts = paid_by_fund(figures), in_kind_by_mission(figures)
    columns: list[tuple[str, Callable[[MissionFigures], int | None]]] = [
        (column_name("budget"), lambda m: m.budget_cents),
        (column_name("opening"), lambda m: m.opening_cents),
        (column_name("allocated_cash"), lambda m: m.allocated_cash_cents),
        (column_name("allocated_regular"), lambda m: m.allocated_regular_cents),
        (column_name("spent"), lambda m: m.spent_cents),
        (column_name("exchange"), lambda m: m.exchange_cents),
        (_("Refunds"), lambda m: m.refunds_cents),
        (column_name("closing"), lambda m: m.computed_closing_cents),
        (column_name("spent_since_start"), lambda m: m.spent_since_start_cents),
        (_("Paid by the Regular Fund"), lambda m: paid[m.code][0]),
        (_("Paid by specific funds"), lambda m: paid[m.code][1]),
        (_("In kind (valued)"), lambda m: gifts.get(m.code, 0)),
    ]
    heads = [Heading(_("Mission"), WORD, is_code=True), Heading(_("State of the figures"), WORD), Heading(_("Observers")),
             Heading(_("Nationalities")), *(Heading(label) for label, _value in columns),
             Heading(_("Share of the budget"))]  # fmt: skip
    rows = [
        [mission.code, _("Final") if mission.is_final else _("Provisional"), number(mission.observers),
         number(mission.nationalities), *(amount(value(mission)) for _label, value in columns), _share(mission)]
        for mission in figures.missions
    ]  # fmt: skip
    sums = [amount(sum(value(m) or 0 for m in figures.missions)) for _label, value in columns]
    return Grid(
        "balances", _("Missions: given, spent and left"), heads, rows, [_("Total"), "", "", "", *sums, ""],
        _codes(figures),
    )  # fmt: skip


def _share(mission: MissionFigures) -> str:
    if not mission.budget_cents:
        return "–"
    return percent(mission.spent_since_start_cents / mission.budget_cents)


def matrix(figures: AnnualFigures) -> Grid:
    """What each source paid on each mission, indirect costs included: a row a source, a column a mission."""
    cells, codes = matrix_totals(figures), [mission.code for mission in figures.missions]
    paid = [
        source for source in figures.sources if source.spent_cents or any(k[0] == source.award for k in cells)
    ]
    heads = [
        Heading(_("Source"), WORD),
        Heading(_("Award"), WORD, is_code=True),
        *map(Heading, codes),
        Heading(_("Total")),
    ]
    rows = [
        [source.donor, source.award, *(amount(cells.get((source.award, code))) for code in codes),
         amount(source.spent_cents)]
        for source in paid
    ]  # fmt: skip
    sums = [amount(sum(cents for key, cents in cells.items() if key[1] == code)) for code in codes]
    total = [_("Total"), "", *sums, amount(sum(cells.values()))]
    return Grid("matrix", _("Mission × source"), heads, rows, total)


def in_kind(figures: AnnualFigures) -> Grid:
    """What was given instead of money."""
    words = [_("Source"), _("Kind of source"), _("Mission"), _("What was given"), _("Basis of the valuation")]
    rows = [
        [gift.donor, str(SourceKind(gift.kind).label), gift.mission_code, gift.description, gift.basis,
         amount(gift.valued_cents)]
        for gift in figures.in_kind
    ]  # fmt: skip
    total = [_("Total"), "", "", "", "", amount(sum(gift.valued_cents for gift in figures.in_kind))]
    heads = [*(Heading(word, WORD) for word in words), Heading(_("Value"))]
    return Grid("in-kind", _("In kind (valued)"), heads, rows, total)


def remarks(figures: AnnualFigures) -> Grid:
    """What the reader must know beside the figures."""
    heads = [Heading(_("Subject"), WORD), Heading(_("Mission"), WORD, is_code=True), Heading(_("Award"), WORD, is_code=True),
             Heading(_("Amount")), Heading(_("Remark"), WORD)]  # fmt: skip
    rows = [
        [str(NoteKind(note.kind).label), note.mission_code, note.award,
         "" if note.amount_cents is None else amount(note.amount_cents), note.text]
        for note in figures.notes
    ]  # fmt: skip
    return Grid("remarks", _("Remarks"), heads, rows)


def rates(figures: AnnualFigures) -> Grid:
    """Units of each currency for one US dollar, as the year's lines were converted."""
    heads = [
        Heading(_("Currency"), WORD),
        Heading(_("From"), WORD),
        Heading(_("Rate")),
        Heading(_("Source"), WORD),
    ]
    rows = [[r.currency, day(r.valid_on), number(r.rate, 4), r.source] for r in figures.rates]
    return Grid("rates", _("Rates of exchange used (units for one US dollar)"), heads, rows)


def changed(issue: Issue) -> Grid:
    """What a revision changes against the one before."""
    heads = [Heading(_("List"), WORD), Heading(_("Row"), WORD), Heading(_("Column"), WORD), Heading(_("Before")),
             Heading(_("After")), Heading(_("Difference"))]  # fmt: skip
    rows = [
        [part_name(each.part), each.key, column_name(each.column), amount(each.before_cents),
         amount(each.after_cents), amount(each.after_cents - each.before_cents)]
        for each in issue.changes
    ]  # fmt: skip
    return Grid("changes", _("Changes since the last revision"), heads, rows)


def processes(mission: MissionFigures) -> str:
    """What is elected: the kinds in the reader's words, and the names that people gave."""
    kinds = [str(ElectionKind(kind).label) for kind in mission.process_kinds]
    return "; ".join([*kinds, mission.process] if mission.process else kinds)


def chart_series(figures: AnnualFigures) -> list[dict[str, Any]]:
    """Spending by mission in units of the currency, a series for each kind of source that paid."""
    kinds = {source.award: SourceKind(source.kind) for source in figures.sources}
    paid = matrix_totals(figures)
    series = []
    for kind in SourceKind:
        values = [
            sum(
                cents
                for (award, code), cents in paid.items()
                if code == mission.code and kinds[award] is kind
            )
            for mission in figures.missions
        ]
        if any(values):
            series.append({"label": str(kind.label), "values": [v / 100 for v in values]})
    return series


def _codes(figures: AnnualFigures) -> list[str]:
    return [mission.code for mission in figures.missions]
