"""The list of donors."""

from __future__ import annotations

from functools import cache

from sqlalchemy.orm import Session

from eom.core.i18n import lazy
from eom.core.listing import Column, Filter, ListDefinition
from eom.finance.exports.sums import Link, by_name, invented, sum_up
from eom.finance.models.award import Donor, DonorKind
from eom.finance.queries import donors


def register(session: Session, link: Link, *, in_full: bool = False) -> ListDefinition:
    """Every donor with what came of them; ``link`` gives the address of a donor from the id."""
    columns = (
        Column("name", lazy("Donor"), lambda r: r.Donor.name, Donor.name, href=lambda r: link(r.Donor.id)),
        Column("kind", lazy("Kind"), lambda r: r.Donor.kind, Donor.kind, "label"),
        Column("country", lazy("Country"), lambda r: r.Donor.country, Donor.country, "country"),
        Column("awards", lazy("Awards"), lambda r: int(r.award_count), donors.award_count, "number"),
        Column("agreed", lazy("Agreed (US$)"), lambda r: int(r.agreed_cents), donors.agreed_cents, "money"),
        Column("received", lazy("Received (US$)"), lambda r: int(r.received_cents), donors.received_cents, "money"),
        Column("in_kind", lazy("In kind (US$)"), lambda r: int(r.in_kind_cents), donors.in_kind_cents, "money"),
    )  # fmt: skip
    contacts = cache(lambda: donors.contacts_by_donor(session))
    more = (
        Column("contact", lazy("Contacts"), lambda r: "; ".join(contacts().get(r.Donor.id, ()))),
        invented(),
    )
    countries = by_name(donors.countries(session))
    filters = (
        Filter("kind", lazy("Kind"), lambda v: Donor.kind == DonorKind(v), choices=DonorKind.choices()),
        Filter("country", lazy("Country"), lambda v: Donor.country == v, choices=countries),
    )
    return ListDefinition(
        donors.donors(), (*columns, *more) if in_full else columns, filters, (Donor.name,),
        sort="name", entity=False, tie=Donor.id, totals=sum_up("agreed", "received", "in_kind"),
    )  # fmt: skip
