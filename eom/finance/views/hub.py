"""The finance page: where the money stands, and what to do next."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Blueprint, render_template, url_for

from eom.core import clock
from eom.core.i18n import _, day, lazy, money, month_name, ngettext
from eom.extensions import db
from eom.finance.queries import attention
from eom.finance.queries.statements import Due
from eom.web.access import can, requires
from eom.web.navigation import Entry

bp = Blueprint("finance", __name__, url_prefix="/finance")

NAVIGATION = (Entry(lazy("Finance"), "finance.index", "finance.read", "cash-coin", order=40),)


@bp.get("")
@requires("finance.read")
def index() -> str:
    """This year's figures, the lists, and what waits."""
    today = clock.today()
    return render_template(
        "finance/hub/index.html",
        figures=attention.figures(db.session(), today.year),
        todo=_todo(attention.waiting(db.session(), today), today),
        today=today,
    )


def _todo(waiting: attention.Waiting, today: date) -> list[dict[str, Any]]:
    """What waits as a checklist shows it; lines lead to a form for those who may send it."""
    items = [
        _item(
            _(
                "Record the rate of %(currency)s for %(month)s",
                currency=code,
                month=month_name(clock.today()),
            ),
            "",
            url_for("rates.new", currency=code) if can("rate.edit") else url_for("rates.index"),
        )
        for code in waiting.missing_rates
    ]
    items += _waiting(waiting)
    reasons = (
        (waiting.overdrawn, _("Overdrawn: more was spent than came in.")),
        (waiting.ended, _("It has ended with money left: refund it, or extend the award.")),
        (waiting.unpaid, _("Agreed, and nothing was received yet.")),
    )
    for awards, note in reasons:
        items += [
            _item(_("Award %(reference)s", reference=award.reference), note,
                  url_for("awards.show", award_id=award.id))
            for award in awards
        ]  # fmt: skip
    items += [_statement(each, today) for each in waiting.statements]
    items += _expected(waiting)
    if (year := waiting.open_year) is not None:
        words = _("Close the fiscal year %(year)d", year=year)
        items.append(_item(words, _("It has ended and takes lines still."), url_for("years.show", year=year)))
    return items


def _statement(each: Due, today: date) -> dict[str, Any]:
    """The final statement of an award that its donor waits for."""
    words = _("Send the final statement of award %(reference)s", reference=each.award.reference)
    is_late = each.due_on < today
    note = _("It was due on %(day)s.", day=day(each.due_on))
    if not is_late:
        note = _("It is due on %(day)s.", day=day(each.due_on))
    item = _item(words, note, url_for("statements.show", award_id=each.award.id))
    return item | {"state": "overdue" if is_late else "due"}


def _waiting(waiting: attention.Waiting) -> list[dict[str, Any]]:
    """Entries and files that a second person decides on, and obligations that can be paid no more."""
    entered = [
        _item(
            _("Decide on voucher %(voucher)s of %(mission)s", voucher=entry.voucher, mission=mission.code),
            _("%(name)s entered %(amount)s.", name=entry.entered_by, amount=money(entry.usd_cents)),
            url_for("entries.show", mission=mission.code, pending_id=entry.id),
        )
        for entry, mission in waiting.entries
    ]
    lapsed = [
        _item(
            _(
                "Cancel obligation %(reference)s of %(mission)s",
                reference=each.reference,
                mission=mission.code,
            ),
            _("It could be paid until %(day)s.", day=day(each.lapses_on)),
            url_for("obligations.show", mission=mission.code, obligation_id=each.id),
        )
        for each, mission in waiting.lapsed
    ]
    files = [
        _item(
            _("Decide on file %(name)s", name=each.file_name),
            _("%(name)s sent %(amount)s.", name=each.entered_by, amount=money(each.usd_cents)),
            url_for("loads_waiting.show", waiting_id=each.id),
        )
        for each in waiting.files
    ]
    return [*entered, *files, *lapsed]


def _expected(waiting: attention.Waiting) -> list[dict[str, Any]]:
    """What donors owe, and what they are owed."""
    items = []
    if count := waiting.overdue_instalments:
        words = ngettext("%(num)d instalment is overdue", "%(num)d instalments are overdue", count)
        url = url_for("instalments.index", state="overdue")
        items.append(_item(words, _("Ask the donors, or record what came in."), url))
    return items + [
        _item(_("%(report)s of award %(reference)s", report=due.kind.label, reference=due.award.reference),
              _("It was due on %(day)s and has not been sent.", day=day(due.due_on)),
              url_for("awards.show", award_id=due.award_id, _anchor="reports"))
        for due in waiting.late_reports
    ]  # fmt: skip


def _item(label: str, note: str, url: str) -> dict[str, Any]:
    return {"label": label, "state": "todo", "note": note, "url": url}
