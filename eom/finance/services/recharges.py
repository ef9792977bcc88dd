"""A re-charge: an expenditure of one award becomes one of another, in one step, and both lines stay."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from eom.core.db import get_in
from eom.core.errors import Conflict, Refused
from eom.core.i18n import lazy
from eom.core.money import portion
from eom.extensions import db
from eom.finance.models.award import Award, AwardMovement
from eom.finance.models.entry import Charge
from eom.finance.models.ledger import Expenditure
from eom.finance.queries.standing import hold
from eom.finance.services import booking, ledger
from eom.finance.services.charges import exchange_reference
from eom.finance.services.closing import refuse_closed


@dataclass(frozen=True)
class Recharge:
    """What somebody asks for: the line, the award that is to pay it, the day and why."""

    expenditure_id: int
    award_id: int
    on: date
    reason: str
    overdraft_reason: str | None = None

    def as_json(self) -> dict[str, Any]:
        """The re-charge as it is kept while it waits."""
        return vars(self) | {"on": self.on.isoformat()}

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> Recharge:
        """The re-charge that was kept."""
        return cls(**(kept | {"on": date.fromisoformat(kept["on"])}))


def check(mission: Any, asked: Recharge) -> tuple[Expenditure, Award, int, bool]:
    """The line, the award, the ICR that it charges (US cents), and whether it is overdrawn; writes nothing.

    Raises Refused for a reversal, the same award, an award that does not serve the mission or does not
    hold the sum, a closed year; Conflict when the line was reversed already.
    """
    line = get_in(db.session(), Expenditure, asked.expenditure_id, mission_id=mission.id)
    award = get_in(db.session(), Award, asked.award_id)
    if line.is_reversal:
        raise Refused(lazy("This line is a reversal itself; book the expenditure anew instead."))
    if db.session.scalar(sa.select(Expenditure.id).where(Expenditure.reverses_id == line.id)) is not None:
        raise Conflict(lazy("This expenditure has been reversed already."))
    if award.id == line.award_id:
        raise Refused(lazy("The expenditure is charged to this award already."), "award_id")
    ledger.refuse_ahead(asked.on, "on")
    refuse_closed(asked.on, "on")
    hold(db.session(), [award.id, line.award_id])
    standing = ledger.standing_of(mission, award)
    is_overdrawn = ledger.refuse_beyond(
        standing, mission, award, line.usd_cents, asked.overdraft_reason, "award_id"
    )
    return line, award, portion(line.usd_cents, award.icr_percent), is_overdrawn


def recharge(mission: Any, asked: Recharge, *, recorded_by: str | None = None) -> Expenditure:
    """Take the line back and book it under the other award: same day for both, same amounts, same rate.

    What the mission spent stays as it was; the ICR is that of the other award. Raises as ``check`` does,
    and InvalidInput for a day before the line's.
    """
    line, award, icr_cents, is_overdrawn = check(mission, asked)
    bank = _exchange_of(line)
    ledger.reverse_expenditure(line, on=asked.on, reason=asked.reason, is_recharge=True)
    made = ledger.new_line(
        mission_id=line.mission_id, award=award, object_number=line.object_number, incurred_on=asked.on,
        voucher=line.voucher, payee=line.payee, description=line.description, amount_cents=line.amount_cents,
        currency=line.currency, rate=line.rate, usd_cents=line.usd_cents, icr_cents=icr_cents,
        is_overdrawn=is_overdrawn, is_demonstration=line.is_demonstration,
    )  # fmt: skip
    made.recorded_by = recorded_by or made.recorded_by
    ledger.book(made, asked.overdraft_reason if is_overdrawn else asked.reason)
    before = db.session.get(Charge, line.id)
    kept = (
        {name: getattr(before, name) for name in ("budget_line_id", "obligation_id", "advance_id")}
        if before
        else {}
    )
    db.session.add(Charge(expenditure_id=made.id, recharges_id=line.id, **kept))
    db.session.flush()
    booking.book_exchange(made, bank)
    return made


def _exchange_of(line: Expenditure) -> int:
    """What the bank took beyond the month's rate for a line (US cents); below zero when it took less."""
    booked = db.session.scalar(
        sa.select(AwardMovement).where(
            AwardMovement.award_id == line.award_id, AwardMovement.reference == exchange_reference(line)
        )
    )
    return -booked.kind.sign * booked.usd_cents if booked else 0
