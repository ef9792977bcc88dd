"""The history of a donor: what happened, day by day, and the years added up."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from eom.core.i18n import _, lazy
from eom.core.listing import Column, Filter, ListDefinition
from eom.finance.exports.sums import Link
from eom.finance.models.award import Award, Donor
from eom.finance.queries import history
from eom.finance.queries.history import DonorYear, EventKind


def happened(donor: Donor, years: Sequence[DonorYear], award_link: Link, pledge_link: Link) -> ListDefinition:
    """All that happened with a donor; the links give the addresses of an award and of a pledge."""
    of = history.events(donor).subquery()
    year = sa.cast(sa.extract("year", of.c.day), sa.Integer)

    def link(row: Any) -> str | None:
        if row.award_id:
            return award_link(row.award_id)
        return pledge_link(row.pledge_id) if row.pledge_id else None

    columns = (
        Column("day", lazy("Day"), lambda r: r.day, of.c.day, "date"),
        Column("kind", lazy("What"), lambda r: EventKind(r.kind), of.c.kind, "label", href=link),
        Column("award", lazy("Award"), lambda r: r.reference, Award.reference),
        Column("what", lazy("Details"), lambda r: r.what),
        Column("usd", lazy("US dollars"), lambda r: None if r.kind == EventKind.REPORT else int(r.usd_cents),
               of.c.usd_cents, "money"),
    )  # fmt: skip
    filters = (
        Filter("kind", lazy("What"), lambda v: of.c.kind == v, choices=EventKind.choices()),
        Filter("year", lazy("Year"), lambda v: year == int(v),
               choices=[(str(each.year), str(each.year)) for each in years if each.year]),
    )  # fmt: skip
    query = sa.select(of, Award.reference).outerjoin(Award, Award.id == of.c.award_id)
    return ListDefinition(query, columns, filters, (of.c.what, Award.reference), sort="day", descending=True,
                          entity=False, tie=of.c.what)  # fmt: skip


def by_year(years: Sequence[DonorYear]) -> Iterator[list[Any]]:
    """The years of a donor as rows, headings first."""
    yield [_("Year"), _("Pledged (US$)"), _("Agreed (US$)"), _("Received (US$)"), _("Refunded (US$)"),
           _("In kind (US$)"), _("Reports sent")]  # fmt: skip
    for each in years:
        cents = (
            each.pledged_cents,
            each.agreed_cents,
            each.received_cents,
            each.refunded_cents,
            each.in_kind_cents,
        )
        yield [each.year or _("Without a day"), *(Decimal(value) / 100 for value in cents), each.report_count]
