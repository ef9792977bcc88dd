"""A chief invites an observer on a telephone: the link, the password, the first look; and who may do what."""

from __future__ import annotations

from datetime import date

import pytest

from eom.accounts.permissions import Role
from tests.browser.conftest import DESKTOP, PHONE
from tests.people import make_mission

CHOSEN = "six calm bridges after rain"


@pytest.fixture(scope="module")
def mission(live):
    """A mission with a chief, and an administrator and an auditor beside."""
    with live.scene():
        made = make_mission("PRY-2023", "PRY", date(2023, 4, 30))
        live.person("carla", Role.CHIEF, made.id)
        live.person("adam", Role.ADMINISTRATOR)
    return "PRY-2023"


@pytest.mark.parametrize("size", [DESKTOP, PHONE])
def test_a_chief_invites_an_observer_who_chooses_a_password(look, mission, size):
    carla, guest = look(size), look(PHONE)
    carla.sign_in("carla")
    email = f"olga{size[0]}@example.org"
    page = carla.go(f"/missions/{mission}/members")
    carla.has_no_barriers()
    carla.follows("main a:has-text('Invite someone') >> nth=0")
    carla.has_no_barriers()
    page.fill("input[name=email]", email)
    page.fill("input[name=name]", "Olga")
    page.select_option("select[name=role]", "observer")
    page.select_option("select[name=language]", "es")
    page.click("main form button[type=submit]")
    page.wait_for_selector("#link")
    carla.has_no_barriers()
    address = page.input_value("#link")
    assert address.startswith(carla.live.url)
    shown = guest.page
    shown.goto(address)
    guest.has_no_barriers()
    if shown.locator("input[name=password]").count():
        shown.fill("input[name=password]", CHOSEN)
        shown.fill("input[name=again]", CHOSEN)
    shown.click("main form button[type=submit]")
    shown.wait_for_url("**/login*")
    shown.fill("input[name=email]", email)
    shown.fill("input[name=password]", CHOSEN)
    shown.click("main form button[type=submit]")
    shown.wait_for_url(lambda url: "/login" not in url)
    assert shown.goto(f"{guest.live.url}/missions/{mission}").ok
    assert shown.goto(f"{guest.live.url}/missions/{mission}/members").status == 403


@pytest.mark.parametrize("size", [DESKTOP, PHONE])
def test_an_administrator_reads_accounts_roles_and_the_trail(look, mission, size):
    adam = look(size)
    adam.sign_in("adam", "fr")
    for place in (
        "/users",
        "/users/invite",
        "/roles",
        "/audit",
        f"/audit/missions/{_mission_id(adam)}",
        "/personal-data",
    ):
        adam.go(place)
        adam.has_no_barriers()
        adam.shoot(f"{place.strip('/').split('/')[0]}-{size[0]}")
    page = adam.go("/users")
    page.click("main tbody a >> nth=0")
    page.wait_for_url("**/users/*")
    adam.has_no_barriers()


def _mission_id(visitor) -> int:
    import sqlalchemy as sa

    from eom.extensions import db
    from eom.missions.models.mission import Mission

    with visitor.live.app.app_context():
        return db.session.scalar(sa.select(Mission.id).where(Mission.code == "PRY-2023"))
