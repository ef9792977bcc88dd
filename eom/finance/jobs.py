"""Looking at an extract of the ledger and booking it, in the background."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from eom.core import i18n, jobs
from eom.core.db import writing
from eom.core.errors import RowError
from eom.core.i18n import _
from eom.core.jobs import Job
from eom.core.money import to_units
from eom.extensions import db, store
from eom.finance.extract_columns import Choice
from eom.finance.imports.expenditures import ReadLedger, read_extract
from eom.finance.models.load import LedgerLoad
from eom.finance.models.pending_load import PendingLoad
from eom.finance.queries import loads
from eom.finance.queries import pending_loads as waiting
from eom.finance.services import ledger_intake, pending_loads
from eom.finance.services import loads as services
from eom.finance.services.ledger_checks import Checked, check
from eom.finance.services.ledger_intake import Booked
from eom.finance.services.ledger_lines import Line
from eom.missions.models.mission import Mission

PREVIEW, APPLY, REVERSE, APPROVE = (
    "finance.preview",
    "finance.load",
    "finance.reverse-load",
    "finance.approve-load",
)
SHOWN_ERRORS, SHOWN_LINES, SHOWN_ROWS = 200, 20, 50


@dataclass(frozen=True)
class _Asked:
    """What a job was asked, kept apart from its row: reading takes long, and nobody who writes waits for it."""

    job_id: str
    mission_id: int | None
    digest: str
    name: str
    choice: Choice
    limit_cents: int
    reason: str | None

    @classmethod
    def of(cls, row: Job) -> _Asked:
        """What the row says; its transaction ends here."""
        given = row.arguments
        asked = cls(
            row.id, row.mission_id, given["digest"], given["name"], Choice.of(given["choice"]), given.get("limit_cents", 0),
            given.get("reason"),
        )  # fmt: skip
        db.session.commit()
        return asked

    def mission(self) -> Mission | None:
        """The mission that the file is loaded into, if one."""
        return db.session.get_one(Mission, self.mission_id) if self.mission_id else None

    def read(self, progress: Any) -> ReadLedger:
        """The file, read as it was asked."""
        progress(0, 2, _("Reading the file"))
        return read_extract(store.get(self.digest), self.name, self.choice)


@jobs.job(PREVIEW)
def preview(row: Job, progress: Any) -> dict[str, Any]:
    """Read an extract and say what loading it would do; arguments digest, name, choice, limit_cents. Writes nothing."""
    asked = _Asked.of(row)
    read = asked.read(progress)
    with writing(False):
        progress(1, 2, _("Asking every line of the books"))
        mission = asked.mission()
        checked = check(read.lines, mission)
        errors = read.named(checked.errors)
        result = {
            **_outcome(read, checked, errors),
            **_formats(read),
            **_asking(checked, asked.limit_cents),
            "before": _loaded_before(asked),
            "lines": _figures(read, checked, errors),
            "next_url": f"{_base(mission)}/previews/{asked.job_id}",
            "next_label": _("Look at what is wrong") if errors else _("Look at the file before it is loaded"),
        }
        db.session.commit()
    return result


@jobs.job(APPLY)
def apply(row: Job, progress: Any) -> dict[str, Any]:
    """Book an extract that was looked at, all or nothing, or keep it for a second person. Again, it adds nothing.

    Arguments as for the preview, and a reason why lines may go beyond their budget line.
    """
    asked = _Asked.of(row)
    read = asked.read(progress)
    ledger_intake.refuse(read.errors)
    mission = asked.mission()
    made = pending_loads.enter(
        read.lines, mission=mission, file_name=asked.name, data=store.get(asked.digest), digest=asked.digest,
        choice=read.confirmed.as_dict(), limit_cents=asked.limit_cents, reason=asked.reason, progress=progress,
    )  # fmt: skip
    if isinstance(made, PendingLoad):
        return {
            "lines": [
                [_("Lines that wait"), i18n.number(made.line_count)],
                [_("Of them above the limit"), i18n.number(made.above_count)],
                [_("US dollars"), i18n.money(made.usd_cents)],
            ],
            "next_url": f"{_base(mission)}/waiting/{made.id}",
            "next_label": _("It waits for a second person: see it"),
        }
    return _booked(made, mission)


@jobs.job(APPROVE)
def approve(row: Job, progress: Any) -> dict[str, Any]:
    """Book a file that waited, by the second person; arguments pending_id. Every line is checked anew."""
    pending = db.session.get_one(PendingLoad, row.arguments["pending_id"])
    progress(0, 2, _("Reading the file"))
    data = store.get(pending.digest)
    read = read_extract(data, pending.file_name, Choice.of(pending.choice))
    ledger_intake.refuse(read.errors)
    mission = db.session.get_one(Mission, pending.mission_id) if pending.mission_id else None
    within = db.session.get_one(Mission, row.mission_id) if row.mission_id else None
    booked = pending_loads.approve(pending, read.lines, mission=mission, data=data, progress=progress)
    return _booked(booked, within)


def _booked(booked: Booked, mission: Mission | None) -> dict[str, Any]:
    """What was booked, and where the job's page goes on."""
    if booked.load is None:
        to, label = f"{_base(mission)}/new", _("Choose another file")
    else:
        to, label = f"{_base(mission)}/{booked.load.id}", _("See the load")
    return {
        "lines": [
            [_("Lines recorded"), i18n.number(booked.added_count)],
            [_("There already"), i18n.number(booked.known_count)],
            [_("US dollars"), i18n.money(booked.usd_cents)],
        ],
        "next_url": to,
        "next_label": label,
    }


@jobs.job(REVERSE)
def reverse(row: Job, progress: Any) -> dict[str, Any]:
    """Take a load back; arguments load_id, reason. A load that was taken back already is refused."""
    load = db.session.get_one(LedgerLoad, row.arguments["load_id"])
    mission = db.session.get_one(Mission, row.mission_id) if row.mission_id else None
    progress(0, load.line_count, _("Taking the lines back"))
    back = services.reverse_load(load, reason=row.arguments["reason"])
    return {
        "lines": [
            [_("Lines recorded"), i18n.number(back.line_count)],
            [_("US dollars"), i18n.money(back.usd_cents)],
        ],
        "next_url": f"{_base(mission)}/{back.id}",
        "next_label": _("See the lines that take it back"),
    }


def _base(mission: Mission | None) -> str:
    return f"/missions/{mission.code}/expenditures/loads" if mission else "/finance/loads"


def _outcome(read: ReadLedger, checked: Checked, errors: Sequence[RowError]) -> dict[str, Any]:
    """What would be booked, and what is wrong: the first errors, and all of them in the store."""
    listed = [each.as_dict() for each in errors]
    return {
        "added": len(checked.ready),
        "known": checked.known_count,
        "usd_cents": checked.usd_cents,
        "icr_cents": checked.icr_cents,
        "credits": sum(1 for each in checked.ready if each.line.amount_cents < 0),
        "sums": _sums(checked),
        "shown": [_shown(each) for each in read.lines[:SHOWN_LINES]],
        "errors": listed[:SHOWN_ERRORS],
        "error_count": len(listed),
        "errors_digest": store.put(json.dumps(listed, ensure_ascii=False).encode()) if listed else None,
    }


def _formats(read: ReadLedger) -> dict[str, Any]:
    """How the file was read, for a person to confirm, and what of it is no line."""
    said = sum(each.amount_cents for each in read.lines)
    return {
        "choice": read.confirmed.as_dict(),
        "needs_mark": read.needs_mark,
        "needs_order": read.needs_order,
        "amount_samples": [[text, _units(cents)] for text, cents in read.amount_samples],
        "day_samples": [list(pair) for pair in read.day_samples],
        "passed_over": [list(pair) for pair in read.passed_over[:SHOWN_ROWS]],
        "passed_over_count": len(read.passed_over),
        "total_differs": read.total_cents is not None and not read.errors and read.total_cents != said,
        "total": _units(read.total_cents),
        "said": _units(said),
    }


def _asking(checked: Checked, limit_cents: int) -> dict[str, Any]:
    """The lines that a second person must approve, and those that need a reason."""
    above = checked.above(limit_cents)
    return {
        "limit_cents": limit_cents,
        "above": waiting.lines(pending_loads.said(above)[:SHOWN_ROWS]),
        "above_count": len(above),
        "beyond": [each.as_dict() for each in checked.beyond[:SHOWN_ROWS]],
        "beyond_count": len(checked.beyond),
    }


def _units(cents: int | None) -> str:
    return "" if cents is None else i18n.number(to_units(cents), 2)


def _shown(line: Line) -> dict[str, Any]:
    return {
        "date": i18n.day(line.incurred_on), "voucher": line.voucher, "payee": line.payee, "award": line.award,
        "mission": line.mission, "object": line.object_number, "cents": line.amount_cents, "currency": line.currency,
    }  # fmt: skip


def _sums(checked: Checked) -> list[list[Any]]:
    """[award, mission, lines, US cents, ICR] of what would be booked."""
    counts: Counter[tuple[str, str]] = Counter()
    usd: Counter[tuple[str, str]] = Counter()
    icr: Counter[tuple[str, str]] = Counter()
    for each in checked.ready:
        pair = (each.award.reference, each.mission.code)
        counts[pair] += 1
        usd[pair] += each.cost.usd_cents
        icr[pair] += each.cost.icr_cents
    return [[*pair, counts[pair], usd[pair], icr[pair]] for pair in sorted(counts)]


def _figures(read: ReadLedger, checked: Checked, errors: Sequence[RowError]) -> list[list[str]]:
    count = len(read.lines) + len({each.row for each in read.errors})
    figures = [
        [_("Lines in the file"), i18n.number(count)],
        [_("Lines to record"), i18n.number(len(checked.ready))],
        [_("There already"), i18n.number(checked.known_count)],
    ]
    return [*figures, [_("Things to mend"), i18n.number(len(errors))]] if errors else figures


def _loaded_before(asked: _Asked) -> list[Any] | None:
    """[id, day, by whom] of the standing load of the same bytes, if any."""
    load = loads.same_file(db.session(), asked.digest, asked.mission_id)
    return [load.id, i18n.day(load.created_at.date()), load.loaded_by] if load else None
