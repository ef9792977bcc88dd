"""Every type of question that forms have, answered with ODK Web Forms in Chromium on our page, value by value."""

from __future__ import annotations

import io
import json
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from PIL import Image

from eom.accounts.permissions import Role
from eom.checklists.models.submission import Submission
from eom.checklists.services import files, publishing
from eom.checklists.xlsform import converted
from eom.deployment.services import assigning
from eom.extensions import db, store
from eom.missions.models.mission import Mission
from tests.browser.answering import Sheet
from tests.browser.conftest import PHONE
from tests.checklists.workbooks import book
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
            sa.select(Submission)
            .join(Mission, Mission.id == Submission.mission_id)
            .where(Mission.code == code)
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
    visitor.shoot("every-question")
    visitor.has_no_barriers()
    sheet.send()
    page.wait_for_url("**/checklists/mine")
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


# Questions by their wish of appearance, and what stands in the browser for them.
LOOKS = [
    ("select_one yn", "minimal", ".p-select"), ("select_one yn", "autocomplete", ".p-select"),
    ("select_one yn", "likert", ".likert"), ("select_one yn", "columns-2", ".columns"),
    ("select_one yn", "columns-pack", ".columns-pack"), ("select_one yn", "no-buttons", ".no-buttons"),
    ("select_one yn", "image-map", "input[type=radio]"), ("select_multiple yn", "minimal", ".p-multiselect"),
    ("select_multiple yn", "columns", ".columns input[type=checkbox]"), ("integer", "thousands-sep", "[inputmode=numeric]"),
    ("text", "numbers", "[inputmode=numeric]"), ("text", "multiline", "textarea"), ("text", "masked", "input[type=password]"),
    ("range", "vertical", ".p-slider-vertical"), ("range", "rating", ".p-rating"), ("range", "picker", ".p-slider"),
    ("date", "month-year", ".p-datepicker"), ("date", "no-calendar", ".p-datepicker"), ("date", "ethiopian", ".p-datepicker"),
    ("geopoint", "placement-map", ".map-block"), ("geopoint", "hidden-answer", ".get-location-button"),
    ("image", "signature", ".choose-image-button"), ("image", "new", ".choose-image-button"),
    ("select_one_from_file places.csv", "", "input[type=radio]"), ("select_one_from_file zones.geojson", "", "input[type=radio]"),
    ("select_one_from_file zones.geojson", "map", ".map-block"), ("select_multiple_from_file places.csv", "", "input[type=checkbox]"),
    ("barcode", "front", "input[type=text]"), ("dateTime", "", "input[type=text]"), ("audio", "new", ".choose-file-button"),
]  # fmt: skip
# Of these the list of warnings says that the browser passes over the wish, or takes a plain text.
NAMED = {
    "image-map", "picker", "month-year", "no-calendar", "ethiopian", "hidden-answer", "signature", "new", "front",
    "barcode q27", "dateTime q28",
}  # fmt: skip
PLACES = b"name,label,region\np1,Place one,r1\np2,Place two,r2\n"
ZONES = json.dumps(
    {
        "type": "FeatureCollection",
        "features": [
            {"type": "Feature", "id": id_, "properties": {"title": title}, "geometry": {"type": "Point", "coordinates": at}}
            for id_, title, at in (("z1", "Zone one", [-87.5, 13.25]), ("z2", "Zone two", [-87.6, 13.3]))
        ],
    }
).encode()  # fmt: skip


def looks() -> bytes:
    """A form with a question for each of these, in two languages, with one that filters its choices."""
    head = [
        "type",
        "name",
        "label::English (en)",
        "label::Español (es)",
        "appearance",
        "parameters",
        "choice_filter",
        "calculation",
    ]
    rows = [
        [kind, f"q{number}", f"Question {number}", f"Pregunta {number}", wish, "start=1 end=5 step=1" if kind == "range" else "", "", ""]
        for number, (kind, wish, _stands) in enumerate(LOOKS)
    ]  # fmt: skip
    rows += [
        ["select_one_from_file places.csv", "near", "Near", "Cerca", "", "", "region = 'r2'", ""],
        ["calculate", "pulled", "", "", "", "", "", "pulldata('places', 'label', 'name', 'p1')"],
        ["note", "told", "Pulled ${pulled}", "Traído ${pulled}", "", "", "", ""],
    ]
    choices = [
        ["list_name", "name", "label::English (en)", "label::Español (es)"],
        ["yn", "yes", "Yes", "Sí"],
        ["yn", "no", "No", "No"],
    ]
    return book([head, *rows], choices, [["form_id", "form_title", "version"], ["looks", "Looks", "1"]])


@pytest.fixture
def shapes(live):
    with live.scene():
        mission = an_observer(live, "EVX-2017", "evax")
        files.attach_file(mission, store, PLACES, "places.csv")
        files.attach_file(mission, store, ZONES, "zones.geojson")
        done = publishing.publish(mission, store, looks(), "looks.xlsx")
        return f"/missions/EVX-2017/checklists/{done.version.id}/fill"


def test_appearances_stand_as_they_should_and_what_is_passed_over_was_named(live, look, shapes):
    warned = {each.value for each in converted(looks()).warnings if "pyxform" not in str(each.expected)}
    assert warned == NAMED
    visitor = look(PHONE).sign_in("evax", "es")
    page = visitor.go(shapes)
    sheet = Sheet(page)
    sheet.question("Traído Place one").wait_for()
    for number, (kind, wish, stands) in enumerate(LOOKS):
        assert sheet.question(f"Pregunta {number}").locator(stands).count(), (number, kind, wish)
    visitor.has_no_barriers()
    sheet.open_list("Pregunta 0", "Sí")
    sheet.open_list("Pregunta 7", "Sí", "No")
    sheet.write("Pregunta 9", "1234")
    sheet.write("Pregunta 11", "uno")
    sheet.write("Pregunta 16", "05/11/2019")
    sheet.choose("Pregunta 23", "Place two")
    sheet.choose("Pregunta 24", "Zone two")
    sheet.choose("Pregunta 26", "Place one", "Place two")
    assert sheet.question("Cerca").locator("label.value-option").all_inner_texts() == ["Place two"]
    sheet.choose("Cerca", "Place two")
    visitor.shoot("looks-phone-es")
    sheet.send()
    page.wait_for_url("**/checklists/mine")
    [one] = received(live, "EVX-2017")
    assert one["answers"] == {
        "q0": "yes", "q7": ["yes", "no"], "q9": 1234, "q11": "uno", "q16": "2019-11-05", "q23": "p2", "q24": "z2",
        "q26": ["p1", "p2"], "near": "p2", "pulled": "Place one",
    }  # fmt: skip
