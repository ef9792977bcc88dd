"""What each control compares, and what it means when it differs, for someone who is no accountant."""

from __future__ import annotations

from typing import Any

from eom.core.i18n import _, lazy, money, ngettext, number
from eom.reporting.annual.controls import Control, ControlKey

_K = ControlKey
_MEANINGS: dict[ControlKey, Any] = {
    _K.MATRIX_MISSIONS: lazy(
        "What all sources paid on all missions must be what the missions cost. If it differs, a cost is missing "
        "from the matrix or stands in it twice."
    ),
    _K.MISSIONS_SOURCES: lazy(
        "What the missions cost must be what the sources paid. If it differs, a cost has no source or a source "
        "paid for something that is no mission's."
    ),
    _K.OBJECTS_LEDGER: lazy(
        "Spending added up by the nine objects must be the sum of all vouchers of the year. If it differs, a "
        "voucher is not in the table."
    ),
    _K.ICR_LEDGER: lazy(
        "Indirect cost recovery of the missions must be what the vouchers charged. If it differs, a charge is "
        "not in the table."
    ),
    _K.SPENT_LEDGER: lazy(
        "What the sources paid, indirect costs included, must be the sum of all vouchers of the year."
    ),
    _K.RECEIVED_LEDGER: lazy(
        "Money received by source must be the sum of the receipts dated in the year. If it differs, a receipt "
        "stands in another year than its day."
    ),
    _K.REFUNDS_LEDGER: lazy(
        "Money given back by source must be the sum of the refunds dated in the year. If it differs, a refund "
        "stands in another year than its day."
    ),
    _K.PAID_BY_KIND: lazy(
        "What the Regular Fund and the specific funds paid must together be what the missions cost."
    ),
    _K.SOURCES_CLOSING: lazy(
        "Opening balances, plus what came in, less what went out, must be what the awards hold on 31 December "
        "by the day of every line."
    ),
    _K.MISSIONS_CLOSING: lazy(
        "The missions' opening balances, plus what they were given, less what they spent, must be what they hold "
        "on 31 December by the day of every line."
    ),
    _K.SOURCES_FORWARD: lazy(
        "What the awards begin the year with must be what last year's report ended with. If it differs, lines of "
        "earlier years were added after that report."
    ),
    _K.MISSIONS_FORWARD: lazy(
        "What the missions begin the year with must be what last year's report ended with."
    ),
    _K.IN_KIND: lazy(
        "Help in kind by mission must be help in kind by donor. It is valued, and part of no balance."
    ),
    _K.WITHOUT_AWARD: lazy("Every expenditure must name the award that pays for it."),
    _K.WITHOUT_OBJECT: lazy("Every expenditure must have its object, 1 to 9."),
    _K.WITHOUT_VOUCHER: lazy("Every expenditure must name its voucher, so that it can be traced to paper."),
}


def meaning(control: Control) -> str:
    """What the control compares and why."""
    return str(_MEANINGS[control.key])


def verdict(control: Control) -> str:
    """What came out: both sides are the same, or by how much they differ."""
    if not control.agrees and control.key.is_count:
        return ngettext("There is %(num)d.", "There are %(num)d.", control.left)
    if not control.agrees:
        return str(_("The sides differ by %(amount)s.", amount=shown(control, control.left - control.right)))
    return str(_("There is none.") if control.key.is_count else _("Both sides are the same to the cent."))


def shown(control: Control, value: int) -> str:
    """A side as the reader writes it: an amount, or a number of lines."""
    return number(value) if control.key.is_count else money(value)
