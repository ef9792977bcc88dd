"""What stands against booking the lines of an extract: every line is asked, nothing is written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from eom.core.errors import AppError, RowError
from eom.core.i18n import lazy, money
from eom.extensions import db
from eom.finance.models.award import Award
from eom.finance.queries import loads
from eom.finance.queries.standing import Standing
from eom.finance.services import ledger, ledger_budgets, ledger_credits
from eom.finance.services.ledger_budgets import Beyond, BudgetBook
from eom.finance.services.ledger_credits import Taken
from eom.finance.services.ledger_lines import Line, anew, source_references, used_twice
from eom.finance.services.ledger_refusals import changed, refused, strange
from eom.missions.models.mission import Mission

PART = 500


@dataclass
class Checked:
    """Lines that may be booked, what is wrong with the others, and how many are there already.

    ``beyond`` are those of the first that are more than their budget line has left.
    """

    ready: list[Taken] = field(default_factory=list)
    errors: list[RowError] = field(default_factory=list)
    known_count: int = 0
    beyond: list[Beyond] = field(default_factory=list)

    @property
    def usd_cents(self) -> int:
        """What the lines come to without ICR."""
        return sum(each.cost.usd_cents for each in self.ready)

    @property
    def icr_cents(self) -> int:
        """The ICR on them."""
        return sum(each.cost.icr_cents for each in self.ready)

    def above(self, limit_cents: int) -> list[Taken]:
        """The lines that spend more than ``limit_cents`` (US cents, without ICR)."""
        return [each for each in self.ready if each.cost.usd_cents > limit_cents]


def check(lines: Sequence[Line], mission: Mission | None) -> Checked:
    """Ask every line of the books. ``mission`` is where lines without one go, and the only one then.

    Credits are counted first: what a file gives back can pay for what it spends, in whichever order.
    """
    awards = awards_of(lines)
    places = _places(lines, mission, awards)
    references = source_references(lines, [place.code if place else line.mission or ""
                                           for line, place in zip(lines, places, strict=True)])  # fmt: skip
    keys = references
    known, references = _known(keys)
    found = Checked(errors=used_twice(lines, references))
    fresh: list[Taken] = []
    for line, place, key, reference in zip(lines, places, keys, references, strict=True):
        award = awards.get(line.award.casefold())
        if place is None or award is None:
            # Without a column for it the mission is the award's: one error is enough for an unknown award.
            no_mission = place is None and (award is not None or bool(line.mission))
            found.errors += strange(line, mission, no_mission=no_mission, no_award=award is None)
        elif reference in known:
            found.known_count += 1
            found.errors += changed(line, award, known[reference])
        else:
            fresh.append(Taken(line, place, award, key, reference))
    _book(found, fresh, known)
    found.errors.sort(key=lambda each: each.row or 0)
    return found


def _book(found: Checked, fresh: list[Taken], known: Mapping[str, dict[str, Any]]) -> None:
    """Price the new lines and count them in the books as they stand: first what gives back, then what spends."""
    standing = Standing(db.session())
    standing.read_ahead(list({each.award.id: each.award for each in fresh}.values()))
    given_back = [each for each in fresh if each.line.amount_cents < 0]
    debits = {each.key: each for each in fresh if each.line.amount_cents > 0}
    originals = ledger_credits.originals(given_back, debits, known)
    for each in debits.values():
        _price(found, standing, each)
    for each in given_back:
        if each.is_reversal:
            _name(found, standing, each, originals)
        else:
            _price(found, standing, each)
    for each in given_back:
        if each.cost is not None:
            standing.spend(each.award, each.mission.id, each.cost.cost_cents)
    priced = [each for each in debits.values() if each.cost is not None]
    _spend(found, standing, priced)
    book = BudgetBook(db.session())
    found.errors += ledger_budgets.name(book, fresh)
    ledger_budgets.give_back(book, given_back)
    found.beyond = ledger_budgets.spend(book, priced)
    found.errors += _too_much_back(standing, given_back)
    found.ready = [each for each in fresh if each.cost is not None]


def _name(found: Checked, standing: Standing, each: Taken, originals: dict[str, Any]) -> None:
    try:
        ledger.check_day(standing, each.line.incurred_on)
        found.errors += ledger_credits.name(each, originals)
    except AppError as error:
        found.errors.append(refused(each.line, error))


def _price(found: Checked, standing: Standing, each: Taken) -> None:
    line = each.line
    try:
        each.cost = ledger.cost_of(
            standing, each.mission, each.award, line.object_number, line.incurred_on, line.amount_cents,
            line.currency,
        )  # fmt: skip
    except AppError as error:
        found.errors.append(refused(line, error))


def _spend(found: Checked, standing: Standing, debits: Sequence[Taken]) -> None:
    """Count what is spent in the order of the file; the line that goes above its award is the one at fault."""
    for each in debits:
        left = standing.left(each.award, each.mission.id)
        if each.cost.cost_cents > left:
            found.errors.append(refused(each.line, ledger.overdrawn(left, each.award, each.cost.cost_cents)))
        else:
            standing.spend(each.award, each.mission.id, each.cost.cost_cents)


def _too_much_back(standing: Standing, given_back: Sequence[Taken]) -> list[RowError]:
    """An error for each credit of an award and mission that get more back than was ever spent."""
    errors = []
    for each in given_back:
        spent = standing.spent(each.award, each.mission.id)
        if each.cost is not None and spent < 0:
            expected = lazy("no more back than was spent: the award and the mission would be at %(spent)s",
                            spent=money(spent))  # fmt: skip
            errors.append(RowError(each.line.row, "amount", str(ledger_credits.said(each.line)), expected))
    return errors


def _known(references: list[str]) -> tuple[dict[str, dict[str, Any]], list[str]]:
    """The lines that are there, and what each line is known by now.

    A line whose whole load was taken back is not there: its file may be loaded anew, under the next number.
    """
    session = db.session()
    known: dict[str, dict[str, Any]] = {}
    current, number = dict(zip(references, references, strict=True)), 1
    open_ = list(current)
    while open_:
        found = loads.loaded(session, [current[each] for each in open_])
        undone = [each for each in open_ if found.get(current[each], {}).get("undone_by")]
        again = set(undone)
        known |= {current[each]: found[current[each]] for each in open_
                  if each not in again and current[each] in found}  # fmt: skip
        number += 1
        for each in undone:
            current[each] = anew(each, number)
        open_ = undone
    return known, [current[each] for each in references]


def awards_of(lines: Sequence[Line]) -> dict[str, Award]:
    """The awards that lines name, by their reference without regard to case."""
    references = list({line.award.casefold() for line in lines})
    found: dict[str, Award] = {}
    for start in range(0, len(references), PART):
        named = sa.func.lower(Award.reference).in_(references[start : start + PART])
        found |= {
            each.reference.casefold(): each for each in db.session.scalars(sa.select(Award).where(named))
        }
    return found


def _places(
    lines: Sequence[Line], mission: Mission | None, awards: Mapping[str, Award]
) -> list[Mission | None]:
    """The mission of each line: the one it names, else the given one, else the one its award is for."""
    if mission is not None:
        return [
            mission if not each.mission or each.mission.upper() == mission.code else None for each in lines
        ]
    every = {each.id: each for each in db.session.scalars(sa.select(Mission))}
    by_code = {each.code: each for each in every.values()}

    def place(line: Line) -> Mission | None:
        if line.mission:
            return by_code.get(line.mission.upper())
        award = awards.get(line.award.casefold())
        return every.get(award.mission_id) if award and award.mission_id else None

    return [place(line) for line in lines]
