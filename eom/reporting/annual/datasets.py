"""The report's figures as plain tables: what each field is called, means and holds, declared once.

Names and codes are the same in every language; titles, descriptions and labels are the reader's. Amounts
are in units of the report's currency with two places.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from eom.core.i18n import _, country_name, lazy
from eom.core.money import to_units
from eom.reporting.annual.columns import COLUMNS, OBJECT_NAMES, column_name, part_name
from eom.reporting.annual.controls import Control, controls, in_kind_by_mission, paid_by_fund
from eom.reporting.annual.figures import OBJECTS, AnnualFigures, Change, Issue, MissionFigures, snapshot_hash
from eom.reporting.annual.kinds import NoteKind, SourceKind


@dataclass(frozen=True)
class Field:
    """A field: its type is one of Table Schema's (string, integer, number, boolean, date)."""

    name: str
    title: Any
    value: Callable[[Any], Any]
    type: str = "string"
    description: Any = ""
    constraints: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Reference:
    """Fields that name a row of another table by its key."""

    fields: tuple[str, ...]
    dataset: str
    key: tuple[str, ...]


@dataclass(frozen=True)
class Dataset:
    """A table: its rows come from the figures and what is said of them."""

    name: str
    title: Any
    description: Any
    fields: Sequence[Field]
    rows: Callable[[AnnualFigures, Issue], Iterable[Any]]
    key: tuple[str, ...]
    references: tuple[Reference, ...] = ()


NEEDED = {"required": True}
CODE = {"required": True, "unique": True}
TO_MISSION = Reference(("mission",), "missions", ("mission",))
TO_AWARD = Reference(("award",), "sources", ("award",))
TO_KIND = Reference(("kind",), "kinds", ("kind",))
TO_OBJECT = Reference(("object",), "objects", ("object",))


def amount(name: str, title: Any = None, value: Callable[[Any], int | None] | None = None) -> Field:
    """An amount in the currency of the report; empty where it is not known."""
    read = value or (lambda row: getattr(row, f"{name}_cents"))

    def units(row: Any) -> Any:
        cents = read(row)
        return None if cents is None else to_units(cents)

    return Field(name, title or COLUMNS[name], units, "number")


def text(name: str, title: Any, value: Callable[[Any], Any] | None = None, **more: Any) -> Field:
    """A text or a code."""
    return Field(name, title, value or (lambda row: getattr(row, name)), "string", **more)


def numbered(rows: Iterable[Any]) -> list[tuple[int, Any]]:
    """Rows with their place, where nothing else names them."""
    return list(enumerate(rows, 1))


@dataclass(frozen=True)
class _Cost:
    """A mission with what only other lists say of it."""

    mission: MissionFigures
    paid: tuple[int, int]
    in_kind_cents: int


def _costs(figures: AnnualFigures, _issue: Issue) -> list[_Cost]:
    paid, gifts = paid_by_fund(figures), in_kind_by_mission(figures)
    return [_Cost(m, paid[m.code], gifts.get(m.code, 0)) for m in figures.missions]


def _of_mission(name: str, title: Any = None) -> Field:
    return amount(name, title, lambda cost: getattr(cost.mission, f"{name}_cents"))


def _on_object(number: int) -> Field:
    return amount(f"object{number}", None, lambda cost: cost.mission.spent_by_object_cents[number - 1])


def _said(name: str, title: Any, kind: str, **more: Any) -> Field:
    return Field(name, title, lambda cost: getattr(cost.mission, name), kind, **more)


def _written(days: Any) -> str:
    return ";".join(each.isoformat() for each in days)


REPORT = Dataset(
    "report", lazy("Report"), lazy("The report itself: one row."),
    (
        Field("year", lazy("Fiscal year"), lambda pair: pair[0].year, "integer", constraints=CODE),
        Field("revision", lazy("Revision"), lambda pair: pair[1].revision, "integer", constraints=NEEDED),
        text("status", lazy("Status"), lambda pair: pair[1].status.value, constraints=NEEDED),
        text("status_label", lazy("Status, in words"), lambda pair: str(pair[1].status.label)),
        text("prepared_by", lazy("Prepared by"), lambda pair: pair[1].prepared_by),
        text("reviewed_by", lazy("Reviewed by"), lambda pair: pair[1].reviewed_by),
        text("issued_by", lazy("Issued by"), lambda pair: pair[1].issued_by),
        Field("issued_on", lazy("Date of issue"), lambda pair: pair[1].issued_on, "date"),
        Field("figures_as_of", lazy("Figures as of"), lambda pair: pair[0].prepared_as_of, "date", constraints=NEEDED),
        text("currency", lazy("Currency"), lambda pair: pair[0].currency, constraints=NEEDED),
        Field("is_demonstration", lazy("Demonstration"), lambda pair: pair[0].is_demonstration, "boolean"),
        text("sha256", lazy("Snapshot (SHA-256)"), lambda pair: snapshot_hash(pair[0]),
             constraints={"required": True, "pattern": "[0-9a-f]{64}"}),
    ),
    lambda figures, issue: [(figures, issue)], ("year",),
)  # fmt: skip

KINDS = Dataset(
    "kinds", lazy("Kinds of source"), lazy("Who gives the money (General Standards, article 77)."),
    (
        text("kind", lazy("Kind of source"), lambda kind: kind.value, constraints=CODE),
        text("label", lazy("In words"), lambda kind: str(kind.label)),
    ),
    lambda _figures, _issue: list(SourceKind), ("kind",),
)  # fmt: skip

OBJECT_LIST = Dataset(
    "objects", lazy("Objects of expenditure"), lazy("The nine objects of expenditure (General Standards, article 91)."),
    (
        Field("object", lazy("Object"), lambda number: number, "integer", constraints=CODE),
        text("label", lazy("In words"), lambda number: str(OBJECT_NAMES[number])),
    ),
    lambda _figures, _issue: OBJECTS, ("object",),
)  # fmt: skip

SOURCES = Dataset(
    "sources", lazy("Sources of funding"),
    lazy("A row an award: opening + received + transfers in + interest ± exchange − direct spending − indirect cost "
         "recovery − refunds − transfers out = closing."),
    (
        text("award", lazy("Award"), constraints=CODE), text("kind", lazy("Kind of source"), lambda s: SourceKind(s.kind).value),
        text("donor", lazy("Source"), constraints=NEEDED),
        text("donor_country", lazy("Country of the source"), lambda s: s.country, description=lazy("ISO 3166-1, three letters.")),
        text("mission", lazy("Mission"), lambda s: s.mission_code,
             description=lazy("The mission an award is earmarked to; empty for one that serves missions by allocation.")),
        Field("agreed_on", lazy("Agreed on"), lambda s: s.agreed_on, "date"),
        text("agreement_currency", lazy("Currency of the agreement"), lambda s: s.currency),
        amount("agreed_original"), amount("pledged"), amount("agreed"), amount("carried_forward"), amount("opening"),
        amount("received"), amount("transfers_in"), amount("interest"), amount("exchange"),
        amount("available", lazy("Available")), amount("direct"), amount("icr"), amount("refunds"), amount("transfers_out"),
        amount("closing"), Field("icr_percent", lazy("Indirect cost recovery, per cent"), lambda s: s.icr_percent, "number"),
    ),
    lambda figures, _issue: figures.sources, ("award",), (TO_KIND,),
)  # fmt: skip

MISSIONS = Dataset(
    "missions", lazy("Spending by mission"),
    lazy("A row a mission with activity in the year: opening + allocated ± exchange − spent − refunds = closing."),
    (
        text("mission", lazy("Mission"), lambda c: c.mission.code, constraints=CODE),
        text("name", lazy("Name"), lambda c: c.mission.name),
        text("country", lazy("Country"), lambda c: c.mission.country, description=lazy("ISO 3166-1, three letters.")),
        text("country_label", lazy("Country, in words"), lambda c: country_name(c.mission.country)),
        text("process", lazy("Electoral process"), lambda c: c.mission.process),
        text("process_kinds", lazy("Kinds of electoral process"), lambda c: ";".join(c.mission.process_kinds)),
        text("polling_days", lazy("Polling days"), lambda c: _written(c.mission.polling_days)),
        _said("starts_on", lazy("Starts on"), "date"), _said("ends_on", lazy("Ends on"), "date"),
        _said("observers", lazy("Observers"), "integer"), _said("nationalities", lazy("Nationalities"), "integer"),
        _said("is_final", lazy("Figures are final"), "boolean"),
        _of_mission("budget"), _of_mission("carried_forward"), _of_mission("opening"), _of_mission("allocated_cash"),
        _of_mission("allocated_regular"), *map(_on_object, OBJECTS), _of_mission("direct"), _of_mission("icr"), _of_mission("spent"),
        _of_mission("open_obligations"), _of_mission("exchange"), _of_mission("refunds"), _of_mission("closing"),
        _of_mission("spent_since_start"),
        amount("paid_regular", lazy("Paid by the Regular Fund"), lambda c: c.paid[0]),
        amount("paid_specific", lazy("Paid by specific funds"), lambda c: c.paid[1]),
        amount("in_kind", lazy("In kind (valued)")),
    ),
    _costs, ("mission",),
)  # fmt: skip

SPENDING = Dataset(
    "spending", lazy("Mission × source × object"), lazy("What each source paid on each mission for each object."),
    (
        text("mission", lazy("Mission"), lambda c: c.mission_code, constraints=NEEDED),
        text("award", lazy("Award"), constraints=NEEDED),
        Field("object", lazy("Object"), lambda c: c.object, "integer", constraints={"required": True, "minimum": 1, "maximum": 9}),
        amount("direct", None, lambda c: c.spent_cents), amount("icr"), amount("spent", None, lambda c: c.total_cents),
    ),
    lambda figures, _issue: figures.matrix, ("mission", "award", "object"), (TO_MISSION, TO_AWARD, TO_OBJECT),
)  # fmt: skip

PARTS = Dataset(
    "parts", lazy("Each source’s part in each mission"),
    lazy("What a mission held of each source over the year; the parts of a mission add up to its row."),
    (
        text("mission", lazy("Mission"), lambda p: p.mission_code, constraints=NEEDED),
        text("award", lazy("Award"), constraints=NEEDED),
        amount("opening"), amount("allocated", lazy("Allocated")), amount("exchange"), amount("spent"), amount("refunds"),
        amount("closing"),
    ),
    lambda figures, _issue: figures.parts, ("mission", "award"), (TO_MISSION, TO_AWARD),
)  # fmt: skip

MONTHS = Dataset(
    "months", lazy("Spending by month"), lazy("What each mission spent in each month of the year."),
    (
        text("mission", lazy("Mission"), lambda m: m.mission_code, constraints=NEEDED),
        Field("month", lazy("Month"), lambda m: m.month, "integer", constraints={"required": True, "minimum": 1, "maximum": 12}),
        amount("direct"), amount("icr"), amount("spent"),
    ),
    lambda figures, _issue: figures.months, ("mission", "month"), (TO_MISSION,),
)  # fmt: skip

IN_KIND = Dataset(
    "in-kind", lazy("In kind (valued)"), lazy("Goods, services and people given instead of money: valued, and in no balance."),
    (
        Field("number", lazy("Number"), lambda pair: pair[0], "integer", constraints=CODE),
        text("mission", lazy("Mission"), lambda pair: pair[1].mission_code, constraints=NEEDED),
        text("kind", lazy("Kind of source"), lambda pair: SourceKind(pair[1].kind).value),
        text("donor", lazy("Source"), lambda pair: pair[1].donor),
        text("description", lazy("What was given"), lambda pair: pair[1].description),
        text("basis", lazy("Basis of the valuation"), lambda pair: pair[1].basis),
        amount("valued", None, lambda pair: pair[1].valued_cents),
    ),
    lambda figures, _issue: numbered(figures.in_kind), ("number",), (TO_MISSION, TO_KIND),
)  # fmt: skip

RATES = Dataset(
    "rates", lazy("Rates of exchange"), lazy("Units of each currency for one US dollar, as the year’s lines were converted."),
    (
        Field("number", lazy("Number"), lambda pair: pair[0], "integer", constraints=CODE),
        text("currency", lazy("Currency"), lambda pair: pair[1].currency, constraints={"required": True, "pattern": "[A-Z]{3}"}),
        Field("valid_on", lazy("From"), lambda pair: pair[1].valid_on, "date", constraints=NEEDED),
        Field("rate", lazy("Rate"), lambda pair: pair[1].rate, "number", constraints=NEEDED),
        text("source", lazy("Source of the rate"), lambda pair: pair[1].source),
    ),
    lambda figures, _issue: numbered(figures.rates), ("number",),
)  # fmt: skip

NOTES = Dataset(
    "notes", lazy("Remarks"), lazy("What the reader must know beside the figures."),
    (
        Field("number", lazy("Number"), lambda pair: pair[0], "integer", constraints=CODE),
        text("subject", lazy("Subject"), lambda pair: NoteKind(pair[1].kind).value, constraints=NEEDED),
        text("subject_label", lazy("Subject, in words"), lambda pair: str(NoteKind(pair[1].kind).label)),
        text("mission", lazy("Mission"), lambda pair: pair[1].mission_code,
             description=lazy("Also a mission without a row among those with activity.")),
        text("award", lazy("Award"), lambda pair: pair[1].award),
        amount("amount", lazy("Amount"), lambda pair: pair[1].amount_cents),
        text("remark", lazy("Remark"), lambda pair: pair[1].text),
    ),
    lambda figures, _issue: numbered(figures.notes), ("number",),
)  # fmt: skip

TREND = Dataset(
    "trend", lazy("Five years"), lazy("The year beside the four before it."),
    (
        Field("year", lazy("Fiscal year"), lambda y: y.year, "integer", constraints=CODE),
        amount("received"), amount("spent"), amount("in_kind", lazy("In kind (valued)")),
        Field("missions", lazy("Missions with spending"), lambda y: y.missions, "integer"),
    ),
    lambda figures, _issue: figures.trend, ("year",),
)  # fmt: skip


def _side(value: Callable[[Control], int]) -> Callable[[Control], Any]:
    return lambda control: value(control) if control.key.is_count else to_units(value(control))


CONTROLS = Dataset(
    "controls", lazy("Controls"), lazy("Pairs of sums that must be the same: amounts, or numbers of lines."),
    (
        text("control", lazy("Control"), lambda c: c.key.value, constraints=CODE),
        text("label", lazy("In words"), lambda c: str(c.key.label)),
        text("left_label", lazy("Left side"), lambda c: str(c.key.sides[0])),
        Field("left", lazy("Left side, value"), _side(lambda c: c.left), "number"),
        text("right_label", lazy("Right side"), lambda c: str(c.key.sides[1])),
        Field("right", lazy("Right side, value"), _side(lambda c: c.right), "number"),
        Field("difference", lazy("Difference"), _side(lambda c: c.left - c.right), "number"),
        Field("agrees", lazy("Agrees"), lambda c: c.agrees, "boolean"),
    ),
    lambda figures, _issue: controls(figures), ("control",),
)  # fmt: skip

CHANGES = Dataset(
    "changes", lazy("Changes since the last revision"), lazy("Every figure that differs from the revision before."),
    (
        Field("number", lazy("Number"), lambda pair: pair[0], "integer", constraints=CODE),
        text("list", lazy("List"), lambda pair: pair[1].part), text("row", lazy("Row"), lambda pair: pair[1].key),
        text("column", lazy("Column"), lambda pair: pair[1].column),
        text("label", lazy("In words"), lambda pair: _in_words(pair[1])),
        amount("before", lazy("Before"), lambda pair: pair[1].before_cents),
        amount("after", lazy("After"), lambda pair: pair[1].after_cents),
        amount("difference", lazy("Difference"), lambda pair: pair[1].after_cents - pair[1].before_cents),
    ),
    lambda _figures, issue: numbered(issue.changes), ("number",),
)  # fmt: skip


def _in_words(change: Change) -> str:
    return _("%(list)s: %(column)s", list=part_name(change.part), column=column_name(change.column))


DATASETS = (
    REPORT, SOURCES, MISSIONS, SPENDING, PARTS, MONTHS, IN_KIND, RATES, NOTES, TREND, CONTROLS, CHANGES, KINDS,
    OBJECT_LIST,
)  # fmt: skip
