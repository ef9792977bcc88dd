"""Pledges: promised, changed, ended; and which part of one became which award."""

from __future__ import annotations

from datetime import date
from typing import Any

import sqlalchemy as sa

from eom.core import audit, clock
from eom.core.errors import InvalidInput, Refused
from eom.core.i18n import day, lazy, money
from eom.core.money import convert, is_currency
from eom.extensions import db
from eom.finance.models.award import Award, Donor
from eom.finance.models.pledge import DonorPledge, PledgeManner, PledgePart, PledgeState
from eom.finance.queries.rates import rate_on


def record_pledge(
    *, donor: Donor, currency: str = "USD", amount_cents: int | None, pledged_on: date, manner: PledgeManner,
    mission_id: int | None = None, paper: str | None = None, note: str | None = None,
    is_demonstration: bool = False,
) -> DonorPledge:  # fmt: skip
    """Record what a donor promised, to one mission or (without ``mission_id``) in general.

    ``amount_cents`` is in ``currency``, None while no amount was said. Raises InvalidInput for an amount,
    currency or day that cannot be, or a month without a rate.
    """
    pledge = DonorPledge(is_demonstration=is_demonstration)
    _fill(
        pledge, donor=donor, currency=currency, amount_cents=amount_cents, pledged_on=pledged_on, manner=manner,
        mission_id=mission_id, paper=paper, note=note,
    )  # fmt: skip
    db.session.add(pledge)
    db.session.flush()
    return pledge


def edit_pledge(pledge: DonorPledge, **values: Any) -> DonorPledge:
    """Change what is known of a pledge: the arguments of ``record_pledge``, all of them.

    Raises as it does, and Refused for another donor or currency, or an amount below what awards took up.
    """
    _hold(pledge)
    if pledge.parts:
        if values["donor"] is not pledge.donor:
            raise Refused(lazy("An award took this pledge up, so its donor stays."), "donor_id")
        if values["currency"] != pledge.currency:
            raise Refused(lazy("An award took this pledge up, so its currency stays."), "currency")
        amount = values["amount_cents"]
        if pledge.taken_cents and (amount is None or amount < pledge.taken_cents):
            taken = money(pledge.taken_cents, pledge.currency)
            raise Refused(
                lazy("Awards took %(taken)s of it up: it cannot be less.", taken=taken), "amount_cents"
            )
    _fill(pledge, **values)
    _share_out(pledge)
    follow(pledge)
    return pledge


def end_pledge(pledge: DonorPledge, *, state: PledgeState, on: date, reason: str) -> DonorPledge:
    """Say that nothing more comes of a pledge: withdrawn by the donor, or lapsed. What awards took up stays.

    Raises InvalidInput for another state or a day that cannot be, Refused when all of it was agreed or it
    has ended already.
    """
    _hold(pledge)
    if state not in (PledgeState.WITHDRAWN, PledgeState.LAPSED):
        raise InvalidInput(lazy("Choose whether it was withdrawn or has lapsed."), "state")
    if pledge.state is PledgeState.AGREED:
        raise Refused(lazy("All of this pledge became an agreement: nothing of it can end."))
    if pledge.state.has_ended:
        raise Refused(lazy("This pledge has ended already."))
    if on > clock.today():
        raise InvalidInput(lazy("This day lies ahead."), "on")
    if pledge.pledged_on and on < pledge.pledged_on:
        raise InvalidInput(
            lazy("It was pledged on %(day)s, not after that.", day=day(pledge.pledged_on)), "on"
        )
    pledge.state, pledge.ended_on, pledge.ended_because = state, on, reason
    db.session.flush()
    return pledge


def reopen_pledge(pledge: DonorPledge, *, reason: str) -> DonorPledge:
    """Expect the rest of a pledge again. Raises Refused when it has not ended."""
    _hold(pledge)
    if not pledge.state.has_ended:
        raise Refused(lazy("Only a pledge that was withdrawn or has lapsed is opened again."))
    audit.because(db.session(), reason)
    pledge.state, pledge.ended_on, pledge.ended_because = PledgeState.OPEN, None, None
    db.session.flush()
    follow(pledge)
    return pledge


def tie(award: Award, pledge: DonorPledge | None, part_cents: int | None = None) -> None:
    """Let an award take up a part of a pledge (in the pledge's currency; None: all that is left), or none.

    Raises Refused for another donor's pledge, one that has ended, or more than is left of it.
    """
    part = award.pledge_part
    before = part.pledge if part else None
    if pledge is None:
        if part is not None:
            _take_off(award, part)
    else:
        _hold(pledge)
        others = sum(each.amount_cents or 0 for each in pledge.parts if each is not part)
        amount = _amount_of_part(award, pledge, others, part_cents, is_own=before is pledge)
        if part is None or before is not pledge:
            if part is not None:
                _take_off(award, part)
            part = PledgePart(pledge=pledge, award=award)
            db.session.add(part)
        part.amount_cents, part.usd_cents = amount, _dollars_of_part(pledge, part, amount)
    db.session.flush()
    for each in {id(p): p for p in (before, pledge) if p is not None}.values():
        follow(each)


def follow(pledge: DonorPledge) -> None:
    """Let a pledge that has not ended be agreed once all of it stands in agreements, and open until then."""
    if pledge.state.has_ended:
        return
    agreed = [part for part in pledge.parts if part.award.agreed_cents is not None]
    taken = sum(part.amount_cents or 0 for part in agreed)
    is_agreed = bool(agreed) and (pledge.amount_cents is None or taken >= pledge.amount_cents)
    pledge.state = PledgeState.AGREED if is_agreed else PledgeState.OPEN
    db.session.flush()


def pledge_of_award(award: Award, cents: int | None, on: date | None) -> None:
    """A pledge recorded together with the award that takes it up whole. Raises InvalidInput as usual."""
    if cents is None and on is None:
        return
    if cents is not None and cents <= 0:
        raise InvalidInput(lazy("An amount above zero was expected."), "pledged_cents")
    pledge = DonorPledge(
        donor=award.donor, mission_id=award.mission_id, currency=award.currency, amount_cents=cents,
        pledged_on=on, usd_cents=in_dollars(cents, award.currency, on, "pledged_on"), manner=PledgeManner.OTHER,
        state=PledgeState.OPEN, is_demonstration=award.is_demonstration,
    )  # fmt: skip
    db.session.add(pledge)
    db.session.flush()
    tie(award, pledge)


def in_dollars(cents: int | None, currency: str, when: date | None, field: str) -> int | None:
    """An amount at the rate of its month, in US cents. Raises InvalidInput, on ``field``, without one."""
    if cents is None or currency == "USD":
        return cents
    if when is None:
        raise InvalidInput(lazy("An amount in %(currency)s needs its date.", currency=currency), field)
    try:
        return convert(cents, rate_on(db.session(), currency, when))
    except InvalidInput as error:
        error.field = field
        raise


def _fill(pledge: DonorPledge, *, donor: Donor, currency: str, amount_cents: int | None, pledged_on: date,
          **values: Any) -> None:  # fmt: skip
    if not is_currency(currency):
        raise InvalidInput(lazy("“%(code)s” is no currency.", code=currency[:10]), "currency")
    if amount_cents is not None and amount_cents <= 0:
        raise InvalidInput(lazy("An amount above zero was expected."), "amount_cents")
    if pledged_on > clock.today():
        raise InvalidInput(lazy("This day lies ahead."), "pledged_on")
    dollars = in_dollars(amount_cents, currency, pledged_on, "pledged_on")
    pledge.donor, pledge.currency, pledge.pledged_on = donor, currency, pledged_on
    pledge.amount_cents, pledge.usd_cents = amount_cents, dollars
    for name, value in values.items():
        setattr(pledge, name, value)
    db.session.flush()


def _amount_of_part(
    award: Award, pledge: DonorPledge, others: int, wanted: int | None, *, is_own: bool
) -> int | None:
    if pledge.donor is not award.donor:
        raise Refused(lazy("This pledge is of another donor."), "pledge_id")
    if pledge.state.has_ended and not is_own:
        raise Refused(
            lazy("This pledge has ended."), "pledge_id", lazy("Open it again, or choose another pledge.")
        )
    if pledge.amount_cents is None:
        return None
    left = pledge.amount_cents - others
    amount = left if wanted is None else wanted
    if amount <= 0 and wanted is not None:
        raise InvalidInput(lazy("An amount above zero was expected."), "pledge_part_cents")
    if left <= 0:
        raise Refused(lazy("Other awards took all of this pledge up."), "pledge_id")
    if amount > left:
        raise Refused(
            lazy("%(left)s is left of this pledge.", left=money(left, pledge.currency)), "pledge_part_cents"
        )
    return amount


def _dollars_of_part(pledge: DonorPledge, part: PledgePart, amount: int | None) -> int | None:
    """The part's share of the pledge's dollars: the shares never add up to more, and all to the whole."""
    if amount is None or pledge.amount_cents is None or pledge.usd_cents is None:
        return None
    others = [each for each in pledge.parts if each is not part]
    taken = sum(each.amount_cents or 0 for each in others) + amount
    before = sum(each.usd_cents or 0 for each in others)
    return max(pledge.usd_cents * taken // pledge.amount_cents - before, 0)


def _share_out(pledge: DonorPledge) -> None:
    """Give the parts their dollars anew after the pledge's own changed."""
    for part in pledge.parts:
        part.usd_cents = None
    for part in pledge.parts:
        if pledge.amount_cents is not None and part.amount_cents is None:
            part.amount_cents = pledge.left_cents or None
    taken = shared = 0
    for part in pledge.parts:
        if part.amount_cents is None or pledge.amount_cents is None or pledge.usd_cents is None:
            continue
        taken += part.amount_cents
        part.usd_cents = pledge.usd_cents * taken // pledge.amount_cents - shared
        shared += part.usd_cents
    db.session.flush()


def _take_off(award: Award, part: PledgePart) -> None:
    part.pledge.parts.remove(part)
    award.pledge_part = None
    db.session.delete(part)
    db.session.flush()


def _hold(pledge: DonorPledge) -> None:
    """Keep others from taking it up until the transaction ends."""
    db.session.execute(sa.select(DonorPledge.id).where(DonorPledge.id == pledge.id).with_for_update())
