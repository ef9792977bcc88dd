"""What an appeal for a mission says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eom.finance.models.appeal import Appeal
from eom.finance.queries import fundraising
from eom.finance.queries.fundraising import Funding
from eom.missions.models.mission import Mission


@dataclass(frozen=True)
class AppealSheet:
    """A mission, its need, and what covers it, as donors are told. ``as_of`` is the day of the figures."""

    mission: Mission
    funding: Funding
    appeal: Appeal | None
    as_of: date

    @property
    def processes(self) -> Sequence[str]:
        """What is voted on, in the reader's words."""
        return [each.name or str(each.kind.label) for each in self.mission.processes]

    @property
    def polling_days(self) -> Sequence[date]:
        """The polling days, in order."""
        return [each.polling_on for each in self.mission.rounds]

    @property
    def supporters(self) -> Sequence[str]:
        """The donors who agreed to give, or give in kind, by name: a pledge is told by who made it."""
        return sorted(each.name for each in self.funding.givers if each.agreed_cents or each.in_kind_cents)


def appeal_of(session: Session, mission: Mission) -> Appeal | None:
    """The words of a mission's appeal, when somebody wrote them."""
    return session.scalar(sa.select(Appeal).where(Appeal.mission_id == mission.id))


def sheet(session: Session, mission: Mission, today: date) -> AppealSheet:
    """The appeal of a mission as it stands today."""
    return AppealSheet(mission, fundraising.funding(session, mission.id), appeal_of(session, mission), today)
