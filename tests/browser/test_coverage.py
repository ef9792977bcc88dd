"""The map of coverage through the polling day, and of more centres than a browser takes at once."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
import sqlalchemy as sa

from eom.accounts.permissions import Role
from eom.deployment.queries import clusters
from eom.extensions import db
from eom.stations.models import VotingCentre
from tests.browser.conftest import DESKTOP, PHONE
from tests.factories.deployment import a_visit, an_assignment
from tests.factories.missions import make_mission, make_round
from tests.factories.stations import a_centre, a_station, an_area


@pytest.mark.parametrize(("size", "year"), [(DESKTOP, 2041), (PHONE, 2042)], ids=["desk", "phone"])
def test_the_slider_shows_the_day_as_it_was(live, look, size, year):
    with live.scene():
        mission = make_mission(f"BOL-{year}")
        make_round(mission, date(year, 10, 20))
        area = an_area(mission, name="Tarija", boundary="Tarija")
        for number, hour in enumerate((13, 17, None)):
            centre = a_centre(mission, area=area, latitude=-21.5 - number / 3, name=f"Centre {number}")
            station = a_station(mission, centre=centre)
            an_assignment(mission, station=station)
            if hour:
                a_visit(mission, station, at=datetime(year, 10, 20, hour, tzinfo=UTC))
        live.person(f"hour{year}", Role.CHIEF, mission.id)
        code = mission.code
    visitor = look(size).sign_in(f"hour{year}")
    page = visitor.go(f"/missions/{code}/coverage")
    page.locator(".coverage-map[data-state=ready]").wait_for()
    visitor.has_no_barriers()

    def totals() -> list[str]:
        return page.locator("#coverage-table tr.total").last.inner_text().split()

    assert totals()[-2:] == ["2", "66.7%"]
    slider = page.locator(".coverage-time input")
    slider.focus()
    page.keyboard.press("Home")
    page.locator(".coverage-map[data-hour='20T05']").wait_for()
    visitor.waits_until(lambda: totals()[-2:] == ["0", "0.0%"], "the table of the first hour")
    assert "5:00" in page.locator(".coverage-time output").inner_text()
    page.select_option("#f-until", "20T10")
    page.locator(".coverage-map[data-hour='20T10']").wait_for()
    visitor.waits_until(lambda: totals()[-2:] == ["1", "33.3%"], "the table at ten")
    visitor.has_no_barriers()
    page.keyboard.press("Tab")
    slider.focus()
    page.keyboard.press("End")
    page.locator(".coverage-map[data-hour='day']").wait_for()
    visitor.waits_until(lambda: totals()[-2:] == ["2", "66.7%"], "the table of the whole day")
    visitor.shoot(f"coverage-{'phone' if size == PHONE else 'desk'}")
    with page.expect_download() as download:
        page.locator("main a[href*='format=png']").click()
    assert download.value.suggested_filename == f"{code}-coverage.png"


def test_of_many_centres_the_map_draws_what_it_shows(live, look):
    count = clusters.ENOUGH_FOR_THE_BROWSER + 200
    with live.scene():
        mission = make_mission("BOL-2043")
        make_round(mission, date(2043, 10, 20))
        area = an_area(mission, name="Tarija", boundary="Tarija")
        db.session.flush()
        db.session.execute(sa.insert(VotingCentre), [
            {"mission_id": mission.id, "area_id": area.id, "first_area_id": area.id, "key": f"many-{number}",
             "name": f"Centre {number}", "latitude": -21 - number % 90 / 100, "longitude": -64 - number // 90 / 100}
            for number in range(count)
        ])  # fmt: skip
        a_station(mission, centre=a_centre(mission, area=area, latitude=-15.0, longitude=-67.0, name="Apart"))
        live.person("manny", Role.CHIEF, mission.id)
    manny = look().sign_in("manny")
    page = manny.go("/missions/BOL-2043/coverage")
    page.locator(".coverage-map[data-state=ready]").wait_for()

    def shown() -> int:
        texts = page.locator(".coverage-cluster").all_inner_texts()
        return sum(int(each.replace(",", "")) for each in texts)

    assert shown() == count
    manny.has_no_barriers()
    before = page.locator(".coverage-cluster").count()
    page.locator(".coverage-cluster").first.press("Enter")
    manny.waits_until(lambda: page.locator(".coverage-cluster").count() > before, "the clusters come apart")
    assert shown() <= count
    manny.shoot("coverage-many")
