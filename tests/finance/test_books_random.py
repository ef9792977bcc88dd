"""Whatever is bound, paid, approved, advanced, re-charged and reversed: the sums agree to the cent."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from eom.core.errors import AppError
from eom.extensions import db
from eom.finance.models.award import Allocation, AwardMovement
from eom.finance.models.commitment import Advance, Obligation
from eom.finance.models.entry import EntryStatus, PendingEntry
from eom.finance.models.ledger import Expenditure
from eom.finance.queries import balances, budgets, commitments
from eom.finance.services import approvals, awards, ledger, obligations
from eom.finance.services.advances import Return
from eom.finance.services.recharges import Recharge
from tests.factories.commitments import (
    a_journey,
    a_per_diem,
    acting,
    an_entry,
    an_obligation,
    approved_budget,
    somebody,
)
from tests.factories.finance import a_rate, an_award
from tests.factories.missions import make_mission
from tests.factories.observers import make_appointment

LIMIT = 400_00
START = date(2019, 10, 1)
acts = st.lists(
    st.tuples(
        st.sampled_from(["bind", "pay", "spend", "cancel", "reverse", "recharge", "advance", "settle", "approve", "refuse"]),
        st.integers(0, 6), st.integers(1, 900_00), st.sampled_from(["USD", "BOB"]), st.booleans(),
    ),
    min_size=4, max_size=14,
)  # fmt: skip


class Story:
    """A mission with an earmarked award, a general one and a budget; what is tried in it, and what must hold."""

    def __init__(self, number: int) -> None:
        self.mission = make_mission(f"BOL-2019-{number}")
        general = an_award(received_cents=3000_00, icr_percent=Decimal("7.5"))
        awards.allocate(
            general, mission_id=self.mission.id, usd_cents=2000_00, allocated_on=START, decision="D"
        )
        self.awards = [an_award(self.mission, received_cents=2500_00, icr_percent=Decimal("11.35")), general]
        self.codes = [
            line.code
            for line in approved_budget(self.mission, (4, "Tickets", 900_00), (4, "Per diem", 1500_00)).lines
        ]
        self.appointment = make_appointment(self.mission)
        self.people = [somebody(), somebody()]
        self.day = START

    def of(self, model: Any) -> list[Any]:
        query = sa.select(model).where(model.mission_id == self.mission.id)
        return list(db.session.scalars(query.order_by(model.id)))

    def one_of(self, model: Any, which: int, *criteria: Callable[[Any], bool]) -> Any:
        found = [row for row in self.of(model) if all(is_one(row) for is_one in criteria)]
        return found[which % len(found)] if found else None

    def tries(self, what: str, which: int, cents: int, currency: str, flag: bool) -> None:
        """Do it as a person would; a refusal leaves everything as it was."""
        self.day = min(self.day + timedelta(days=which), date(2019, 10, 31))
        try:
            with db.session.begin_nested(), acting(self.people[flag]):
                getattr(self, what)(which, cents, currency, flag)
        except AppError:
            db.session.expire_all()

    def bind(self, which, cents, currency, flag):
        an_obligation(
            self.mission, self.awards[which % 2], amount_cents=cents, currency=currency, obligated_on=self.day,
            budget_code=self.codes[which % 2] if flag else None,
        )  # fmt: skip

    def pay(self, which, cents, currency, flag):
        bound = self.one_of(Obligation, which)
        if bound is not None:
            entry = an_entry(
                incurred_on=self.day,
                obligation_id=bound.id,
                amount_cents=cents,
                currency=bound.currency,
                is_final=flag,
            )
            approvals.enter_expenditure(self.mission, entry, limit_cents=LIMIT)

    def spend(self, which, cents, currency, flag):
        bank = int(Decimal(cents) / Decimal("6.86")) + which if currency == "BOB" and flag else None
        entry = an_entry(
            self.awards[which % 2], incurred_on=self.day, amount_cents=cents, currency=currency, bank_usd_cents=bank,
            budget_code=self.codes[which % 2], reason="Needed" if which == 6 else None,
        )  # fmt: skip
        approvals.enter_expenditure(self.mission, entry, limit_cents=LIMIT)

    def cancel(self, which, cents, currency, flag):
        bound = self.one_of(Obligation, which)
        if bound is not None:
            obligations.cancel(bound, on=self.day, reason="Less", amount_cents=cents if flag else None)

    def reverse(self, which, cents, currency, flag):
        line = self.one_of(Expenditure, which)
        if line is not None:
            ledger.reverse_expenditure(line, on=self.day, reason="Wrong")

    def recharge(self, which, cents, currency, flag):
        line = self.one_of(Expenditure, which)
        if line is not None:
            spent = self.spent()
            asked = Recharge(
                line.id, self.awards[flag].id, self.day, "Agreed", "Needed" if which == 6 else None
            )
            approvals.enter_recharge(self.mission, asked, limit_cents=LIMIT)
            assert self.spent() == spent

    def advance(self, which, cents, currency, flag):
        journey = a_journey(
            self.mission, self.awards[which % 2], appointment_id=self.appointment.id, paid_on=self.day,
            days=Decimal(which) / 2, other_cents=cents // 9, per_diem_rate_id=a_per_diem("La Paz", 130_55).id,
            budget_code=self.codes[1] if flag else None,
        )  # fmt: skip
        approvals.enter_advance(self.mission, journey, limit_cents=LIMIT)

    def settle(self, which, cents, currency, flag):
        advance = self.one_of(Advance, which)
        if advance is not None:
            asked = Return(advance.id, self.day, f"S-{cents}", Decimal(which) / 2, cents // 9 if flag else 0)
            approvals.enter_settlement(self.mission, asked, limit_cents=LIMIT)

    def approve(self, which, cents, currency, flag):
        waiting = self.one_of(PendingEntry, which, lambda row: row.is_waiting)
        if waiting is not None:
            spent = self.spent()
            approvals.approve(waiting, self.mission)
            if waiting.kind.value == "recharge":
                assert self.spent() == spent

    def refuse(self, which, cents, currency, flag):
        waiting = self.one_of(PendingEntry, which, lambda row: row.is_waiting)
        if waiting is not None:
            approvals.refuse(waiting, reason="No")

    def spent(self) -> int:
        total = sa.select(sa.func.coalesce(sa.func.sum(Expenditure.usd_cents), 0))
        return int(db.session.scalar(total.where(Expenditure.mission_id == self.mission.id)))

    def must_agree(self) -> None:
        self._awards()
        self._obligations()
        self._advances()
        self._lines()
        for waiting in self.of(PendingEntry):
            booked = waiting.expenditure_id or waiting.advance_id
            assert (waiting.status is EntryStatus.APPROVED) >= bool(booked)
            assert waiting.status is EntryStatus.WAITING or waiting.decided_by_id != waiting.entered_by_id

    def _awards(self) -> None:
        for award in self.awards:
            moved = sum(m.kind.sign * m.usd_cents for m in db.session.scalars(
                sa.select(AwardMovement).where(AwardMovement.award_id == award.id)))  # fmt: skip
            lines = [each for each in self.of(Expenditure) if each.award_id == award.id]
            spent = sum(each.usd_cents + each.icr_cents for each in lines)
            assert balances.award_balance(db.session(), award).available_cents == moved - spent
        given, used = balances.allocated_and_spent(db.session(), self.awards[1].id, self.mission.id)
        allocated = db.session.scalar(
            sa.select(sa.func.sum(Allocation.usd_cents)).where(Allocation.award_id == self.awards[1].id)
        )
        exchange = sum(m.kind.sign * m.usd_cents for m in self.of(AwardMovement))
        assert given == allocated + exchange
        assert used == sum(
            e.usd_cents + e.icr_cents for e in self.of(Expenditure) if e.award_id == self.awards[1].id
        )

    def _obligations(self) -> None:
        total = 0
        for bound in self.of(Obligation):
            now = commitments.standing(db.session(), bound)
            assert now.open_cents == bound.usd_cents - now.liquidated_cents - now.cancelled_cents
            assert 0 <= now.open_cents <= bound.usd_cents
            assert 0 <= now.open_amount_cents <= bound.amount_cents
            assert (now.open_cents == 0) or (now.open_amount_cents > 0)
            total += now.open_cents
        by_award = commitments.open_by_award(db.session(), self.mission)
        assert sum(cents for _award, _mission, cents in by_award) == total
        assert commitments.open_at(db.session(), date(2019, 12, 31)).get(self.mission.id, 0) == total

    def _advances(self) -> None:
        for advance in self.of(Advance):
            owed = commitments.owed(db.session(), advance)
            assert owed in (0, advance.usd_cents)
            rows = commitments.settlements_of(db.session(), advance)
            assert sum(row.spent_cents + row.balance_cents for row in rows) == advance.usd_cents - owed
            booked = sum(row.expenditure.usd_cents for row in rows if row.expenditure)
            assert booked == sum(row.spent_cents for row in rows)

    def _lines(self) -> None:
        version = budgets.approved(db.session(), self.mission.id)
        by_line = sum(each.spent_cents for each in budgets.standings(db.session(), version))
        without = sum(budgets.without_line(db.session(), self.mission.id).values())
        assert by_line + without == self.spent()
        by_object = balances.budget_against_spending(db.session(), self.mission.id)
        assert sum(each.spent_cents for each in by_object) == self.spent()


@pytest.mark.usefixtures("cast")
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(acts=acts)
def test_the_sums_agree_after_anything(app, acts):
    a_rate("BOB", date(2019, 10, 1), "6.86")
    Story.count = getattr(Story, "count", 0) + 1
    story = Story(Story.count)
    for act in acts:
        story.tries(*act)
    story.must_agree()
