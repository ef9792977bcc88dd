"""The report's tables as a page and the document show them, in the reader's words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from eom.core.i18n import _, country_name, day, number, percent
from eom.reporting.annual.columns import column_name, object_heading, part_name
from eom.reporting.annual.controls import in_kind_by_mission, matrix_totals, paid_by_fund
from eom.reporting.annual.figures import OBJECTS, AnnualFigures, Issue, MissionFigures, SourceFigures
from eom.reporting.annual.grid import WORD, Cell, Grid, Heading, Row, amount, figure, words
from eom.reporting.annual.kinds import ElectionKind, NoteKind, SourceKind
from eom.reporting.annual.places import MISSIONS, SOURCES, Place

OF_SOURCES = (
    "pledged", "agreed", "opening", "received", "transfers_in", "interest", "exchange", "available", "direct", "icr",
    "refunds", "transfers_out", "closing",
)  # fmt: skip


def sources(figures: AnnualFigures) -> Grid:
    """A row a source, from what was pledged to what is left, with a sum for each kind."""
    heads = [Heading(_("Source"), WORD), Heading(_("Kind of source"), WORD), Heading(_("Award"), WORD, is_code=True),
             Heading(_("Purpose"), WORD, is_code=True)]  # fmt: skip
    heads += [Heading(_("Available") if each == "available" else column_name(each)) for each in OF_SOURCES]
    rows: list[Row] = []
    for kind in SourceKind:
        of_kind = [source for source in figures.sources if source.kind == kind]
        rows += [_source(source) for source in of_kind]
        if of_kind:
            name = _("Subtotal: %(kind)s", kind=str(kind.label))
            rows.append(Row([*words(name, "", "", ""), *_source_sums(of_kind, kind.value)], is_sum=True))
    total = Row([*words(_("Total"), "", "", ""), *_source_sums(figures.sources)], is_sum=True)
    return Grid("sources", _("Sources of funding"), heads, rows, total)


def _source(source: SourceFigures) -> Row:
    told = words(
        source.donor,
        str(SourceKind(source.kind).label),
        source.award,
        source.mission_code or _("General"),
    )
    amounts = [
        figure(getattr(source, f"{each}_cents"), Place(SOURCES, each, award=source.award))
        for each in OF_SOURCES
    ]
    return Row([*told, *amounts])


def _source_sums(rows: Sequence[SourceFigures], kind: str = "") -> list[Cell]:
    return [
        figure(sum(getattr(s, f"{each}_cents") for s in rows), Place(SOURCES, each, kind=kind))
        for each in OF_SOURCES
    ]


def spending(figures: AnnualFigures) -> Grid:
    """A row a mission: what it cost, by object of expenditure."""
    heads = [Heading(_("Mission"), WORD, is_code=True), Heading(_("Country"), WORD), Heading(_("Electoral process"), WORD),
             Heading(_("Polling days"), WORD)]  # fmt: skip
    heads += [Heading(str(object_heading(each))) for each in OBJECTS]
    heads += [Heading(column_name("direct")), Heading(column_name("icr")), Heading(column_name("spent"))]
    rows = [
        Row([*_described(mission), *_costs([mission], mission.code)], mission.code)
        for mission in figures.missions
    ]
    total = Row([*words(_("Total"), "", "", ""), *_costs(figures.missions)], is_sum=True)
    return Grid("spending", _("Spending by mission"), heads, rows, total)


def _described(mission: MissionFigures) -> list[Cell]:
    days = "; ".join(map(day, mission.polling_days))
    return words(mission.code, country_name(mission.country), processes(mission), days)


def _costs(missions: Sequence[MissionFigures], code: str = "") -> list[Cell]:
    cells = [
        figure(
            sum(m.spent_by_object_cents[number_ - 1] for m in missions),
            Place(MISSIONS, "direct", mission=code, object=number_),
        )
        for number_ in OBJECTS
    ]
    for column in ("direct", "icr", "spent"):
        cents = sum(getattr(mission, f"{column}_cents") for mission in missions)
        cells.append(figure(cents, Place(MISSIONS, column, mission=code)))
    return cells


def balances(figures: AnnualFigures) -> Grid:
    """A row a mission: what it was given, what is left, who paid and what came in kind."""
    columns = _balances(figures)
    heads = [Heading(_("Mission"), WORD, is_code=True), Heading(_("State of the figures"), WORD), Heading(_("Observers")),
             Heading(_("Nationalities")), *(Heading(label) for _key, label, _value in columns),
             Heading(_("Share of the budget"))]  # fmt: skip

    def cells(missions: Iterable[MissionFigures], code: str = "") -> list[Cell]:
        rows = list(missions)
        return [
            figure(sum(value(m) or 0 for m in rows), Place(MISSIONS, key, mission=code))
            for key, _label, value in columns
        ]

    rows = [
        Row([*words(mission.code, _("Final") if mission.is_final else _("Provisional"), number(mission.observers),
                    number(mission.nationalities)), *cells([mission], mission.code), Cell(_share(mission))], mission.code)
        for mission in figures.missions
    ]  # fmt: skip
    total = Row([*words(_("Total"), "", "", ""), *cells(figures.missions), Cell("")], is_sum=True)
    return Grid("balances", _("Missions: given, spent and left"), heads, rows, total)


def _balances(figures: AnnualFigures) -> list[tuple[str, str, Callable[[MissionFigures], int | None]]]:
    """(column, its words, what stands in it for a mission)."""
    paid, gifts = paid_by_fund(figures), in_kind_by_mission(figures)
    # Books that hold no obligation at all have no column of them.
    bound: list[tuple[str, str, Callable[[MissionFigures], int | None]]] = [
        ("open_obligations", column_name("open_obligations"), lambda m: m.open_obligations_cents)
    ]
    is_known = any(mission.open_obligations_cents is not None for mission in figures.missions)
    return [
        ("budget", column_name("budget"), lambda m: m.budget_cents),
        ("opening", column_name("opening"), lambda m: m.opening_cents),
        ("allocated_cash", column_name("allocated_cash"), lambda m: m.allocated_cash_cents),
        ("allocated_regular", column_name("allocated_regular"), lambda m: m.allocated_regular_cents),
        ("spent", column_name("spent"), lambda m: m.spent_cents),
        ("exchange", column_name("exchange"), lambda m: m.exchange_cents),
        ("refunds", _("Refunds"), lambda m: m.refunds_cents),
        ("closing", column_name("closing"), lambda m: m.computed_closing_cents),
        ("spent_since_start", column_name("spent_since_start"), lambda m: m.spent_since_start_cents),
        ("paid_regular", _("Paid by the Regular Fund"), lambda m: paid[m.code][0]),
        ("paid_specific", _("Paid by specific funds"), lambda m: paid[m.code][1]),
        ("in_kind", _("In kind (valued)"), lambda m: gifts.get(m.code, 0)),
        *(bound if is_known else []),
    ]


def _share(mission: MissionFigures) -> str:
    if not mission.budget_cents:
        return "–"
    return percent(mission.spent_since_start_cents / mission.budget_cents)


def matrix(figures: AnnualFigures) -> Grid:
    """What each source paid on each mission, indirect costs included: a row a source, a column a mission."""
    cells, codes = matrix_totals(figures), [mission.code for mission in figures.missions]
    paying = {award for award, _code in cells}
    paid = [source for source in figures.sources if source.spent_cents or source.award in paying]
    heads = [
        Heading(_("Source"), WORD),
        Heading(_("Award"), WORD, is_code=True),
        *map(Heading, codes),
        Heading(_("Total")),
    ]

    def place(award: str = "", code: str = "") -> Place:
        return Place(MISSIONS, "spent", award=award, mission=code)

    rows = []
    for source in paid:
        row = [figure(cells.get((source.award, code)), place(source.award, code)) for code in codes]
        whole = figure(source.spent_cents, place(source.award))
        rows.append(Row([*words(source.donor, source.award), *row, whole]))
    sums = [figure(sum(c for key, c in cells.items() if key[1] == code), place(code=code)) for code in codes]
    total = Row([*words(_("Total"), ""), *sums, figure(sum(cells.values()), place())], is_sum=True)
    return Grid("matrix", _("Mission × source"), heads, rows, total)


def parts(figures: AnnualFigures) -> Grid:
    """What each mission had of each source: the matrix, long and with balances."""
    columns = ("opening", "allocated", "exchange", "spent", "refunds", "closing")
    donors = {source.award: source.donor for source in figures.sources}
    heads = [
        Heading(_("Mission"), WORD, is_code=True),
        Heading(_("Source"), WORD),
        Heading(_("Award"), WORD, is_code=True),
    ]
    heads += [Heading(_("Allocated") if each == "allocated" else column_name(each)) for each in columns]
    rows = [
        Row([*words(part.mission_code, donors[part.award], part.award),
             *(figure(getattr(part, f"{each}_cents"), Place(MISSIONS, each, part.award, part.mission_code)) for each in columns)],
            part.mission_code)
        for part in figures.parts
    ]  # fmt: skip
    sums = [
        figure(sum(getattr(part, f"{each}_cents") for part in figures.parts), Place(MISSIONS, each))
        for each in columns
    ]
    total = Row([*words(_("Total"), "", ""), *sums], is_sum=True)
    return Grid("parts", _("Each source’s part in each mission"), heads, rows, total)


def in_kind(figures: AnnualFigures) -> Grid:
    """What was given instead of money."""
    labels = [
        _("Source"),
        _("Kind of source"),
        _("Mission"),
        _("What was given"),
        _("Basis of the valuation"),
    ]
    rows = [
        Row([*words(gift.donor, str(SourceKind(gift.kind).label), gift.mission_code, gift.description, gift.basis),
             figure(gift.valued_cents, Place(MISSIONS, "in_kind", mission=gift.mission_code, row=at))])
        for at, gift in enumerate(figures.in_kind, 1)
    ]  # fmt: skip
    whole = figure(sum(gift.valued_cents for gift in figures.in_kind), Place(MISSIONS, "in_kind"))
    total = Row([*words(_("Total"), "", "", "", ""), whole], is_sum=True)
    heads = [*(Heading(label, WORD) for label in labels), Heading(_("Value"))]
    return Grid("in-kind", _("In kind (valued)"), heads, rows, total)


def trend(figures: AnnualFigures) -> Grid:
    """The year beside the four before it."""
    heads = [Heading(_("Fiscal year"), WORD), Heading(column_name("received")), Heading(column_name("spent")),
             Heading(_("In kind (valued)")), Heading(_("Missions with spending"))]  # fmt: skip
    rows = [
        Row([Cell(str(each.year)), figure(each.received_cents), figure(each.spent_cents), figure(each.in_kind_cents),
             Cell(number(each.missions))])
        for each in figures.trend
    ]  # fmt: skip
    return Grid("trend", _("Five years"), heads, rows)


def remarks(figures: AnnualFigures) -> Grid:
    """What the reader must know beside the figures."""
    heads = [Heading(_("Subject"), WORD), Heading(_("Mission"), WORD, is_code=True), Heading(_("Award"), WORD, is_code=True),
             Heading(_("Amount")), Heading(_("Remark"), WORD)]  # fmt: skip
    rows = [
        Row(words(str(NoteKind(note.kind).label), note.mission_code, note.award,
                  "" if note.amount_cents is None else amount(note.amount_cents), note.text))
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
    rows = [Row(words(r.currency, day(r.valid_on), number(r.rate, 4), r.source)) for r in figures.rates]
    return Grid("rates", _("Rates of exchange used (units for one US dollar)"), heads, rows)


def changed(issue: Issue) -> Grid:
    """What a revision changes against the one before."""
    heads = [Heading(_("List"), WORD), Heading(_("Row"), WORD), Heading(_("Column"), WORD), Heading(_("Before")),
             Heading(_("After")), Heading(_("Difference"))]  # fmt: skip
    rows = [
        Row(words(part_name(each.part), each.key, column_name(each.column), amount(each.before_cents),
                  amount(each.after_cents), amount(each.after_cents - each.before_cents)))
        for each in issue.changes
    ]  # fmt: skip
    return Grid("changes", _("Changes since the last revision"), heads, rows)


def processes(mission: MissionFigures) -> str:
    """What is elected: the kinds in the reader's words, and the names that people gave."""
    kinds = [str(ElectionKind(kind).label) for kind in mission.process_kinds]
    return "; ".join([*kinds, mission.process] if mission.process else kinds)
