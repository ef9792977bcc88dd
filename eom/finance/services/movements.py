"""Money in and out of awards: recorded, never changed, taken back by a line of its own."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import sqlalchemy as sa

from eom.core import audit, clock
from eom.core.errors import Conflict, InvalidInput, Refused
from eom.core.i18n import day, lazy, money
from eom.core.money import convert
from eom.extensions import db
from eom.finance.models.agreement import AwardInstalment
from eom.finance.models.award import Award, AwardMovement, MovementKind
from eom.finance.queries import balances
from eom.finance.queries.rates import rate_on
from eom.finance.services import instalments
from eom.finance.services.closing import refuse_closed
from eom.finance.services.rates import check_rate


def record_movement(
    award: Award, *, kind: MovementKind, moved_on: date, reference: str, amount_cents: int,
    currency: str | None = None, rate: Decimal | None = None, note: str | None = None,
    mission_id: int | None = None, instalment: AwardInstalment | None = None, is_demonstration: bool = False,
) -> AwardMovement:  # fmt: skip
    """Record money in or out of an award, above zero; the kind has the sign.

    ``amount_cents`` is in the award's currency, or in US dollars when ``currency`` says so (an exchange
    difference is a sum of dollars). Without ``rate`` the month's is taken. ``mission_id`` says whose part
    of a general award it is; a receipt is set against its ``instalment``. Raises InvalidInput for an
    amount, date, rate, currency or mission that cannot be, Refused for a closed year or for more going out
    than the award, or the mission's part of it, holds, Conflict when the reference was recorded already.
    """
    currency = currency or award.currency
    _check(award, currency, amount_cents, rate, moved_on)
    _check_mission(award, kind, mission_id)
    _refuse_known(award, kind, reference)
    rate = rate or rate_on(db.session(), currency, moved_on)
    usd_cents = convert(amount_cents, rate)
    if usd_cents == 0:
        raise InvalidInput(lazy("This is less than one US cent."), "amount_cents")
    if kind.sign < 0:
        refuse_more_than(_available(award, mission_id), usd_cents, award, "amount_cents")
        if mission_id is None:
            moved = balances.award_balance(db.session(), award).moved_cents - usd_cents
            refuse_less_than_allocated(award, moved, "amount_cents")
    made = _book(
        award=award, kind=kind, moved_on=moved_on, reference=reference, amount_cents=amount_cents,
        currency=currency, rate=rate, usd_cents=usd_cents, note=note, mission_id=mission_id, is_demonstration=is_demonstration,
    )  # fmt: skip
    if instalment is not None:
        instalments.match(instalment, made)
    return made


def reverse_movement(movement: AwardMovement, *, on: date, reason: str) -> AwardMovement:
    """Take a movement back with another one, dated in an open year, at the first one's own rate.

    Raises InvalidInput for a date before the movement, Refused for a reversal, a closed year or money
    that was spent meanwhile, Conflict when it was reversed already.
    """
    if movement.is_reversal:
        raise Refused(lazy("This line is a reversal itself; record the movement anew instead."))
    if on < movement.moved_on:
        raise InvalidInput(lazy("A reversal cannot be dated before the movement itself."), "on")
    if on > clock.today():
        raise InvalidInput(lazy("Money that has not moved yet cannot be recorded."), "on")
    refuse_closed(on, "on")
    if _is_known(movement.award, movement.kind, movement.reversal_reference):
        raise Conflict(lazy("This movement has been reversed already."))
    if movement.kind.sign > 0:
        available = _available(movement.award, movement.mission_id)
        refuse_more_than(available, movement.usd_cents, movement.award, "on")
        moved = balances.award_balance(db.session(), movement.award).moved_cents - movement.usd_cents
        refuse_less_than_allocated(movement.award, moved, "on")
    audit.because(db.session(), reason)
    made = _book(
        award=movement.award, kind=movement.kind, moved_on=on, reference=movement.reversal_reference,
        note=reason, amount_cents=-movement.amount_cents, currency=movement.currency, rate=movement.rate,
        usd_cents=-movement.usd_cents, mission_id=movement.mission_id, is_demonstration=movement.is_demonstration,
    )  # fmt: skip
    instalments.release(movement, made)
    return made


def refuse_less_than_allocated(
    award: Award, moved_cents: int, field: str, *, agreed_usd_cents: int | None = None
) -> None:
    """Raise Refused when missions were given more than is agreed and more than would then be there (US cents)."""
    given = balances.allocated_of(db.session(), award.id) if award.is_general else 0
    agreed = award.agreed_usd_cents or 0 if agreed_usd_cents is None else agreed_usd_cents
    if given > max(agreed, moved_cents):
        raise Refused(
            lazy("%(given)s of it is allocated to missions: it cannot be less.", given=money(given)),
            field,
            lazy("Take allocations back first."),
        )


def refuse_more_than(available: int, wanted: int, award: Award, field: str) -> None:
    """Raise Refused, on ``field``, when more is wanted than there is (US cents)."""
    if wanted > available:
        raise Refused(
            lazy("Award %(reference)s holds %(available)s: %(wanted)s cannot go out of it.",
                 reference=award.reference, available=money(available), wanted=money(wanted)),
            field,
        )  # fmt: skip


def _check(award: Award, currency: str, amount_cents: int, rate: Decimal | None, moved_on: date) -> None:
    if amount_cents <= 0:
        raise InvalidInput(lazy("An amount above zero was expected."), "amount_cents")
    if currency not in (award.currency, "USD"):
        raise InvalidInput(
            lazy("Award %(reference)s is kept in %(currency)s.", reference=award.reference,
                 currency=award.currency), "currency",
        )  # fmt: skip
    if rate is not None:
        check_rate(rate, "rate")
        if currency == "USD" and rate != 1:
            raise InvalidInput(lazy("An amount in US dollars has no rate."), "rate")
    if moved_on > clock.today():
        raise InvalidInput(
            lazy("Money that has not moved yet cannot be recorded: %(day)s lies ahead.", day=day(moved_on)),
            "moved_on",
        )
    refuse_closed(moved_on, "moved_on")


def _check_mission(award: Award, kind: MovementKind, mission_id: int | None) -> None:
    if mission_id is None:
        return
    if not kind.may_name_a_mission:
        raise InvalidInput(lazy("What comes in becomes a mission's by allocation."), "mission_id")
    if not balances.serves(db.session(), award, mission_id):
        raise Refused(
            lazy("Award %(reference)s does not pay for this mission.", reference=award.reference),
            "mission_id",
        )


def _available(award: Award, mission_id: int | None) -> int:
    available = balances.award_balance(db.session(), award).available_cents
    if mission_id is None or not award.is_general:
        return available
    given, spent = balances.allocated_and_spent(db.session(), award.id, mission_id)
    return min(available, given - spent)


def _refuse_known(award: Award, kind: MovementKind, reference: str) -> None:
    if _is_known(award, kind, reference):
        raise Conflict(
            lazy("“%(reference)s” is recorded for this award already.", reference=reference), "reference"
        )


def _is_known(award: Award, kind: MovementKind, reference: str) -> bool:
    known = sa.select(AwardMovement.id).where(
        AwardMovement.award_id == award.id, AwardMovement.kind == kind, AwardMovement.reference == reference
    )
    return db.session.scalar(known) is not None


def _book(*, moved_on: date, **values: object) -> AwardMovement:
    row = AwardMovement(moved_on=moved_on, fiscal_year=moved_on.year, **values)
    db.session.add(row)
    db.session.flush()
    return row
