"""The ledger: expenditures, never changed and never deleted."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy import orm
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eom.core.db import Base, Stamped
from eom.core.types import Cents, Exact
from eom.finance.models import load  # noqa: F401 - the table that a line may name
from eom.finance.models.award import Award, AwardMovement

# What people look for in a line.
WORDS = ("voucher", "payee", "description")


class Expenditure(Base, Stamped):
    """A line of the ledger. A reversal is a line of its own with the amounts negated.

    ``icr_cents`` is the indirect cost recovery that the award charges on the line (US cents).
    """

    __tablename__ = "expenditures"

    id: Mapped[int] = mapped_column(primary_key=True)
    mission_id: Mapped[int] = mapped_column(sa.ForeignKey("missions.id"))
    award_id: Mapped[int] = mapped_column(sa.ForeignKey("awards.id"))
    object_number: Mapped[int] = mapped_column(sa.SmallInteger)
    incurred_on: Mapped[date] = mapped_column()
    fiscal_year: Mapped[int] = mapped_column()
    voucher: Mapped[str] = mapped_column(sa.String(60))
    payee: Mapped[str] = mapped_column(sa.String(200))
    description: Mapped[str | None] = mapped_column(sa.String(500))
    amount_cents: Mapped[int] = mapped_column(Cents)
    currency: Mapped[str] = mapped_column(sa.String(3))
    rate: Mapped[Decimal] = mapped_column(Exact(18, 8))
    usd_cents: Mapped[int] = mapped_column(Cents)
    icr_cents: Mapped[int] = mapped_column(Cents, default=0)
    reverses_id: Mapped[int | None] = mapped_column(sa.ForeignKey("expenditures.id"), unique=True)
    source_reference: Mapped[str | None] = mapped_column(sa.String(100), unique=True)
    load_id: Mapped[int | None] = mapped_column(sa.ForeignKey("ledger_loads.id"), index=True)
    is_overdrawn: Mapped[bool] = mapped_column(default=False)
    recorded_by: Mapped[str] = mapped_column(sa.String(200))
    is_demonstration: Mapped[bool] = mapped_column(default=False)

    award: Mapped[Award] = relationship()
    reverses: Mapped[Expenditure | None] = relationship(remote_side=[id], foreign_keys=[reverses_id])

    __table_args__ = (
        sa.CheckConstraint("object_number BETWEEN 1 AND 9", name="object_is_known"),
        sa.CheckConstraint("amount_cents <> 0", name="amount_is_not_nil"),
        sa.CheckConstraint("length(currency) = 3", name="currency_has_three_letters"),
        sa.Index(
            "ix_expenditures_year",
            "fiscal_year",
            "mission_id",
            "award_id",
            "object_number",
            "usd_cents",
            "icr_cents",
        ),
        # Reversals are few: those of some years are found without the lines they stand among.
        sa.Index(
            "ix_expenditures_reversals",
            "fiscal_year",
            "reverses_id",
            sqlite_where=sa.text("reverses_id IS NOT NULL"),
            postgresql_where=sa.text("reverses_id IS NOT NULL"),
        ),
        # What a search looks into: by groups of three letters on PostgreSQL, read as a whole on SQLite.
        sa.Index(
            "ix_expenditures_words",
            *WORDS,
            postgresql_using="gin",
            postgresql_ops=dict.fromkeys(WORDS, "gin_trgm_ops"),
        ),
        # Both hold the amounts, so that the sums of a year and of an award read no other page.
        sa.Index("ix_expenditures_award", "award_id", "mission_id", "usd_cents", "icr_cents"),
        # Lists go by fiscal year and day, which is by day: from the newest, whatever narrows them.
        sa.Index("ix_expenditures_day", "fiscal_year", "incurred_on", "id"),
        sa.Index("ix_expenditures_mission_day", "mission_id", "fiscal_year", "incurred_on", "id"),
        sa.Index("ix_expenditures_award_day", "award_id", "fiscal_year", "incurred_on", "id"),
        sa.Index(
            "ix_expenditures_object_day",
            "object_number",
            "fiscal_year",
            "incurred_on",
            "id",
            "usd_cents",
            "icr_cents",
        ),
    )

    def __str__(self) -> str:
        return f"{self.voucher} {self.payee}"

    @property
    def is_reversal(self) -> bool:
        """Whether the line takes another one back."""
        return self.reverses_id is not None


sa.event.listen(
    Expenditure.__table__,
    "before_create",
    sa.DDL("CREATE EXTENSION IF NOT EXISTS pg_trgm").execute_if(dialect="postgresql"),  # type: ignore[arg-type]
)


class LedgerIsFinal(RuntimeError):
    """Something tried to change or delete a line of the books."""


FINAL = (Expenditure, AwardMovement)


def _refuse(_mapper: object, _connection: object, target: Base) -> None:
    raise LedgerIsFinal(f"{type(target).__name__} lines are never changed or deleted: reverse them")


for _model in FINAL:
    sa.event.listen(_model, "before_update", _refuse)
    sa.event.listen(_model, "before_delete", _refuse)


@sa.event.listens_for(orm.Session, "do_orm_execute")
def _refuse_bulk(state: orm.ORMExecuteState) -> None:
    changes = state.is_update or state.is_delete
    if changes and state.bind_mapper is not None and state.bind_mapper.class_ in FINAL:
        raise LedgerIsFinal("lines of the books are never changed or deleted: reverse them")
