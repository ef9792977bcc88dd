"""Files that were loaded into the ledger, and how the columns of such files are read."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from eom.core.db import Base, Stamped
from eom.core.types import Cents, JSONDocument


class LedgerLoad(Base, Stamped):
    """A file that was loaded, or the taking back of one: its lines of the ledger name it.

    Without a mission the file's lines name theirs. US cents; ``known_count`` lines were there already.
    """

    __tablename__ = "ledger_loads"

    id: Mapped[int] = mapped_column(primary_key=True)
    mission_id: Mapped[int | None] = mapped_column(sa.ForeignKey("missions.id"), index=True)
    file_name: Mapped[str] = mapped_column(sa.String(200))
    sha256: Mapped[str | None] = mapped_column(sa.String(64), index=True)
    line_count: Mapped[int] = mapped_column()
    known_count: Mapped[int] = mapped_column(default=0)
    usd_cents: Mapped[int] = mapped_column(Cents)
    icr_cents: Mapped[int] = mapped_column(Cents)
    loaded_by: Mapped[str] = mapped_column(sa.String(200))
    reverses_load_id: Mapped[int | None] = mapped_column(sa.ForeignKey("ledger_loads.id"), unique=True)
    reason: Mapped[str | None] = mapped_column(sa.String(500))
    is_demonstration: Mapped[bool] = mapped_column(default=False)

    def __str__(self) -> str:
        return self.file_name

    @property
    def is_reversal(self) -> bool:
        """Whether it takes another load back."""
        return self.reverses_load_id is not None

    @property
    def cost_cents(self) -> int:
        """What its lines cost the awards, ICR included."""
        return self.usd_cents + self.icr_cents


class ColumnMapping(Base, Stamped):
    """Which column of an extract holds what, kept under a name for files with the same headings.

    ``choice`` is as ``extract_columns.Choice`` writes it; ``heads`` is the digest of the headings.
    """

    __tablename__ = "column_mappings"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(100), unique=True)
    heads: Mapped[str] = mapped_column(sa.String(64), index=True)
    choice: Mapped[dict[str, Any]] = mapped_column(JSONDocument())
    saved_by: Mapped[str] = mapped_column(sa.String(200))

    def __str__(self) -> str:
        return self.name
