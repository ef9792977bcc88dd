"""The lists of pledges and of instalments expected."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eom.core.i18n import lazy
from eom.core.listing import Column, Filter, ListDefinition
from eom.finance.exports.sums import Link, invented, sum_up
from eom.finance.models.agreement import AwardInstalment
from eom.finance.models.award import Award, Donor
from eom.finance.models.pledge import DonorPledge, PledgeManner, PledgeState
from eom.finance.queries import agreements, pledges
from eom.finance.queries.agreements import paid_of_instalment
from eom.missions.models.mission import Mission

TONES = {
    PledgeState.OPEN: "info",
    PledgeState.AGREED: "success",
    PledgeState.WITHDRAWN: "danger",
    PledgeState.LAPSED: "neutral",
}


def register(session: Session, link: Link, *, in_full: bool = False) -> ListDefinition:
    """Every pledge with what became of it; ``link`` gives the address of one from the id."""
    columns = (
        Column("donor", lazy("Donor"), lambda r: r.DonorPledge.donor.name, Donor.name,
               href=lambda r: link(r.DonorPledge.id)),
        Column("for", lazy("For"), lambda r: r.mission_code or str(lazy("General")), Mission.code),
        Column("pledged_on", lazy("Pledged on"), lambda r: r.DonorPledge.pledged_on, DonorPledge.pledged_on, "date"),
        Column("amount", lazy("Amount"), lambda r: r.DonorPledge.amount_cents, DonorPledge.usd_cents, "money",
               currency=lambda r: r.DonorPledge.currency),
        Column("pledged", lazy("Pledged (US$)"), lambda r: int(r.pledged_cents), DonorPledge.usd_cents, "money"),
        Column("agreed", lazy("In agreements (US$)"), lambda r: int(r.agreed_cents), pledges.agreed_usd_cents, "money"),
        Column("open", lazy("Still open (US$)"), lambda r: int(r.open_cents), pledges.open_usd_cents, "money"),
        Column("state", lazy("State"), lambda r: r.DonorPledge.state, DonorPledge.state, "badge",
               tone=lambda r: TONES[r.DonorPledge.state]),
    )  # fmt: skip
    more = (
        Column("currency", lazy("Currency"), lambda r: r.DonorPledge.currency),
        Column("manner", lazy("How it was made"), lambda r: r.DonorPledge.manner, kind="label"),
        Column("paper", lazy("Reference"), lambda r: r.DonorPledge.paper),
        Column("ended_on", lazy("Ended on"), lambda r: r.DonorPledge.ended_on, kind="date"),
        Column("ended_because", lazy("Reason"), lambda r: r.DonorPledge.ended_because),
        invented(),
    )
    filters = (
        Filter("state", lazy("State"), lambda v: DonorPledge.state == PledgeState(v), choices=PledgeState.choices()),
        Filter("donor", lazy("Donor"), lambda v: Donor.id == int(v), choices=pledges.donor_choices(session)),
        Filter("mission", lazy("Mission"), lambda v: Mission.id == int(v), choices=pledges.mission_choices(session)),
        Filter("manner", lazy("How it was made"), lambda v: DonorPledge.manner == PledgeManner(v),
               choices=PledgeManner.choices()),
    )  # fmt: skip
    return ListDefinition(
        pledges.pledges(), (*columns, *more) if in_full else columns, filters,
        (Donor.name, DonorPledge.paper, DonorPledge.note), sort="pledged_on", descending=True, entity=False,
        tie=DonorPledge.id, totals=sum_up("pledged", "agreed", "open"),
    )  # fmt: skip


def instalments(session: Session, link: Link, today: date, *, in_full: bool = False) -> ListDefinition:
    """Every instalment that agreements foresee; ``link`` gives the address of an award from the id."""
    of = AwardInstalment
    unpaid = of.amount_cents > paid_of_instalment
    states = {
        "overdue": sa.and_(unpaid, of.due_on < today),
        "expected": sa.and_(unpaid, of.due_on >= today),
        "paid": ~unpaid,
    }
    columns = (
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
    more = (Column("currency", lazy("Currency"), lambda r: r[0].award.currency), invented())
    filters = (
        Filter("state", lazy("State"), lambda v: states[v], choices=list(STATES.items())),
        Filter(
            "donor", lazy("Donor"), lambda v: Donor.id == int(v), choices=agreements.donor_choices(session)
        ),
    )
    return ListDefinition(
        agreements.expected(), (*columns, *more) if in_full else columns, filters,
        (Award.reference, Donor.name, of.condition), sort="due_on", entity=False, tie=of.id,
    )  # fmt: skip


STATES = {"overdue": lazy("Overdue"), "expected": lazy("Expected"), "paid": lazy("Paid")}
STATE_TONES = {"overdue": "danger", "expected": "info", "paid": "success"}


def _state(row: tuple[AwardInstalment, int], today: date) -> str:
    if int(row[1]) >= row[0].amount_cents:
        return "paid"
    return "overdue" if row[0].due_on < today else "expected"
