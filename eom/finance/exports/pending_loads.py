"""Files that wait for a second person, and what became of the others, as a list."""

from __future__ import annotations

from collections.abc import Callable

from eom.core.i18n import _, lazy
from eom.core.listing import Column, Filter, ListDefinition
from eom.finance.exports.entries import TONES
from eom.finance.models.entry import EntryStatus
from eom.finance.models.pending_load import PendingLoad
from eom.finance.queries import pending_loads as queries
from eom.missions.models.mission import Mission


def pending_loads(mission: Mission | None, link: Callable[[PendingLoad], str]) -> ListDefinition:
    """The files, what waits first, of a mission or of all; ``link`` gives the address of one."""
    of = PendingLoad
    columns = [
        Column("sent", lazy("Sent at"), lambda r: r.PendingLoad.created_at, of.created_at, "moment"),
        Column("file", lazy("File"), lambda r: r.PendingLoad.file_name, of.file_name,
               href=lambda r: link(r.PendingLoad)),
        Column("mission", lazy("Mission"), lambda r: r.mission_code or _("Several"), Mission.code),
        Column("lines", lazy("Lines"), lambda r: r.PendingLoad.line_count, of.line_count, "number"),
        Column("above", lazy("Above the limit"), lambda r: r.PendingLoad.above_count, of.above_count, "number"),
        Column("usd", lazy("US dollars"), lambda r: r.PendingLoad.usd_cents, of.usd_cents, "money"),
        Column("entered", lazy("Sent by"), lambda r: r.PendingLoad.entered_by, of.entered_by),
        Column("decided", lazy("Decided by"), lambda r: r.PendingLoad.decided_by, of.decided_by),
        Column("status", lazy("State"), lambda r: r.PendingLoad.status, of.status, "badge",
               tone=lambda r: TONES[r.PendingLoad.status]),
    ]  # fmt: skip
    if mission is not None:
        columns = [each for each in columns if each.key != "mission"]
    filters = [
        Filter("status", lazy("State"), lambda v: of.status == EntryStatus(v), choices=EntryStatus.choices())
    ]
    return ListDefinition(
        queries.pending(mission), columns, filters, (of.file_name, of.entered_by), sort="status",
        descending=True, entity=False, tie=of.id.desc(),
    )  # fmt: skip
