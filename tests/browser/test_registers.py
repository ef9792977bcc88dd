"""A register's way in the browser: two files, doubtful centres on their map, a centre mended, boundaries."""

from __future__ import annotations

import json
from datetime import date

import pytest

from eom.accounts.permissions import Role
from eom.settings import ROOT
from eom.stations.services import register
from tests.browser.conftest import DESKTOP, PHONE
from tests.people import make_mission

MISSION = "BOL-2031"
TARIJA = ROOT / "tests" / "data" / "registers" / "bolivia_2019_mesas_tarija.csv"
# The frame of Bolivia's box, so that the file is of the country.
SQUARE = {
    "type": "FeatureCollection",
    "features": [
        {"type": "Feature", "properties": {"nombre": "Cercado"},
         "geometry": {"type": "Polygon", "coordinates": [[[-65, -22], [-64, -22], [-64, -21], [-65, -21], [-65, -22]]]}}
    ],
}  # fmt: skip


@pytest.fixture(scope="module")
def mission(live):
    """A chief, a mission with a register, and an earlier one to start from."""
    with live.scene():
        made = make_mission(MISSION, "BOL", date(2024, 10, 20))
        live.person("renata", Role.CHIEF, made.id)
        live.person("ramiro", Role.ADMINISTRATOR)
        register.import_register(made, TARIJA.read_bytes(), TARIJA.name)


def test_doubtful_centres_from_the_map_to_mended(look, mission):
    renata = look(DESKTOP).sign_in("renata")
    page = renata.go(f"/missions/{MISSION}/stations")
    renata.has_no_barriers()
    renata.follows("main a[href*='/findings']")
    assert page.locator("svg circle").count() > 0
    renata.has_no_barriers()
    renata.shoot("doubtful-centres")
    renata.follows("main tbody a >> nth=0")
    renata.has_no_barriers()
    page.fill("[name=latitude]", "21°32'10\" S")
    page.fill("[name=longitude]", "64°43'50\" O")
    page.fill("[name=reason]", "The team stood at the gate.")
    renata.follows("main form[action*='/findings/'] button[type=submit] >> nth=0")
    assert "The centre is mended" in page.inner_text("body")


def test_a_list_and_its_coordinates_then_boundaries(look, mission):
    ramiro = look(DESKTOP).sign_in("ramiro")
    page = ramiro.go(f"/missions/{MISSION}/stations/upload")
    ramiro.has_no_barriers()
    listed = b"LISTA DE MESAS\nMesa;Departamento;Recinto;Codigo\n1;Tarija;A;001\n2;Tarija;B;002\n"
    points = b"cod,este,norte\n1,327000,7618000\n2,327500,7618900\n"
    for name, data in (("file", listed), ("second", points)):
        page.set_input_files(
            f"input[name={name}]", {"name": f"{name}.csv", "mimeType": "text/csv", "buffer": data}
        )
    ramiro.follows("main form[enctype] button[type=submit]")
    assert page.input_value("[name=latitude]") == "norte"
    page.select_option("[name=crs]", "EPSG:32720")
    ramiro.has_no_barriers()
    ramiro.shoot("stations-columns")
    ramiro.follows("main form[action$='/columns'] button[type=submit]")
    page.wait_for_selector("main a[href*='/stations/upload/']")
    ramiro.follows("main a[href*='/stations/upload/'] >> nth=0")
    assert "2 of 2 rows have their match" in page.inner_text("main")
    ramiro.has_no_barriers()
    ramiro.go(f"/missions/{MISSION}/stations/boundaries")
    page.select_option("[name=level]", "2")
    file = {"name": "b.geojson", "mimeType": "application/json", "buffer": json.dumps(SQUARE).encode()}
    page.set_input_files("input[name=file]", file)
    ramiro.follows("main form[enctype] button[type=submit]")
    assert "Cercado" in page.inner_text("main")
    ramiro.has_no_barriers()


def test_on_a_telephone(look, mission):
    renata = look(PHONE).sign_in("renata")
    for path in ("/stations/findings", "/stations/boundaries", "/stations/upload"):
        renata.go(f"/missions/{MISSION}{path}")
        renata.has_no_barriers()
    page = renata.go(f"/missions/{MISSION}/stations/findings?state=open")
    renata.follows("main tbody a >> nth=0")
    renata.has_no_barriers()
    assert page.locator("form#dismissing").count() == 1
