"""Files that were loaded into the ledger: which, what they came to, and which lines are there already."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from eom.core import bulk
from eom.core.errors import NotFound
from eom.core.i18n import lazy
from eom.finance.models.award import Award
from eom.finance.models.ledger import Expenditure
from eom.finance.models.load import ColumnMapping, LedgerLoad
from eom.missions.models.mission import Mission

PART = 5_000
ANEW = "anew:"
# Plain aliases: those of a class would configure every mapper while modules are still being imported.
UNDONE = LedgerLoad.__table__.alias("undone")
_OF = Expenditure.__table__
_BACK = _OF.alias("back")
# What a file says too of a line in the books, and whether the line or its whole load was taken back.
_LOADED = bulk.Question(
    sa.select(
        *(_OF.c[name] for name in (
            "id", "source_reference", "mission_id", "award_id", "object_number", "incurred_on", "voucher",
            "payee", "description", "amount_cents", "currency", "usd_cents", "icr_cents", "reverses_id",
        )),
        # As text: the driver is not asked for the types that a number exact to its places would need.
        sa.cast(_OF.c.rate, sa.String).label("rate"),
        _BACK.c.id.label("reversed_by"),
        UNDONE.c.id.label("undone_by"),
    )
    .select_from(
        _OF.outerjoin(_BACK, _BACK.c.reverses_id == _OF.c.id).outerjoin(
            UNDONE, UNDONE.c.reverses_load_id == _OF.c.load_id
        )
    )
    .where(bulk.among(_OF.c.source_reference, "references"))
)  # fmt: skip


@dataclass(frozen=True)
class Share:
    """What a load came to for one award and mission (US cents)."""

    award: Award
    mission: Mission
    line_count: int
    usd_cents: int
    icr_cents: int


def anew_of(reversal_id: int) -> str:
    """What a line is known by that was booked anew when its reversal's load was taken back."""
    return f"{ANEW}{reversal_id}"


def loaded(session: Session, references: Sequence[str]) -> dict[str, dict[str, Any]]:
    """The lines of the books by source reference, as far as they are there."""
    found: dict[str, dict[str, Any]] = {}
    wanted = list(dict.fromkeys(references))
    for start in range(0, len(wanted), PART):
        asked = [{"references": wanted[start : start + PART]}]
        for row in _LOADED.ask(session.connection(), asked)[0]:
            found[row["source_reference"]] = row
    return found


def loads(mission: Mission | None = None) -> Any:
    """(LedgerLoad, id of the load that takes it back or None, mission code or None), of a mission or of all."""
    query = (
        sa.select(LedgerLoad, UNDONE.c.id.label("undone_by"), Mission.code.label("mission_code"))
        .outerjoin(UNDONE, UNDONE.c.reverses_load_id == LedgerLoad.id)
        .outerjoin(Mission, Mission.id == LedgerLoad.mission_id)
    )
    return query if mission is None else query.where(LedgerLoad.mission_id == mission.id)


def load_in(session: Session, load_id: int, mission: Mission | None) -> LedgerLoad:
    """A load, of a mission or whichever. Raises NotFound."""
    query = sa.select(LedgerLoad).where(LedgerLoad.id == load_id)
    load = session.scalar(query if mission is None else query.where(LedgerLoad.mission_id == mission.id))
    if load is None:
        raise NotFound(lazy("There is nothing here, or it is not yours to see."))
    return load


def undone_by(session: Session, load: LedgerLoad) -> LedgerLoad | None:
    """The load that takes a load back."""
    return session.scalar(sa.select(LedgerLoad).where(LedgerLoad.reverses_load_id == load.id))


def same_file(session: Session, sha256: str, mission_id: int | None) -> LedgerLoad | None:
    """The standing load of a file with the same bytes, if any."""
    query = loads().where(LedgerLoad.sha256 == sha256, UNDONE.c.id.is_(None))
    rows = session.execute(query.where(LedgerLoad.mission_id == mission_id) if mission_id else query)
    return next((row.LedgerLoad for row in rows), None)


def shares(session: Session, load: LedgerLoad) -> list[Share]:
    """What a load came to by award and mission. A line booked anew counts with what made it so."""
    of, back = Expenditure, aliased(Expenditure)
    undone = sa.select(sa.literal(ANEW) + sa.cast(back.id, sa.String)).where(
        back.load_id == load.reverses_load_id, back.reverses_id.is_not(None)
    )
    own = of.load_id.is_not_distinct_from(load.id) & ~sa.func.coalesce(of.source_reference, "").startswith(
        ANEW
    )
    query = (
        sa.select(of.award_id, of.mission_id, sa.func.count(), sa.func.sum(of.usd_cents), sa.func.sum(of.icr_cents))
        .where(own | of.source_reference.in_(undone) if load.is_reversal else own)
        .group_by(of.award_id, of.mission_id)
    )  # fmt: skip
    rows = session.execute(query).all()
    awards = _by_id(session, Award, {row.award_id for row in rows})
    missions = _by_id(session, Mission, {row.mission_id for row in rows})
    found = [Share(awards[a], missions[m], int(n), int(usd), int(icr)) for a, m, n, usd, icr in rows]
    return sorted(found, key=lambda each: (each.award.reference, each.mission.code))


def _by_id(session: Session, model: Any, ids: set[int]) -> dict[int, Any]:
    return {each.id: each for each in session.scalars(sa.select(model).where(model.id.in_(ids)))}


def first_days(session: Session, load: LedgerLoad) -> list[date]:
    """The first day with a line of the load, of each fiscal year that it has lines in."""
    query = sa.select(sa.func.min(Expenditure.incurred_on)).where(Expenditure.load_id == load.id)
    return sorted(session.scalars(query.group_by(Expenditure.fiscal_year)))


def standing_lines(session: Session, load: LedgerLoad) -> Any:
    """(line, the line it reverses or None) of a load's lines that nothing took back yet, in their order."""
    back, first = aliased(Expenditure), aliased(Expenditure)
    query = (
        sa.select(Expenditure, first)
        .outerjoin(back, back.reverses_id == Expenditure.id)
        .outerjoin(first, first.id == Expenditure.reverses_id)
        .where(Expenditure.load_id == load.id, back.id.is_(None))
        .order_by(Expenditure.id)
    )
    return session.execute(query).all()


def mappings(session: Session) -> list[ColumnMapping]:
    """The saved choices of columns, by name."""
    return list(session.scalars(sa.select(ColumnMapping).order_by(ColumnMapping.name)))


def mappings_for(session: Session, heads: str) -> list[ColumnMapping]:
    """Those for files with the same headings, the newest first."""
    query = sa.select(ColumnMapping).where(ColumnMapping.heads == heads)
    return list(session.scalars(query.order_by(ColumnMapping.created_at.desc(), ColumnMapping.id.desc())))


def mapping_named(session: Session, name: str) -> ColumnMapping:
    """The choice of columns of a name. Raises NotFound, with the names there are."""
    query = sa.select(ColumnMapping).where(sa.func.lower(ColumnMapping.name) == name.lower())
    found = session.scalar(query)
    if found is None:
        names = ", ".join(each.name for each in mappings(session)) or "–"
        raise NotFound(
            lazy("No columns are kept as “%(name)s”; there are: %(names)s.", name=name[:60], names=names)
        )
    return found
