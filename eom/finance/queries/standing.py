"""What the rules of the ledger ask of the books, read once however many lines are checked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eom.finance.models.award import Award
from eom.finance.models.period import FiscalYear
from eom.finance.queries import balances, commitments
from eom.finance.queries.rates import rate_on


class Standing:
    """The books as they stand, and as the lines that were checked since would leave them (US cents)."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self._closed: dict[int, date | None] = {}
        self._rates: dict[tuple[str, int, int], Decimal] = {}
        self._serves: dict[tuple[int, int], bool] = {}
        self._left: dict[int, int] = {}
        self._parts: dict[tuple[int, int], int] = {}
        self._spent: dict[tuple[int, int], int] = defaultdict(int)
        # General awards whose parts were all read ahead: a mission without one is not served.
        self._ahead: set[int] = set()

    def read_ahead(self, awards: Sequence[Award]) -> None:
        """Read what will be asked of some awards in a few aggregates, for a load of many lines."""
        ids = [award.id for award in awards]
        found = balances.award_balances(self.session, ids)
        self._left |= {award_id: balance.available_cents for award_id, balance in found.items()}
        given, spent = balances.parts_of_awards(self.session, ids)
        self._spent = defaultdict(int, spent)
        for award in awards:
            if award.is_general:
                self._ahead.add(award.id)
        for pair, (allocated, moved) in given.items():
            if pair[0] in self._ahead:
                self._serves[pair] = allocated > 0
                self._parts[pair] = allocated + moved - spent.get(pair, 0)

    def spent(self, award: Award, mission_id: int) -> int:
        """What the mission spent of an award that was read ahead, lines that were counted since included."""
        return self._spent[award.id, mission_id]

    def closed_on(self, year: int) -> date | None:
        """The day on which a fiscal year was closed; None while it is open."""
        if year not in self._closed:
            self._closed[year] = self.session.scalar(
                sa.select(FiscalYear.closed_on).where(FiscalYear.year == year)
            )
        return self._closed[year]

    def rate(self, currency: str, day: date) -> Decimal:
        """Units for one US dollar in the month of a day. Raises InvalidInput when none was recorded."""
        key = (currency, day.year, day.month)
        if key not in self._rates:
            self._rates[key] = rate_on(self.session, currency, day)
        return self._rates[key]

    def serves(self, award: Award, mission_id: int) -> bool:
        """Whether an award may pay for a mission."""
        key = (award.id, mission_id)
        if not award.is_general:
            return award.mission_id == mission_id
        if key not in self._serves and award.id in self._ahead:
            return False
        if key not in self._serves:
            self._serves[key] = balances.serves(self.session, award, mission_id)
        return self._serves[key]

    def left(self, award: Award, mission_id: int) -> int:
        """What the award still holds for the mission."""
        if award.id not in self._left:
            self._left[award.id] = balances.award_balance(self.session, award).available_cents
        if not award.is_general:
            return self._left[award.id]
        key = (award.id, mission_id)
        if key not in self._parts:
            given, spent = balances.allocated_and_spent(self.session, award.id, mission_id)
            self._parts[key] = given - spent
        return min(self._left[award.id], self._parts[key])

    def spend(self, award: Award, mission_id: int, cents: int) -> None:
        """Count a line that is about to be booked."""
        self.left(award, mission_id)
        self._left[award.id] -= cents
        self._spent[award.id, mission_id] += cents
        if award.is_general:
            self._parts[award.id, mission_id] -= cents

    def set_aside(self, award: Award, mission_id: int, less: int = 0) -> None:
        """Count what obligations and advances have promised as gone, but ``less`` of it, which is paid now."""
        self.left(award, mission_id)
        self._left[award.id] -= commitments.reserved(self.session, award, less=less)
        if award.is_general:
            self._parts[award.id, mission_id] -= commitments.reserved(self.session, award, mission_id, less)


def hold(session: Session, award_ids: Iterable[int]) -> None:
    """Keep others from spending the awards until the transaction ends (SQLite has one writer anyway)."""
    ids = sorted(set(award_ids))
    if ids:
        session.execute(sa.select(Award.id).where(Award.id.in_(ids)).order_by(Award.id).with_for_update())
