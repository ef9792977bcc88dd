"""Obligations: what was ordered or contracted, bound until it is paid or cancelled."""

from __future__ import annotations

from datetime import date
from typing import Any

import sqlalchemy as sa

from eom.core import audit
from eom.core.db import get_in
from eom.core.errors import Conflict, InvalidInput, Refused
from eom.core.i18n import lazy
from eom.core.money import convert, is_currency
from eom.extensions import db
from eom.finance.models.award import Award
from eom.finance.models.budget import OBJECTS
from eom.finance.models.commitment import Obligation, ObligationSettlement, SettlementKind
from eom.finance.queries import commitments
from eom.finance.queries.standing import hold
from eom.finance.services import booking, ledger
from eom.finance.services.acting import actor
from eom.finance.services.closing import refuse_closed


def oblige(
    mission: Any, *, award_id: int, object_number: int, reference: str, payee: str, obligated_on: date,
    amount_cents: int, currency: str = "USD", description: str | None = None, budget_code: str | None = None,
    reason: str | None = None, is_demonstration: bool = False,
) -> Obligation:  # fmt: skip
    """Bind a sum of an award for a payee: ``amount_cents`` of ``currency``, in US cents at the month's rate.

    ``reason`` lets it go above what the award or the budget line holds. Raises InvalidInput for an
    unknown object, currency, rate or line, Refused for a closed year, an award that does not serve the
    mission, or more than award or line hold; Conflict for a reference that the mission has already.
    """
    _check(object_number, amount_cents, currency)
    ledger.refuse_ahead(obligated_on, "obligated_on")
    refuse_closed(obligated_on, "obligated_on")
    _refuse_known(mission, reference)
    award = get_in(db.session(), Award, award_id)
    hold(db.session(), [award.id])
    line = booking.line_of(mission, budget_code, object_number, obligated_on)
    standing = ledger.standing_of(mission, award)
    rate = standing.rate(currency, obligated_on)
    usd_cents = convert(amount_cents, rate)
    if usd_cents == 0:
        raise InvalidInput(lazy("This is less than one US cent."), "amount_cents")
    ledger.refuse_beyond(standing, mission, award, usd_cents, reason, "amount_cents")
    booking.refuse_exceeded(line, usd_cents, 0, reason)
    audit.because(db.session(), reason)
    made = Obligation(
        mission_id=mission.id, award=award, object_number=object_number, budget_line=line, reference=reference,
        payee=payee, description=description, obligated_on=obligated_on, amount_cents=amount_cents, currency=currency,
        rate=rate, usd_cents=usd_cents, recorded_by=actor().name, is_demonstration=is_demonstration,
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    audit.because(db.session(), None)
    return made


def cancel(
    obligation: Obligation, *, on: date, reason: str, amount_cents: int | None = None
) -> ObligationSettlement:
    """Cancel what is open of an obligation, or ``amount_cents`` of it (in its currency), and say why.

    Raises Refused when nothing is open, InvalidInput for more than is open or a day before the obligation.
    """
    db.session.execute(sa.select(Obligation.id).where(Obligation.id == obligation.id).with_for_update())
    now = commitments.standing(db.session(), obligation)
    if now.open_amount_cents <= 0:
        raise Refused(lazy("Obligation %(reference)s has nothing open.", reference=obligation.reference))
    amount = now.open_amount_cents if amount_cents is None else amount_cents
    if not 0 < amount <= now.open_amount_cents:
        raise InvalidInput(lazy("At most what is open can be cancelled."), "amount_cents")
    ledger.refuse_ahead(on, "on")
    refuse_closed(on, "on")
    if on < obligation.obligated_on:
        raise InvalidInput(lazy("A cancellation cannot be dated before its obligation."), "on")
    is_all = amount == now.open_amount_cents
    usd_cents = now.open_cents if is_all else min(convert(amount, obligation.rate), now.open_cents)
    audit.because(db.session(), reason)
    made = ObligationSettlement(
        obligation_id=obligation.id, kind=SettlementKind.CANCELLATION, settled_on=on, amount_cents=amount,
        usd_cents=usd_cents, reason=reason, recorded_by=actor().name,
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    return made


def _check(object_number: int, amount_cents: int, currency: str) -> None:
    if object_number not in OBJECTS:
        raise InvalidInput(lazy("Choose an object of expenditure from 1 to 9."), "object_number")
    if amount_cents <= 0:
        raise InvalidInput(lazy("An amount above zero was expected."), "amount_cents")
    if not is_currency(currency):
        raise InvalidInput(lazy("“%(code)s” is no currency.", code=currency[:10]), "currency")


def _refuse_known(mission: Any, reference: str) -> None:
    known = sa.select(Obligation.id).where(
        Obligation.mission_id == mission.id, Obligation.reference == reference
    )
    if db.session.scalar(known) is not None:
        raise Conflict(
            lazy("The mission has an obligation “%(reference)s” already.", reference=reference), "reference"
        )
