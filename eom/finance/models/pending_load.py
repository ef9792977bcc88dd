"""Files that wait for a second person before they are loaded into the ledger."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eom.core.db import Base, Stamped
from eom.core.types import Cents, JSONDocument, UTCDateTime, one_of
from eom.finance.models.entry import EntryStatus
from eom.finance.models.load import LedgerLoad


class PendingLoad(Base, Stamped):
    """A file with lines above the limit: outside the ledger until somebody else than who sent it approves it.

    ``digest`` finds its bytes in the store, ``choice`` says how they are read. ``above`` are the first of its
    ``above_count`` lines above the limit, ``beyond`` those of its ``beyond_count`` lines beyond what their
    budget line holds, as JSON; ``reason`` says why these may be. US cents, as they were when it was sent.
    """

    __tablename__ = "pending_loads"

    id: Mapped[int] = mapped_column(primary_key=True)
    mission_id: Mapped[int | None] = mapped_column(sa.ForeignKey("missions.id"), index=True)
    status: Mapped[EntryStatus] = mapped_column(one_of(EntryStatus), default=EntryStatus.WAITING, index=True)
    file_name: Mapped[str] = mapped_column(sa.String(200))
    digest: Mapped[str] = mapped_column(sa.String(64))
    choice: Mapped[dict[str, Any]] = mapped_column(JSONDocument())
    line_count: Mapped[int] = mapped_column()
    usd_cents: Mapped[int] = mapped_column(Cents)
    icr_cents: Mapped[int] = mapped_column(Cents)
    limit_cents: Mapped[int] = mapped_column(Cents)
    above: Mapped[list[Any]] = mapped_column(JSONDocument())
    above_count: Mapped[int] = mapped_column()
    beyond: Mapped[list[Any]] = mapped_column(JSONDocument())
    beyond_count: Mapped[int] = mapped_column(default=0)
    reason: Mapped[str | None] = mapped_column(sa.String(500))
    entered_by: Mapped[str] = mapped_column(sa.String(200))
    entered_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    decided_by: Mapped[str | None] = mapped_column(sa.String(200))
    decided_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UTCDateTime())
    refusal: Mapped[str | None] = mapped_column(sa.String(500))
    load_id: Mapped[int | None] = mapped_column(sa.ForeignKey("ledger_loads.id"), unique=True)
    is_demonstration: Mapped[bool] = mapped_column(default=False)

    load: Mapped[LedgerLoad | None] = relationship()

    __table_args__ = (
        sa.CheckConstraint(
            "entered_by_id IS NULL OR decided_by_id IS NULL OR decided_by_id <> entered_by_id",
            name="two_people_decide",
        ),
        sa.CheckConstraint("above_count > 0", name="a_line_is_above"),
    )

    def __str__(self) -> str:
        return self.file_name

    @property
    def is_waiting(self) -> bool:
        """Whether somebody still has to decide."""
        return self.status is EntryStatus.WAITING
