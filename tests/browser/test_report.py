"""From the annual report to a voucher, on a desk and on a telephone."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from eom.accounts.permissions import Role
from eom.finance.models.award import DonorKind, MovementKind
from eom.finance.services import awards, ledger, movements
from eom.finance.services.donors import register_donor
from tests.browser.conftest import DESKTOP, PHONE
from tests.factories.missions import make_mission, make_round


@pytest.mark.parametrize(
    ("size", "year", "lang"), [(DESKTOP, 2003, "en"), (PHONE, 2004, "es")], ids=["desk", "phone"]
)
def test_an_auditor_follows_a_figure_to_its_voucher(live, look, size, year, lang):
    with live.scene():
        mission = make_mission(f"PRY-{year}")
        make_round(mission, date(year, 4, 27))
        live.person(f"bookkeeper{year}", Role.FINANCE)
        _book(mission, year)
    visitor = look(size).sign_in(f"bookkeeper{year}", lang)
    page = visitor.go(f"/annual-reports/{year}")
    page.wait_for_selector("#spending-chart canvas")
    visitor.has_no_barriers()
    visitor.shoot(f"report-{size[0]}")
    _follow_the_chart(visitor, f"/annual-reports/{year}")
    page.locator("#spending a[href*='object=4']").first.click()
    page.wait_for_url("**/figures?**")
    visitor.has_no_barriers()
    visitor.shoot(f"report-figure-{size[0]}")
    page.get_by_role("link", name=f"TK-{year}-1").click()
    page.wait_for_url("**/expenditures/**")
    page.go_back()
    page.go_back()
    page.locator("#sources a[href*='column=closing']").first.click()
    page.wait_for_url("**/figures?**")
    visitor.has_no_barriers()
    page.go_back()
    with page.expect_download() as download:
        page.locator(f"a[href*='format=docx'][href*='lang={lang}']").click()
    assert download.value.suggested_filename.endswith(f"{year}-{lang}.docx")


def _follow_the_chart(visitor, back: str) -> None:
    """A bar leads to the lines behind it, and so does its figure in the table by the keyboard."""
    page = visitor.page
    # What the chart's own machinery calls once it has found the bar under the pointer.
    with page.expect_navigation():
        page.locator("#spending-chart canvas").evaluate(
            "(canvas) => Chart.getChart(canvas).options.onClick({}, [{datasetIndex: 0, index: 0}])"
        )
    assert "/figures?" in page.url
    by_pointer = page.url
    visitor.go(back)
    page.locator("#spending-chart summary").press("Enter")
    visitor.has_no_barriers()
    with page.expect_navigation():
        page.locator("#spending-chart details a").first.press("Enter")
    assert page.url == by_pointer
    visitor.go(back)
    page.wait_for_selector("#spending-chart canvas")


def _book(mission, year: int) -> None:
    """Two sources, receipts, and some spending on two objects."""
    for number, (name, kind) in enumerate(
        (("Paraná Institute", DonorKind.ORGANISATION), ("Chaco State", DonorKind.MEMBER_STATE))
    ):
        donor = register_donor(name=f"{name} {year}", kind=kind, country="PRY")
        award = awards.record_award(
            reference=f"PRY-{year}-{number}", donor=donor, title="Award", mission_id=mission.id, agreed_cents=90_000_00,
            agreed_on=date(year, 1, 9), icr_percent=Decimal(11) * number,
        )  # fmt: skip
        movements.record_movement(
            award,
            kind=MovementKind.RECEIPT,
            moved_on=date(year, 2, 3),
            reference="R1",
            amount_cents=90_000_00,
        )
        for object_number in (4, 8):
            ledger.record_expenditure(
                mission, award=award, object_number=object_number, incurred_on=date(year, 4, 20),
                voucher=f"TK-{year}-{number if object_number == 4 else 'C'}", payee="Travel agency", amount_cents=12_345_67,
            )  # fmt: skip
