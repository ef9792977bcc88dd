"""Loads of the ledger as a list, what one came to, and what is wrong with a file, as tables."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from eom.core.i18n import _, lazy
from eom.core.listing import Column, Filter, ListDefinition
from eom.core.money import to_units
from eom.finance.models.load import LedgerLoad
from eom.finance.queries import loads as queries
from eom.finance.queries.loads import Share
from eom.missions.models.mission import Mission

STATES = (
    ("standing", lazy("Standing")),
    ("undone", lazy("Taken back")),
    ("reversal", lazy("Taking back of a load")),
)


def loads(mission: Mission | None, link: Callable[[LedgerLoad], str]) -> ListDefinition:
    """The files that were loaded, of a mission or of all; ``link`` gives the address of one."""
    of = LedgerLoad
    columns = [
        Column("loaded", lazy("Loaded at"), lambda r: r.LedgerLoad.created_at, of.created_at, "moment"),
        Column("file", lazy("File"), lambda r: r.LedgerLoad.file_name, of.file_name,
               href=lambda r: link(r.LedgerLoad)),
        Column("mission", lazy("Mission"), lambda r: r.mission_code or _("Several"), Mission.code),
        Column("lines", lazy("Lines recorded"), lambda r: r.LedgerLoad.line_count, of.line_count, "number"),
        Column("known", lazy("There already"), lambda r: r.LedgerLoad.known_count, of.known_count, "number"),
        Column("usd", lazy("US dollars"), lambda r: r.LedgerLoad.usd_cents, of.usd_cents, "money"),
        Column("icr", lazy("Indirect costs"), lambda r: r.LedgerLoad.icr_cents, of.icr_cents, "money"),
        Column("by", lazy("Loaded by"), lambda r: r.LedgerLoad.loaded_by, of.loaded_by),
        Column("state", lazy("State"), _state, kind="badge", tone=_tone),
    ]  # fmt: skip
    if mission is not None:
        columns = [each for each in columns if each.key != "mission"]
    filters = [Filter("state", lazy("State"), _in_state, choices=STATES)]
    search = (of.file_name, of.loaded_by)
    return ListDefinition(
        queries.loads(mission),
        columns,
        filters,
        search,
        sort="loaded",
        descending=True,
        entity=False,
        tie=of.id.desc(),
    )


def shares(rows: Iterable[Share]) -> Iterator[list[Any]]:
    """What a load came to by award and mission, headings first."""
    yield [_("Award"), _("Mission"), _("Lines"), _("US dollars"), _("Indirect costs")]
    for each in rows:
        yield [each.award.reference, each.mission.code, each.line_count, to_units(each.usd_cents),
               to_units(each.icr_cents)]  # fmt: skip


def errors(listed: Iterable[Mapping[str, Any]]) -> Iterator[list[Any]]:
    """What is wrong with a file, headings first."""
    yield [_("Row"), _("Column"), _("What stands there"), _("What was expected")]
    for each in listed:
        yield [each["row"], each["column"], each["value"], each["expected"]]


def _state(row: Any) -> Any:
    if row.LedgerLoad.is_reversal:
        return lazy("Taking back of a load")
    return lazy("Taken back") if row.undone_by is not None else lazy("Standing")


def _tone(row: Any) -> str:
    is_standing = row.undone_by is None and not row.LedgerLoad.is_reversal
    return "success" if is_standing else "neutral"


def _in_state(value: str) -> Any:
    of = LedgerLoad
    if value == "reversal":
        return of.reverses_load_id.is_not(None)
    undone = queries.UNDONE.c.id
    return undone.is_not(None) if value == "undone" else undone.is_(None) & of.reverses_load_id.is_(None)
