"""The chief loads a form, mends it, tries it, publishes it, compares two versions and closes it."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from eom.accounts.permissions import Role
from eom.checklists.models.submission import Submission
from eom.extensions import db
from eom.missions.models.mission import Mission
from tests.browser.conftest import PHONE
from tests.checklists.workbooks import SURVEY, book
from tests.factories.missions import make_mission

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PAGES = "/missions/PAN-2024/checklists"


@pytest.fixture
def place(live):
    """A chief leads a mission without checklists."""
    with live.scene():
        mission = make_mission("PAN-2024", country="PAN", time_zone="America/Panama")
        live.person("formica", Role.CHIEF, mission.id)
    return PAGES


def load(visitor, place, data) -> None:
    page = visitor.go(f"{place}/load")
    page.set_input_files("input[type=file]", {"name": "opening.xlsx", "mimeType": XLSX, "buffer": data})
    visitor.follows(page.locator("main form button[type=submit]").last)


def version(name):
    return [["form_id", "form_title", "version"], ["opening", "Opening", name]]


def test_a_form_from_the_workbook_to_its_end(live, look, place):
    chief = look(PHONE).sign_in("formica")
    page = chief.page
    load(chief, place, book(survey=[SURVEY[0], ["intger", "opened", "Did it open?", "", "${x} > 1", "", ""]]))
    page.locator(".error-list tbody tr").nth(1).wait_for()
    chief.has_no_barriers()
    load(chief, place, book())
    page.get_by_role("link", name="Try it").wait_for()
    chief.has_no_barriers()
    chief.follows(page.get_by_role("link", name="Try it"))
    page.get_by_text("Did it open?").wait_for()
    chief.has_no_barriers()
    page.locator("#checklist-form button", has_text="Send").last.click()
    page.get_by_text("This was only a trial").wait_for()
    page.go_back()
    chief.follows(page.get_by_role("button", name="Publish"))
    page.get_by_role("link", name="Versions").wait_for()
    load(
        chief,
        place,
        book(survey=[*SURVEY, ["text", "remarks", "Remarks", "Notas", "", "", ""]], settings=version("4")),
    )
    page.locator(".difference", has_text="Remarks").wait_for()
    chief.follows(page.get_by_role("button", name="Publish"))
    chief.follows(page.get_by_role("link", name="Versions"))
    page.locator(".difference", has_text="Added").wait_for()
    chief.has_no_barriers()
    chief.follows(page.get_by_role("button", name="Close the form"))
    page.get_by_role("button", name="Open the form again").wait_for()
    chief.go(f"{place}/files")
    chief.has_no_barriers()
    assert received(live) == 0


def received(live) -> int:
    """How many submissions came to this mission."""
    with live.app.app_context():
        count = db.session.scalar(
            sa.select(sa.func.count(Submission.id))
            .join(Mission, Mission.id == Submission.mission_id)
            .where(Mission.code == "PAN-2024")
        )
        db.session.rollback()
    return int(count or 0)
