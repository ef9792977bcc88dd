"""What reviewers decided and said about submissions."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eom.accounts.models import User
from eom.checklists.models.submission import Submission, SubmissionState
from eom.core import clock
from eom.core.db import Base
from eom.core.privacy import DataClass, classed
from eom.core.types import UTCDateTime, one_of


class ReviewBatch(Base):
    """What one person decided at once about one or more submissions; it can be undone as a whole."""

    __tablename__ = "review_batches"

    id: Mapped[int] = mapped_column(primary_key=True)
    mission_id: Mapped[int] = mapped_column(sa.ForeignKey("missions.id"), index=True)
    by_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id"))
    at: Mapped[datetime] = mapped_column(UTCDateTime(), default=clock.now)
    state: Mapped[SubmissionState] = mapped_column(one_of(SubmissionState))
    undone_at: Mapped[datetime | None] = mapped_column(UTCDateTime())

    by: Mapped[User] = relationship()
    acts: Mapped[list[ReviewAct]] = relationship(back_populates="batch", order_by="ReviewAct.submission_id")

    def __str__(self) -> str:
        return f"№ {self.id}"


class ReviewAct(Base):
    """One change of a submission's state, or a comment alone (from a state to the same). It never changes."""

    __tablename__ = "review_acts"

    id: Mapped[int] = mapped_column(primary_key=True)
    submission_id: Mapped[int] = mapped_column(sa.ForeignKey("submissions.id"), index=True)
    # None for a comment alone and for what an undo took back.
    batch_id: Mapped[int | None] = mapped_column(sa.ForeignKey("review_batches.id"), index=True)
    from_state: Mapped[SubmissionState] = mapped_column(one_of(SubmissionState, name="from_state"))
    to_state: Mapped[SubmissionState] = mapped_column(one_of(SubmissionState, name="to_state"))
    comment: Mapped[str | None] = mapped_column(sa.Text, info=classed(DataClass.PERSONAL))
    is_undo: Mapped[bool] = mapped_column(default=False)
    by_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id"))
    at: Mapped[datetime] = mapped_column(UTCDateTime(), default=clock.now)

    submission: Mapped[Submission] = relationship()
    batch: Mapped[ReviewBatch | None] = relationship(back_populates="acts")
    by: Mapped[User] = relationship()

    @property
    def is_comment(self) -> bool:
        """Whether it says something without changing the state."""
        return self.from_state == self.to_state

    def __str__(self) -> str:
        return f"№ {self.submission_id}"
