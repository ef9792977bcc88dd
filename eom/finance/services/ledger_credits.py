"""Credits of an extract: a line that takes another one back whole, or one that gives a part back.

A credit that names the line it takes back is its reversal, at the first one's own rate and ICR, so that
both come to nothing to the cent. Any other is a line of its own with an amount below zero, at its month's
rate.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from eom.core.errors import RowError
from eom.core.i18n import lazy
from eom.extensions import db
from eom.finance.models.award import Award
from eom.finance.models.budget import BudgetLine
from eom.finance.queries import loads
from eom.finance.services.ledger import Price
from eom.finance.services.ledger_lines import Line, anew, key_of
from eom.finance.services.ledger_refusals import amount
from eom.missions.models.mission import Mission


@dataclass
class Taken:
    """A line with the mission and the award it goes to; ``cost`` once it may be booked.

    ``key`` is what its file calls it, ``reference`` what the books do: another when it is loaded anew.
    ``takes_back`` is what it is a reversal of: a line of the books by its id, or one of the same file.
    ``budget_line`` is what it is charged to, ``exceeds_line`` whether that holds less.
    """

    line: Line
    mission: Mission
    award: Award
    key: str
    reference: str
    cost: Any = None
    takes_back: int | Taken | None = None
    budget_line: BudgetLine | None = None
    exceeds_line: bool = False

    @property
    def is_reversal(self) -> bool:
        """Whether it names the line that it takes back."""
        return bool(self.line.reverses)

    @property
    def rate(self) -> Decimal:
        """Units of its currency for one US dollar."""
        rate: Decimal = self.cost.rate
        return rate


def said(line: Line) -> str:
    """A line's amount in words."""
    return amount(line.amount_cents, line.currency)


def originals(
    given_back: Sequence[Taken], debits: Mapping[str, Taken], known: Mapping[str, dict[str, Any]]
) -> dict[str, Taken | dict[str, Any]]:
    """The lines that credits name, in the file or in the books, by the key that they were named with."""
    keys = {key_of(each.mission.code, each.line.reverses) for each in given_back if each.line.reverses}
    found: dict[str, Taken | dict[str, Any]] = {}
    for key in keys & {*debits, *known}:
        found[key] = debits.get(key) or known[key]
    number, open_ = 1, keys - set(found)
    while open_:
        there = loads.loaded(db.session(), [anew(key, number) for key in open_])
        rows = {key: there[anew(key, number)] for key in open_ if anew(key, number) in there}
        found |= {key: row for key, row in rows.items() if not row["undone_by"]}
        open_ = {key for key, row in rows.items() if row["undone_by"]}
        number += 1
    return _as_they_stand(found)


def _as_they_stand(found: dict[str, Taken | dict[str, Any]]) -> dict[str, Taken | dict[str, Any]]:
    """In place of a line whose reversal was undone with its load, the one that was booked anew for it."""
    while True:
        back = {key: loads.anew_of(row["reversed_by"]) for key, row in found.items()
                if isinstance(row, dict) and row["reversed_by"]}  # fmt: skip
        there = loads.loaded(db.session(), list(back.values()))
        if not there:
            return found
        found = found | {key: there[each] for key, each in back.items() if each in there}


def name(credit: Taken, found: dict[str, Taken | dict[str, Any]]) -> list[RowError]:
    """Make a credit the reversal of the line it names, or say why it cannot be."""
    line = credit.line
    key = key_of(credit.mission.code, line.reverses or "")
    original = found.get(key)
    if original is None:
        return [_wrong(line, lazy("the reference of a line in this file or in the books"))]
    facts = _of_file(original) if isinstance(original, Taken) else original
    if facts.get("reversed_by") or facts["reverses_id"]:
        return [_wrong(line, lazy("a line that nothing has taken back, and that takes none back itself"))]
    if facts.get("is_unpriced"):
        return [_wrong(line, lazy("a line that can be booked"))]
    if (-facts["amount_cents"], facts["currency"]) != (line.amount_cents, line.currency):
        expected = lazy("%(amount)s, all of the line it takes back; a part given back names no line",
                        amount=amount(-facts["amount_cents"], facts["currency"]))  # fmt: skip
        return [RowError(line.row, "amount", said(line), expected)]
    same = (facts["award_id"], facts["object_number"]) == (credit.award.id, line.object_number)
    if not same or line.incurred_on < facts["incurred_on"]:
        return [_wrong(line, lazy("a line of the same award and object, dated no later"))]
    credit.takes_back = original if isinstance(original, Taken) else int(facts["id"])
    credit.cost = Price(Decimal(facts["rate"]), -int(facts["usd_cents"]), -int(facts["icr_cents"]))
    facts["reversed_by"] = True
    found[key] = facts
    return []


def _of_file(original: Taken) -> dict[str, Any]:
    line, cost = original.line, original.cost
    facts = {
        "award_id": original.award.id, "object_number": line.object_number, "incurred_on": line.incurred_on,
        "amount_cents": line.amount_cents, "currency": line.currency, "reverses_id": None,
    }  # fmt: skip
    if cost is None:
        return facts | {"is_unpriced": True}
    return facts | {"rate": cost.rate, "usd_cents": cost.usd_cents, "icr_cents": cost.icr_cents}


def _wrong(line: Line, expected: object) -> RowError:
    return RowError(line.row, "reverses", line.reverses, expected)
