"""What the report's charts draw: series in units of the currency, in the reader's words.

A series has ``label``, ``values`` and ``places``: where each value stands in the report of a year, (year, place).
"""

from __future__ import annotations

from datetime import date
from typing import Any

from eom.core.i18n import _, month_name
from eom.reporting.annual.columns import column_name
from eom.reporting.annual.controls import matrix_totals
from eom.reporting.annual.figures import AnnualFigures
from eom.reporting.annual.kinds import SourceKind
from eom.reporting.annual.places import MISSIONS, SOURCES, Place


def spending_series(figures: AnnualFigures) -> list[dict[str, Any]]:
    """Spending by mission in units of the currency, a series for each kind of source that paid."""
    by_kind = _by_kind(figures)
    series = []
    for kind in SourceKind:
        values = [by_kind.get((mission.code, kind), 0) for mission in figures.missions]
        if any(values):
            places = [
                (figures.year, Place(MISSIONS, "spent", mission=mission.code, kind=kind.value))
                for mission in figures.missions
            ]
            series.append({"label": str(kind.label), "values": [v / 100 for v in values], "places": places})
    return series


def share_series(figures: AnnualFigures) -> tuple[list[str], list[dict[str, Any]]]:
    """(kinds of source, one series): what each kind paid; nil where reversals are more than spending."""
    paid: dict[SourceKind, int] = {}
    for (_code, kind), cents in _by_kind(figures).items():
        paid[kind] = paid.get(kind, 0) + cents
    kinds = [kind for kind in SourceKind if paid.get(kind, 0) > 0]
    values = [paid[kind] / 100 for kind in kinds]
    places = [(figures.year, Place(MISSIONS, "spent", kind=kind.value)) for kind in kinds]
    return [str(kind.label) for kind in kinds], [
        {"label": _("Total spent"), "values": values, "places": places}
    ]


def trend_series(figures: AnnualFigures) -> tuple[list[str], list[dict[str, Any]]]:
    """(years, series): received, spent and in kind of five years."""
    columns = (
        ("received", column_name("received"), SOURCES),
        ("spent", column_name("spent"), MISSIONS),
        ("in_kind", _("In kind (valued)"), MISSIONS),
    )
    series = [
        {"label": label, "values": [getattr(each, f"{key}_cents") / 100 for each in figures.trend],
         "places": [(each.year, Place(part, key)) for each in figures.trend]}
        for key, label, part in columns
    ]  # fmt: skip
    return [str(each.year) for each in figures.trend], series


def charts(figures: AnnualFigures) -> list[dict[str, Any]]:
    """Every chart with its id, title, kind, labels and series; none where nothing was spent."""
    spending = spending_series(figures)
    if not spending:
        return []
    (kinds, shares), (years, five) = share_series(figures), trend_series(figures)
    found = [
        ("spending-chart", _("Spending by mission and kind of source"), "horizontal-stacked",
         [mission.code for mission in figures.missions], spending),
        ("share-chart", _("Share of spending by kind of source"), "doughnut", kinds, shares),
        ("trend-chart", _("Five years"), "bar", years, five),
    ]  # fmt: skip
    names = ("id", "title", "kind", "labels", "series")
    return [dict(zip(names, each, strict=True)) for each in found if each[3]]


def _by_kind(figures: AnnualFigures) -> dict[tuple[str, SourceKind], int]:
    kinds = {source.award: SourceKind(source.kind) for source in figures.sources}
    found: dict[tuple[str, SourceKind], int] = {}
    for (award, code), cents in matrix_totals(figures).items():
        key = code, kinds[award]
        found[key] = found.get(key, 0) + cents
    return found


def months_of(figures: AnnualFigures, code: str) -> list[tuple[str, int, int]]:
    """(month in words, direct cents, ICR cents) of a mission, January to December, the empty ones too."""
    spent = {each.month: each for each in figures.months if each.mission_code == code}
    found = []
    for number in range(1, 13):
        each = spent.get(number)
        direct, icr = (each.direct_cents, each.icr_cents) if each else (0, 0)
        found.append((month_name(date(figures.year, number, 1)), direct, icr))
    return found
