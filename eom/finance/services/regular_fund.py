"""Appropriations of the Regular Fund: each is an award of its year, general, in dollars, without ICR."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa

from eom.core import clock
from eom.core.errors import InvalidInput
from eom.core.i18n import _, lazy
from eom.extensions import db
from eom.finance.models.award import Award, Donor, DonorKind
from eom.finance.queries import regular_fund as queries
from eom.finance.services import awards, donors


def appropriate(
    *, year: int, usd_cents: int, decided_on: date, decision: str, reference: str | None = None,
    is_demonstration: bool = False,
) -> Award:  # fmt: skip
    """Record what the programme-budget of a year gives to missions (US cents).

    The Regular Fund is recorded as a donor when it is none yet. Without ``reference`` it is called
    RF and its year. Raises as ``awards.record_award`` does, InvalidInput for a day that has not come.
    """
    if decided_on > clock.today():
        raise InvalidInput(lazy("This day lies ahead."), "decided_on")
    try:
        return awards.record_award(
            reference=reference or _reference(year), donor=_donor(is_demonstration), title=decision,
            agreed_cents=usd_cents, agreed_on=decided_on, starts_on=date(year, 1, 1), ends_on=date(year, 12, 31),
            icr_basis=_("The Regular Fund pays no indirect cost recovery."), appropriation_year=year,
            is_demonstration=is_demonstration,
        )  # fmt: skip
    except InvalidInput as error:
        names = {"agreed_cents": "usd_cents", "agreed_on": "decided_on", "appropriation_year": "year"}
        error.field = names.get(error.field or "", error.field)
        raise


def _donor(is_demonstration: bool) -> Donor:
    return queries.regular_fund(db.session()) or donors.register_donor(
        name=_("Regular Fund"), kind=DonorKind.REGULAR_FUND, is_demonstration=is_demonstration
    )


def _reference(year: int) -> str:
    """RF and the year; a second appropriation of a year is numbered."""
    taken = {text.lower() for text in db.session.scalars(sa.select(Award.reference).where(
        sa.func.lower(Award.reference).startswith(f"rf-{year}")))}  # fmt: skip
    candidates = [f"RF-{year}", *(f"RF-{year}-{number}" for number in range(2, len(taken) + 3))]
    return next(each for each in candidates if each.lower() not in taken)
