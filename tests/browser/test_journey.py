"""The whole job in Spanish: mission, people, stations, map, checklist, expenditure, report."""

from __future__ import annotations

import re
from pathlib import Path

from eom.accounts.permissions import Role
from eom.extensions import db
from eom.missions.models.mission import Mission
from tests.browser.conftest import DESKTOP, PHONE, Visitor
from tests.browser.test_fill import fill_opening
from tests.reporting.recalculate import recalculate
from tests.stations.registers import TARIJA

CODE = "BOL-2024"
MISSION = f"/missions/{CODE}"


def test_from_the_invitation_to_the_permanent_council(live, look, tmp_path):
    with live.scene():
        live.person("amanda", Role.ADMINISTRATOR)
    amanda = look(DESKTOP).sign_in("amanda", "es")
    record_mission(amanda)
    appoint(amanda, live)
    load_stations(amanda)
    see_the_map(amanda, visited="0")
    publish_and_assign(amanda)
    fill_on_the_phone(look)
    see_the_map(amanda, visited="1")
    book(amanda)
    report(amanda, tmp_path)


def record_mission(amanda: Visitor) -> None:
    page = amanda.go("/missions/new")
    page.fill("[name=code]", CODE)
    page.fill("[name=name]", "Elecciones judiciales")
    page.select_option("[name=country]", "BOL")
    page.fill("[name=host_authority]", "Tribunal Supremo Electoral")
    page.select_option("[name=time_zone]", "America/La_Paz")
    page.select_option("[name=station_word]", "mesa")
    save(amanda, "form:has([name=code])")
    assert page.url.endswith(MISSION)
    page = amanda.go(f"{MISSION}/processes")
    amanda.follows(page.locator("a[href*='rounds/new'], a[href*='/new'][href*='round']").first)
    page.select_option("[name=kind]", "first")
    page.fill("[name=polling_on]", "2024-12-15")
    page.fill("[name=opens_at]", "08:00")
    page.fill("[name=closes_at]", "16:00")
    save(amanda, "form:has([name=polling_on])")
    checked(amanda, "journey-1-mission", MISSION)


def appoint(amanda: Visitor, live) -> None:
    page = amanda.go("/people/new")
    page.fill("[name=given_names]", "Valentina")
    page.fill("[name=family_names]", "Rojas")
    page.check("[name=nationalities][value=CHL]") if page.locator(
        "[name=nationalities][value=CHL]"
    ).count() else (page.select_option("[name=nationalities]", ["CHL"]))
    page.select_option("[name=gender]", "woman")
    page.fill("[name=email]", "valentina@example.org")
    save(amanda, "form:has([name=given_names])")
    with live.scene():
        mission = db.session.query(Mission).filter_by(code=CODE).one()
        live.person("valentina", Role.OBSERVER, mission.id)
    page = amanda.go(f"{MISSION}/appointments/new")
    page.select_option("[name=person_id]", label=first_option(page, "person_id", "Rojas"))
    save(amanda, "form:has([name=person_id])")
    assert "Valentina" in page.locator("main").inner_text()
    checked(amanda, "journey-2-people", f"{MISSION}/appointments")


def load_stations(amanda: Visitor) -> None:
    page = amanda.go(f"{MISSION}/stations/upload")
    page.set_input_files("[name=file]", TARIJA)
    save(amanda, "form:has([name=file])")
    assert page.input_value("[name=station_code]") == "Número Mesa"
    amanda.has_no_barriers()
    amanda.shoot("journey-3-columns")
    save(amanda, "form:has([name=station_code])")
    amanda.follows(f"a[href*='{MISSION}/stations/upload/']")
    assert "1,802" in page.locator("main").inner_text()
    amanda.has_no_barriers()
    save(amanda, "form[action$='/apply']")
    amanda.follows(page.locator(f"a[href='{MISSION}/coverage']").last)


def see_the_map(amanda: Visitor, visited: str) -> None:
    page = amanda.go(f"{MISSION}/coverage")
    page.locator(".coverage-cluster, .leaflet-interactive").first.wait_for()
    row = page.locator("table tr", has_text="Tarija").first
    cells = row.locator("td, th").all_inner_texts()
    assert cells[1] == "1,802"
    assert cells[5] == visited
    amanda.has_no_barriers()
    amanda.shoot(f"journey-4-map-{visited}")


def publish_and_assign(amanda: Visitor) -> None:
    page = amanda.go(f"{MISSION}/checklists")
    save(amanda, "form[action$='/standard']")
    assert page.locator("table tbody tr").count() == 5
    page = amanda.go(f"{MISSION}/assignments/new")
    page.select_option("[name=who]", index=1)
    page.fill("[name=codes]", "60001, 60002")
    save(amanda, "form:has([name=codes])")
    assert page.locator("table tbody tr").count() == 2
    checked(amanda, "journey-5-checklists", f"{MISSION}/checklists")


def fill_on_the_phone(look) -> None:
    valentina = look(PHONE).sign_in("valentina", "es")
    page = valentina.go(f"{MISSION}/checklists/mine")
    page.locator("a.task").first.click()
    page.get_by_text("¿Abrió la mesa a la hora fijada?").wait_for()
    fill_opening(page)
    page.get_by_role("button", name="Enviar", exact=True).click()
    page.wait_for_url("**/checklists/mine")
    assert page.locator("a.task-done").count() == 1
    for address in (
        f"{MISSION}/budget",
        "/expenditures",
        "/finance",
        "/annual-reports",
        f"{MISSION}/appointments",
    ):
        assert page.goto(valentina.live.url + address).status == 403


def book(amanda: Visitor) -> None:
    page = amanda.go("/finance/donors/new")
    page.fill("[name=name]", "Gobierno de Chile")
    page.select_option("[name=kind]", "member_state")
    page.select_option("[name=country]", "CHL")
    save(amanda, "form:has([name=kind])")
    page = amanda.go("/finance/awards/new")
    page.fill("[name=reference]", "CHL-2024-01")
    page.select_option("[name=donor_id]", index=1)
    page.fill("[name=title]", "Observación electoral")
    page.select_option("[name=mission_id]", label=first_option(page, "mission_id", CODE))
    page.select_option("[name=currency]", "USD")
    page.fill("[name=agreed_cents]", "50,000")
    page.fill("[name=agreed_on]", "2024-11-01")
    page.fill("[name=icr_percent]", "11")
    page.fill("[name=icr_basis]", "Acuerdo")
    save(amanda, "form:has([name=reference])")
    amanda.follows(page.locator("a[href*='movements/new']").first)
    page.select_option("[name=kind]", "receipt")
    page.fill("[name=moved_on]", "2024-11-05")
    page.fill("[name=reference]", "R-1")
    page.fill("[name=amount_cents]", "50,000")
    save(amanda, "form:has([name=moved_on])")
    page = amanda.go(f"{MISSION}/expenditures/new")
    page.select_option("[name=award]", index=1)
    page.select_option("[name=object_number]", "4")
    page.fill("[name=incurred_on]", "2024-12-10")
    page.fill("[name=voucher]", "V-001")
    page.fill("[name=payee]", "Agencia de viajes")
    page.fill("[name=amount_cents]", "4,345.67")
    amanda.has_no_barriers()
    save(amanda, "form:has([name=voucher])")
    assert "4,345.67" in page.locator("main").inner_text()
    checked(amanda, "journey-6-budget", f"{MISSION}/budget")


def report(amanda: Visitor, folder: Path) -> None:
    page = amanda.go("/annual-reports/2024")
    assert "4,345.67" in page.locator("main").inner_text()
    checked(amanda, "journey-7-report", "/annual-reports/2024")
    with page.expect_download() as coming:
        page.locator("a[href*='format=xlsx'][href*='lang=es']").first.click()
    kept = folder / "informe.xlsx"
    coming.value.save_as(kept)
    (book,) = recalculate(kept.read_bytes())
    text = [
        str(cell.value)
        for sheet in book
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None
    ]
    assert not [each for each in text if re.fullmatch(r"#(REF|NAME|VALUE|DIV/0|N/A).*", each)]
    assert "4345.67" in text
    assert any("Agencia" in each or "CHL-2024-01" in each for each in text)


def save(visitor: Visitor, form: str) -> None:
    """Send the form, and wait for the page that follows."""
    visitor.follows(visitor.page.locator(form).last.locator("button[type=submit]").last)


def first_option(page, name: str, words: str) -> str:
    """The label of the option that holds some words."""
    labels = page.locator(f"[name={name}] option").all_inner_texts()
    return next(each for each in labels if words in each)


def checked(visitor: Visitor, name: str, path: str) -> None:
    """Look at a page at both widths: no barriers, a picture of each."""
    visitor.go(path)
    visitor.has_no_barriers()
    visitor.shoot(name)
    visitor.page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    visitor.has_no_barriers()
    visitor.shoot(f"{name}-phone")
    visitor.page.set_viewport_size({"width": DESKTOP[0], "height": DESKTOP[1]})
