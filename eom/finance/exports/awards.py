"""The lists of awards: all of them, and those that serve one mission."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache, partial
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eom.core import i18n
from eom.core.i18n import lazy
from eom.core.listing import Column, ExactColumn, Filter, ListDefinition
from eom.finance.exports.sums import Link, invented, sum_up
from eom.finance.models.award import Award, Donor, DonorKind
from eom.finance.queries import awards
from eom.missions.models.mission import Mission

PURPOSES = (("general", lazy("General")), ("mission", lazy("One mission")))
SEARCH = (Award.reference, Award.title, Donor.name)


def register(session: Session, link: Link, *, in_full: bool = False) -> ListDefinition:
    """Every award with its account; ``link`` gives the address of an award from the id.

    ``in_full`` adds what a page has no room for.
    """
    books = cache(lambda: awards.accounts(session))
    columns = (
        Column("reference", lazy("Award"), lambda r: r.Award.reference, Award.reference,
               href=lambda r: link(r.Award.id)),
        Column("donor", lazy("Donor"), lambda r: r.Award.donor.name, Donor.name),
        Column("purpose", lazy("For"), purpose, Mission.code),
        Column("agreed", lazy("Agreed"), lambda r: r.Award.agreed_cents, Award.agreed_usd_cents, "money",
               currency=lambda r: r.Award.currency),
        *(Column(name, label, partial(_figure, books, name), sort, "money") for name, label, sort in FIGURES),
    )  # fmt: skip

    def totals(session: Session, narrowed: sa.Select[Any]) -> dict[str, str]:
        ids = session.scalars(sa.select(narrowed.order_by(None).subquery().c.id)).all()
        return {
            name: i18n.money(sum(getattr(books()[id_], f"{name}_cents") for id_ in ids))
            for name, _label, _sort in FIGURES
        }

    currencies = [(code, f"{code} – {i18n.currency_name(code)}") for code in awards.currencies(session)]
    filters = (
        Filter("kind", lazy("Kind of donor"), lambda v: Donor.kind == DonorKind(v), choices=DonorKind.choices()),
        Filter("purpose", lazy("For"), _for, choices=PURPOSES),
        Filter("currency", lazy("Currency"), lambda v: Award.currency == v, choices=currencies),
    )  # fmt: skip
    return ListDefinition(
        awards.awards(), (*columns, *TITLES, *IN_FULL) if in_full else columns, filters, SEARCH, sort="reference",
        entity=False, tie=Award.id, totals=totals,
    )  # fmt: skip


FIGURES = (
    ("received", lazy("Received (US$)"), awards.received_cents),
    ("spent", lazy("Spent (US$)"), awards.spent_cents),
    ("icr", lazy("ICR (US$)"), awards.icr_cents),
    ("available", lazy("Available (US$)"), awards.available_cents),
)


def _figure(books: Callable[[], Mapping[int, awards.Account]], name: str, row: Any) -> int:
    return int(getattr(books()[row.Award.id], f"{name}_cents"))


def of_mission(mission: Mission, link: Link | None, *, in_full: bool = False) -> ListDefinition:
    """The awards that serve a mission; ``link`` leads to an award's account for those who may see it all."""
    columns = (
        Column("reference", lazy("Award"), lambda r: r.Award.reference, Award.reference,
               href=lambda r: link(r.Award.id) if link else None),
        Column("donor", lazy("Donor"), lambda r: r.Award.donor.name, Donor.name),
        Column("kind", lazy("Kind of donor"), lambda r: r.Award.donor.kind, Donor.kind, "label"),
        Column("title", lazy("Purpose"), lambda r: r.Award.title, Award.title),
        Column("given", lazy("For this mission (US$)"), lambda r: int(r.given_cents), kind="money"),
        Column("spent", lazy("Spent (US$)"), lambda r: int(r.spent_cents), kind="money"),
        Column("icr", lazy("ICR (US$)"), lambda r: int(r.icr_cents), kind="money"),
        Column("left", lazy("Left (US$)"), left_cents, kind="money"),
    )  # fmt: skip
    query = awards.parts().where(Mission.id == mission.id)
    sums = sum_up("given", "spent", "icr")

    def with_left(session: Session, narrowed: sa.Select[Any]) -> dict[str, str]:
        rows = narrowed.order_by(None).subquery()
        left = sa.func.sum(rows.c.given_cents - rows.c.spent_cents - rows.c.icr_cents)
        total = session.scalar(sa.select(sa.func.coalesce(left, 0))) or 0
        return {**sums(session, narrowed), "left": i18n.money(int(total))}

    return ListDefinition(
        query, (*columns, *IN_FULL) if in_full else columns, search=SEARCH, sort="reference", entity=False,
        tie=Award.id, totals=with_left,
    )  # fmt: skip


def purpose(row: Any) -> str:
    """The mission of an earmarked award, or that it is general."""
    return row.mission_code or str(lazy("General"))


def left_cents(row: Any) -> int:
    """What a mission can still spend of an award (US cents)."""
    return int(row.given_cents) - int(row.spent_cents) - int(row.icr_cents)


def _for(value: str) -> Any:
    return Award.mission_id.is_(None) if value == "general" else Award.mission_id.is_not(None)


TITLES = (
    Column("title", lazy("Title"), lambda r: r.Award.title),
    Column("donor_kind", lazy("Kind of donor"), lambda r: r.Award.donor.kind, kind="label"),
)
IN_FULL = (
    Column("currency", lazy("Currency"), lambda r: r.Award.currency),
    Column("pledged", lazy("Pledged"), lambda r: r.Award.pledged_cents, kind="money",
           currency=lambda r: r.Award.currency),
    Column("pledged_usd", lazy("Pledged (US$)"), lambda r: r.Award.pledged_usd_cents, kind="money"),
    Column("pledged_on", lazy("Pledged on"), lambda r: r.Award.pledged_on, kind="date"),
    Column("agreed_usd", lazy("Agreed (US$)"), lambda r: r.Award.agreed_usd_cents, kind="money"),
    Column("agreed_on", lazy("Agreed on"), lambda r: r.Award.agreed_on, kind="date"),
    Column("starts_on", lazy("From"), lambda r: r.Award.starts_on, kind="date"),
    Column("ends_on", lazy("To"), lambda r: r.Award.ends_on, kind="date"),
    ExactColumn("icr_percent", lazy("ICR %"), lambda r: r.Award.icr_percent, kind="number"),
    Column("icr_basis", lazy("Basis of the ICR"), lambda r: r.Award.icr_basis),
    invented(),
)  # fmt: skip
