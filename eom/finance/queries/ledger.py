"""Reading the ledger and what it says of a mission."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eom.core import i18n
from eom.core.audit import AuditEntry
from eom.core.listing import contains
from eom.finance.models.award import Award, Donor
from eom.finance.models.budget import BudgetLine
from eom.finance.models.entry import Charge
from eom.finance.models.ledger import WORDS, Expenditure
from eom.finance.models.load import LedgerLoad
from eom.missions.models.mission import Mission

# So many lines that a search found are named in the questions that follow; more are looked up again.
NAMED = 2_000
# A plain alias: one of the class would configure every mapper while modules are still being imported.
REVERSAL = Expenditure.__table__.alias("reversal")


def lines(mission: Mission | None = None) -> Any:
    """(expenditure, award, donor, mission, id of its reversal or None), of a mission or of all."""
    query = (
        sa.select(Expenditure, Award, Donor, Mission, REVERSAL.c.id.label("reversed_by"))
        .join(Award, Award.id == Expenditure.award_id)
        .join(Donor, Donor.id == Award.donor_id)
        .join(Mission, Mission.id == Expenditure.mission_id)
        .outerjoin(REVERSAL, REVERSAL.c.reverses_id == Expenditure.id)
    )
    return query if mission is None else query.where(Expenditure.mission_id == mission.id)


def summed(session: Session, query: Any) -> tuple[int, Mapping[str, str]]:
    """How many lines a list has, and its sums in words of the reader: US dollars and indirect costs."""
    of = query.order_by(None).with_only_columns(
        sa.func.count(),
        sa.func.coalesce(sa.func.sum(Expenditure.usd_cents), 0),
        sa.func.coalesce(sa.func.sum(Expenditure.icr_cents), 0),
        maintain_column_froms=True,
    )
    count, usd, icr = session.execute(of).one()
    return int(count), {"usd": i18n.money(int(usd)), "icr": i18n.money(int(icr))}


def holding(session: Session, mission: Mission | None, text: str) -> Any:
    """The criterion of the lines that hold a text in voucher, payee or description, or whose award's reference does.

    The lines are looked up first, each by the index that serves it: few of them are then named one by one, so
    that the count, the sums and the page do not look them up again.
    """
    awards = sa.select(Award.id).where(contains((Award.reference,), text))
    asked: list[Any] = [
        sa.select(Expenditure.id).where(contains([getattr(Expenditure, each) for each in WORDS], text)),
        sa.select(Expenditure.id).where(Expenditure.award_id.in_(awards)),
    ]
    if mission is not None:
        asked = [each.where(Expenditure.mission_id == mission.id) for each in asked]
    found = sa.union(*asked).subquery()
    ids = session.scalars(sa.select(found.c.id).limit(NAMED + 1)).all()
    return Expenditure.id.in_(ids if len(ids) <= NAMED else sa.select(found.c.id))


def reversal_of(session: Session, expenditure: Expenditure) -> Expenditure | None:
    """The line that takes an expenditure back."""
    return session.scalar(sa.select(Expenditure).where(Expenditure.reverses_id == expenditure.id))


def bare(mission: Mission | None = None) -> sa.Select[Expenditure]:
    """The lines of a mission or of all, without what is shown beside them."""
    query = sa.select(Expenditure)
    return query if mission is None else query.where(Expenditure.mission_id == mission.id)


def years(session: Session, mission: Mission | None = None) -> list[int]:
    """The fiscal years that have lines, the newest first: from one to the one before, not line by line."""
    within = [] if mission is None else [Expenditure.mission_id == mission.id]
    newest = sa.select(sa.func.max(Expenditure.fiscal_year).label("year")).where(*within)
    found = newest.cte("found", recursive=True)
    before = sa.select(sa.func.max(Expenditure.fiscal_year)).where(
        Expenditure.fiscal_year < found.c.year, *within
    )
    found = found.union_all(sa.select(before.scalar_subquery()).where(found.c.year.is_not(None)))
    return list(session.scalars(sa.select(found.c.year).where(found.c.year.is_not(None))))


def awards_used(session: Session, mission: Mission | None = None) -> list[tuple[int, str]]:
    """(id, reference) of the awards that have lines."""
    lines = sa.select(Expenditure.id).where(Expenditure.award_id == Award.id)
    if mission is not None:
        lines = lines.where(Expenditure.mission_id == mission.id)
    query = sa.select(Award.id, Award.reference).where(lines.exists())
    return list(session.execute(query.order_by(Award.reference)).tuples())


def lines_used(session: Session, mission: Mission) -> list[str]:
    """The codes of the budget lines that a mission's lines were charged to."""
    query = (
        sa.select(BudgetLine.code)
        .join(Charge, Charge.budget_line_id == BudgetLine.id)
        .where(BudgetLine.mission_id == mission.id)
        .distinct()
    )
    return list(session.scalars(query.order_by(BudgetLine.code)))


def of_line(code: str) -> Any:
    """The criterion of the lines that were charged to a budget line, in whichever version of the budget."""
    charged = (
        sa.select(Charge.expenditure_id)
        .join(BudgetLine, BudgetLine.id == Charge.budget_line_id)
        .where(BudgetLine.code == code)
    )
    return Expenditure.id.in_(charged)


def missions_with_lines(session: Session) -> list[tuple[int, str]]:
    """(id, code) of the missions that have lines."""
    lines = sa.select(Expenditure.id).where(Expenditure.mission_id == Mission.id)
    query = sa.select(Mission.id, Mission.code).where(lines.exists())
    return list(session.execute(query.order_by(Mission.code)).tuples())


def loads(session: Session, mission: Mission | None = None) -> list[tuple[int, str]]:
    """(id, file and day) of the loads, the newest first."""
    query = sa.select(LedgerLoad).order_by(LedgerLoad.id.desc())
    if mission is not None:
        query = query.where(LedgerLoad.mission_id == mission.id)
    return [
        (load.id, f"{load.file_name} · {i18n.day(load.created_at.date())}") for load in session.scalars(query)
    ]


def trail(session: Session, line: Expenditure, reversal: Expenditure | None) -> list[AuditEntry]:
    """What the audit trail says of a line, of the one that takes it back, and of the one it takes back."""
    ids = [str(id_) for id_ in (line.id, line.reverses_id, reversal and reversal.id) if id_]
    query = sa.select(AuditEntry).where(
        AuditEntry.object_type == Expenditure.__tablename__, AuditEntry.object_id.in_(ids)
    )
    return list(session.scalars(query.order_by(AuditEntry.at, AuditEntry.id)))
