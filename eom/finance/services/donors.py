"""Donors: who gives."""

from __future__ import annotations

import sqlalchemy as sa

from eom.core.countries import MEMBER_STATES, alpha2
from eom.core.errors import Conflict, InvalidInput, Refused
from eom.core.i18n import country_name, lazy
from eom.extensions import db
from eom.finance.models.award import Donor, DonorKind

STATES = (DonorKind.MEMBER_STATE, DonorKind.PERMANENT_OBSERVER)


def register_donor(
    *, name: str, kind: DonorKind, country: str | None = None, is_demonstration: bool = False
) -> Donor:
    """Record a donor; ``country`` is an ISO 3166-1 alpha-3 code.

    Raises Conflict for a name in use, InvalidInput for a state without its country or of the other kind.
    """
    name = _checked(name, kind, country)
    donor = Donor(name=name, kind=kind, country=country, is_demonstration=is_demonstration)
    db.session.add(donor)
    db.session.flush()
    return donor


def edit_donor(donor: Donor, *, name: str, kind: DonorKind, country: str | None) -> Donor:
    """Change what is known of a donor.

    Raises as ``register_donor`` does, and Refused when it would become the Regular Fund, or cease to be it,
    with awards recorded.
    """
    name = _checked(name, kind, country, donor.id)
    regular = DonorKind.REGULAR_FUND
    if (donor.kind is regular) is not (kind is regular) and donor.awards:
        raise Refused(lazy("It has awards, so whether it is the Regular Fund stays."), "kind")
    donor.name, donor.kind, donor.country = name, kind, country
    db.session.flush()
    return donor


def _checked(name: str, kind: DonorKind, country: str | None, own_id: int | None = None) -> str:
    name = " ".join(name.split())
    if not name:
        raise InvalidInput(lazy("A donor needs a name."), "name")
    same = sa.select(Donor.id).where(sa.func.lower(Donor.name) == name.lower(), Donor.id != (own_id or 0))
    if db.session.scalar(same) is not None:
        raise Conflict(lazy("There is a donor called %(name)s already.", name=name), "name")
    if country and alpha2(country) is None:
        raise InvalidInput(lazy("“%(code)s” is no country.", code=country[:10]), "country")
    _check_kind(kind, country)
    return name


def _check_kind(kind: DonorKind, country: str | None) -> None:
    if kind in STATES and not country:
        raise InvalidInput(lazy("Say which country this donor is."), "country")
    if kind is DonorKind.MEMBER_STATE and country not in MEMBER_STATES:
        raise InvalidInput(
            lazy("%(country)s is no member state of the Organization.", country=country_name(country)),
            "kind",
            lazy("Choose “Permanent observer” or “Other source”."),
        )
    if kind is DonorKind.PERMANENT_OBSERVER and country in MEMBER_STATES:
        raise InvalidInput(
            lazy("%(country)s is a member state, not an observer.", country=country_name(country)), "kind"
        )
