"""Coverage and assignments as pages and as data."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from eom.core import events
from eom.core.clock import now
from eom.core.events import Reception
from eom.deployment.models import Assignment, Visit
from eom.deployment.queries import coverage
from eom.extensions import db
from tests.factories.deployment import a_visit, an_assignment
from tests.factories.observers import make_appointment
from tests.factories.stations import a_centre, a_station, an_area

URL = "/missions/BOL-2019"


@pytest.fixture
def field(cast):
    """Tarija with four stations: two planned, one of them visited; one station in Argentina; one unplaced."""
    tarija, abroad = an_area(cast.a), an_area(cast.a, name="Argentina", is_abroad=True)
    centre = a_centre(cast.a, area=tarija, name="Escuela </script><b>${x}`")
    stations = [a_station(cast.a, centre=centre, code=str(n), registered_voters=100) for n in (1, 2, 3)]
    lost = a_station(cast.a, centre=a_centre(cast.a, area=tarija, latitude=None, longitude=None), code="4")
    a_station(cast.a, centre=a_centre(cast.a, area=abroad), code="5")
    a_station(cast.a, centre=centre, code="9", is_missing=True)
    person = make_appointment(cast.a)
    for each in stations[:2]:
        an_assignment(cast.a, station=each, appointment=person)
    an_assignment(cast.a, station=stations[0])
    a_visit(cast.a, stations[0])
    a_visit(cast.a, stations[0])
    db.session.commit()
    return {"centre": centre, "stations": stations, "tarija": tarija, "lost": lost}


def test_each_station_counts_once(cast, field):
    rows = coverage.coverage_by_area(db.session(), cast.a, cast.a.rounds[0])
    found = [(r.name, r.is_abroad, r.station_count, r.planned_count, r.visited_count) for r in rows]
    assert found == [("Tarija", False, 4, 2, 1), ("Argentina", True, 1, 0, 0)]
    assert (rows[0].planned_share, rows[0].visited_share) == (0.5, 0.25)
    assert coverage.total("all", rows).registered_voters == 300 + 220 + 220


def test_another_round_starts_from_nothing(cast, field):
    rows = coverage.coverage_by_area(db.session(), cast.a, None)
    assert [(r.planned_count, r.visited_count) for r in rows] == [(0, 0), (0, 0)]


def test_the_page_says_the_same_in_a_table_as_on_the_map(as_person, field):
    page = as_person("ana").page(f"{URL}/coverage")
    assert "25.0%" in page.text
    assert "Argentina" in page.text
    answer = as_person("ana").get(f"{URL}/coverage")
    assert "Escuela" not in answer.text, "names reach the page as data only"
    assert "https://" not in answer.text.replace("http://www.w3.org", "")


def test_the_map_has_the_strict_policy_and_lets_in_tiles_only_where_they_are_set(app, as_person, field):
    ana = as_person("ana")
    before = ana.get(f"{URL}/coverage").headers["Content-Security-Policy"]
    assert "unsafe" not in before
    assert "img-src 'self' data:;" in before
    usual = app.extensions["eom_settings"]
    app.extensions["eom_settings"] = replace(usual, tile_url="https://{s}.tiles.example/{z}/{x}/{y}.png")
    try:
        policy = ana.get(f"{URL}/coverage").headers["Content-Security-Policy"]
    finally:
        app.extensions["eom_settings"] = usual
    assert "img-src 'self' data: https://*.tiles.example;" in policy
    assert "unsafe" not in policy


def test_points_are_small_and_fetched_once(as_person, field):
    ana = as_person("ana")
    answer = ana.get(f"{URL}/coverage/points")
    states = sorted(point[3] for point in json.loads(answer.text)["points"])
    assert states == [0, 2]
    again = ana.http.get(f"{URL}/coverage/points", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304
    only = ana.get(f"{URL}/coverage/points?area={field['tarija'].id}")
    assert len(json.loads(only.text)["points"]) == 1


def test_a_centre_tells_its_stations_when_asked(as_person, field):
    answer = json.loads(as_person("ana").get(f"{URL}/coverage/centres/{field['centre'].id}").text)
    assert answer["title"] == "Escuela </script><b>${x}`"
    assert [words for _label, words in answer["rows"]] == ["Visited, checklists: 2", "Planned", "Not planned"]
    assert answer["url"].startswith(f"{URL}/stations/centres/")


def test_strangers_and_observers_learn_nothing(cast, as_person, field):
    centre = field["centre"].id
    for path in ("/coverage", "/coverage/points", f"/coverage/centres/{centre}", "/assignments"):
        as_person("bruno").get(URL + path, 403)
        as_person("dario").get(URL + path, 404)
    as_person("dario").get(f"/missions/PER-2021/coverage/centres/{centre}", 404)


def test_the_table_goes_out_as_a_file(as_person, field):
    lines = as_person("ana").get(f"{URL}/coverage?format=csv").text.splitlines()
    assert len(lines) == 3
    assert lines[1].startswith("Tarija,No,4,520,2,1")


def test_an_empty_mission_says_what_to_do(as_person):
    ana = as_person("ana")
    assert "Load a register" in ana.page(f"{URL}/coverage").text
    assert "Assign stations" in ana.page(f"{URL}/assignments").text


def test_people_are_assigned_and_released_on_the_page(cast, as_person, field):
    ana = as_person("ana")
    person = make_appointment(cast.a)
    db.session.commit()
    given = {
        "who": person.id,
        "round_id": cast.a.rounds[0].id,
        "selection": "random",
        "codes": "3 4",
    }
    page = ana.submit(f"{URL}/assignments/new", **given)
    assert "2 polling stations assigned" in page.text
    wrong = ana.submit(f"{URL}/assignments/new", 422, **(given | {"codes": "3 777"}))
    assert "777" in wrong.text
    one = db.session.query(Assignment).filter_by(appointment_id=person.id).first()
    ana.submit(f"{URL}/assignments/{one.id}/remove")
    as_person("dario").http.post(f"/missions/PER-2021/assignments/{one.id}/remove")
    assert db.session.query(Assignment).filter_by(appointment_id=person.id).count() == 1
    assert "Tarija" in ana.get(f"{URL}/assignments?format=csv&state=open").text


def test_someone_elses_assignment_cannot_be_removed_by_its_id(cast, as_person, field):
    one = db.session.query(Assignment).first()
    answer = as_person("dario").http.post(f"/missions/PER-2021/assignments/{one.id}/remove")
    assert answer.status_code == 404
    assert db.session.query(Assignment).count() == 3


def test_a_received_checklist_makes_a_visit(cast, field):
    station = field["stations"][2]
    for _each in range(2):
        received = [Reception(cast.a.id, cast.a.rounds[0].id, station.id, now(), 1)]
        events.submissions_received.send(None, received=received)
    visit = db.session.query(Visit).filter_by(polling_station_id=station.id).one()
    assert visit.submission_count == 2
