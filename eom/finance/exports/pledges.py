"""The list of pledges."""

from __future__ import annotations

from sqlalchemy.orm import Session

from eom.core.i18n import lazy
from eom.core.listing import Column, Filter, ListDefinition
from eom.finance.exports.sums import Link, invented, sum_up
from eom.finance.models.award import Donor
from eom.finance.models.pledge import DonorPledge, PledgeManner, PledgeState
from eom.finance.queries import pledges
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
    return ListDefinition(
        pledges.pledges(), (*columns, *IN_FULL) if in_full else columns, _filters(session),
        (Donor.name, DonorPledge.paper, DonorPledge.note), sort="pledged_on", descending=True, entity=False,
        tie=DonorPledge.id, totals=sum_up("pledged", "agreed", "open"),
    )  # fmt: skip


IN_FULL = (
    Column("currency", lazy("Currency"), lambda r: r.DonorPledge.currency),
    Column("manner", lazy("How it was made"), lambda r: r.DonorPledge.manner, kind="label"),
    Column("paper", lazy("Reference"), lambda r: r.DonorPledge.paper),
    Column("ended_on", lazy("Ended on"), lambda r: r.DonorPledge.ended_on, kind="date"),
    Column("ended_because", lazy("Reason"), lambda r: r.DonorPledge.ended_because),
    invented(),
)


def _filters(session: Session) -> tuple[Filter, ...]:
    return (
        Filter("state", lazy("State"), lambda v: DonorPledge.state == PledgeState(v), choices=PledgeState.choices()),
        Filter("donor", lazy("Donor"), lambda v: Donor.id == int(v), choices=pledges.donor_choices(session)),
        Filter("mission", lazy("Mission"), lambda v: Mission.id == int(v), choices=pledges.mission_choices(session)),
        Filter("manner", lazy("How it was made"), lambda v: DonorPledge.manner == PledgeManner(v),
               choices=PledgeManner.choices()),
    )  # fmt: skip
