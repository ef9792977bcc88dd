"""What a revision of the report says otherwise than the one before, besides amounts: names, days, people, notes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from eom.core.i18n import _, country_name, day, exact, lazy, number
from eom.reporting.annual.columns import part_name
from eom.reporting.annual.figures import AnnualFigures, MissionFigures, SourceFigures
from eom.reporting.annual.grid import WORD, Grid, Heading, Row, words
from eom.reporting.annual.kinds import ElectionKind, NoteKind, SourceKind

ROW = "row"
SAID: Mapping[str, Any] = {
    ROW: lazy("In the report"), "kind": lazy("Kind of source"), "donor": lazy("Donor"), "mission_code": lazy("Mission"),
    "currency": lazy("Currency"), "icr_percent": lazy("Indirect cost recovery, in percent"), "agreed_on": lazy("Agreed on"),
    "country": lazy("Country"), "process": lazy("Electoral process"), "process_kinds": lazy("Kind of process"),
    "polling_days": lazy("Polling days"), "observers": lazy("Observers"), "nationalities": lazy("Nationalities"),
    "is_final": lazy("Final"), "name": lazy("Name"), "starts_on": lazy("Starts on"), "ends_on": lazy("Ends on"),
    "is_cancelled": lazy("Cancelled"), "note": lazy("Remark"),
}  # fmt: skip
OF_SOURCES = ("kind", "donor", "mission_code", "currency", "icr_percent", "agreed_on", "country")
OF_MISSIONS = (
    "name", "country", "process", "process_kinds", "polling_days", "observers", "nationalities", "starts_on", "ends_on",
    "is_final", "is_cancelled",
)  # fmt: skip


@dataclass(frozen=True)
class Revised:
    """A word, a day or a number of people that is not what it was: which list, whose row, what; "" for nothing."""

    part: str
    key: str
    what: str
    before: Any
    after: Any


def revised(before: AnnualFigures, after: AnnualFigures) -> tuple[Revised, ...]:
    """Everything besides amounts that two snapshots of a year say differently, in the order of lists and rows."""
    sources = [{source.award: source for source in each.sources} for each in (before, after)]
    missions = [{mission.code: mission for mission in each.missions} for each in (before, after)]
    return (
        *_rows("sources", sources[0], sources[1], OF_SOURCES),
        *_rows("missions", missions[0], missions[1], OF_MISSIONS),
        *_notes(before, after),
    )


def grid(before: AnnualFigures | None, after: AnnualFigures) -> Grid:
    """The same as a table in the reader's words; without rows where there is nothing before."""
    heads = [
        Heading(label, WORD) for label in (_("List"), _("Row"), _("What it says"), _("Before"), _("After"))
    ]
    found = revised(before, after) if before is not None else ()
    rows = [
        Row(words(_("Remarks") if each.part == "notes" else part_name(each.part), each.key, str(SAID[each.what]),
                  told(each.what, each.before), told(each.what, each.after)))
        for each in found
    ]  # fmt: skip
    return Grid("revised", _("What else the revision says otherwise"), heads, rows)


def told(what: str, value: Any) -> str:
    """A value in the reader's words; a dash for nothing."""
    if value in (None, "", ()):
        return "–"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, date):
        return day(value)
    if isinstance(value, Decimal):
        return exact(value)
    if isinstance(value, int):
        return number(value)
    if what == "kind":
        return str(SourceKind(value).label)
    if what == "country":
        return country_name(value)
    if what == "process_kinds":
        return "; ".join(str(ElectionKind(each).label) for each in value)
    if isinstance(value, tuple):
        return "; ".join(map(day, value))
    return str(value)


def _rows(
    part: str, old: Mapping[str, SourceFigures | MissionFigures], new: Mapping[str, SourceFigures | MissionFigures],
    columns: Iterable[str],
) -> Iterator[Revised]:  # fmt: skip
    for key in sorted(old.keys() | new.keys()):
        was, now = old.get(key), new.get(key)
        if was is None or now is None:
            yield Revised(part, key, ROW, was is not None, now is not None)
            continue
        for each in columns:
            if getattr(was, each) != getattr(now, each):
                yield Revised(part, key, each, getattr(was, each), getattr(now, each))


def _notes(before: AnnualFigures, after: AnnualFigures) -> Iterator[Revised]:
    """Remarks that were taken away, and those that are new."""
    old, new = ([(n.kind, n.mission_code, n.award, n.text) for n in each.notes] for each in (before, after))
    for kind, code, award, text in [each for each in old if each not in new]:
        yield Revised("notes", _whose(kind, code, award), "note", text, "")
    for kind, code, award, text in [each for each in new if each not in old]:
        yield Revised("notes", _whose(kind, code, award), "note", "", text)


def _whose(kind: Any, code: str, award: str) -> str:
    return " · ".join([str(NoteKind(kind).label), *(each for each in (code, award) if each)])
