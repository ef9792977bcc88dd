"""Milestones: what must be done, by when, by whom, and the document that proves it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eom.core.db import Base
from eom.core.i18n import lazy
from eom.core.storage import StoredFile
from eom.core.types import Labelled, one_of

if TYPE_CHECKING:
    from eom.missions.models.mission import Mission
    from eom.missions.models.process import Round


class MilestoneKind(Labelled):
    """The milestones of a mission (product.md, "Facts to build in")."""

    INVITATION = "invitation"
    REPLY = "reply"
    IMMUNITIES_AGREEMENT = "immunities_agreement"
    OBSERVATION_AGREEMENT = "observation_agreement"
    PRELIMINARY_VISIT = "preliminary_visit"
    BUDGET_APPROVED = "budget_approved"
    CHIEF_DESIGNATED = "chief_designated"
    CORE_GROUP = "core_group"
    TRAINING = "training"
    ACCREDITATION = "accreditation"
    DEPLOYMENT = "deployment"
    POLLING_DAY = "polling_day"
    PRELIMINARY_STATEMENT = "preliminary_statement"
    FINAL_REPORT = "final_report"
    FINANCIAL_CLOSING = "financial_closing"

    @classmethod
    def labels(cls) -> dict[str, Any]:
        return {
            "invitation": lazy("Invitation received"),
            "reply": lazy("Reply of the Secretary General"),
            "immunities_agreement": lazy("Agreement on privileges and immunities"),
            "observation_agreement": lazy("Agreement with the electoral authority"),
            "preliminary_visit": lazy("Preliminary visit"),
            "budget_approved": lazy("Budget approved"),
            "chief_designated": lazy("Chief of mission designated"),
            "core_group": lazy("Core group in place"),
            "training": lazy("Observers trained"),
            "accreditation": lazy("Observers accredited"),
            "deployment": lazy("Deployment"),
            "polling_day": lazy("Polling day"),
            "preliminary_statement": lazy("Preliminary statement"),
            "final_report": lazy("Final report to the Permanent Council"),
            "financial_closing": lazy("Financial closing"),
        }


class Milestone(Base):
    """A duty of the mission with its dates, owner, document and note."""

    __tablename__ = "milestones"

    id: Mapped[int] = mapped_column(primary_key=True)
    mission_id: Mapped[int] = mapped_column(sa.ForeignKey("missions.id"), index=True)
    round_id: Mapped[int | None] = mapped_column(sa.ForeignKey("rounds.id"), index=True)
    kind: Mapped[MilestoneKind] = mapped_column(one_of(MilestoneKind))
    due_on: Mapped[date | None] = mapped_column(index=True)
    done_on: Mapped[date | None] = mapped_column()
    owner: Mapped[str | None] = mapped_column(sa.String(200))
    note: Mapped[str | None] = mapped_column(sa.Text)
    document_id: Mapped[int | None] = mapped_column(sa.ForeignKey("stored_files.id"), index=True)

    mission: Mapped[Mission] = relationship(back_populates="milestones")
    round: Mapped[Round | None] = relationship()
    document: Mapped[StoredFile | None] = relationship()

    __table_args__ = (sa.UniqueConstraint("mission_id", "kind", "round_id"),)

    def __str__(self) -> str:
        return str(self.kind.value)

    @property
    def is_done(self) -> bool:
        """Whether it has been done."""
        return self.done_on is not None

    def is_overdue(self, today: date) -> bool:
        """Whether its day has passed and it is not done."""
        return self.done_on is None and self.due_on is not None and self.due_on < today
