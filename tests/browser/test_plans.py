"""A plan in the browser: its map, a station moved by keyboard and by dragging, adopted; the itinerary; no-go areas."""

from __future__ import annotations

import pytest

from eom.accounts.permissions import Role
from eom.deployment.services import adopting
from eom.extensions import db
from tests.browser.conftest import DESKTOP, PHONE
from tests.factories import plans as factory
from tests.factories.deployment import a_team
from tests.factories.missions import make_mission, make_round
from tests.factories.observers import make_appointment
from tests.factories.stations import a_centre, a_station, an_area

TARIJA = {"latitude": -21.53, "longitude": -64.73, "vehicle": "4x4", "base": "Tarija"}


def scene(live, name, year):
    """A mission with two teams and a plan for four stations; one of a fifth lies where nobody goes."""
    with live.scene():
        mission = make_mission(f"BOL-{year}")
        make_round(mission)
        live.person(name, Role.CHIEF, mission.id)
        teams = [
            a_team(mission, make_appointment(mission), name="Norte", **TARIJA),
            a_team(mission, make_appointment(mission), name="Sur", **{**TARIJA, "latitude": -21.8}),
        ]
        area = an_area(mission)
        stations = [
            a_station(mission, centre=a_centre(mission, area=area, latitude=-21.5 - 0.05 * n))
            for n in range(4)
        ]
        closed = an_area(mission, name="Closed")
        stations.append(a_station(mission, centre=a_centre(mission, area=closed)))
        factory.a_no_go(mission, name="Pass", area_id=closed.id)
        plan = factory.a_computed_plan(mission, *teams, stations=stations)
        factory.a_computed_plan(mission, *teams, stations=stations, name="Plan B")
        db.session.flush()
        return mission.code, plan.id, teams[0].id


@pytest.mark.parametrize(("size", "year"), [(DESKTOP, 1969), (PHONE, 1970)], ids=["desk", "phone"])
def test_every_page_of_a_plan_has_no_barriers(live, look, size, year):
    name = f"planner{year}"
    code, plan_id, team_id = scene(live, name, year)
    visitor = look(size).sign_in(name)
    base = f"/missions/{code}"
    page = visitor.go(f"{base}/plans/{plan_id}")
    page.wait_for_selector("#plan-map[data-state=ready]")
    visitor.has_no_barriers()
    visitor.shoot(f"plan-{'desk' if size is DESKTOP else 'phone'}")
    stop = page.get_by_role("link", name="Move or fix").first.get_attribute("href")
    for path in (
        f"{base}/plans", f"{base}/plans/new", f"{base}/plans/compare?a={plan_id}&b={plan_id + 1}", stop,
        f"{base}/plans/{plan_id}/adopt", f"{base}/plans/{plan_id}/teams/{team_id}", f"{base}/no-go-areas",
        f"{base}/no-go-areas/new",
    ):  # fmt: skip
        visitor.go(path)
        visitor.has_no_barriers()


def test_a_station_is_moved_by_keyboard_and_the_plan_adopted(live, look):
    code, plan_id, _team = scene(live, "planner1971", 1971)
    visitor = look(DESKTOP).sign_in("planner1971")
    page = visitor.go(f"/missions/{code}/plans/{plan_id}")
    visitor.follows(page.get_by_role("link", name="Move or fix").first)
    page.get_by_label("To team").select_option(label="Sur")
    visitor.follows(page.locator("form.filters button"))
    assert page.get_by_text("Before and after for both teams").is_visible()
    visitor.has_no_barriers()
    visitor.follows(page.get_by_role("button", name="Move it and fix it there"))
    assert page.get_by_text("Fixed by you").first.is_visible()
    visitor.follows(page.get_by_role("link", name="Adopt"))
    visitor.follows(page.get_by_role("button", name="Adopt the plan"))
    assert page.get_by_role("button", name="Take back").is_visible()


def test_a_station_dragged_to_another_team_shows_its_cost(live, look):
    code, plan_id, _team = scene(live, "planner1972", 1972)
    visitor = look(DESKTOP).sign_in("planner1972")
    page = visitor.go(f"/missions/{code}/plans/{plan_id}")
    visitor.settles()
    with page.expect_navigation():
        page.locator("tr[data-stop]").first.drag_to(page.locator(".team-day").nth(1).locator("summary"))
    assert page.get_by_text("Before and after for both teams").is_visible()


def test_the_field_app_shows_the_order_and_the_times_of_an_adopted_plan(live, look):
    number = live.number()
    code, name = f"PAN-{number:04}", f"walker{number}"
    with live.scene():
        mission = make_mission(code, country="PAN", time_zone="UTC")
        make_round(mission)
        user = live.person(name, Role.OBSERVER, mission.id)
        appointment = make_appointment(mission)
        appointment.person.user_id = user.id
        team = a_team(mission, appointment, name="Norte", **TARIJA)
        area = an_area(mission)
        stations = [
            a_station(mission, centre=a_centre(mission, area=area, latitude=-21.5 - 0.05 * n), code=f"77{n}")
            for n in range(3)
        ]
        order = {team.id: [stations[n].id for n in (2, 0, 1)]}
        adopting.adopt(factory.a_computed_plan(mission, team, stations=stations, orders=order))
    visitor = look(PHONE).sign_in(name)
    page = visitor.go(f"/field/{code}")
    page.wait_for_selector(".station .planned")
    visitor.has_no_barriers()
    assert [each.split(" ")[0] for each in page.locator(".station h3").all_inner_texts()] == [
        "772",
        "770",
        "771",
    ]
    assert "be there at 07:30" in page.locator(".station .planned").first.inner_text()
