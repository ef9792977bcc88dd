"""Every type of question that forms have, answered with ODK Web Forms in Chromium on our page, value by value."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from PIL import Image

from eom.accounts.permissions import Role
from eom.checklists.models.form import FormVersion
from eom.checklists.models.submission import Submission
from eom.checklists.services import publishing
from eom.deployment.services import assigning
from eom.extensions import db, store
from eom.missions.models.mission import Mission
from tests.browser.answering import Sheet
from tests.browser.conftest import PHONE
from tests.clients import everything
from tests.factories.missions import make_mission, make_round
from tests.factories.observers import make_appointment
from tests.factories.stations import a_centre, a_station, an_area


def an_observer(live, code: str, name: str) -> Mission:
    """Inside a scene: a mission and its observer, who is sent to station 20217."""
    mission = make_mission(code, country="HND", time_zone="America/Tegucigalpa")
    make_round(mission, date(2021, 11, 28))
    centre = a_centre(mission, area=an_area(mission, name="Choluteca"), name="Escuela Morazán")
    station = a_station(mission, centre=centre, code="20217")
    user = live.person(name, Role.OBSERVER, mission.id)
    appointment = make_appointment(mission)
    appointment.person.user_id = user.id
    assigning.assign(mission, round_=mission.rounds[0], appointment=appointment, stations=[station])
    return mission


def a_photo() -> bytes:
    """A picture that a browser shows."""
    out = io.BytesIO()
    Image.new("RGB", (64, 48), "teal").save(out, "JPEG")
    return out.getvalue()


@pytest.fixture
def place(live):
    with live.scene():
        mission = an_observer(live, "EVE-2017", "evelyn")
        done = publishing.publish(mission, store, everything.workbook(), "everything.xlsx")
        return f"/missions/EVE-2017/checklists/{done.version.id}/fill?station=20217"


def received(live, code: str) -> list[dict[str, Any]]:
    """Answers, files and flags of what came to a mission."""
    with live.app.app_context():
        rows = db.session.scalars(
            sa.select(Submission).join(Mission, Mission.id == Submission.mission_id).where(Mission.code == code)
        )
        found = [
            {
                "id": row.id, "answers": row.answers, "flags": row.flags, "complete": row.is_complete, "xml": row.xml.decode(),
                "files": {each.name: store.get(each.stored_file.sha256) for each in row.attachments},
            }
            for row in rows
        ]  # fmt: skip
        db.session.rollback()
    return found


def test_every_type_is_answered_sent_and_read_value_by_value(live, look, place):
    visitor = look(PHONE).sign_in("evelyn")
    visitor.page.context.grant_permissions(["geolocation"])
    visitor.page.context.set_geolocation({"latitude": 13.25, "longitude": -87.5, "accuracy": 6})
    page = visitor.go(place)
    sheet = Sheet(page)
    sheet.question("Words").wait_for()
    sheet.question("Who").wait_for()
    page.wait_for_timeout(1500)
    visitor.has_no_barriers()
    sheet.write("Words", "¿Qué? <b>&amp; «ñ» 投票 🗳")
    sheet.write("Whole", "-5")
    sheet.write("Part", "3.25")
    sheet.choose("One", "Yes")
    sheet.choose("Several", "Red", "Blue")
    sheet.choose("One or other", "Other")
    sheet.write("Specify other", "violet")
    sheet.rank_up("Order", "Blue", 2)
    sheet.slide("Scale", 7)
    sheet.slide("Fine", 3)
    sheet.write("Day", "Oct 20, 2019")
    sheet.write("Hour", "08:05")
    sheet.write("Moment", "2019-10-20T08:05:30-04:00")
    sheet.question("Point").locator("button").first.click()
    page.get_by_role("button", name="Keep this place").click()
    sheet.draw("Line", (0.3, 0.4), (0.6, 0.5))
    sheet.draw("Area", (0.3, 0.3), (0.6, 0.3), (0.6, 0.5))
    sheet.attach("Photo", "foto 1.jpg", a_photo(), "image/jpeg")
    sheet.attach("Voice", "voz.ogg", everything.OGG, "audio/ogg")
    sheet.attach("Film", "film.mp4", everything.MP4, "video/mp4")
    sheet.attach("Paper", "acta.txt", everything.TEXT, "text/plain")
    sheet.choose("Agreed", "Understood")
    sheet.write("Code", "7501031311309")
    sheet.choose("Stations", "20217 · Escuela Morazán", "Another station")
    sheet.choose("Region", "South")
    sheet.choose("Town", "Sucre")
    sheet.write("Chair", "Ana")
    sheet.write("Seats", "5")
    sheet.write("Name", "Azul")
    sheet.write("Who", "Luz")
    sheet.write("Age", "41")
    page.get_by_role("button", name="Add Agent").first.click()
    sheet.write("Who", "Sol", 1)
    page.get_by_role("button", name="Add Party").click()
    sheet.write("Name", "Verde", 1)
    page.get_by_role("button", name="Add Agent").last.click()
    sheet.write("Who", "Mar", 2)
    page.wait_for_timeout(300)
    visitor.shoot("every-question")
    visitor.has_no_barriers()
    sheet.send()
    page.wait_for_url("**/checklists/mine", timeout=10000)
    [one] = received(live, "EVE-2017")
    told = one["answers"]
    for recorded in ("start", "end", "today"):
        assert told.pop(recorded), recorded
    assert told.pop("deviceid").startswith("getodk.org:webforms:")
    # The clock of the telephone says which zone its hours are in.
    assert told.pop("hour").startswith("08:05:00.000")
    line, area = told.pop("line"), told.pop("area")
    assert (len(line), len(area), area[0] == area[3], line[0] == line[1]) == (2, 4, True, False)
    names = {key: told.pop(key) for key in ("photo", "voice", "film", "paper")}
    assert {key: one["files"][name] for key, name in names.items()} == {
        "photo": a_photo(), "voice": everything.OGG, "film": everything.MP4, "paper": everything.TEXT,
    }  # fmt: skip
    as_read = {key: value for key, value in everything.READ.items() if key in told}
    assert told == as_read | {
        "words": "¿Qué? <b>&amp; «ñ» 投票 🗳",
        "point": {"latitude": 13.25, "longitude": -87.5, "altitude": 0, "accuracy": 6},
    }
    assert set(everything.READ) - set(told) == {
        "deviceid", "username", "hour", "line", "area", "photo", "voice", "film", "paper",
    }  # fmt: skip
    assert (one["flags"], one["complete"]) == ([], True)
    page = visitor.go(f"/missions/EVE-2017/submissions/{one['id']}")
    assert shown(page) == SHOWN | {name.title(): names[name] for name in names}
    visitor.has_no_barriers()


# What the page of the report says, by question; of the rows of repeats the last one.
SHOWN = {
    "Words": "¿Qué? <b>&amp; «ñ» 投票 🗳", "Whole": "-5", "Part": "3.25", "One": "Yes", "Several": "Red; Blue",
    "One or other": "Other", "Specify other.": "violet", "Order": "Blue; Red; Green", "Scale": "7", "Fine": "0.75",
    "Day": "Oct 20, 2019", "Hour": "08:05", "Moment": "10/20/19, 8:05 AM", "Point": "13.25000, -87.50000 (± 6 m)",
    "Line": "2 points", "Area": "4 points", "Agreed": "Yes", "Code": "7501031311309",
    "Station": "20217 · Escuela Morazán", "Stations": "20217 · Escuela Morazán; Another station", "Region": "South",
    "Town": "Sucre", "Chair": "Ana", "Seats": "5", "Name": "Verde", "Who": "Mar", "Age": "41",
}  # fmt: skip


def shown(page) -> dict[str, str]:
    """The answers on the page of a report, without the facts above them."""
    pairs = page.eval_on_selector_all(
        "main dt", "all => all.map(dt => [dt.innerText.trim(), dt.nextElementSibling.innerText.trim()])"
    )
    facts = next(number for number, (term, _said) in enumerate(pairs) if term == "Words")
    return {term: said.replace("\xa0", " ").replace("\u202f", " ") for term, said in pairs[facts:]}
