"""A sample on a desk and on a telephone: the figures follow what is typed, the draw is explained."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest

from eom.accounts.permissions import Role
from tests.browser.conftest import DESKTOP, PHONE
from tests.factories.deployment import a_country
from tests.factories.missions import make_mission, make_round


@pytest.mark.parametrize(("size", "year"), [(DESKTOP, 1983), (PHONE, 1984)], ids=["desk", "phone"])
def test_a_chief_draws_a_sample(live, look, size, year):
    with live.scene():
        mission = make_mission(f"BOL-{year}")
        make_round(mission)
        live.person(f"drawer{year}", Role.CHIEF, mission.id)
        a_country(mission, Tarija=40, Beni=30, Pando=20)
        code = mission.code
    visitor = look(size).sign_in(f"drawer{year}")
    visitor.go(f"/missions/{code}/samples")
    visitor.has_no_barriers()
    page = visitor.go(f"/missions/{code}/samples/new")
    page.fill("#margin", "10")
    page.get_by_text("47 stations", exact=True).wait_for()
    page.fill("#size", "30")
    page.get_by_text("Margin of 30 stations").wait_for()
    visitor.has_no_barriers()
    page.fill("#name", "October")
    page.fill("#seed", "0412233845")
    page.select_option("#round_id", index=1)
    page = visitor.follows(page.get_by_role("button", name="Draw", exact=True))
    page.wait_for_selector(".coverage-map[data-state=ready]")
    visitor.has_no_barriers()
    page = visitor.follows(page.get_by_text("Draw it again and compare"))
    page.get_by_text("give exactly this list").wait_for()
    page = visitor.follows(page.get_by_role("button", name="Adopt"))
    address = urlsplit(page.url).path
    for part in ("stations", "assign", "set-aside"):
        visitor.go(f"{address}/{part}")
        visitor.has_no_barriers()
    page = visitor.go(f"{address}/stations")
    visitor.follows(page.locator("main a[href$='/replace']").first)
    visitor.has_no_barriers()
