"""Headquarters types in with ODK Web Forms: a correction keeps everything that it does not change."""

from __future__ import annotations

from datetime import date, time

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import selectinload, undefer

from eom.accounts.permissions import Role
from eom.checklists.models.submission import Submission
from eom.checklists.services import publishing
from eom.extensions import db, store
from eom.missions.models.mission import Mission
from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.test_fill import box, choose, fill_opening, words
from tests.factories import checklists as factory
from tests.factories.missions import make_mission, make_round
from tests.factories.observers import make_appointment
from tests.factories.stations import a_station

MISSION = "/missions/CRI-2022"


@pytest.fixture(scope="module")
def place(live):
    """Oscar observes and sent one report with a photo; Celia leads."""
    with live.scene():
        mission = make_mission("CRI-2022", country="CRI", time_zone="America/Costa_Rica")
        make_round(mission, date(2022, 2, 6), opens_at=time(6), closes_at=time(18))
        publishing.publish_library(mission, store)
        a_station(mission, code="20217")
        oscar = live.person("oscar", Role.OBSERVER, mission.id)
        live.person("celia", Role.CHIEF, mission.id)
        make_appointment(mission, given_names="Oscar", family_names="Mar").person.user_id = oscar.id
        sent = factory.filled("20217", "uuid:first", photo="door.png")
        photo = factory.SentFile("door.png", factory.picture())
        return factory.receive(mission, sent, photo, user=oscar).submission.id


def reports(live) -> list[Submission]:
    with live.app.app_context():
        rows = db.session.scalars(
            sa.select(Submission)
            .join(Mission, Mission.id == Submission.mission_id)
            .where(Mission.code == "CRI-2022")
            .options(undefer(Submission.answers), selectinload(Submission.attachments))
            .order_by(Submission.id)
        ).all()
        db.session.expunge_all()
    return list(rows)


def test_a_correction_changes_one_answer_and_keeps_the_rest(live, look, place):
    celia = look(DESKTOP).sign_in("celia", "es")
    page = celia.go(f"{MISSION}/review/{place}")
    page.locator("a[href*='/entry/corrections/']").click()
    page.get_by_text("¿Abrió la mesa a la hora fijada?").wait_for()
    celia.has_no_barriers()
    assert box(page, "¿En qué mesa de votación").get_by_text("20217").count()
    choose(page, "¿Se selló la urna", "No")
    box(page, "¿Se selló la urna").locator("xpath=following::textarea[1]").fill("El precinto llegó después")
    page.locator("#checklist-form button", has_text=words(live, "Send")).last.click()
    page.wait_for_url("**/submissions")
    [new] = [each for each in reports(live) if each.replaces_id]
    [old] = [each for each in reports(live) if each.id == new.replaces_id]
    assert (old.answers["box_sealed"], new.answers["box_sealed"]) == ("yes", "no")
    clocks = {"start", "end", "today", "deviceid", "box_sealed", "box_sealed_why"}
    assert {k: v for k, v in new.answers.items() if k not in clocks} == {
        k: v for k, v in old.answers.items() if k not in clocks
    }
    assert [each.name for each in new.attachments] == ["door.png"]
    assert (old.id, new.entered_by_id is not None, new.by_telephone) == (place, True, False)


def test_a_report_by_telephone_is_typed_in(live, look, place):
    celia = look(PHONE).sign_in("celia", "es")
    page = celia.go(f"{MISSION}/entry")
    celia.has_no_barriers()
    page.select_option("select[name=observer]", index=1)
    page.select_option("select[name=form]", index=1)
    page.click("main form button[type=submit]")
    page.get_by_text("¿Abrió la mesa a la hora fijada?").wait_for()
    celia.has_no_barriers()
    celia.shoot("telephone-phone-es")
    choose(page, "¿En qué mesa de votación", "Otra mesa")
    box(page, "Código de la mesa").locator("input").fill("20217")
    fill_opening(page)
    page.locator("#checklist-form button", has_text=words(live, "Send")).last.click()
    page.wait_for_url("**/entry")
    [typed] = [each for each in reports(live) if each.by_telephone]
    assert typed.station_answer == "20217"
