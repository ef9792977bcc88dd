"""The list of instalments: what is expected, what came in, what is overdue."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eom.core.i18n import lazy
from eom.core.listing import Column, Filter, ListDefinition
from eom.finance.exports.sums import Link, invented
from eom.finance.models.agreement import AwardInstalment
from eom.finance.models.award import Award, Donor
from eom.finance.queries import agreements
from eom.finance.queries.agreements import paid_of_instalment


def register(session: Session, link: Link, today: date, *, in_full: bool = False) -> ListDefinition:
    """Every instalment that agreements foresee; ``link`` gives the address of an award from the id."""
    of = AwardInstalment
    unpaid = of.amount_cents > paid_of_instalment
    states = {
        "overdue": sa.and_(unpaid, of.due_on < today),
        "expected": sa.and_(unpaid, of.due_on >= today),
        "paid": ~unpaid,
    }
    columns = (*_columns(link, today), *(IN_FULL if in_full else ()))
    filters = (
        Filter("state", lazy("State"), lambda v: states[v], choices=list(STATES.items())),
        Filter(
            "donor", lazy("Donor"), lambda v: Donor.id == int(v), choices=agreements.donor_choices(session)
        ),
    )
    return ListDefinition(
        agreements.expected(), columns, filters,
        (Award.reference, Donor.name, of.condition), sort="due_on", entity=False, tie=of.id,
    )  # fmt: skip


def _columns(link: Link, today: date) -> tuple[Column, ...]:
    of = AwardInstalment
    return (
        Column("award", lazy("Award"), lambda r: r[0].award.reference, Award.reference,
               href=lambda r: link(r[0].award_id)),
        Column("donor", lazy("Donor"), lambda r: r[0].award.donor.name, Donor.name),
        Column("due_on", lazy("Due on"), lambda r: r[0].due_on, of.due_on, "date"),
        Column("amount", lazy("Amount"), lambda r: r[0].amount_cents, of.amount_cents, "money",
               currency=lambda r: r[0].award.currency),
        Column("paid", lazy("Came in"), lambda r: int(r.paid_cents), paid_of_instalment, "money",
               currency=lambda r: r[0].award.currency),
        Column("due", lazy("To come in"), lambda r: r[0].amount_cents - int(r.paid_cents),
               of.amount_cents - paid_of_instalment, "money", currency=lambda r: r[0].award.currency),
        Column("state", lazy("State"), lambda r: STATES[_state(r, today)], kind="badge",
               tone=lambda r: STATE_TONES[_state(r, today)]),
        Column("condition", lazy("Condition"), lambda r: r[0].condition),
    )  # fmt: skip


IN_FULL = (Column("currency", lazy("Currency"), lambda r: r[0].award.currency), invented())
STATES = {"overdue": lazy("Overdue"), "expected": lazy("Expected"), "paid": lazy("Paid")}
STATE_TONES = {"overdue": "danger", "expected": "info", "paid": "success"}


def _state(row: tuple[AwardInstalment, int], today: date) -> str:
    if int(row[1]) >= row[0].amount_cents:
        return "paid"
    return "overdue" if row[0].due_on < today else "expected"
