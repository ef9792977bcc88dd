"""Donor's viewers: their own donor's awards, in the same figures as the books, and nothing else."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest
from openpyxl import load_workbook

from eom.accounts.permissions import Role
from eom.accounts.services import memberships
from eom.extensions import db
from eom.finance.models.award import Donor
from eom.finance.queries import own
from eom.finance.services import awards, ledger
from tests.factories import finance


@pytest.fixture
def donor(cast) -> Donor:
    """The donor whose awards Dora sees."""
    return db.session.get_one(Donor, cast.user("dora").memberships[0].donor_id)


@pytest.fixture
def award(cast, donor):
    """An award of 100,000 dollars with 10 per cent of ICR; 1,500 were spent on two objects, 300 taken back."""
    award = finance.an_award(cast.a, donor=donor, icr_percent=Decimal(10), title="Observation in Bolivia")
    finance.an_expenditure(cast.a, award, object_number=4, amount_cents=1000_00, payee="Secret Payee")
    finance.an_expenditure(cast.a, award, object_number=2, amount_cents=500_00)
    wrong = finance.an_expenditure(cast.a, award, object_number=4, amount_cents=300_00)
    ledger.reverse_expenditure(wrong, on=date(2019, 10, 21), reason="booked twice")
    db.session.commit()
    return award


def test_the_statement_of_an_award(award, as_person):
    page = as_person("dora").page(f"/my-awards/{award.id}")
    for words in ("Observation in Bolivia", "100,000.00", "1,500.00", "150.00", "98,350.00", "BOL-2019"):
        assert words in page.text, words


def test_no_payee_and_no_voucher_is_told(award, as_person):
    text = as_person("dora").page(f"/my-awards/{award.id}").text
    assert "Secret Payee" not in text
    assert "Travel agency" not in text


def test_the_list_holds_own_awards_only(award, cast, as_person):
    other = finance.an_award(cast.a, title="Of somebody else")
    db.session.commit()
    text = as_person("dora").page("/my-awards").text
    assert award.reference in text
    assert other.reference not in text
    as_person("dora").page(f"/my-awards/{other.id}", 404)
    as_person("dora").get(f"/my-awards/{other.id}?format=xlsx", 404)


def test_the_rows_of_the_file_add_up_to_the_balance(award, as_person):
    file = as_person("dora").get(f"/my-awards/{award.id}?format=xlsx")
    rows = list(load_workbook(BytesIO(file.data)).active.iter_rows(values_only=True))
    assert rows[0] == ("Award", "Part", "Day", "What", "Mission", "US dollars")
    account = [
        row for row in rows[1:] if row[1] in ("What came in and went out", "Spent", "Indirect cost recovery")
    ]
    (balance,) = (row[5] for row in rows if row[1] == "Available")
    assert sum(Decimal(str(row[5])) for row in account) == Decimal(str(balance)) == Decimal("98350")


def test_what_was_spent_by_object_leaves_reversals_out(award):
    found = own.spent_by_object(db.session(), award)
    assert [(each.object_number, each.usd_cents, each.icr_cents) for each in found] == [
        (2, 500_00, 50_00),
        (4, 1000_00, 100_00),
    ]


def test_a_general_award_names_the_missions_it_was_given_to(cast, donor, as_person):
    award = finance.an_award(donor=donor)
    awards.allocate(
        award, mission_id=cast.b.id, usd_cents=2500_00, allocated_on=date(2019, 3, 1), decision="SG/1"
    )
    db.session.commit()
    assert "PER-2021" in as_person("dora").page(f"/my-awards/{award.id}").text


def test_viewers_of_two_donors_see_both(cast, award, as_person):
    other = finance.an_award(cast.a)
    memberships.grant(
        cast.user("dora"),
        role=Role.DONOR_VIEWER,
        mission_id=None,
        by=cast.user("amir"),
        donor_id=other.donor_id,
    )
    db.session.commit()
    text = as_person("dora").page("/my-awards").text
    assert award.reference in text
    assert other.reference in text


def test_a_viewer_whose_role_ended_sees_nothing(cast, award, as_person):
    memberships.end(cast.user("dora").memberships[0], by=cast.user("amir"), reason="the agreement is over")
    db.session.commit()
    dora = as_person("dora")
    dora.page("/my-awards", 403)
    assert "No role holds today" in dora.page("/").text


def test_nothing_else_is_theirs(cast, award, as_person):
    dora = as_person("dora")
    for url in (
        "/missions",
        "/finance",
        f"/finance/awards/{award.id}",
        "/users",
        "/audit",
        "/annual-reports",
    ):
        dora.page(url, 403)
    dora.page(f"/missions/{cast.a.code}", 404)
    page = dora.page("/")
    assert {a["href"] for a in page.all("ul.next-steps a")} == {"/my-awards"}
    assert "Your missions" not in page.text


@pytest.mark.parametrize("name", ["amir", "clara", "elena", "hugo", "ana"])
def test_nobody_else_has_awards_of_their_own(award, as_person, name):
    as_person(name).page("/my-awards", 403)
    as_person(name).page(f"/my-awards/{award.id}", 403)
