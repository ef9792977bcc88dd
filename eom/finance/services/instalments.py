"""Instalments: what an agreement says is to be paid, when and on what condition, and what came in of it."""

from __future__ import annotations

from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal

import sqlalchemy as sa

from eom.core.errors import InvalidInput, Refused
from eom.core.i18n import lazy, money
from eom.extensions import db
from eom.finance.models.agreement import AwardInstalment, InstalmentReceipt
from eom.finance.models.award import Award, AwardMovement, MovementKind
from eom.finance.queries import agreements as queries
from eom.finance.queries.rates import rate_on
from eom.finance.queries.standing import hold


def foresee(
    award: Award,
    *,
    due_on: date,
    amount_cents: int,
    condition: str | None = None,
    is_demonstration: bool = False,
) -> AwardInstalment:
    """Record an instalment, in the award's currency.

    Raises InvalidInput for an amount or a day that cannot be, Refused when the instalments would add up to
    more than was agreed.
    """
    hold(db.session(), [award.id])
    _check(award, due_on, amount_cents, others=queries.foreseen_cents(db.session(), award.id))
    row = AwardInstalment(
        award=award,
        due_on=due_on,
        amount_cents=amount_cents,
        condition=condition,
        is_demonstration=is_demonstration,
    )
    db.session.add(row)
    db.session.flush()
    return row


def edit_instalment(
    row: AwardInstalment, *, due_on: date, amount_cents: int, condition: str | None
) -> AwardInstalment:
    """Change an instalment. Raises as ``foresee`` does, and Refused below what receipts paid of it."""
    hold(db.session(), [row.award_id])
    others = queries.foreseen_cents(db.session(), row.award_id) - row.amount_cents
    _check(row.award, due_on, amount_cents, others=others)
    paid = queries.paid_cents(db.session(), row)
    if amount_cents < paid:
        raise Refused(
            lazy("%(paid)s of it came in: it cannot be less.", paid=money(paid, row.award.currency)),
            "amount_cents",
        )
    row.due_on, row.amount_cents, row.condition = due_on, amount_cents, condition
    db.session.flush()
    return row


def remove_instalment(row: AwardInstalment) -> None:
    """Take an instalment away that was recorded by mistake. Raises Refused once receipts were set against it."""
    matched = sa.select(sa.exists().where(InstalmentReceipt.instalment_id == row.id))
    if db.session.scalar(matched):
        raise Refused(lazy("Receipts were set against this instalment: change its amount instead."))
    db.session.delete(row)
    db.session.flush()


def match(
    row: AwardInstalment, movement: AwardMovement, amount_cents: int | None = None
) -> InstalmentReceipt:
    """Set a receipt against an instalment: ``amount_cents`` in the award's currency, or all that fits.

    A receipt in US dollars counts in the award's currency at its month's rate. Raises Refused for what is
    no receipt of this award or was reversed, or for more than is left of the receipt or the instalment.
    """
    award = row.award
    hold(db.session(), [award.id])
    if movement.award_id != award.id or movement.kind is not MovementKind.RECEIPT or movement.is_reversal:
        raise Refused(lazy("Only a receipt of this award pays its instalments."), "movement_id")
    if queries.is_reversed(db.session(), movement):
        raise Refused(lazy("This receipt was reversed."), "movement_id")
    due = row.amount_cents - queries.paid_cents(db.session(), row)
    free = worth(movement, award) - queries.matched_cents(db.session(), movement)
    amount = min(due, free) if amount_cents is None else amount_cents
    if due <= 0:
        raise Refused(lazy("All of this instalment came in already."), "instalment_id")
    if free <= 0:
        raise Refused(lazy("All of this receipt is set against instalments already."), "movement_id")
    _check_match(amount, due, free, award.currency)
    return _add(row, movement, amount)


def release(movement: AwardMovement, reversal: AwardMovement) -> None:
    """Take back what a receipt paid of instalments, by lines of its reversal."""
    for each in queries.matches(db.session(), movement):
        db.session.add(
            InstalmentReceipt(
                instalment_id=each.instalment_id, movement_id=reversal.id, amount_cents=-each.amount_cents
            )
        )
    db.session.flush()


def worth(movement: AwardMovement, award: Award) -> int:
    """A movement in cents of the award's currency."""
    if movement.currency == award.currency:
        return movement.amount_cents
    rate = rate_on(db.session(), award.currency, movement.moved_on)
    return int((movement.usd_cents * rate).quantize(Decimal(1), rounding=ROUND_HALF_EVEN))


def _add(row: AwardInstalment, movement: AwardMovement, amount: int) -> InstalmentReceipt:
    known = sa.select(InstalmentReceipt).where(
        InstalmentReceipt.instalment_id == row.id, InstalmentReceipt.movement_id == movement.id
    )
    found = db.session.scalar(known)
    if found is None:
        found = InstalmentReceipt(instalment=row, movement=movement, amount_cents=amount)
        db.session.add(found)
    else:
        found.amount_cents += amount
    db.session.flush()
    return found


def _check_match(amount: int, due: int, free: int, currency: str) -> None:
    if amount <= 0:
        raise InvalidInput(lazy("An amount above zero was expected."), "amount_cents")
    if amount > due:
        raise Refused(
            lazy("%(due)s of the instalment is still to come in.", due=money(due, currency)), "amount_cents"
        )
    if amount > free:
        raise Refused(
            lazy("%(free)s of the receipt is not set against an instalment.", free=money(free, currency)),
            "amount_cents",
        )


def _check(award: Award, due_on: date, amount_cents: int, *, others: int) -> None:
    if amount_cents <= 0:
        raise InvalidInput(lazy("An amount above zero was expected."), "amount_cents")
    if award.agreed_cents is None:
        raise Refused(
            lazy("Say first what was agreed: instalments are parts of it."),
            "amount_cents",
            lazy("Open the award and choose “Change”."),
        )
    if award.agreed_on and due_on < award.agreed_on:
        raise InvalidInput(lazy("It cannot be due before the agreement."), "due_on")
    if others + amount_cents > award.agreed_cents:
        raise Refused(
            lazy("%(agreed)s was agreed, and %(others)s of it stands in other instalments.",
                 agreed=money(award.agreed_cents, award.currency), others=money(others, award.currency)),
            "amount_cents",
        )  # fmt: skip
