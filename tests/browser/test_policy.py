"""The strict policy and the pages that draw: ``look`` fails when the browser refused anything."""

from __future__ import annotations

from datetime import date

from eom.accounts.permissions import Role
from tests.factories.missions import make_mission, make_round
from tests.factories.stations import a_centre, a_station, an_area


def test_the_map_draws_moves_and_opens_under_the_strict_policy(live, look):
    with live.scene():
        mission = make_mission("BOL-2030", country="BOL", time_zone="America/La_Paz")
        make_round(mission, date(2030, 10, 20))
        area = an_area(mission, name="Tarija", boundary="Tarija")
        for latitude in (-21.53, -21.531):
            a_station(
                mission, centre=a_centre(mission, area=area, latitude=latitude, name="Escuela </b>${1}`")
            )
        live.person("polly", Role.CHIEF, mission.id)
    polly = look().sign_in("polly")
    policies = []
    polly.page.on(
        "response", lambda answer: policies.append(answer.headers.get("content-security-policy", ""))
    )
    page = polly.go("/missions/BOL-2030/coverage")
    assert "unsafe" not in policies[0]
    page.locator(".coverage-map[data-state=ready]").wait_for()
    # Two centres lie so near each other that the map spreads them around their count.
    page.locator(".coverage-cluster").click()
    page.wait_for_function(
        "Number(getComputedStyle(document.querySelector('.coverage-cluster')).opacity) < 1"
    )
    polly.settles()
    box = page.locator(".coverage-cluster").bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2 + 35, box["y"] + box["height"] / 2 + 10)
    assert "Escuela </b>${1}`" in page.locator(".leaflet-popup .coverage-card strong").inner_text()
    page.locator(".leaflet-popup-close-button").click()
    page.locator(".leaflet-control-zoom-out").click()
    page.locator(".coverage-cluster").first.wait_for()
