"""Keeping the sums of a year that closes, and holding them against the ledger."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa

from eom.core.errors import Refused
from eom.core.i18n import lazy
from eom.extensions import db
from eom.finance.models.kept import KeptSum, KeptYear
from eom.finance.models.ledger import Expenditure
from eom.finance.queries import kept


def keep_sums(year: int) -> None:
    """Keep what every award paid on every mission in a fiscal year that closes.

    The database adds up and refuses every further line of the year. Nothing happens when they are kept.
    """
    if db.session.get(KeptYear, year) is not None:
        return
    of, cost = Expenditure, Expenditure.usd_cents + Expenditure.icr_cents
    dated = sa.func.coalesce(sa.func.sum(sa.case((of.incurred_on <= date(year, 12, 31), cost), else_=0)), 0)
    sums = (sa.func.count(), sa.func.coalesce(sa.func.sum(cost), 0), dated)
    pairs = sa.select(of.mission_id, of.award_id).where(of.fiscal_year == year).distinct().subquery()
    head = sa.select(
        sa.literal(year), sa.select(sa.func.count()).select_from(pairs).scalar_subquery(), *sums, sa.func.max(of.id)
    ).where(of.fiscal_year == year)  # fmt: skip
    into = ["year", "sum_count", "line_count", "booked_cents", "dated_cents", "last_line_id"]
    db.session.execute(sa.insert(KeptYear).from_select(into, head))
    by_pair = (
        sa.select(of.fiscal_year, of.mission_id, of.award_id, *sums)
        .where(of.fiscal_year == year)
        .group_by(of.fiscal_year, of.mission_id, of.award_id)
    )
    into = ["fiscal_year", "mission_id", "award_id", "line_count", "booked_cents", "dated_cents"]
    db.session.execute(sa.insert(KeptSum).from_select(into, by_pair))


def let_go(year: int) -> None:
    """Forget the sums of a year that was opened again; the database refuses it for one that is closed."""
    db.session.execute(sa.delete(KeptSum).where(KeptSum.fiscal_year == year))
    db.session.execute(sa.delete(KeptYear).where(KeptYear.year == year))
    db.session.expire_all()


def check_kept_sums() -> None:
    """Raise Refused, with the year, when a sum that was kept is not what the ledger says."""
    if wrong := kept.differences(db.session()):
        raise Refused(
            lazy("The sums kept when %(year)d was closed are not the ledger's any more.", year=wrong[0].year),
            next_step=lazy("Nobody could do this from the application: ask who looks after the database."),
        )
