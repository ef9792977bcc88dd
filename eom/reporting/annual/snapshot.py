"""A snapshot that was kept: its figures read back from the canonical JSON, and what changed since."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import fields, replace
from datetime import date
from decimal import Decimal
from typing import Any

from eom.reporting.annual.figures import (
    AnnualFigures,
    Change,
    InKindFigures,
    LedgerFigures,
    MatrixCell,
    MissionFigures,
    MonthFigures,
    Note,
    PartFigures,
    RateFigures,
    SourceFigures,
    YearFigures,
)
from eom.reporting.annual.kinds import NoteKind, SourceKind

_ROWS: dict[str, Any] = {
    "sources": SourceFigures,
    "missions": MissionFigures,
    "matrix": MatrixCell,
    "in_kind": InKindFigures,
    "rates": RateFigures,
    "notes": Note,
}
# Lists that came with a later release: a snapshot from before has none.
_LATER: dict[str, Any] = {"parts": PartFigures, "months": MonthFigures, "trend": YearFigures}
_DAYS = ("valid_on", "agreed_on", "starts_on", "ends_on")


def figures_of_json(text: str | bytes) -> AnnualFigures:
    """The figures of a canonical JSON; ``canonical_json`` of them is the same bytes again.

    Raises ValueError for a text that is no snapshot.
    """
    given = json.loads(text)
    try:
        rows: dict[str, Any] = {
            name: tuple(_row(kind, each) for each in given.pop(name)) for name, kind in _ROWS.items()
        }
        for name, kind in _LATER.items():
            rows[name] = tuple(_row(kind, each) for each in given.pop(name, ()))
        ledger = LedgerFigures(**given.pop("ledger"))
        prepared = date.fromisoformat(given.pop("prepared_as_of"))
        return AnnualFigures(**given, **rows, ledger=ledger, prepared_as_of=prepared)
    except (AttributeError, KeyError, TypeError) as error:
        raise ValueError(f"this is no snapshot of an annual report: {error}") from error


def _row(kind: type[Any], given: dict[str, Any]) -> Any:
    values = dict(given)
    if "kind" in values:
        values["kind"] = NoteKind(values["kind"]) if kind is Note else SourceKind(values["kind"])
    for name in ("rate", "icr_percent"):
        if name in values:
            values[name] = Decimal(values[name])
    for name in _DAYS:
        if values.get(name):
            values[name] = date.fromisoformat(values[name])
    if kind is MissionFigures:
        values["polling_days"] = tuple(map(date.fromisoformat, values["polling_days"]))
        values["process_kinds"] = tuple(values["process_kinds"])
        values["spent_by_object_cents"] = tuple(values["spent_by_object_cents"])
        values["currencies"] = tuple(values.get("currencies", ()))
    return kind(**values)


def same_figures(one: AnnualFigures, other: AnnualFigures) -> bool:
    """Whether two snapshots say the same, whatever the days they were taken on."""
    return replace(one, prepared_as_of=other.prepared_as_of) == other


def changes(before: AnnualFigures, after: AnnualFigures) -> tuple[Change, ...]:
    """Every amount of sources, missions, matrix and help in kind that is not what it was."""
    old, new = dict(_amounts(before)), dict(_amounts(after))
    found = []
    for place in sorted(old.keys() | new.keys()):
        was, now = old.get(place, 0), new.get(place, 0)
        if was != now:
            found.append(Change(*place, was, now))
    return tuple(found)


def _amounts(figures: AnnualFigures) -> Iterator[tuple[tuple[str, str, str], int]]:
    """((list, row, column), cents)."""
    for source in figures.sources:
        yield from _columns("sources", source.award, source)
    for mission in figures.missions:
        yield from _columns("missions", mission.code, mission)
        for number, cents in enumerate(mission.spent_by_object_cents, 1):
            yield ("missions", mission.code, f"object{number}"), cents
    paid: dict[str, int] = {}
    for cell in figures.matrix:
        key = f"{cell.mission_code} × {cell.award}"
        paid[key] = paid.get(key, 0) + cell.total_cents
    for key, cents in paid.items():
        yield ("matrix", key, "spent"), cents
    valued: dict[str, int] = {}
    for gift in figures.in_kind:
        key = f"{gift.mission_code} · {gift.donor}"
        valued[key] = valued.get(key, 0) + gift.valued_cents
    for key, cents in valued.items():
        yield ("in_kind", key, "valued"), cents


def _columns(part: str, key: str, row: Any) -> Iterator[tuple[tuple[str, str, str], int]]:
    for each in fields(row):
        value = getattr(row, each.name)
        if each.name.endswith("_cents") and isinstance(value, int):
            yield (part, key, each.name.removesuffix("_cents")), value
