"""Pledges and agreements: the rules, read as an accountant would."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from eom.core.errors import AppError
from eom.extensions import db
from eom.finance.models.award import DonorKind, MovementKind
from eom.finance.models.pledge import PledgeManner, PledgeState
from eom.finance.queries import agreements as queries
from eom.finance.services import agreements, awards, contacts, donors, instalments, movements, pledges
from tests.factories.finance import (
    a_contact,
    a_donor,
    a_pledge,
    a_rate,
    a_report_due,
    an_award,
    an_instalment,
)

MARCH = date(2019, 3, 1)


def refused(call, *args, **values):
    with pytest.raises(AppError) as caught:
        call(*args, **values)
    return str(caught.value), caught.value.field


def pledged(pledge, **changes):
    names = ("donor", "mission_id", "currency", "amount_cents", "pledged_on", "manner", "paper", "note")
    return {name: getattr(pledge, name) for name in names} | changes


def agreed(award, **changes):
    names = ("reference", "donor", "title", "currency", "mission_id", "agreed_cents", "agreed_on", "starts_on",
             "ends_on", "icr_percent", "icr_basis", "purpose", "restrictions", "appropriation_year")  # fmt: skip
    return {name: getattr(award, name) for name in names} | changes


def receive(award, amount_cents, on=MARCH, reference="R-9", **more):
    return movements.record_movement(
        award, kind=MovementKind.RECEIPT, amount_cents=amount_cents, moved_on=on, reference=reference, **more
    )


@pytest.mark.parametrize(
    ("wrong", "words", "field"),
    [
        ({"amount_cents": 0}, "above zero", "amount_cents"),
        ({"currency": "XYZ"}, "“XYZ” is no currency", "currency"),
        ({"currency": "EUR"}, "no rate of EUR for January 2019", "pledged_on"),
        ({"pledged_on": date(2999, 1, 1)}, "lies ahead", "pledged_on"),
    ],
)
def test_each_rule_of_a_pledge_says_what_is_wrong_and_where(cast, wrong, words, field):
    said, where = refused(a_pledge, **wrong)
    assert words in said
    assert where == field


def test_one_pledge_becomes_several_awards_and_its_dollars_add_up_to_the_cent(cast):
    a_rate("EUR", date(2019, 1, 1), "0.9")
    donor = a_donor()
    pledge = a_pledge(donor, currency="EUR", amount_cents=100_00)
    made = [
        an_award(donor=donor, currency="EUR", agreed_cents=cents, received_cents=0, pledge=pledge, pledge_part_cents=cents)
        for cents in (33_33, 33_33, 33_34)
    ]  # fmt: skip
    assert pledge.state is PledgeState.AGREED
    assert pledge.usd_cents == 111_11
    assert sum(each.pledged_usd_cents for each in made) == 111_11
    assert [each.pledged_cents for each in made] == [33_33, 33_33, 33_34]


def test_a_pledge_is_agreed_once_all_of_it_stands_in_agreements(cast):
    donor = a_donor()
    pledge = a_pledge(donor)
    award = an_award(donor=donor, received_cents=0, pledge=pledge, pledge_part_cents=200_000)
    assert pledge.state is PledgeState.OPEN
    another = an_award(donor=donor, received_cents=0, pledge=pledge)
    assert pledge.state is PledgeState.AGREED
    assert another.pledged_cents == 300_000
    awards.edit_award(another, **agreed(another), pledge=None)
    assert pledge.state is PledgeState.OPEN
    assert another.pledge_part is None
    assert award.pledged_on == date(2019, 1, 2)


def test_an_award_without_an_agreed_amount_leaves_the_pledge_open(cast):
    donor = a_donor()
    pledge = a_pledge(donor)
    award = an_award(donor=donor, received_cents=0, agreed_cents=None, agreed_on=None, pledge=pledge)
    assert pledge.state is PledgeState.OPEN
    awards.edit_award(award, **agreed(award, agreed_cents=400_000, agreed_on=MARCH), pledge=pledge)
    assert pledge.state is PledgeState.AGREED


def test_no_more_is_taken_up_than_was_pledged(cast):
    donor = a_donor()
    pledge = a_pledge(donor)
    an_award(donor=donor, received_cents=0, pledge=pledge, pledge_part_cents=400_000)
    given = {"donor": donor, "received_cents": 0, "pledge": pledge}
    said, where = refused(an_award, pledge_part_cents=100_001, **given)
    assert "$1,000.00 is left" in said
    assert where == "pledge_part_cents"
    an_award(pledge_part_cents=100_000, **given)
    assert refused(an_award, **given)[1] == "pledge_id"
    assert refused(pledges.edit_pledge, pledge, **pledged(pledge, amount_cents=499_999))[1] == "amount_cents"
    assert refused(pledges.edit_pledge, pledge, **pledged(pledge, amount_cents=None))[1] == "amount_cents"
    assert refused(pledges.edit_pledge, pledge, **pledged(pledge, donor=a_donor()))[1] == "donor_id"
    assert refused(pledges.edit_pledge, pledge, **pledged(pledge, currency="EUR"))[1] == "currency"


def test_a_pledge_of_another_donor_is_not_taken_up(cast):
    assert refused(an_award, received_cents=0, pledge=a_pledge())[1] == "pledge_id"


def test_a_pledge_ends_with_its_reason_and_is_opened_again(cast):
    donor = a_donor()
    pledge = a_pledge(donor)
    an_award(donor=donor, received_cents=0, pledge=pledge, pledge_part_cents=100_000)
    said, where = refused(
        pledges.end_pledge, pledge, state=PledgeState.LAPSED, on=date(2019, 1, 1), reason="x"
    )
    assert "2 Jan 2019" in said or "Jan 2, 2019" in said
    assert where == "on"
    assert refused(pledges.end_pledge, pledge, state=PledgeState.OPEN, on=MARCH, reason="x")[1] == "state"
    pledges.end_pledge(pledge, state=PledgeState.WITHDRAWN, on=MARCH, reason="Their budget was cut")
    assert (pledge.state, pledge.ended_because) == (PledgeState.WITHDRAWN, "Their budget was cut")
    assert "has ended" in refused(an_award, donor=donor, received_cents=0, pledge=pledge)[0]
    assert "has ended already" in refused(
        pledges.end_pledge, pledge, state=PledgeState.LAPSED, on=MARCH, reason="x")[0]  # fmt: skip
    pledges.reopen_pledge(pledge, reason="A new letter came")
    assert (pledge.state, pledge.ended_on, pledge.ended_because) == (PledgeState.OPEN, None, None)
    assert "is opened again" in refused(pledges.reopen_pledge, pledge, reason="x")[0]


def test_what_is_agreed_whole_cannot_be_withdrawn(cast):
    donor = a_donor()
    pledge = a_pledge(donor)
    an_award(donor=donor, received_cents=0, pledge=pledge)
    assert "became an agreement" in refused(
        pledges.end_pledge, pledge, state=PledgeState.WITHDRAWN, on=MARCH, reason="x")[0]  # fmt: skip


def test_a_pledge_whose_amount_was_not_said_is_agreed_with_its_award(cast):
    donor = a_donor()
    pledge = a_pledge(donor, amount_cents=None)
    award = an_award(donor=donor, received_cents=0, pledge=pledge)
    assert (pledge.state, award.pledged_cents, award.pledged_usd_cents) == (PledgeState.AGREED, None, None)
    pledges.edit_pledge(pledge, **pledged(pledge, amount_cents=70_000))
    assert (award.pledged_cents, award.pledged_usd_cents) == (70_000, 70_000)


def test_instalments_are_parts_of_what_was_agreed(cast):
    award = an_award(received_cents=0, agreed_cents=100_000)
    first = an_instalment(award, amount_cents=60_000)
    said, where = refused(an_instalment, award, amount_cents=40_001)
    assert "$1,000.00 was agreed, and $600.00 of it" in said
    assert where == "amount_cents"
    an_instalment(award, amount_cents=40_000, due_on=date(2019, 6, 1))
    assert refused(an_instalment, award, due_on=date(2018, 12, 31))[1] == "due_on"
    assert refused(awards.edit_award, award, **agreed(award, agreed_cents=99_999))[1] == "agreed_cents"
    instalments.edit_instalment(first, due_on=MARCH, amount_cents=59_999, condition="On signature")
    awards.edit_award(award, **agreed(award, agreed_cents=99_999))
    assert (
        refused(an_instalment, an_award(received_cents=0, agreed_cents=None, agreed_on=None))[1]
        == "amount_cents"
    )


def test_a_receipt_pays_instalments_and_its_reversal_takes_that_back(cast):
    award = an_award(received_cents=0, agreed_cents=100_000)
    first, second = (an_instalment(award, amount_cents=50_000, due_on=date(2019, m, 1)) for m in (3, 6))
    receipt = receive(award, 70_000, instalment=first)
    assert queries.paid_cents(db.session(), first) == 50_000
    assert refused(instalments.match, first, receipt)[1] == "instalment_id"
    assert refused(instalments.match, second, receipt, 20_001)[1] == "amount_cents"
    instalments.match(second, receipt)
    assert queries.paid_cents(db.session(), second) == 20_000
    assert refused(instalments.match, second, receipt)[1] == "movement_id"
    assert refused(instalments.edit_instalment, second, due_on=MARCH, amount_cents=19_999, condition=None)[1]
    assert "Receipts were set against" in refused(instalments.remove_instalment, second)[0]
    back = movements.reverse_movement(receipt, on=date(2019, 3, 5), reason="Paid to the wrong account")
    assert [each.paid_cents for each in queries.instalments_of(db.session(), award)] == [0, 0]
    assert "was reversed" in refused(instalments.match, first, receipt)[0]
    assert "Only a receipt" in refused(instalments.match, first, back)[0]


def test_a_receipt_in_dollars_pays_an_instalment_in_euros_at_the_months_rate(cast):
    a_rate("EUR", date(2019, 1, 1), "0.8")
    a_rate("EUR", MARCH, "0.9")
    award = an_award(currency="EUR", received_cents=0, agreed_cents=100_000)
    row = an_instalment(award, amount_cents=100_000)
    receive(award, 100_000, currency="USD", instalment=row)
    assert queries.paid_cents(db.session(), row) == 90_000


def test_an_instalment_by_mistake_is_removed_and_another_awards_receipt_does_not_pay_it(cast):
    award, other = an_award(), an_award()
    row = an_instalment(award)
    receipt = receive(other, 100)
    assert "Only a receipt of this award" in refused(instalments.match, row, receipt)[0]
    instalments.remove_instalment(row)
    assert queries.instalments_of(db.session(), award) == []


def amend(award, **values):
    given = {"reference": "A1", "signed_on": MARCH, "summary": "Longer", "agreed_cents": award.agreed_cents,
             "ends_on": award.ends_on, "icr_percent": award.icr_percent} | values  # fmt: skip
    return agreements.amend(award, **given)


def test_an_amendment_changes_the_agreement_at_its_own_rate_and_keeps_what_was(cast):
    a_rate("EUR", date(2019, 1, 1), "0.8")
    a_rate("EUR", MARCH, "0.9")
    award = an_award(currency="EUR", received_cents=0, agreed_cents=80_000, ends_on=date(2019, 12, 31))
    assert award.agreed_usd_cents == 100_000
    made = amend(award, agreed_cents=98_000, ends_on=date(2020, 6, 30))
    assert (award.agreed_cents, award.agreed_usd_cents, award.ends_on) == (98_000, 120_000, date(2020, 6, 30))
    assert (made.change_cents, made.change_usd_cents, made.ended_before_on) == (
        18_000,
        20_000,
        date(2019, 12, 31),
    )
    amend(award, reference="A2", agreed_cents=49_000)
    assert (award.agreed_cents, award.agreed_usd_cents) == (49_000, 60_000)


@pytest.mark.parametrize(
    ("wrong", "words", "field"),
    [
        ({}, "nothing is changed yet", "agreed_cents"),
        ({"agreed_cents": 0}, "above zero", "agreed_cents"),
        ({"agreed_cents": 99_999}, "it cannot be less", "agreed_cents"),
        ({"icr_percent": Decimal(101)}, "from 0 to 100", "icr_percent"),
        ({"signed_on": date(2018, 12, 31)}, "cannot be signed before", "signed_on"),
        ({"signed_on": date(2999, 1, 1)}, "lies ahead", "signed_on"),
        ({"ends_on": date(2018, 1, 1)}, "cannot end before it starts", "ends_on"),
    ],
)
def test_each_rule_of_an_amendment_says_what_is_wrong_and_where(cast, wrong, words, field):
    award = an_award(
        received_cents=0, agreed_cents=200_000, starts_on=date(2019, 1, 1), ends_on=date(2019, 12, 31)
    )
    an_instalment(award, amount_cents=100_000)
    said, where = refused(amend, award, **wrong)
    assert words in said
    assert where == field


def test_what_amendments_change_is_changed_by_another(cast):
    award = an_award(received_cents=0, agreed_cents=100_000)
    amend(award, agreed_cents=150_000)
    assert "record another amendment" in refused(awards.edit_award, award, **agreed(award, agreed_cents=1))[0]
    awards.edit_award(award, **agreed(award, title="Another title"))
    assert (award.agreed_usd_cents, award.title) == (150_000, "Another title")
    assert "recorded already" in refused(amend, award, agreed_cents=160_000)[0]
    assert "no agreement to amend" in refused(
        amend, an_award(received_cents=0, agreed_cents=None, agreed_on=None), agreed_cents=1)[0]  # fmt: skip


def test_an_agreement_is_not_lowered_below_what_missions_were_given(cast):
    award = an_award(received_cents=0, agreed_cents=100_000)
    awards.allocate(award, mission_id=cast.a.id, usd_cents=80_000, allocated_on=MARCH, decision="Memo")
    said, where = refused(amend, award, agreed_cents=79_999)
    assert "$800.00 of it is allocated to missions: it cannot be less." in said
    assert where == "agreed_cents"
    assert refused(awards.edit_award, award, **agreed(award, agreed_cents=79_999))[1] == "agreed_cents"


def test_money_that_missions_were_given_does_not_go_back_to_the_donor(cast):
    award = an_award(received_cents=100_000, agreed_cents=50_000)
    awards.allocate(award, mission_id=cast.a.id, usd_cents=90_000, allocated_on=MARCH, decision="Memo")
    given = {"kind": MovementKind.REFUND, "moved_on": MARCH, "reference": "B-1"}
    assert refused(movements.record_movement, award, amount_cents=10_001, **given)[1] == "amount_cents"
    movements.record_movement(award, amount_cents=10_000, **given)


def test_a_report_is_asked_for_once_on_a_day_and_sent_when_it_was(cast):
    award = an_award()
    a_report_due(award)
    assert refused(a_report_due, award)[1] == "due_on"
    assert refused(a_report_due, award, due_on=date(2018, 1, 1))[1] == "due_on"
    assert refused(a_report_due, award, due_on=MARCH, sent_on=date(2999, 1, 1))[1] == "sent_on"
    assert refused(a_report_due, award, due_on=MARCH, sent_on=date(2018, 1, 1))[1] == "sent_on"


def test_the_regular_fund_is_appropriated_by_year_and_no_other_money_is(cast):
    fund = a_donor(kind=DonorKind.REGULAR_FUND, country=None)
    assert an_award(donor=fund).appropriation_year == 2019
    assert an_award(donor=fund, appropriation_year=2020).appropriation_year == 2020
    assert refused(an_award, appropriation_year=2019)[1] == "appropriation_year"
    assert refused(an_award, donor=fund, appropriation_year=1900)[1] == "appropriation_year"
    assert refused(donors.edit_donor, fund, name="X", kind=DonorKind.OTHER, country=None)[1] == "kind"


def test_a_contact_has_an_address_that_can_be_written_to(cast):
    assert refused(a_contact, email="no address") == ("“no address” is no e-mail address.", "email")
    row = a_contact(email="Desk@Example.ORG")
    assert row.email == "desk@example.org"
    contacts.remove_contact(row)


def test_manners_and_states_have_words(cast):
    assert all(str(each.label) for each in (*PledgeManner, *PledgeState))
