"""The sums of closed years, kept so that no report reads the whole ledger, and unable to part from it.

They are added up by the database in the transaction that closes a year. From then on the database itself
refuses a line that is booked or dated in the year, as it refuses to change or delete a line or a sum;
and whoever reads a kept year holds its sums against the year's own counts (``KeptYear``).
"""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from eom.core import final
from eom.core.db import Base
from eom.core.types import Cents

MESSAGE = "sums of closed years are never changed or deleted"
REOPENED = "SELECT closed_on IS NULL FROM fiscal_years WHERE year = OLD.{}"


class KeptYear(Base):
    """A closed year whose sums are kept: how many there are and what they add up to (US cents)."""

    __tablename__ = "kept_years"
    # Made by the database alone, in the transaction whose closing the trail tells.
    __audited__ = False

    year: Mapped[int] = mapped_column(
        sa.ForeignKey("fiscal_years.year"), primary_key=True, autoincrement=False
    )
    sum_count: Mapped[int] = mapped_column()
    line_count: Mapped[int] = mapped_column()
    booked_cents: Mapped[int] = mapped_column(Cents)
    dated_cents: Mapped[int] = mapped_column(Cents)
    # The newest line that was counted.
    last_line_id: Mapped[int | None] = mapped_column(sa.ForeignKey("expenditures.id"))

    def __str__(self) -> str:
        return str(self.year)


class KeptSum(Base):
    """What an award paid on a mission in a closed year, indirect costs included (US cents).

    ``booked_cents`` counts the lines of the fiscal year, ``dated_cents`` those of them that are dated up
    to its last day: the two sides of the report's opening balances.
    """

    __tablename__ = "kept_sums"
    __audited__ = False

    id: Mapped[int] = mapped_column(primary_key=True)
    fiscal_year: Mapped[int] = mapped_column(sa.ForeignKey("kept_years.year"))
    mission_id: Mapped[int] = mapped_column(sa.ForeignKey("missions.id"), index=True)
    award_id: Mapped[int] = mapped_column(sa.ForeignKey("awards.id"), index=True)
    line_count: Mapped[int] = mapped_column()
    booked_cents: Mapped[int] = mapped_column(Cents)
    dated_cents: Mapped[int] = mapped_column(Cents)

    __table_args__ = (sa.UniqueConstraint("fiscal_year", "mission_id", "award_id"),)

    def __str__(self) -> str:
        return f"{self.fiscal_year}: {self.booked_cents}"


def refusals(dialect: str) -> list[str]:
    """The statements that make the ledger refuse a line of a kept year, for ``sqlite`` or ``postgresql``."""
    if dialect == "sqlite":
        return [
            "CREATE TRIGGER expenditures_kept BEFORE INSERT ON expenditures WHEN EXISTS (SELECT 1 FROM kept_years "
            "WHERE year IN (NEW.fiscal_year, CAST(substr(NEW.incurred_on, 1, 4) AS INTEGER))) "
            "BEGIN SELECT RAISE(ABORT, 'the sums of this fiscal year are kept: it takes no more lines'); END"
        ]
    return [
        "CREATE OR REPLACE FUNCTION refuse_kept_year() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "IF EXISTS (SELECT 1 FROM kept_years WHERE year IN "
        "(NEW.fiscal_year, CAST(EXTRACT(YEAR FROM NEW.incurred_on) AS INTEGER))) THEN "
        "RAISE EXCEPTION 'the sums of this fiscal year are kept: it takes no more lines'; END IF; RETURN NEW; END $$",
        "CREATE TRIGGER expenditures_kept BEFORE INSERT ON expenditures "
        "FOR EACH ROW EXECUTE FUNCTION refuse_kept_year()",
    ]


# Whoever opens a year again lets go of its sums; closing it anew adds them up anew.
final.lock(KeptYear.__table__, MESSAGE, REOPENED.format("year"))
final.lock(KeptSum.__table__, MESSAGE, REOPENED.format("fiscal_year"))
for _dialect in ("sqlite", "postgresql"):
    for _text in refusals(_dialect):
        _ddl: sa.DDL = sa.DDL(_text).execute_if(dialect=_dialect)  # type: ignore[assignment]
        sa.event.listen(KeptYear.__table__, "after_create", _ddl)
