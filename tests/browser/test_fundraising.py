"""Raising money for a mission, on a desk and on a telephone: a pledge, its award, the board, the appeal."""

from __future__ import annotations

from datetime import timedelta

import pytest

from eom.accounts.permissions import Role
from eom.core import clock
from eom.finance.services import budgets
from tests.browser.conftest import DESKTOP, PHONE
from tests.factories.finance import a_contact, a_donor, a_report_due, an_award, an_instalment
from tests.factories.missions import make_mission, make_round


@pytest.mark.parametrize(("size", "year"), [(DESKTOP, 2087), (PHONE, 2088)], ids=["desk", "phone"])
def test_from_a_pledge_to_the_appeal(live, look, size, year):
    with live.scene():
        mission = make_mission(f"PAN-{year}")
        make_round(mission, clock.today() + timedelta(days=100))
        budgets.plan_line(mission, object_number=4, description="Flights", usd_cents=90_000_00)
        live.person(f"raiser{year}", Role.FINANCE)
        donor = a_donor(name=f"Donor of {year}")
        award = an_award(mission, donor=donor, agreed_cents=40_000_00, received_cents=10_000_00)
        an_instalment(award, amount_cents=5_000_00)
        a_report_due(award)
        a_contact(donor)
        code, award_id, donor_id = mission.code, award.id, donor.id
    visitor = look(size).sign_in(f"raiser{year}")
    page = visitor.go(f"/missions/{code}/fundraising")
    page.get_by_role("link", name="Record a pledge").click()
    page.get_by_label("Donor").select_option(label=f"Donor of {year}")
    page.get_by_label("Amount pledged").fill("25,000")
    page.get_by_label("How it was made").select_option(label="By letter or e-mail")
    visitor.has_no_barriers()
    page.get_by_role("button", name="Save").click()
    page.get_by_role("heading", name=f"Pledge of Donor of {year}").wait_for()
    visitor.has_no_barriers()
    page = visitor.go(f"/missions/{code}/fundraising")
    page.get_by_text("$25,000.00 if every pledge is agreed").wait_for()
    visitor.has_no_barriers()
    page.get_by_role("link", name="Page to print Français").click()
    page.get_by_text(code).first.wait_for()
    visitor.has_no_barriers()
    for address in (
        f"/finance/fundraising?search={code}", f"/finance/awards/{award_id}", f"/finance/donors/{donor_id}",
        f"/finance/donors/{donor_id}/history", "/finance/instalments", "/finance/pledges", "/finance/regular-fund",
        f"/finance/awards/{award_id}/amendments/new", f"/missions/{code}/fundraising/appeal/edit",
    ):  # fmt: skip
        visitor.go(address)
        visitor.has_no_barriers()
