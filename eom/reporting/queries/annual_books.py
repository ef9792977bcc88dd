"""All that the database added up for a year, beside the awards it belongs to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eom.finance.models.agreement import AwardAmendment
from eom.finance.models.award import Award, Donor
from eom.finance.models.pledge import DonorPledge, PledgePart
from eom.finance.queries.kept import SpentInYear, spent_before
from eom.missions.models.mission import Mission
from eom.reporting.annual.kinds import SourceKind
from eom.reporting.queries import annual_money
from eom.reporting.queries.annual_money import Cell, Given, Moved, Spent, Year
from eom.reporting.queries.annual_reports import carried_forward


@dataclass(frozen=True)
class AwardRow:
    """An award as the report needs it."""

    id: int
    reference: str
    donor: str
    donor_country: str | None
    kind: SourceKind
    mission_id: int | None
    mission_code: str
    currency: str
    pledged_usd_cents: int
    pledged_on: date | None
    agreed_cents: int
    agreed_usd_cents: int
    agreed_on: date | None
    starts_on: date | None
    ends_on: date | None
    recorded_on: date
    icr_percent: Any
    icr_basis: str
    is_demonstration: bool

    @property
    def is_regular(self) -> bool:
        """Whether it is the Regular Fund's."""
        return self.kind is SourceKind.REGULAR_FUND

    def is_in_force(self, year: Year) -> bool:
        """Whether it was promised before the year ended and had not ended before the year began."""
        days = [day for day in (self.pledged_on, self.agreed_on, self.starts_on) if day]
        begins = min(days, default=self.recorded_on)
        ends = self.ends_on or max(days, default=begins)
        return begins <= year.last and ends >= year.first


@dataclass(frozen=True)
class Books:
    """A year's books. Lists are by award; ``forward`` is last year's issued report, if there is one.

    ``earlier`` is what was spent in the years before.
    """

    year: Year
    awards: dict[int, AwardRow]
    moved: dict[int, list[Moved]]
    spent: dict[int, list[Spent]]
    cells: dict[int, list[Cell]]
    given: dict[int, list[Given]]
    forward: dict[str, dict[str, int]] | None
    earlier: list[SpentInYear]

    def brought_forward(self, part: str, key: str, computed_cents: int) -> int:
        """Last year's closing balance: as it was issued, or else as that year's lines add up."""
        return computed_cents if self.forward is None else self.forward[part].get(key, 0)


def read_books(session: Session, year: Year) -> Books:
    """The books of a year, in a few queries."""
    earlier = spent_before(session, year.number)
    return Books(
        year,
        {award.id: award for award in _awards(session, year)},
        annual_money.by_award(annual_money.movements(session, year)),
        annual_money.by_award(annual_money.spending(session, year, earlier)),
        annual_money.by_award(annual_money.cells(session, year)),
        annual_money.by_award(annual_money.allocations(session, year)),
        carried_forward(session, year.number - 1),
        earlier,
    )


def _awards(session: Session, year: Year) -> Iterable[AwardRow]:
    """Every award with its pledge; of the agreed amount, what amendments had changed by the year's end."""
    agreed, agreed_usd = agreed_by(year)
    query = (
        sa.select(
            Award.id, Award.reference, Donor.name, Donor.country, Donor.kind, Award.mission_id, Mission.code,
            Award.currency, PledgePart.usd_cents, DonorPledge.pledged_on, agreed.label("agreed_cents"),
            agreed_usd.label("agreed_usd_cents"), Award.agreed_on, Award.starts_on, Award.ends_on, Award.created_at,
            Award.icr_percent, Award.icr_basis, Award.is_demonstration,
        )
        .join(Donor, Donor.id == Award.donor_id)
        .outerjoin(Mission, Mission.id == Award.mission_id)
        .outerjoin(PledgePart, PledgePart.award_id == Award.id)
        .outerjoin(DonorPledge, DonorPledge.id == PledgePart.pledge_id)
    )  # fmt: skip
    for each in session.execute(query):
        yield AwardRow(
            each.id, each.reference, each.name, each.country, SourceKind(each.kind.value), each.mission_id,
            each.code or "", each.currency, each.usd_cents or 0, each.pledged_on, int(each.agreed_cents or 0),
            int(each.agreed_usd_cents or 0), each.agreed_on, each.starts_on, each.ends_on, each.created_at.date(),
            each.icr_percent, each.icr_basis or "", each.is_demonstration,
        )  # fmt: skip


AGREED = (
    (Award.agreed_cents, AwardAmendment.change_cents),
    (Award.agreed_usd_cents, AwardAmendment.change_usd_cents),
)


def agreed_by(year: Year) -> tuple[Any, Any]:
    """What was agreed of an award by a year's end, in its currency and in US cents: later amendments taken off."""
    own, dollars = (_agreed(year, *columns) for columns in AGREED)
    return own, dollars


def _agreed(year: Year, agreed: Any, change: Any) -> Any:
    later = sa.select(sa.func.coalesce(sa.func.sum(change), 0)).where(
        AwardAmendment.award_id == Award.id, AwardAmendment.signed_on > year.last
    )
    return agreed - later.correlate(Award).scalar_subquery()
