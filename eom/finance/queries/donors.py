"""Donors with what they agreed, paid and gave in kind (US cents)."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eom.finance.models.award import Award, AwardMovement, Donor, InKindContribution, MovementKind
from eom.finance.models.contact import DonorContact


def _of_donor(column: Any, *criteria: Any) -> Any:
    """A sum or count over what belongs to a donor, nil when there is nothing."""
    query = sa.select(sa.func.coalesce(column, 0)).where(*criteria)
    return query.correlate(Donor).scalar_subquery()


award_count = _of_donor(sa.func.count(Award.id), Award.donor_id == Donor.id)
agreed_cents = _of_donor(sa.func.sum(Award.agreed_usd_cents), Award.donor_id == Donor.id)
received_cents = _of_donor(
    sa.func.sum(AwardMovement.usd_cents),
    AwardMovement.award_id == Award.id,
    Award.donor_id == Donor.id,
    AwardMovement.kind == MovementKind.RECEIPT,
)
in_kind_cents = _of_donor(
    sa.func.sum(InKindContribution.valued_cents), InKindContribution.donor_id == Donor.id
)


def donors() -> sa.Select[Any]:
    """(Donor, award_count, agreed_cents, received_cents, in_kind_cents) of every donor."""
    return sa.select(
        Donor,
        award_count.label("award_count"),
        agreed_cents.label("agreed_cents"),
        received_cents.label("received_cents"),
        in_kind_cents.label("in_kind_cents"),
    )


def figures(session: Session, donor: Donor) -> Any:
    """The row of ``donors`` for one donor."""
    return session.execute(donors().where(Donor.id == donor.id)).one()


def contacts_of(session: Session, donor: Donor) -> list[DonorContact]:
    """Whom to write to at a donor."""
    query = sa.select(DonorContact).where(DonorContact.donor_id == donor.id).order_by(DonorContact.id)
    return list(session.scalars(query))


def contacts_by_donor(session: Session) -> dict[int, list[str]]:
    """Name, role, e-mail and telephone of every contact in one line each, by donor."""
    found: dict[int, list[str]] = defaultdict(list)
    for each in session.scalars(sa.select(DonorContact).order_by(DonorContact.donor_id, DonorContact.id)):
        known = (each.name, each.role, each.email, each.phone)
        found[each.donor_id].append(", ".join(part for part in known if part))
    return found


def choices(session: Session) -> list[tuple[str, str]]:
    """(id, name) of every donor, by name."""
    rows = session.execute(sa.select(Donor.id, Donor.name).order_by(sa.func.lower(Donor.name)))
    return [(str(id_), name) for id_, name in rows]


def countries(session: Session) -> list[str]:
    """The countries of donors, as alpha-3 codes."""
    query = sa.select(Donor.country).where(Donor.country.is_not(None)).distinct()
    return sorted(code for code in session.scalars(query) if code)
