"""The queue of review by keyboard, on a desk and on a telephone."""

from __future__ import annotations

import pytest

from eom.accounts.permissions import Role
from eom.checklists.models.submission import Submission
from eom.extensions import db
from eom.missions.models.mission import Mission
from tests.browser.conftest import DESKTOP, PHONE
from tests.factories import checklists
from tests.factories.checklists import filled, receive
from tests.factories.missions import make_mission, make_round


@pytest.mark.parametrize(("size", "year"), [(DESKTOP, 1989), (PHONE, 1990)], ids=["desk", "phone"])
def test_a_queue_is_reviewed_by_keyboard(live, look, size, year):
    name = f"reviewer{year}"
    with live.scene():
        mission = make_mission(f"BOL-{year}")
        make_round(mission)
        live.person(name, Role.CHIEF, mission.id)
        checklists.publish_standard(mission)
        for number in range(3):
            station = checklists.make_station(mission)
            receive(mission, filled(station.code, f"uuid:{number}"))
        code = mission.code
    visitor = look(size).sign_in(name)
    page = visitor.go(f"/missions/{code}/review")
    visitor.has_no_barriers()
    rows = page.locator(".review-row")
    second = rows.nth(1).locator("a").inner_text()

    page.keyboard.press("j")
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.textContent.trim()") == second
    page.keyboard.press("a")
    page.wait_for_selector(".review-undo")
    visitor.settles()
    assert rows.count() == 2
    assert second not in page.inner_text(".review-list")

    page.get_by_role("button", name="Undo").click()
    page.wait_for_selector(".review-undo", state="detached")
    visitor.settles()
    assert rows.count() == 3

    page.keyboard.press("?")
    assert page.locator("#review-help").get_attribute("open") is not None
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_selector("[data-reviewed=one]")
    visitor.has_no_barriers()
    visitor.shoot(f"review-{'desk' if size is DESKTOP else 'phone'}")
    page.keyboard.press("r")
    assert page.evaluate("document.activeElement.name") == "comment"
    page.keyboard.type("arrived before the station opened: ask again")
    page.get_by_role("button", name="Rejected").click()
    page.get_by_text("1 form is now “Rejected”").wait_for()
    visitor.settles()
    page.keyboard.press("c")
    page.get_by_text("1 form is now “Checked”").wait_for()
    visitor.settles()
    page.keyboard.press("k")
    page.wait_for_selector("#review-queue")
    with live.app.app_context():
        states = sorted(each.state.value for each in db.session.query(Submission).join(Mission, Mission.id == Submission.mission_id)
                        .filter(Mission.code == code))  # fmt: skip
    assert states == ["checked", "received", "rejected"]
