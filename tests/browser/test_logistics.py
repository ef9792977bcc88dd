"""Logistics in the browser: on a phone and on a desk, without barriers, from the board to the card at the door."""

from __future__ import annotations

from datetime import timedelta

import pytest

from eom.accounts.permissions import Role
from eom.core import clock
from eom.deployment.services import teams
from eom.logistics.models.movements import Direction
from eom.logistics.services import credentials
from tests.browser.conftest import DESKTOP, PHONE
from tests.factories import logistics as made_of
from tests.factories.missions import make_mission
from tests.factories.observers import make_appointment

CODE = "HND-2025"
URL = f"/missions/{CODE}/logistics"


@pytest.fixture(scope="module")
def place(live):
    """A mission with one of each thing; Lola leads it, Leo observes in it."""
    with live.scene():
        mission = make_mission(CODE, name="General elections", time_zone="America/Tegucigalpa")
        live.person("lola", Role.CHIEF, mission.id)
        leo = live.person("leo", Role.OBSERVER, mission.id)
        own = made_of.accredited(mission, given_names="Leo", family_names="Duarte")
        own.person.user_id = leo.id
        today = clock.today(mission.time_zone)
        made_of.a_travel(mission, own, on=today)
        made_of.a_travel(mission, make_appointment(mission), on=today, direction=Direction.DEPARTURE)
        stay = made_of.a_stay(mission, own, from_on=today, until_on=today + timedelta(days=2))
        team = teams.make_team(mission, name="Uno", members=[own.id], lead=own.id)
        vehicle = made_of.a_vehicle(mission, team_id=team.id, driver_id=made_of.a_driver(mission).id)
        credentials.keep_photo(own.person, made_of.a_photo())
        card = made_of.a_card(mission, own, valid_from=today, valid_until=today + timedelta(days=20))
        return {
            "appointment": own.id, "token": card.token, "card": card.id, "stay": stay.id, "vehicle": vehicle.id,
            "thing": made_of.a_thing(mission).id, "briefing": made_of.a_briefing(mission, on=today).id,
        }  # fmt: skip


@pytest.mark.parametrize(("size", "language"), [(PHONE, "es"), (DESKTOP, "fr")])
def test_the_pages_of_logistics_have_no_barriers(look, place, size, language):
    lola = look(size).sign_in("lola", language)
    for path in (
        "", "/people", f"/people/{place['appointment']}", "/nights", "/travels", "/travels/new", "/travels/import",
        "/stays", f"/stays/{place['stay']}/edit", "/hotels", "/hotels/new", "/vehicles",
        f"/vehicles/{place['vehicle']}/edit", "/drivers", "/drivers/new", "/equipment", f"/equipment/{place['thing']}",
        "/credentials", "/credentials/issue", "/credentials/sheet", f"/credentials/{place['card']}/revoke",
        f"/credentials/photos/{place['appointment']}", "/briefings", f"/briefings/{place['briefing']}", "/call-tree",
        "/call-tree/edit", "/call-tree/paper", "/headcounts",
    ):  # fmt: skip
        lola.go(URL + path)
        lola.has_no_barriers()


def test_someone_is_called_and_noted_as_reached(look, place):
    lola = look(PHONE).sign_in("lola")
    page = lola.go(f"{URL}/headcounts/new")
    page.fill("input[name=occasion]", "Strong earthquake")
    lola.follows("main form.form button[type=submit]")
    lola.has_no_barriers()
    lola.follows(f"#person-{place['appointment']} form:has(input[value=reached]) button")
    assert "Reached, safe" in page.inner_text(f"#person-{place['appointment']}")
    lola.has_no_barriers()
    lola.follows("text=End the headcount")
    assert "Strong earthquake" in page.inner_text("h1")


@pytest.mark.parametrize("size", [PHONE, DESKTOP])
def test_an_observer_sees_the_itinerary_and_a_stranger_that_the_card_is_valid(look, place, size):
    leo = look(size).sign_in("leo")
    page = leo.go("/account/itinerary")
    assert "AV 247" in page.inner_text("main")
    leo.has_no_barriers()
    stranger = look(size)
    page = stranger.go(f"/verify/{place['token']}")
    assert page.inner_text("h1") == "Valid"
    assert "Duarte" not in page.content()
    stranger.has_no_barriers()
    page = stranger.go("/verify/nothing")
    assert page.inner_text("h1") == "Not valid"
    stranger.has_no_barriers()


def test_a_card_has_the_size_of_a7_on_paper(look, place):
    lola = look(DESKTOP).sign_in("lola")
    page = lola.go(f"{URL}/credentials/sheet")
    page.emulate_media(media="print")
    box = page.locator(".card-a7").first.bounding_box()
    millimetre = 96 / 25.4
    assert abs(box["width"] - 74 * millimetre) < 1
    assert abs(box["height"] - 105 * millimetre) < 1
