"""Entries that wait for a second person, and what became of the others, as a list."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy.orm import Session

from eom.core.i18n import lazy
from eom.core.listing import Column, Filter, ListDefinition
from eom.finance.models.award import Award
from eom.finance.models.entry import EntryKind, EntryStatus, PendingEntry
from eom.finance.queries import entries as reading
from eom.missions.models.mission import Mission

TONES = {EntryStatus.WAITING: "warning", EntryStatus.APPROVED: "success", EntryStatus.REFUSED: "danger"}


def entries(_session: Session, mission: Mission | None, link: Callable[[str, int], str]) -> ListDefinition:
    """The entries, what waits first; ``link`` gives an address from mission code and id."""
    of = PendingEntry
    columns = [
        Column("voucher", lazy("Voucher"), lambda r: r.PendingEntry.voucher, of.voucher,
               href=lambda r: link(r.Mission.code, r.PendingEntry.id)),
        Column("kind", lazy("Kind"), lambda r: r.PendingEntry.kind, of.kind, "label"),
        Column("payee", lazy("Payee"), lambda r: r.PendingEntry.payee, of.payee),
        Column("day", lazy("Day"), lambda r: r.PendingEntry.dated_on, of.dated_on, "date"),
        Column("award", lazy("Award"), lambda r: r.Award.reference, Award.reference),
        Column("usd", lazy("US dollars"), lambda r: r.PendingEntry.usd_cents, of.usd_cents, "money"),
        Column("entered", lazy("Entered by"), lambda r: r.PendingEntry.entered_by, of.entered_by),
        Column("decided", lazy("Decided by"), lambda r: r.PendingEntry.decided_by, of.decided_by),
        Column("status", lazy("State"), lambda r: r.PendingEntry.status, of.status, "badge",
               tone=lambda r: TONES[r.PendingEntry.status]),
    ]  # fmt: skip
    filters = [
        Filter("status", lazy("State"), lambda v: of.status == EntryStatus(v), choices=EntryStatus.choices()),
        Filter("kind", lazy("Kind"), lambda v: of.kind == EntryKind(v), choices=EntryKind.choices()),
    ]
    if mission is None:
        columns.insert(1, Column("mission", lazy("Mission"), lambda r: r.Mission.code, Mission.code))
    return ListDefinition(
        reading.entries(mission), columns, filters, (of.voucher, of.payee, of.entered_by), sort="status",
        descending=True, entity=False, tie=of.id.desc(),
    )  # fmt: skip
