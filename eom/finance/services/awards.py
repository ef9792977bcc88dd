"""Donors and awards: pledged, agreed, received, allocated, refunded."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from eom.core import clock
from eom.core.errors import Conflict, InvalidInput, Refused
from eom.core.i18n import lazy, money
from eom.core.money import convert, is_currency
from eom.extensions import db
from eom.finance.models.award import (
    Allocation,
    Award,
    AwardMovement,
    Donor,
    DonorKind,
    Fund,
    InKindContribution,
    MovementKind,
)
from eom.finance.queries import balances
from eom.finance.queries.rates import rate_on
from eom.finance.services.closing import refuse_closed


def register_donor(
    *, name: str, kind: DonorKind, country: str | None = None, contact: str | None = None,
    is_demonstration: bool = False,
) -> Donor:  # fmt: skip
    """Record a donor. Raises Conflict for a name in use, InvalidInput for a state without its country."""
    if db.session.scalar(sa.select(Donor.id).where(Donor.name == name)) is not None:
        raise Conflict(lazy("There is a donor called %(name)s already.", name=name), "name")
    if kind in (DonorKind.MEMBER_STATE, DonorKind.PERMANENT_OBSERVER) and not country:
        raise InvalidInput(lazy("Say which country this donor is."), "country")
    donor = Donor(
        name=name,
        kind=kind,
        country=country,
        contact=contact,
        is_demonstration=is_demonstration,
    )
    db.session.add(donor)
    db.session.flush()
    return donor


def record_award(
    *, reference: str, donor: Donor, title: str, currency: str = "USD", mission_id: int | None = None,
    pledged_cents: int | None = None, pledged_on: date | None = None, agreed_cents: int | None = None,
    agreed_on: date | None = None, starts_on: date | None = None, ends_on: date | None = None,
    icr_percent: Decimal = Decimal(0), icr_basis: str | None = None, restrictions: str | None = None,
    is_demonstration: bool = False,
) -> Award:  # fmt: skip
    """Record an agreement with a donor; pledge and agreement are converted at their own month's rate.

    Raises Conflict for a reference in use, InvalidInput for a currency or a month without a rate.
    """
    if db.session.scalar(sa.select(Award.id).where(Award.reference == reference)) is not None:
        raise Conflict(
            lazy("There is an award %(reference)s already.", reference=reference),
            "reference",
        )
    if not is_currency(currency):
        raise InvalidInput(lazy("“%(code)s” is no currency.", code=currency[:10]), "currency")
    award = Award(
        reference=reference, donor=donor, title=title, currency=currency, mission_id=mission_id,
        fund=Fund.REGULAR if donor.kind is DonorKind.REGULAR_FUND else Fund.SPECIFIC,
        pledged_cents=pledged_cents, pledged_on=pledged_on, agreed_cents=agreed_cents, agreed_on=agreed_on,
        pledged_usd_cents=_in_dollars(pledged_cents, currency, pledged_on),
        agreed_usd_cents=_in_dollars(agreed_cents, currency, agreed_on),
        starts_on=starts_on, ends_on=ends_on, icr_percent=icr_percent, icr_basis=icr_basis,
        restrictions=restrictions, is_demonstration=is_demonstration,
    )  # fmt: skip
    db.session.add(award)
    db.session.flush()
    return award


def record_movement(
    award: Award, *, kind: MovementKind, moved_on: date, reference: str, amount_cents: int,
    rate: Decimal | None = None, note: str | None = None, is_demonstration: bool = False,
) -> AwardMovement:  # fmt: skip
    """Record money in or out of an award, in the award's currency, above zero; the kind has the sign.

    Without ``rate`` the month's is taken. Raises Refused for a closed year or for more going out than
    the award holds, Conflict when the reference was recorded already.
    """
    if amount_cents <= 0:
        raise InvalidInput(lazy("An amount above zero was expected."), "amount_cents")
    refuse_closed(moved_on)
    known = sa.select(AwardMovement.id).where(
        AwardMovement.award_id == award.id,
        AwardMovement.kind == kind,
        AwardMovement.reference == reference,
    )
    if db.session.scalar(known) is not None:
        raise Conflict(
            lazy(
                "“%(reference)s” is recorded for this award already.",
                reference=reference,
            ),
            "reference",
        )
    rate = rate or rate_on(db.session(), award.currency, moved_on)
    usd_cents = convert(amount_cents, rate)
    if kind.sign < 0:
        _refuse_more_than(
            balances.award_balance(db.session(), award).available_cents,
            usd_cents,
            award,
        )
    movement = AwardMovement(
        award=award, kind=kind, moved_on=moved_on, fiscal_year=moved_on.year, reference=reference,
        amount_cents=amount_cents, currency=award.currency, rate=rate, usd_cents=usd_cents, note=note,
        is_demonstration=is_demonstration,
    )  # fmt: skip
    db.session.add(movement)
    db.session.flush()
    return movement


def allocate(
    award: Award, *, mission_id: int, usd_cents: int, allocated_on: date, decision: str,
    is_demonstration: bool = False,
) -> Allocation:  # fmt: skip
    """Give a part of a general award to a mission (US cents; below zero takes some back).

    Raises Refused for an earmarked award, or for taking back more than the mission has left of it.
    """
    if award.mission_id is not None:
        raise Refused(
            lazy(
                "Award %(reference)s is for one mission only.",
                reference=award.reference,
            ),
            "award_id",
        )
    if usd_cents == 0:
        raise InvalidInput(lazy("An amount other than zero was expected."), "usd_cents")
    if usd_cents < 0:
        given, spent = balances.allocated_and_spent(db.session(), award.id, mission_id)
        _refuse_more_than(given - spent, -usd_cents, award)
    row = Allocation(award=award, mission_id=mission_id, usd_cents=usd_cents, allocated_on=allocated_on,
                     decision=decision, is_demonstration=is_demonstration)  # fmt: skip
    db.session.add(row)
    db.session.flush()
    return row


def record_in_kind(donor: Donor, **values: Any) -> InKindContribution:
    """Record help in kind: mission_id, description, quantity, valued_cents, basis, given_on.

    Raises InvalidInput for a value that is not above zero.
    """
    if values["valued_cents"] <= 0:
        raise InvalidInput(lazy("A value above zero was expected."), "valued_cents")
    row = InKindContribution(donor=donor, **values)
    db.session.add(row)
    db.session.flush()
    return row


def _in_dollars(cents: int | None, currency: str, when: date | None) -> int | None:
    if cents is None:
        return None
    if currency != "USD" and when is None:
        raise InvalidInput(
            lazy("An amount in %(currency)s needs its date.", currency=currency),
            "agreed_on",
        )
    return convert(cents, rate_on(db.session(), currency, when or clock.today()))


def _refuse_more_than(available: int, wanted: int, award: Award) -> None:
    if wanted > available:
        raise Refused(
            lazy("Award %(reference)s holds %(available)s: %(wanted)s cannot go out of it.",
                 reference=award.reference, available=money(available), wanted=money(wanted)),
            "amount_cents",
        )  # fmt: skip
