"""Five years beside each other: what was received, spent and given in kind."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eom.finance.models.award import AwardMovement, InKindContribution, MovementKind
from eom.finance.models.ledger import Expenditure
from eom.finance.queries.kept import SpentInYear
from eom.reporting.annual.figures import YearFigures
from eom.reporting.queries.annual_money import Year

LENGTH = 5


def trend(session: Session, year: Year, before: list[SpentInYear]) -> Iterator[YearFigures]:
    """The five years that end with ``year``; ``before`` is what was spent in the years before it."""
    first = year.number - LENGTH + 1
    spent: dict[int, int] = defaultdict(int)
    missions: dict[int, set[int]] = defaultdict(set)
    for each in before:
        if each.year >= first:
            spent[each.year] += each.booked_cents
            missions[each.year].add(each.mission_id)
    of = Expenditure
    now = sa.select(
        sa.func.coalesce(sa.func.sum(of.usd_cents + of.icr_cents), 0), sa.func.count(sa.distinct(of.mission_id))
    ).where(of.fiscal_year == year.number)  # fmt: skip
    spent[year.number], this_many = map(int, session.execute(now).one())
    received, gifts = _received(session, first, year), _gifts(session, first, year)
    for number in range(first, year.number + 1):
        many = this_many if number == year.number else len(missions[number])
        yield YearFigures(number, received.get(number, 0), spent[number], gifts.get(number, 0), many)


def _received(session: Session, first: int, year: Year) -> dict[int, int]:
    of = AwardMovement
    query = (
        sa.select(of.fiscal_year, sa.func.sum(of.usd_cents))
        .where(of.kind == MovementKind.RECEIPT, of.fiscal_year.between(first, year.number))
        .group_by(of.fiscal_year)
    )
    return {int(number): int(cents) for number, cents in session.execute(query)}


def _gifts(session: Session, first: int, year: Year) -> dict[int, int]:
    of = InKindContribution
    number = sa.cast(sa.extract("year", of.given_on), sa.Integer)
    query = (
        sa.select(number.label("year"), sa.func.sum(of.valued_cents))
        .where(of.given_on.between(date(first, 1, 1), year.last))
        .group_by(sa.text("year"))
    )
    return {int(number): int(cents) for number, cents in session.execute(query)}
