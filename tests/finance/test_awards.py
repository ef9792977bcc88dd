"""Awards, what moves in them and what they give: the rules, read as an accountant would."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from eom.core import clock
from eom.core.errors import AppError, Conflict, Refused
from eom.extensions import db
from eom.finance.models.award import DonorKind, Fund, MovementKind
from eom.finance.queries import awards as queries
from eom.finance.services import awards, closing, movements
from tests.factories.finance import a_donor, a_rate, an_award, an_expenditure


def move(
    award, kind=MovementKind.RECEIPT, amount_cents=100_00, moved_on=date(2019, 3, 1), reference="N-1", **more
):
    return movements.record_movement(
        award, kind=kind, amount_cents=amount_cents, moved_on=moved_on, reference=reference, **more
    )


def allocate(award, mission, usd_cents=100_00, **more):
    given = {"allocated_on": date(2019, 3, 1), "decision": "Memo 7"} | more
    return awards.allocate(award, mission_id=mission.id, usd_cents=usd_cents, **given)


def as_it_is(award, **changes):
    names = ("reference", "donor", "title", "currency", "mission_id", "agreed_cents", "agreed_on", "starts_on",
             "ends_on", "icr_percent", "icr_basis", "purpose", "restrictions", "appropriation_year")  # fmt: skip
    return {name: getattr(award, name) for name in names} | changes


def refused(call, *args, **values):
    with pytest.raises(AppError) as caught:
        call(*args, **values)
    return str(caught.value), caught.value.field


@pytest.mark.parametrize(
    ("wrong", "words", "field"),
    [
        ({"currency": "XYZ"}, "“XYZ” is no currency", "currency"),
        ({"agreed_cents": -1}, "above zero", "agreed_cents"),
        ({"pledged_cents": 0}, "above zero", "pledged_cents"),
        ({"icr_percent": Decimal("100.01")}, "from 0 to 100", "icr_percent"),
        ({"icr_percent": Decimal("-1")}, "from 0 to 100", "icr_percent"),
        ({"starts_on": date(2019, 2, 1), "ends_on": date(2019, 1, 31)}, "cannot end before", "ends_on"),
        ({"currency": "EUR"}, "no rate of EUR for January 2019", "agreed_on"),
        ({"currency": "EUR", "agreed_on": None}, "in EUR needs its date", "agreed_on"),
    ],
)
def test_each_rule_of_an_award_says_what_is_wrong_and_where(cast, wrong, words, field):
    said, where = refused(an_award, cast.a, **wrong)
    assert words in said
    assert where == field


def test_a_reference_is_given_once_whatever_its_case(cast):
    an_award(reference="CAN-1")
    with pytest.raises(Conflict) as caught:
        an_award(reference="can-1")
    assert caught.value.field == "reference"


def test_the_regular_fund_is_a_fund_of_its_own(cast):
    assert an_award(donor=a_donor(kind=DonorKind.REGULAR_FUND, country=None)).fund is Fund.REGULAR
    assert an_award().fund is Fund.SPECIFIC


def test_pledge_and_agreement_are_each_converted_at_their_own_month(cast):
    a_rate("EUR", date(2019, 1, 1), "0.875")
    a_rate("EUR", date(2019, 2, 1), "0.8")
    award = an_award(currency="EUR", agreed_cents=700_000, agreed_on=date(2019, 1, 9), pledged_cents=800_000,
                     pledged_on=date(2019, 2, 3), received_cents=0)  # fmt: skip
    assert (award.agreed_usd_cents, award.pledged_usd_cents) == (800_000, 1_000_000)


# The account of an award, as its donor's report shows it: what moved, in US cents, and what is left.
STORY = [
    (MovementKind.RECEIPT, 500_000, 500_000),
    (MovementKind.INTEREST, 1_234, 501_234),
    (MovementKind.TRANSFER_IN, 10_000, 511_234),
    (MovementKind.EXCHANGE_GAIN, 66, 511_300),
    (MovementKind.EXCHANGE_LOSS, 300, 511_000),
    (MovementKind.TRANSFER_OUT, 11_000, 500_000),
    (MovementKind.REFUND, 40_000, 460_000),
]


def test_the_account_adds_up_line_by_line(cast):
    award = an_award(cast.a, received_cents=0, icr_percent=Decimal(10))
    for number, (kind, cents, left) in enumerate(STORY):
        move(award, kind, cents, reference=f"S-{number}")
        assert queries.account(db.session(), award).available_cents == left
    an_expenditure(cast.a, award, amount_cents=100_000)
    account = queries.account(db.session(), award)
    assert (account.received_cents, account.spent_cents, account.icr_cents) == (500_000, 100_000, 10_000)
    assert account.available_cents == 350_000
    assert [step.usd_cents for step in account.steps] == [500_000, 1_234, 10_000, 66, -300, -40_000, -11_000]


@pytest.mark.parametrize(
    ("wrong", "words", "field"),
    [
        ({"amount_cents": 0}, "above zero", "amount_cents"),
        ({"amount_cents": -5}, "above zero", "amount_cents"),
        ({"currency": "BOB"}, "is kept in USD", "currency"),
        ({"rate": Decimal(0)}, "A rate is above zero", "rate"),
        ({"rate": Decimal("1.1")}, "US dollars has no rate", "rate"),
        ({"kind": MovementKind.REFUND, "amount_cents": 10_000_001}, "cannot go out of it", "amount_cents"),
    ],
)
def test_each_rule_of_a_movement_says_what_is_wrong_and_where(cast, wrong, words, field):
    said, where = refused(move, an_award(cast.a), **wrong)
    assert words in said
    assert where == field


def test_money_that_has_not_moved_yet_is_not_booked(cast):
    said, field = refused(move, an_award(), moved_on=clock.today() + timedelta(days=2))
    assert "lies ahead" in said
    assert field == "moved_on"


def test_a_receipt_is_booked_once(cast):
    award = an_award()
    move(award)
    with pytest.raises(Conflict) as caught:
        move(award)
    assert caught.value.field == "reference"
    move(award, MovementKind.INTEREST)


def test_two_instalments_take_the_rates_of_their_months_or_the_banks(cast):
    a_rate("EUR", date(2019, 3, 1), "0.88")
    award = an_award(currency="EUR", agreed_cents=None, received_cents=0)
    assert move(award, amount_cents=88_000).usd_cents == 100_000
    assert move(award, amount_cents=90_000, rate=Decimal("0.9"), reference="N-2").usd_cents == 100_000
    said, _field = refused(move, award, moved_on=date(2019, 4, 1), reference="N-3")
    assert "no rate of EUR for April 2019" in said


def test_an_exchange_difference_is_a_sum_of_dollars(cast):
    a_rate("EUR", date(2019, 3, 1), "0.88")
    award = an_award(currency="EUR", agreed_cents=None, received_cents=0)
    move(award, amount_cents=88_000)
    loss = move(award, MovementKind.EXCHANGE_LOSS, 61_11, currency="USD")
    assert (loss.currency, loss.usd_cents) == ("USD", 61_11)


def test_less_than_a_cent_is_nothing(cast):
    a_rate("PYG", date(2019, 3, 1), "6100")
    award = an_award(currency="PYG", agreed_cents=None, received_cents=0)
    assert refused(move, award, amount_cents=20)[1] == "amount_cents"


def test_a_reversal_takes_a_movement_back_to_the_cent_once(cast):
    award = an_award(received_cents=0)
    first = move(award, amount_cents=33_333)
    back = movements.reverse_movement(first, on=date(2019, 4, 1), reason="Booked on the wrong award")
    assert (back.amount_cents, back.usd_cents, back.kind) == (-33_333, -33_333, MovementKind.RECEIPT)
    assert queries.account(db.session(), award).available_cents == 0
    with pytest.raises(Conflict):
        movements.reverse_movement(first, on=date(2019, 4, 1), reason="Again")
    with pytest.raises(Refused):
        movements.reverse_movement(back, on=date(2019, 4, 1), reason="The reversal")


def test_a_reversal_has_its_rules(cast):
    award = an_award(cast.a, received_cents=0)
    first = move(award, amount_cents=50_000)
    assert refused(movements.reverse_movement, first, on=date(2019, 2, 1), reason="x")[1] == "on"
    assert (
        refused(movements.reverse_movement, first, on=clock.today() + timedelta(days=2), reason="x")[1]
        == "on"
    )
    an_expenditure(cast.a, award, amount_cents=100)
    said, field = refused(movements.reverse_movement, first, on=date(2019, 4, 1), reason="x")
    assert "cannot go out of it" in said
    assert field == "on"


def test_a_general_award_gives_what_was_agreed_and_no_more(cast):
    award = an_award(received_cents=100_000)
    allocate(award, cast.a, 60_000)
    said, field = refused(allocate, award, cast.b, 40_001)
    assert "$1,000.00" in said
    assert "$600.00" in said
    assert field == "usd_cents"
    allocate(award, cast.b, 40_000)
    allocate(award, cast.b, -40_000)


@pytest.mark.parametrize(
    ("usd_cents", "words"),
    [(0, "other than zero"), (-100_01, "cannot go out of it"), (200_000_00, "is allocated")],
)
def test_each_rule_of_an_allocation(cast, usd_cents, words):
    award = an_award()
    allocate(award, cast.a)
    said, field = refused(allocate, award, cast.a, usd_cents)
    assert words in said
    assert field == "usd_cents"


def test_an_earmarked_award_is_not_allocated(cast):
    assert "for one mission only" in refused(allocate, an_award(cast.a), cast.b)[0]


def test_a_closed_year_takes_no_movement_reversal_or_allocation(cast):
    award = an_award()
    first = move(award)
    closing.close_year(2019, by="Clara")
    for call, field in (
        (lambda: move(award, reference="N-2"), "moved_on"),
        (lambda: allocate(award, cast.a), "allocated_on"),
        (lambda: movements.reverse_movement(first, on=date(2019, 5, 1), reason="x"), "on"),
    ):
        said, where = refused(call)
        assert "fiscal year 2019 was closed" in said
        assert where == field
    movements.reverse_movement(first, on=date(2020, 1, 2), reason="Corrected in the open year")


@pytest.mark.parametrize(
    ("change", "field"), [("currency", "currency"), ("donor", "donor_id"), ("mission_id", "mission_id")]
)
def test_what_the_books_rest_on_is_not_changed(cast, change, field):
    award = an_award(cast.a)
    an_expenditure(cast.a, award)
    other = {"currency": "EUR", "donor": a_donor(), "mission_id": cast.b.id}[change]
    assert refused(awards.edit_award, award, **as_it_is(award, **{change: other}))[1] == field


def test_the_rest_may_be_changed_and_dollars_follow(cast):
    award = an_award(cast.a, reference="X-1")
    awards.edit_award(
        award, **as_it_is(award, agreed_cents=777_00, icr_percent=Decimal("7.125"), title="New")
    )
    assert (award.agreed_usd_cents, award.icr_percent, award.reference) == (777_00, Decimal("7.125"), "X-1")


def test_an_award_without_lines_may_become_another(cast):
    award = an_award(cast.a, received_cents=0)
    a_rate("EUR", date(2019, 1, 1), "0.5")
    awards.edit_award(award, **as_it_is(award, currency="EUR", mission_id=None))
    assert award.is_general
    assert award.agreed_usd_cents == 200


def test_parts_are_what_came_in_or_was_allocated(cast):
    own, general = an_award(cast.a, received_cents=70_000), an_award(received_cents=90_000)
    allocate(general, cast.a, 20_000)
    allocate(general, cast.b, 30_000)
    an_expenditure(cast.a, general, amount_cents=5_000)
    parts = {(part.award.id, part.mission.code): part for each in (own, general)
             for part in queries.parts_of(db.session(), each)}  # fmt: skip
    assert {key: (part.given_cents, part.left_cents) for key, part in parts.items()} == {
        (own.id, "BOL-2019"): (70_000, 70_000),
        (general.id, "BOL-2019"): (20_000, 15_000),
        (general.id, "PER-2021"): (30_000, 30_000),
    }
