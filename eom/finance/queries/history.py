"""What came of a donor over the years: pledged, agreed, received, refunded, in kind, told (US cents)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eom.core.i18n import lazy
from eom.core.types import Labelled
from eom.finance.models.agreement import AwardAmendment, AwardReportDue
from eom.finance.models.award import Award, AwardMovement, Donor, InKindContribution, MovementKind
from eom.finance.models.pledge import DonorPledge

UNDATED = 0


class EventKind(Labelled):
    """What happens between a donor and the Organization."""

    PLEDGE = "pledge"
    AGREEMENT = "agreement"
    AMENDMENT = "amendment"
    RECEIPT = "receipt"
    REFUND = "refund"
    IN_KIND = "in_kind"
    REPORT = "report"

    @classmethod
    def labels(cls) -> dict[str, Any]:
        return {
            "pledge": lazy("Pledged"),
            "agreement": lazy("Agreed"),
            "amendment": lazy("Amended"),
            "receipt": lazy("Received"),
            "refund": lazy("Refund to the donor"),
            "in_kind": lazy("Help in kind"),
            "report": lazy("Report sent"),
        }


@dataclass(frozen=True)
class DonorYear:
    """A year of a donor; ``year`` is 0 for what has no day. Counts are of reports sent."""

    year: int
    pledged_cents: int = 0
    agreed_cents: int = 0
    received_cents: int = 0
    refunded_cents: int = 0
    in_kind_cents: int = 0
    report_count: int = 0


def years(session: Session, donor: Donor) -> list[DonorYear]:
    """The years of a donor, the latest first, in one query; what has no day comes last."""
    found: dict[int, dict[str, int]] = defaultdict(dict)
    happened = events(donor).subquery()
    year = sa.func.coalesce(sa.cast(sa.extract("year", happened.c.day), sa.Integer), UNDATED)
    query = sa.select(year, happened.c.kind, sa.func.sum(happened.c.usd_cents), sa.func.count()).group_by(
        year, happened.c.kind
    )
    for number, kind, cents, count in session.execute(query):
        name, value = COLUMNS[EventKind(kind)], int(count if kind == EventKind.REPORT else cents or 0)
        found[int(number)][name] = found[int(number)].get(name, 0) + value
    return [DonorYear(number, **found[number]) for number in sorted(found, reverse=True)]


def total(of: Sequence[DonorYear]) -> DonorYear:
    """All years together."""
    names = [each.name for each in fields(DonorYear) if each.name != "year"]
    return DonorYear(UNDATED, **{name: sum(getattr(each, name) for each in of) for name in names})


COLUMNS = {
    EventKind.PLEDGE: "pledged_cents",
    EventKind.AGREEMENT: "agreed_cents",
    EventKind.AMENDMENT: "agreed_cents",
    EventKind.RECEIPT: "received_cents",
    EventKind.REFUND: "refunded_cents",
    EventKind.IN_KIND: "in_kind_cents",
    EventKind.REPORT: "report_count",
}


def events(donor: Donor) -> sa.CompoundSelect[Any]:
    """(kind, day, what, usd_cents, award_id, pledge_id) of all that happened, a reversal below zero.

    An agreement counts as it was signed; each amendment adds its own change.
    """
    nothing = sa.cast(sa.null(), sa.Integer)
    of_donor = Award.donor_id == donor.id
    changed = (
        sa.select(sa.func.coalesce(sa.func.sum(AwardAmendment.change_usd_cents), 0))
        .where(AwardAmendment.award_id == Award.id)
        .correlate(Award)
        .scalar_subquery()
    )
    return sa.union_all(
        _row(EventKind.PLEDGE, DonorPledge.pledged_on, sa.func.coalesce(DonorPledge.paper, ""),
             sa.func.coalesce(DonorPledge.usd_cents, 0), nothing, DonorPledge.id)
        .where(DonorPledge.donor_id == donor.id),
        _row(EventKind.AGREEMENT, Award.agreed_on, Award.title, Award.agreed_usd_cents - changed, Award.id, nothing)
        .where(of_donor, Award.agreed_usd_cents.is_not(None)),
        _row(EventKind.AMENDMENT, AwardAmendment.signed_on, AwardAmendment.summary, AwardAmendment.change_usd_cents,
             Award.id, nothing).join(Award, Award.id == AwardAmendment.award_id).where(of_donor),
        *(
            _row(kind, AwardMovement.moved_on, AwardMovement.reference, AwardMovement.usd_cents, Award.id, nothing)
            .join(Award, Award.id == AwardMovement.award_id)
            .where(of_donor, AwardMovement.kind == moved)
            for kind, moved in ((EventKind.RECEIPT, MovementKind.RECEIPT), (EventKind.REFUND, MovementKind.REFUND))
        ),
        _row(EventKind.IN_KIND, InKindContribution.given_on, InKindContribution.description,
             InKindContribution.valued_cents, nothing, nothing).where(InKindContribution.donor_id == donor.id),
        _row(EventKind.REPORT, AwardReportDue.sent_on, sa.func.coalesce(AwardReportDue.note, ""), sa.literal(0),
             Award.id, nothing)
        .join(Award, Award.id == AwardReportDue.award_id)
        .where(of_donor, AwardReportDue.sent_on.is_not(None)),
    )  # fmt: skip


def _row(kind: EventKind, day: Any, what: Any, cents: Any, award_id: Any, pledge_id: Any) -> sa.Select[Any]:
    return sa.select(
        sa.literal(kind.value).label("kind"), day.label("day"), what.label("what"),
        sa.cast(cents, sa.BigInteger).label("usd_cents"), award_id.label("award_id"), pledge_id.label("pledge_id"),
    )  # fmt: skip
