"""Advances to members of a mission: per diem by place and days, owed back until the journey is settled."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

import sqlalchemy as sa

from eom.core import audit
from eom.core.db import get_in
from eom.core.errors import Conflict, InvalidInput, Refused
from eom.core.i18n import country_name, day, lazy
from eom.extensions import db
from eom.finance.models.award import Award
from eom.finance.models.budget import OBJECTS, BudgetLine
from eom.finance.models.commitment import Advance, AdvanceSettlement, PerDiemRate
from eom.finance.models.entry import Charge
from eom.finance.models.ledger import Expenditure
from eom.finance.queries import commitments, per_diem
from eom.finance.queries.standing import hold
from eom.finance.services import booking, ledger
from eom.finance.services.acting import actor
from eom.finance.services.closing import refuse_closed
from eom.observers.models import Appointment


@dataclass(frozen=True)
class Journey:
    """An advance that somebody asks for. ``other_cents`` is what is given beside the per diem (US cents)."""

    appointment_id: int
    award_id: int
    per_diem_rate_id: int
    days: Decimal
    paid_on: date
    voucher: str
    object_number: int = 4
    other_cents: int = 0
    budget_code: str | None = None
    purpose: str | None = None
    reason: str | None = None
    is_demonstration: bool = False

    def as_json(self) -> dict[str, Any]:
        """The advance as it is kept while it waits."""
        return asdict(self) | {"paid_on": self.paid_on.isoformat(), "days": str(self.days)}

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> Journey:
        """The advance that was kept."""
        return cls(**(kept | {"paid_on": date.fromisoformat(kept["paid_on"]), "days": Decimal(kept["days"])}))


@dataclass(frozen=True)
class Return:
    """How a journey went: the days it took, what else it cost (US cents), the voucher that proves it."""

    advance_id: int
    settled_on: date
    voucher: str
    days: Decimal
    other_cents: int = 0
    note: str | None = None
    reason: str | None = None

    def as_json(self) -> dict[str, Any]:
        """The settlement as it is kept while it waits."""
        return asdict(self) | {"settled_on": self.settled_on.isoformat(), "days": str(self.days)}

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> Return:
        """The settlement that was kept."""
        more = {"settled_on": date.fromisoformat(kept["settled_on"]), "days": Decimal(kept["days"])}
        return cls(**(kept | more))


def per_diem_of(days: Decimal, rate_cents: int) -> int:
    """What so many days are worth (US cents), half to even."""
    return int((days * rate_cents).quantize(Decimal(1), rounding=ROUND_HALF_EVEN))


def check_advance(mission: Any, asked: Journey) -> Advance:
    """The advance that every rule allows, not booked yet.

    Raises InvalidInput for days, sums, an object or a rate that cannot be, Conflict for a voucher that is
    there already, Refused for an award that does not serve the mission or holds less, a closed year, an
    exceeded budget line without a reason.
    """
    _check_counts(asked.days, asked.other_cents, "days")
    if asked.object_number not in OBJECTS:
        raise InvalidInput(lazy("Choose an object of expenditure from 1 to 9."), "object_number")
    ledger.refuse_ahead(asked.paid_on, "paid_on")
    refuse_closed(asked.paid_on, "paid_on")
    _refuse_known(mission, asked.voucher)
    appointment = get_in(db.session(), Appointment, asked.appointment_id, mission_id=mission.id)
    award = get_in(db.session(), Award, asked.award_id)
    rate = _rate_on(asked.per_diem_rate_id, asked.paid_on)
    hold(db.session(), [award.id])
    line = booking.line_of(mission, asked.budget_code, asked.object_number, asked.paid_on)
    given = per_diem_of(asked.days, rate.usd_cents)
    total = given + asked.other_cents
    if total <= 0:
        raise InvalidInput(lazy("An amount above zero was expected."), "days")
    ledger.refuse_beyond(ledger.standing_of(mission, award), mission, award, total, asked.reason, "days")
    booking.refuse_exceeded(line, total, 0, asked.reason)
    return Advance(
        mission_id=mission.id, award_id=award.id, appointment_id=appointment.id, object_number=asked.object_number,
        budget_line_id=line.id if line else None, per_diem_rate_id=rate.id, voucher=asked.voucher, purpose=asked.purpose,
        paid_on=asked.paid_on, days=asked.days, rate_cents=rate.usd_cents, per_diem_cents=given,
        other_cents=asked.other_cents, recorded_by=actor().name, is_demonstration=asked.is_demonstration,
    )  # fmt: skip


def give(mission: Any, asked: Journey, *, recorded_by: str | None = None) -> Advance:
    """Pay an advance out: it is owed, and no expenditure yet. Raises as ``check_advance`` does."""
    made = check_advance(mission, asked)
    made.recorded_by = recorded_by or made.recorded_by
    audit.because(db.session(), asked.reason)
    db.session.add(made)
    db.session.flush()
    audit.because(db.session(), None)
    return made


@dataclass(frozen=True)
class Settled:
    """What a settlement comes to: the line of the ledger, if anything was spent, and the balance (US cents).

    A balance above zero was returned, one below was paid out.
    """

    advance: Advance
    row: Expenditure | None
    line: BudgetLine | None
    per_diem_cents: int
    spent_cents: int
    balance_cents: int
    exceeds_line: bool


def check_settlement(mission: Any, asked: Return) -> Settled:
    """What settling an advance would do; writes nothing.

    Raises Refused when it is settled, and as ``ledger.checked`` does; InvalidInput for a day before it was paid.
    """
    advance = get_in(db.session(), Advance, asked.advance_id, mission_id=mission.id)
    db.session.execute(sa.select(Advance.id).where(Advance.id == advance.id).with_for_update())
    _check_counts(asked.days, asked.other_cents, "days")
    owed = commitments.owed(db.session(), advance)
    if owed == 0:
        raise Refused(lazy("Advance %(voucher)s is settled.", voucher=advance.voucher))
    ledger.refuse_ahead(asked.settled_on, "settled_on")
    refuse_closed(asked.settled_on, "settled_on")
    if asked.settled_on < advance.paid_on:
        raise InvalidInput(lazy("A settlement cannot be dated before its advance."), "settled_on")
    earned = per_diem_of(asked.days, advance.rate_cents)
    spent = earned + asked.other_cents
    code = advance.budget_line.code if advance.budget_line else None
    line = booking.line_of(mission, code, advance.object_number, asked.settled_on)
    row = _row(mission, advance, asked, spent, owed) if spent else None
    exceeds = booking.refuse_exceeded(line, spent, owed, asked.reason) if spent else False
    return Settled(advance, row, line, earned, spent, owed - spent, exceeds)


def settle(mission: Any, asked: Return, *, recorded_by: str | None = None) -> AdvanceSettlement:
    """Settle an advance: what was spent becomes an expenditure, the rest is returned or paid out.

    Raises as ``check_settlement`` does.
    """
    found = check_settlement(mission, asked)
    who = recorded_by or actor().name
    if found.row is not None:
        found.row.recorded_by = who
        ledger.book(found.row, asked.reason if found.row.is_overdrawn or found.exceeds_line else None)
        db.session.add(
            Charge(
                expenditure_id=found.row.id, budget_line_id=found.line.id if found.line else None,
                advance_id=found.advance.id, exceeds_line=found.exceeds_line,
            )
        )  # fmt: skip
    made = AdvanceSettlement(
        advance_id=found.advance.id, settled_on=asked.settled_on, voucher=asked.voucher, days=asked.days,
        rate_cents=found.advance.rate_cents, per_diem_cents=found.per_diem_cents, other_cents=asked.other_cents,
        balance_cents=found.balance_cents, expenditure_id=found.row.id if found.row else None, note=asked.note,
        recorded_by=who,
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    return made


def name_of(advance: Advance) -> str:
    """Who got it, as the ledger names the payee: by number, so that nobody's name stays in what is final."""
    return str(advance.appointment.person)[:200]


def payee_of(appointment_id: int) -> str:
    """Who is appointed, as the ledger names a payee: by number."""
    return str(db.session.get_one(Appointment, appointment_id).person)[:200]


def _row(mission: Any, advance: Advance, asked: Return, spent: int, owed: int) -> Expenditure:
    hold(db.session(), [advance.award_id])
    standing = ledger.standing_of(mission, advance.award, owed)
    return ledger.checked(
        standing, mission, award=advance.award, object_number=advance.object_number, incurred_on=asked.settled_on,
        voucher=asked.voucher, payee=name_of(advance), amount_cents=spent, currency="USD",
        description=advance.purpose or asked.note, may_overdraw=bool(asked.reason),
        is_demonstration=advance.is_demonstration,
    )  # fmt: skip


def _rate_on(rate_id: int, on: date) -> PerDiemRate:
    """The rate of the place on a day. Raises InvalidInput naming the place and the day when there is none."""
    named = get_in(db.session(), PerDiemRate, rate_id)
    found = per_diem.rate_on(db.session(), named.country, named.place, on)
    if found is None:
        raise InvalidInput(
            lazy("There is no per diem rate of %(place)s, %(country)s for %(day)s.", place=named.place,
                 country=country_name(named.country), day=day(on)),
            "per_diem_rate_id",
            lazy("Record it first, under Finance, Per diem rates."),
        )  # fmt: skip
    return found


def _check_counts(days: Decimal, other_cents: int, field: str) -> None:
    if not 0 <= days <= 400 or days * 2 != int(days * 2):
        raise InvalidInput(lazy("Days up to 400 were expected, whole or half ones."), field)
    if other_cents < 0:
        raise InvalidInput(lazy("An amount not below zero was expected."), "other_cents")


def _refuse_known(mission: Any, voucher: str) -> None:
    known = sa.select(Advance.id).where(Advance.mission_id == mission.id, Advance.voucher == voucher)
    if db.session.scalar(known) is not None:
        raise Conflict(
            lazy("The mission has an advance with voucher “%(voucher)s” already.", voucher=voucher), "voucher"
        )
