"""The ledger: expenditures are recorded and reversed, never changed."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from eom.core import audit
from eom.core.errors import Conflict, InvalidInput, Refused
from eom.core.i18n import lazy, money
from eom.core.money import convert, is_currency, portion
from eom.extensions import db
from eom.finance.models.award import Award
from eom.finance.models.budget import OBJECTS
from eom.finance.models.ledger import Expenditure
from eom.finance.queries import balances
from eom.finance.queries.rates import rate_on
from eom.finance.services.closing import refuse_closed


def record_expenditure(
    mission: Any, *, award: Award, object_number: int, incurred_on: date, voucher: str, payee: str,
    amount_cents: int, currency: str = "USD", description: str | None = None,
    source_reference: str | None = None, allow_overdraft: bool = False, is_demonstration: bool = False,
) -> Expenditure:  # fmt: skip
    """Book an expenditure of a mission against an award.

    ``amount_cents`` is in ``currency`` and above zero; US cents follow at the month's UN operational
    rate, ICR at the award's rate. Raises InvalidInput for an unknown object, currency or rate, Refused
    for a closed year, an award that does not serve the mission or does not hold the amount.
    """
    _check(object_number, currency, amount_cents)
    refuse_closed(incurred_on)
    if not balances.serves(db.session(), award, mission.id):
        raise Refused(
            lazy(
                "Award %(reference)s does not pay for this mission.",
                reference=award.reference,
            ),
            "award",
            lazy("Allocate a part of it to the mission first, or choose another award."),
        )
    if source_reference:
        _refuse_known(source_reference)
    rate = rate_on(db.session(), currency, incurred_on)
    usd_cents = convert(amount_cents, rate)
    icr_cents = portion(usd_cents, award.icr_percent)
    is_overdrawn = _overdrawn(award, mission.id, usd_cents + icr_cents, allow_overdraft)
    return _book(
        mission_id=mission.id, award=award, object_number=object_number, incurred_on=incurred_on,
        voucher=voucher, payee=payee, description=description, amount_cents=amount_cents, currency=currency,
        rate=rate, usd_cents=usd_cents, icr_cents=icr_cents, source_reference=source_reference,
        is_overdrawn=is_overdrawn, is_demonstration=is_demonstration,
    )  # fmt: skip


def reverse_expenditure(expenditure: Expenditure, *, on: date, reason: str) -> Expenditure:
    """Take a line back with another one, dated in an open year, at the first one's own rate.

    Raises Conflict when it was reversed already, Refused for a reversal or a closed year.
    """
    if expenditure.is_reversal:
        raise Refused(lazy("This line is a reversal itself; book the expenditure anew instead."))
    if (
        db.session.scalar(sa.select(Expenditure.id).where(Expenditure.reverses_id == expenditure.id))
        is not None
    ):
        raise Conflict(lazy("This expenditure has been reversed already."))
    if on < expenditure.incurred_on:
        raise InvalidInput(lazy("A reversal cannot be dated before the expenditure itself."), "on")
    refuse_closed(on)
    audit.because(db.session(), reason)
    return _book(
        mission_id=expenditure.mission_id, award=expenditure.award, object_number=expenditure.object_number,
        incurred_on=on, voucher=expenditure.voucher, payee=expenditure.payee, description=reason,
        amount_cents=-expenditure.amount_cents, currency=expenditure.currency, rate=expenditure.rate,
        usd_cents=-expenditure.usd_cents, icr_cents=-expenditure.icr_cents, reverses_id=expenditure.id,
        is_demonstration=expenditure.is_demonstration,
    )  # fmt: skip


def _book(*, award: Award, incurred_on: date, rate: Decimal, **values: Any) -> Expenditure:
    row = Expenditure(
        award=award, incurred_on=incurred_on, fiscal_year=incurred_on.year, rate=rate,
        recorded_by=db.session().info.get("actor_name", "system"), **values,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    return row


def _check(object_number: int, currency: str, amount_cents: int) -> None:
    if object_number not in OBJECTS:
        raise InvalidInput(
            lazy(
                "“%(number)s” is no object of expenditure: 1 to 9 was expected.",
                number=object_number,
            ),
            "object_number",
        )
    if not is_currency(currency):
        raise InvalidInput(lazy("“%(code)s” is no currency.", code=currency[:10]), "currency")
    if amount_cents <= 0:
        raise InvalidInput(
            lazy("An amount above zero was expected; to take one back, reverse it."),
            "amount_cents",
        )


def _refuse_known(source_reference: str) -> None:
    known = sa.select(Expenditure.id).where(Expenditure.source_reference == source_reference)
    if db.session.scalar(known) is not None:
        raise Conflict(
            lazy(
                "The line “%(reference)s” was loaded already.",
                reference=source_reference,
            )
        )


def _overdrawn(award: Award, mission_id: int, wanted: int, allowed: bool) -> bool:
    available = balances.award_balance(db.session(), award).available_cents
    if award.is_general:
        given, spent = balances.allocated_and_spent(db.session(), award.id, mission_id)
        available = min(available, given - spent)
    if wanted <= available:
        return False
    if not allowed:
        raise Refused(
            lazy("Award %(reference)s has %(available)s left for this mission: %(wanted)s with indirect costs "
                 "is more than that.", reference=award.reference, available=money(available), wanted=money(wanted)),
            "amount_cents",
            lazy("Record the receipt or the allocation first, or choose another award."),
        )  # fmt: skip
    return True
