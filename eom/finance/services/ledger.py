"""The ledger: expenditures are recorded and reversed, never changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from eom.core import audit, clock
from eom.core.errors import Conflict, InvalidInput, Refused
from eom.core.i18n import day, lazy, money
from eom.core.money import convert, is_currency, portion
from eom.extensions import db
from eom.finance.models.award import Award
from eom.finance.models.budget import OBJECTS
from eom.finance.models.ledger import Expenditure
from eom.finance.queries.standing import Standing, hold
from eom.finance.services import charges
from eom.finance.services.acting import actor
from eom.finance.services.closing import closed, refuse_closed


@dataclass(frozen=True)
class Price:
    """What an amount costs an award: US cents at the month's rate, and the ICR on them (US cents)."""

    rate: Decimal
    usd_cents: int
    icr_cents: int

    @property
    def cost_cents(self) -> int:
        """Both together."""
        return self.usd_cents + self.icr_cents


def price(standing: Standing, award: Award, incurred_on: date, amount_cents: int, currency: str) -> Price:
    """An amount (cents of ``currency``) in US dollars. Raises InvalidInput for a month without a rate."""
    rate = standing.rate(currency, incurred_on)
    usd_cents = convert(amount_cents, rate)
    return Price(rate, usd_cents, portion(usd_cents, award.icr_percent))


def record_expenditure(
    mission: Any, *, award: Award, source_reference: str | None = None, overdraft_reason: str | None = None,
    **line: Any,
) -> Expenditure:  # fmt: skip
    """Book an expenditure of a mission against an award; ``line`` is as ``checked`` takes it.

    ``overdraft_reason`` lets it go above what the award holds; the audit trail keeps it. Raises as
    ``checked`` does, and Conflict for a ``source_reference`` that was loaded already.
    """
    if source_reference:
        _refuse_known(source_reference)
    hold(db.session(), [award.id])
    row = checked(
        Standing(db.session()), mission, award=award, source_reference=source_reference,
        may_overdraw=bool(overdraft_reason), **line,
    )  # fmt: skip
    return book(row, overdraft_reason if row.is_overdrawn else None)


def checked(
    standing: Standing, mission: Any, *, award: Award, object_number: int, incurred_on: date, voucher: str,
    payee: str, amount_cents: int, currency: str = "USD", description: str | None = None,
    source_reference: str | None = None, may_overdraw: bool = False, is_demonstration: bool = False,
) -> Expenditure:  # fmt: skip
    """The line that every rule allows, counted in ``standing`` but not yet booked.

    ``amount_cents`` is in ``currency`` and above zero; US cents follow at the month's UN operational
    rate, ICR at the award's rate. Raises InvalidInput for an unknown object, currency or rate, Refused
    for a closed year, an award that does not serve the mission or does not hold the amount.
    """
    if amount_cents <= 0:
        raise InvalidInput(
            lazy("An amount above zero was expected; to take one back, reverse it."), "amount_cents"
        )
    cost = cost_of(standing, mission, award, object_number, incurred_on, amount_cents, currency)
    is_overdrawn = cost.cost_cents > standing.left(award, mission.id)
    if is_overdrawn and not may_overdraw:
        raise overdrawn(standing.left(award, mission.id), award, cost.cost_cents)
    standing.spend(award, mission.id, cost.cost_cents)
    return new_line(
        mission_id=mission.id, award=award, object_number=object_number, incurred_on=incurred_on,
        voucher=voucher, payee=payee, description=description, amount_cents=amount_cents, currency=currency,
        rate=cost.rate, usd_cents=cost.usd_cents, icr_cents=cost.icr_cents, source_reference=source_reference,
        is_overdrawn=is_overdrawn, is_demonstration=is_demonstration,
    )  # fmt: skip


def cost_of(
    standing: Standing, mission: Any, award: Award, object_number: int, incurred_on: date, amount_cents: int,
    currency: str,
) -> Price:  # fmt: skip
    """What a line costs when the rules on its object, currency, date and award allow it.

    ``amount_cents`` below zero is a credit. Raises as ``checked`` does; what the award holds is not asked.
    """
    _check(object_number, currency)
    check_day(standing, incurred_on)
    refuse_strange(standing, award, mission)
    return price(standing, award, incurred_on, amount_cents, currency)


def check_day(standing: Standing, incurred_on: date) -> None:
    """Raise InvalidInput for a day that lies ahead, Refused for one of a closed year."""
    refuse_ahead(incurred_on, "incurred_on")
    if (closed_on := standing.closed_on(incurred_on.year)) is not None:
        raise closed(incurred_on.year, closed_on, "incurred_on")


def reverse_expenditure(
    expenditure: Expenditure, *, on: date, reason: str, is_recharge: bool = False
) -> Expenditure:
    """Take a line back with another one, dated in an open year, at the first one's own rate.

    What it settled is open again: its part of an obligation, its advance; not so for a re-charge, whose
    new line settles it in its place.

    Raises Conflict when it was reversed already, Refused for a reversal or a closed year.
    """
    if expenditure.is_reversal:
        raise Refused(lazy("This line is a reversal itself; book the expenditure anew instead."))
    if (
        db.session.scalar(sa.select(Expenditure.id).where(Expenditure.reverses_id == expenditure.id))
        is not None
    ):
        raise Conflict(lazy("This expenditure has been reversed already."))
    refuse_ahead(on, "on")
    if on < expenditure.incurred_on:
        raise InvalidInput(lazy("A reversal cannot be dated before the expenditure itself."), "on")
    refuse_closed(on, "on")
    line = new_line(
        mission_id=expenditure.mission_id, award=expenditure.award, object_number=expenditure.object_number,
        incurred_on=on, voucher=expenditure.voucher, payee=expenditure.payee, description=reason,
        amount_cents=-expenditure.amount_cents, currency=expenditure.currency, rate=expenditure.rate,
        usd_cents=-expenditure.usd_cents, icr_cents=-expenditure.icr_cents, reverses_id=expenditure.id,
        is_demonstration=expenditure.is_demonstration,
    )  # fmt: skip
    book(line, reason)
    charges.mirror(expenditure, line, reason, keeps_what_it_settled=is_recharge)
    return line


def new_line(*, incurred_on: date, **values: Any) -> Expenditure:
    """A line of the ledger that is not booked yet, recorded by who acts."""
    by = actor().name
    return Expenditure(incurred_on=incurred_on, fiscal_year=incurred_on.year, recorded_by=by, **values)


def book(line: Expenditure, reason: str | None) -> Expenditure:
    """Book a line; the audit trail keeps the reason with this one alone."""
    audit.because(db.session(), reason)
    db.session.add(line)
    db.session.flush()
    audit.because(db.session(), None)
    return line


def _check(object_number: int, currency: str) -> None:
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


def refuse_ahead(when: date, field: str) -> None:
    """Raise InvalidInput, on ``field``, for a day that lies ahead."""
    if when > clock.today():
        raise InvalidInput(
            lazy("Money that was not spent yet cannot be booked: %(day)s lies ahead.", day=day(when)), field
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


def refuse_strange(standing: Standing, award: Award, mission: Any) -> None:
    """Raise Refused for an award that does not pay for the mission."""
    if not standing.serves(award, mission.id):
        raise Refused(
            lazy("Award %(reference)s does not pay for this mission.", reference=award.reference),
            "award",
            lazy("Allocate a part of it to the mission first, or choose another award."),
        )


def standing_of(mission: Any, award: Award, own_cents: int = 0) -> Standing:
    """How an award stands once what is bound of it is set aside, but for ``own_cents`` that are paid now.

    Raises Refused for one that does not pay for the mission. Whoever books against it holds it before.
    """
    standing = Standing(db.session())
    refuse_strange(standing, award, mission)
    standing.set_aside(award, mission.id, own_cents)
    return standing


def refuse_beyond(
    standing: Standing, mission: Any, award: Award, usd_cents: int, reason: str | None, field: str
) -> bool:
    """Whether a sum with its indirect costs goes above what an award holds (US cents).

    Raises Refused, on ``field``, when it does and no reason was given.
    """
    cost, left = usd_cents + portion(usd_cents, award.icr_percent), standing.left(award, mission.id)
    if cost <= left:
        return False
    if not reason:
        error = overdrawn(left, award, cost)
        raise Refused(error.message, field, error.next_step)
    return True


def overdrawn(left: int, award: Award, cost_cents: int) -> Refused:
    """The refusal of what an award does not hold (US cents), on the amount."""
    return Refused(
        lazy("Award %(reference)s has %(available)s left for this mission: %(wanted)s with indirect costs "
             "is more than that.", reference=award.reference, available=money(left), wanted=money(cost_cents)),
        "amount_cents",
        lazy("Record the receipt or the allocation first, or choose another award."),
    )  # fmt: skip
