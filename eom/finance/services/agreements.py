"""Amendments: an agreement is changed by what both sides signed, and every change stays on record."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from eom.core import audit, clock
from eom.core.errors import Conflict, InvalidInput, Refused
from eom.core.i18n import day, lazy, money
from eom.extensions import db
from eom.finance.models.agreement import AwardAmendment
from eom.finance.models.award import Award
from eom.finance.queries import agreements as queries
from eom.finance.queries import balances
from eom.finance.queries.standing import hold
from eom.finance.services import movements, pledges


def amend(
    award: Award, *, reference: str, signed_on: date, summary: str, agreed_cents: int | None,
    ends_on: date | None, icr_percent: Decimal, is_demonstration: bool = False,
) -> AwardAmendment:  # fmt: skip
    """Change an agreement by an amendment: its new amount (in its currency), end and ICR percentage.

    What is added (or taken off) is converted at the rate of the month of the amendment. Raises
    InvalidInput for a day, amount or percentage that cannot be, Conflict for a reference in use, Refused
    without an agreed amount to amend, or below what came in, was allocated or is to be paid in instalments.
    """
    hold(db.session(), [award.id])
    _check(award, reference, signed_on, agreed_cents, ends_on, icr_percent)
    change = (agreed_cents or 0) - (award.agreed_cents or 0)
    dollars = _change_in_dollars(award, change, signed_on)
    _refuse_less_than_it_holds(award, change, dollars)
    row = AwardAmendment(
        award=award, reference=reference, signed_on=signed_on, summary=summary, change_cents=change,
        change_usd_cents=dollars, ended_before_on=award.ends_on, ends_on=ends_on, icr_before_percent=award.icr_percent,
        icr_percent=icr_percent, is_demonstration=is_demonstration,
    )  # fmt: skip
    audit.because(db.session(), summary)
    award.agreed_cents, award.agreed_usd_cents = agreed_cents, (award.agreed_usd_cents or 0) + dollars
    award.ends_on, award.icr_percent = ends_on, icr_percent
    db.session.add(row)
    db.session.flush()
    return row


def is_amended(award: Award) -> bool:
    """Whether it was changed by an amendment already."""
    return bool(db.session.scalar(sa.select(sa.exists().where(AwardAmendment.award_id == award.id))))


def refuse_past_amendments(award: Award, values: dict[str, Any]) -> None:
    """Raise Refused when a form would change what amendments have changed."""
    if not is_amended(award):
        return
    for name in ("currency", "agreed_cents", "agreed_on", "ends_on", "icr_percent"):
        if values[name] != getattr(award, name):
            raise Refused(
                lazy("This agreement was amended: record another amendment instead."),
                name,
                lazy("Open the award and choose “Amend”."),
            )


def refuse_less_than_instalments(award: Award, agreed_cents: int | None, currency: str) -> None:
    """Raise Refused when an agreement would amount to less than its instalments."""
    foreseen = queries.foreseen_cents(db.session(), award.id)
    if not foreseen:
        return
    if currency != award.currency:
        raise Refused(lazy("It has instalments, so its currency stays."), "currency")
    if (agreed_cents or 0) < foreseen:
        raise Refused(
            lazy("Its instalments add up to %(foreseen)s: it cannot be less.",
                 foreseen=money(foreseen, award.currency)),
            "agreed_cents",
            lazy("Lower the instalments first."),
        )  # fmt: skip


def _check(
    award: Award, reference: str, signed_on: date, agreed_cents: int | None, ends_on: date | None,
    icr_percent: Decimal,
) -> None:  # fmt: skip
    if agreed_cents is not None and agreed_cents <= 0:
        raise InvalidInput(lazy("An amount above zero was expected."), "agreed_cents")
    if award.agreed_cents is None or award.agreed_on is None or agreed_cents is None:
        raise Refused(
            lazy("There is no agreement to amend: say first what was agreed, and when."),
            "agreed_cents",
            lazy("Open the award and choose “Change”."),
        )
    last = queries.last_signed_on(db.session(), award.id) or award.agreed_on
    if signed_on < last:
        raise InvalidInput(lazy("It cannot be signed before %(day)s.", day=day(last)), "signed_on")
    if signed_on > clock.today():
        raise InvalidInput(lazy("This day lies ahead."), "signed_on")
    if ends_on and award.starts_on and ends_on < award.starts_on:
        raise InvalidInput(lazy("It cannot end before it starts."), "ends_on")
    if not 0 <= icr_percent <= 100:
        raise InvalidInput(lazy("A percentage from 0 to 100 was expected."), "icr_percent")
    if (agreed_cents, ends_on, icr_percent) == (award.agreed_cents, award.ends_on, award.icr_percent):
        raise InvalidInput(
            lazy("Change the amount, the end or the ICR: nothing is changed yet."), "agreed_cents"
        )
    known = sa.select(AwardAmendment.id).where(
        AwardAmendment.award_id == award.id, sa.func.lower(AwardAmendment.reference) == reference.lower()
    )
    if db.session.scalar(known) is not None:
        raise Conflict(lazy("Amendment %(reference)s is recorded already.", reference=reference), "reference")


def _change_in_dollars(award: Award, change: int, signed_on: date) -> int:
    """What is added at the rate of the amendment's month; what is taken off at that of the agreement."""
    if change >= 0:
        return pledges.in_dollars(change, award.currency, signed_on, "signed_on") or 0
    agreed, dollars = award.agreed_cents or 0, award.agreed_usd_cents or 0
    return -(dollars - dollars * (agreed + change) // agreed)


def _refuse_less_than_it_holds(award: Award, change: int, dollars: int) -> None:
    if change >= 0:
        return
    came = balances.award_balance(db.session(), award).moved_cents
    after = (award.agreed_usd_cents or 0) + dollars
    movements.refuse_less_than_allocated(award, came, "agreed_cents", agreed_usd_cents=after)
    refuse_less_than_instalments(award, (award.agreed_cents or 0) + change, award.currency)
