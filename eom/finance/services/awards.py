"""Awards: agreed, and allocated to missions. Pledges, movements and help in kind have their own."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from eom.core.errors import Conflict, InvalidInput, Refused
from eom.core.i18n import lazy, money
from eom.core.money import is_currency
from eom.extensions import db
from eom.finance.models.award import Allocation, Award, AwardMovement, Donor, DonorKind, Fund
from eom.finance.models.ledger import Expenditure
from eom.finance.models.pledge import DonorPledge
from eom.finance.queries import balances
from eom.finance.queries.years import FIRST, LAST
from eom.finance.services import agreements, movements, pledges
from eom.finance.services.closing import refuse_closed
from eom.finance.services.movements import refuse_more_than


def record_award(
    *, reference: str, donor: Donor, title: str, currency: str = "USD", mission_id: int | None = None,
    fund: Fund | None = None, pledge: DonorPledge | None = None, pledge_part_cents: int | None = None,
    pledged_cents: int | None = None, pledged_on: date | None = None, agreed_cents: int | None = None,
    agreed_on: date | None = None, starts_on: date | None = None, ends_on: date | None = None,
    icr_percent: Decimal = Decimal(0), icr_basis: str | None = None, purpose: str | None = None,
    restrictions: str | None = None, appropriation_year: int | None = None, is_demonstration: bool = False,
) -> Award:  # fmt: skip
    """Record an agreement with a donor; it is converted at its own month's rate.

    Without ``mission_id`` it is general, for several missions. It takes up ``pledge_part_cents`` of a
    ``pledge`` (all that is left without an amount); ``pledged_cents`` and ``pledged_on`` record a pledge of
    its own with it. Raises Conflict for a reference in use, InvalidInput for a currency, percentage,
    amount or date that cannot be, or a month without a rate, Refused as ``pledges.tie`` does.
    """
    award = Award(is_demonstration=is_demonstration)
    _fill(
        award, reference=reference, donor=donor, title=title, currency=currency, mission_id=mission_id, fund=fund,
        agreed_cents=agreed_cents, agreed_on=agreed_on, starts_on=starts_on, ends_on=ends_on,
        icr_percent=icr_percent, icr_basis=icr_basis, purpose=purpose, restrictions=restrictions,
        appropriation_year=appropriation_year,
    )  # fmt: skip
    db.session.add(award)
    db.session.flush()
    if pledge is not None:
        pledges.tie(award, pledge, pledge_part_cents)
    else:
        pledges.pledge_of_award(award, pledged_cents, pledged_on)
    return award


def edit_award(
    award: Award, *, pledge: DonorPledge | None = None, pledge_part_cents: int | None = None, **values: Any
) -> Award:
    """Change what is known of an award: the arguments of ``record_award`` but for a pledge of its own.

    An ICR percentage holds for the expenditures booked from then on. Raises as ``record_award`` does, and
    Refused for another donor or currency once money moved, another mission once it spent or allocated, or
    an amount below its instalments; what amendments change is changed by another amendment.
    """
    _refuse_other_books(award, values)
    agreements.refuse_past_amendments(award, values)
    agreements.refuse_less_than_instalments(award, values["agreed_cents"], values["currency"])
    dollars = award.agreed_usd_cents if agreements.is_amended(award) else None
    _fill(award, **{"fund": award.fund if values["donor"] is award.donor else None} | values)
    if dollars is not None:
        award.agreed_usd_cents = dollars
    movements.refuse_less_than_allocated(
        award, balances.award_balance(db.session(), award).moved_cents, "agreed_cents"
    )
    db.session.flush()
    pledges.tie(award, pledge, pledge_part_cents)
    return award


def allocate(
    award: Award, *, mission_id: int, usd_cents: int, allocated_on: date, decision: str,
    is_demonstration: bool = False,
) -> Allocation:  # fmt: skip
    """Give a part of a general award to a mission (US cents; below zero takes some back).

    Raises Refused for an earmarked award, a closed year, for giving more than was agreed or received, or
    taking back more than the mission has left of it.
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
    refuse_closed(allocated_on, "allocated_on")
    if usd_cents < 0:
        given, spent = balances.allocated_and_spent(db.session(), award.id, mission_id)
        refuse_more_than(given - spent, -usd_cents, award, "usd_cents")
    else:
        _refuse_more_than_agreed(award, usd_cents)
    row = Allocation(award=award, mission_id=mission_id, usd_cents=usd_cents, allocated_on=allocated_on,
                     decision=decision, is_demonstration=is_demonstration)  # fmt: skip
    db.session.add(row)
    db.session.flush()
    return row


def _fill(
    award: Award, *, reference: str, donor: Donor, currency: str, fund: Fund | None, **values: Any
) -> None:
    """Check everything, then write it into the award."""
    same = sa.select(Award.id).where(
        sa.func.lower(Award.reference) == reference.lower(), Award.id != (award.id or 0)
    )
    if db.session.scalar(same) is not None:
        raise Conflict(lazy("There is an award %(reference)s already.", reference=reference), "reference")
    _check(currency, values)
    fund = _fund_of(donor, fund)
    year = _year_of(fund, values["appropriation_year"], values["agreed_on"] or values["starts_on"])
    dollars = pledges.in_dollars(values["agreed_cents"], currency, values["agreed_on"], "agreed_on")
    award.reference, award.donor, award.currency, award.fund = reference, donor, currency, fund
    for name, value in (values | {"agreed_usd_cents": dollars, "appropriation_year": year}).items():
        setattr(award, name, value)


def _fund_of(donor: Donor, fund: Fund | None) -> Fund:
    """The class of fund: the Regular Fund's own for the Regular Fund, and for no other donor."""
    is_regular = donor.kind is DonorKind.REGULAR_FUND
    fund = fund or (Fund.REGULAR if is_regular else Fund.SPECIFIC)
    if (fund is Fund.REGULAR) is not is_regular:
        raise Refused(
            lazy("Money of the Regular Fund is of the fund “Regular Fund”, and no other donor’s is."), "fund"
        )
    return fund


def _year_of(fund: Fund, year: int | None, day: date | None) -> int | None:
    """The year whose programme-budget an award of the Regular Fund is of: the one given, or its day's."""
    if fund is not Fund.REGULAR:
        if year is not None:
            raise InvalidInput(
                lazy("Only money of the Regular Fund is appropriated by year."), "appropriation_year"
            )
        return None
    if year is not None and not FIRST <= year <= LAST:
        raise InvalidInput(
            lazy("A year from %(first)d to %(last)d was expected.", first=FIRST, last=LAST),
            "appropriation_year",
        )
    return year or (day.year if day else None)


def _check(currency: str, values: dict[str, Any]) -> None:
    if not is_currency(currency):
        raise InvalidInput(lazy("“%(code)s” is no currency.", code=currency[:10]), "currency")
    if values["agreed_cents"] is not None and values["agreed_cents"] <= 0:
        raise InvalidInput(lazy("An amount above zero was expected."), "agreed_cents")
    if not 0 <= values["icr_percent"] <= 100:
        raise InvalidInput(lazy("A percentage from 0 to 100 was expected."), "icr_percent")
    if values["starts_on"] and values["ends_on"] and values["ends_on"] < values["starts_on"]:
        raise InvalidInput(lazy("It cannot end before it starts."), "ends_on")


def _refuse_other_books(award: Award, values: dict[str, Any]) -> None:
    """What lines of the books rest on stays."""
    spent = _any(Expenditure.award_id == award.id)
    if values["mission_id"] != award.mission_id and (spent or _any(Allocation.award_id == award.id)):
        raise Refused(
            lazy("It has allocations or expenditures, so what it is for stays."),
            "mission_id",
            lazy("Record another award and transfer the money instead."),
        )
    moved = spent or _any(AwardMovement.award_id == award.id)
    if moved and values["currency"] != award.currency:
        raise Refused(lazy("Money has moved in this award, so its currency stays."), "currency")
    if moved and values["donor"] is not award.donor:
        raise Refused(lazy("Money has moved in this award, so its donor stays."), "donor_id")


def _any(criterion: sa.ColumnElement[bool]) -> bool:
    return bool(db.session.scalar(sa.select(sa.exists().where(criterion))))


def _refuse_more_than_agreed(award: Award, usd_cents: int) -> None:
    """Money is promised to missions up to what was agreed, or came in when that is more (Art. 105)."""
    given = balances.allocated_of(db.session(), award.id)
    most = max(award.agreed_usd_cents or 0, balances.award_balance(db.session(), award).moved_cents)
    if given + usd_cents > most:
        raise Refused(
            lazy("Award %(reference)s amounts to %(most)s, and %(given)s of it is allocated.",
                 reference=award.reference, most=money(most), given=money(given)),
            "usd_cents",
            lazy("Record the agreement or the receipt first, or allocate less."),
        )  # fmt: skip
