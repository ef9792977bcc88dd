"""The ledger as a list: of one mission, or of all."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eom.core.errors import InvalidInput
from eom.core.i18n import lazy
from eom.core.listing import Column, Filter, ListDefinition
from eom.finance.models.award import Award, Donor
from eom.finance.models.budget import OBJECTS
from eom.finance.models.ledger import Expenditure
from eom.finance.queries import ledger
from eom.missions.models.mission import Mission

Link = Callable[[str, int], str]
STATES = (
    ("standing", lazy("Standing")),
    ("reversed", lazy("Reversed")),
    ("reversal", lazy("Reversals")),
    ("overdrawn", lazy("Above the award’s balance")),
)


def expenditures(
    session: Session, mission: Mission | None, link: Link, *, in_full: bool = False
) -> ListDefinition:
    """The lines of the ledger; ``link`` gives a line's address from its mission's code and its id."""
    columns = [
        Column("date", lazy("Date"), lambda r: r.Expenditure.incurred_on,
               (Expenditure.fiscal_year, Expenditure.incurred_on), "date",
               href=lambda r: link(r.Mission.code, r.Expenditure.id)),
        Column("voucher", lazy("Voucher"), lambda r: r.Expenditure.voucher, Expenditure.voucher),
        Column("payee", lazy("Payee"), lambda r: r.Expenditure.payee, Expenditure.payee),
        Column("object", lazy("Object"), lambda r: f"{r.Expenditure.object_number} {OBJECTS[r.Expenditure.object_number]}",
               Expenditure.object_number),
        Column("award", lazy("Award"), lambda r: r.Award.reference, Award.reference),
        Column("amount", lazy("Amount"), lambda r: r.Expenditure.amount_cents, Expenditure.amount_cents, "money",
               currency=lambda r: r.Expenditure.currency),
        Column("usd", lazy("US dollars"), lambda r: r.Expenditure.usd_cents, Expenditure.usd_cents, "money"),
        Column("icr", lazy("Indirect costs"), lambda r: r.Expenditure.icr_cents, Expenditure.icr_cents, "money"),
        Column("state", lazy("State"), _state, kind="badge", tone=_tone),
    ]  # fmt: skip
    if mission is None:
        columns.insert(1, Column("mission", lazy("Mission"), lambda r: r.Mission.code, Mission.code))
    if in_full:
        columns += [
            Column("donor", lazy("Donor"), lambda r: r.Donor.name, Donor.name),
            Column("currency", lazy("Currency"), lambda r: r.Expenditure.currency),
            Column("rate", lazy("Units for one US dollar"), lambda r: r.Expenditure.rate),
            Column("description", lazy("Description"), lambda r: r.Expenditure.description),
            Column("year", lazy("Fiscal year"), lambda r: r.Expenditure.fiscal_year),
            Column("source", lazy("Reference in the source"), lambda r: r.Expenditure.source_reference),
            Column("recorded", lazy("Recorded by"), lambda r: r.Expenditure.recorded_by),
            Column("demonstration", lazy("Demonstration"), lambda r: r.Expenditure.is_demonstration, kind="boolean"),
        ]  # fmt: skip
    return ListDefinition(
        ledger.lines(mission), columns, _filters(session, mission),
        lambda text: ledger.holding(session, mission, text), sort="date", descending=True,
        entity=False, tie=Expenditure.id, summed=ledger.summed, plain=ledger.bare(mission), tie_follows=True,
    )  # fmt: skip


def _filters(session: Session, mission: Mission | None) -> list[Filter]:
    awards = [(str(id_), reference) for id_, reference in ledger.awards_used(session, mission)]
    years = [(str(year), str(year)) for year in ledger.years(session, mission)]
    loads = [(str(id_), name) for id_, name in ledger.loads(session, mission)]
    objects = [(str(number), f"{number} {label}") for number, label in OBJECTS.items()]
    filters = [
        Filter("award", lazy("Award"), lambda v: Expenditure.award_id == int(v), choices=awards),
        Filter("object", lazy("Object"), lambda v: Expenditure.object_number == int(v), choices=objects),
        Filter("from", lazy("From"), lambda v: Expenditure.incurred_on >= _day(v), "date"),
        Filter("to", lazy("To"), lambda v: Expenditure.incurred_on <= _day(v), "date"),
        Filter("year", lazy("Fiscal year"), lambda v: Expenditure.fiscal_year == int(v), choices=years),
        Filter("state", lazy("State"), _in_state, choices=STATES),
        Filter("load", lazy("Loaded with"), lambda v: Expenditure.load_id == int(v), choices=loads),
    ]
    if mission is not None:
        lines = [(code, code) for code in ledger.lines_used(session, mission)]
        filters.append(Filter("line", lazy("Budget line"), ledger.of_line, choices=lines))
    if mission is None:
        missions = [(str(id_), code) for id_, code in ledger.missions_with_lines(session)]
        filters.insert(
            0,
            Filter("mission", lazy("Mission"), lambda v: Expenditure.mission_id == int(v), choices=missions),
        )
    return filters


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InvalidInput(
            lazy("“%(text)s” is no date: year-month-day was expected.", text=text[:20])
        ) from None


def _in_state(value: str) -> Any:
    if value == "overdrawn":
        return Expenditure.is_overdrawn.is_(True)
    if value == "reversal":
        return Expenditure.reverses_id.is_not(None)
    # A few among many: looked up, not joined, and left out by their ids, which every index holds.
    reversals = ledger.REVERSAL.c.reverses_id.is_not(None)
    reversed_ = sa.select(ledger.REVERSAL.c.reverses_id).where(reversals)
    if value == "reversed":
        return Expenditure.id.in_(reversed_)
    others = reversed_.union_all(sa.select(ledger.REVERSAL.c.id).where(reversals))
    return Expenditure.id.not_in(others)


def _state(row: Any) -> Any:
    if row.Expenditure.is_reversal:
        return lazy("Reversal")
    if row.reversed_by is not None:
        return lazy("Reversed")
    return lazy("Above the balance") if row.Expenditure.is_overdrawn else None


def _tone(row: Any) -> str:
    return "warning" if row.Expenditure.is_overdrawn else "neutral"
