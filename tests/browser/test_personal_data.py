"""Personal data in the browser: on a phone, without barriers, from the pledge to the removal."""

from __future__ import annotations

from datetime import date

import pytest

from eom.accounts.permissions import Role
from eom.missions.models.mission import Stage
from tests.browser.conftest import DESKTOP, PHONE
from tests.factories.missions import make_mission
from tests.factories.observers import fill_dossier, make_appointment


@pytest.fixture(scope="module")
def place(live):
    """Lidia observes in an open mission; Ivo did in one that was closed long ago."""
    with live.scene():
        ecuador = make_mission("ECU-2021", name="General elections")
        lidia = live.person("lidia", Role.OBSERVER, ecuador.id)
        own = make_appointment(ecuador, given_names="Lidia", family_names="Mar", email="lidia@example.org")
        own.person.user_id = lidia.id
        fill_dossier(own.person)
        guyana = make_mission("GUY-2015", name="General elections")
        ivo = fill_dossier(make_appointment(guyana, given_names="Ivo", family_names="Sal").person)
        guyana.stage, guyana.closed_on = Stage.CLOSED, date(2015, 6, 1)
        live.person("petra", Role.HEADQUARTERS)
        return {"lidia": own.person_id, "ivo": ivo.id}


def test_an_observer_signs_the_pledge_and_sees_what_is_held(look, place):
    lidia = look(PHONE).sign_in("lidia")
    page = lidia.go("/missions/ECU-2021")
    lidia.follows("text=Read and sign it")
    lidia.has_no_barriers()
    page.check("input[name=agrees]")
    page.fill("input[name=typed_name]", "Lidia Mar")
    page.click("main form button[type=submit]")
    page.wait_for_selector("text=Signed at")
    lidia.has_no_barriers()
    lidia.shoot("pledge")
    page = lidia.go("/account/my-data")
    lidia.has_no_barriers()
    assert "penicillin" not in page.content()
    page.click("main form[action*='dossier/medical'] button")
    page.wait_for_selector("text=penicillin")
    lidia.has_no_barriers()
    lidia.go("/account/my-data/edit")
    lidia.has_no_barriers()
    lidia.go("/account/my-data")
    lidia.shoot("my-data")


@pytest.mark.parametrize(("size", "language"), [(PHONE, "es"), (DESKTOP, "fr")])
def test_headquarters_pages_have_no_barriers(look, place, size, language):
    petra = look(size).sign_in("petra", language)
    for path in (
        f"/people/{place['lidia']}", f"/people/{place['lidia']}/dossier/edit", f"/people/{place['ivo']}/anonymise",
        "/personal-data", "/personal-data/purge", "/missions/ECU-2021/appointments",
    ):  # fmt: skip
        petra.go(path)
        petra.has_no_barriers()


def test_headquarters_looks_and_removes_what_is_due(look, place):
    petra = look(PHONE).sign_in("petra")
    page = petra.go(f"/people/{place['lidia']}")
    page.click("main form[action*='dossier/passport'] button")
    page.wait_for_selector("text=AAC778812")
    page = petra.go("/personal-data")
    petra.shoot("personal-data")
    petra.follows("text=Remove what is due…")
    page.click("main form button[type=submit]")
    page.wait_for_selector("text=What was removed")
    petra.has_no_barriers()
