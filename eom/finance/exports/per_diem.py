"""Per diem rates as a list."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eom.core.i18n import lazy
from eom.core.listing import Column, Filter, ListDefinition
from eom.finance.exports.sums import Link, by_name
from eom.finance.models.commitment import PerDiemRate


def rates(session: Session, link: Link | None) -> ListDefinition:
    """Every rate; ``link`` leads to the form for those who may record one."""
    of = PerDiemRate
    columns = (
        Column("place", lazy("Place"), lambda r: r.place, of.place, href=lambda r: link(r) if link else None),
        Column("country", lazy("Country"), lambda r: r.country, of.country, "country"),
        Column("from", lazy("From"), lambda r: r.starts_on, of.starts_on, "date"),
        Column("usd", lazy("US dollars a day"), lambda r: r.usd_cents, of.usd_cents, "money"),
        Column("source", lazy("Source"), lambda r: r.source, of.source),
    )
    codes = list(session.scalars(sa.select(of.country).distinct()))
    filters = (Filter("country", lazy("Country"), lambda v: of.country == v, choices=by_name(codes)),)
    return ListDefinition(sa.select(of), columns, filters, (of.place, of.source), sort="place", tie=of.id)
