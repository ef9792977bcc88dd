"""The pages of missions, as the people who may and may not see them."""

from __future__ import annotations

from io import BytesIO

import pytest

from eom.accounts.permissions import Role
from eom.extensions import db
from eom.missions.models.mission import Mission, Stage
from tests.factories.browsing import as_one
from tests.factories.missions import finish_milestones, make_mission, make_round

PDF = b"%PDF-1.7 a letter"
PLACES = ("", "/edit", "/cancel", "/processes", "/processes/new", "/rounds/new", "/milestones")


@pytest.fixture
def bolivia(app) -> Mission:
    mission = make_mission("BOL-2019", name="Bolivia of the test")
    make_round(mission)
    return mission


@pytest.fixture
def peru(app) -> Mission:
    return make_mission("PER-2021", name="Peru of the test")


def test_a_stranger_is_told_nothing(app, bolivia, peru):
    stranger = as_one(app, Role.CHIEF, peru)
    assert {stranger.look(f"/missions/BOL-2019{place}").status_code for place in PLACES} == {404}
    assert "BOL-2019" not in stranger.look("/missions").get_data(as_text=True)


def test_a_member_without_the_verb_is_refused(app, bolivia):
    observer = as_one(app, Role.OBSERVER, bolivia)
    assert observer.look("/missions/BOL-2019").status_code == 200
    assert {
        observer.look(f"/missions/BOL-2019{place}").status_code
        for place in ("/edit", "/cancel", "/rounds/new")
    } == {403}
    assert observer.look("/missions/new").status_code == 403


def test_a_chief_sees_every_page_of_the_mission(app, bolivia):
    chief = as_one(app, Role.CHIEF, bolivia)
    assert {chief.look(f"/missions/BOL-2019{place}").status_code for place in PLACES} == {200}


def test_the_register_is_filtered_searched_and_downloaded(app, bolivia, peru):
    hq = as_one(app, Role.HEADQUARTERS)
    listed = hq.look("/missions?country=BOL").get_data(as_text=True)
    assert "BOL-2019" in listed and "PER-2021" not in listed
    assert "PER-2021" in hq.look("/missions?search=peru%20of").get_data(as_text=True)
    assert "BOL-2019" in hq.look("/missions?year=2019&sort=-stage").get_data(as_text=True)
    assert hq.look("/missions?stage=nonsense").status_code == 422
    csv = hq.look("/missions?format=csv").get_data(as_text=True)
    assert "BOL-2019" in csv and "PER-2021" in csv


def test_headquarters_records_a_mission(app):
    hq = as_one(app, Role.HEADQUARTERS)
    values = {
        "code": "chl-2021",
        "name": "Chile",
        "country": "CHL",
        "time_zone": "America/Santiago",
        "station_word": "mesa",
    }
    assert hq.send("/missions/new", **values).status_code == 303
    again = hq.send("/missions/new", **values)
    assert again.status_code == 422
    assert "There is a mission CHL-2021 already" in again.get_data(as_text=True)


def test_advancing_too_early_says_what_is_missing(app, bolivia):
    chief = as_one(app, Role.CHIEF, bolivia)
    refused = chief.send("/missions/BOL-2019/advance")
    assert refused.status_code == 409
    assert "Invitation received" in refused.get_data(as_text=True)


def test_advancing_when_all_is_done(app, bolivia):
    finish_milestones(bolivia)
    chief = as_one(app, Role.CHIEF, bolivia)
    assert chief.send("/missions/BOL-2019/advance").status_code == 303
    db.session.expire_all()
    assert db.session.get(Mission, bolivia.id).stage is Stage.ACCEPTED


def test_a_milestone_takes_a_document_that_only_readers_get(app, bolivia, peru):
    chief, stranger = as_one(app, Role.CHIEF, bolivia), as_one(app, Role.CHIEF, peru)
    observer = as_one(app, Role.OBSERVER, bolivia)
    url = f"/missions/BOL-2019/milestones/{bolivia.milestones[0].id}"
    sent = chief.send(f"{url}/edit", done_on="2019-05-01", document=(BytesIO(PDF), "letter.pdf"))
    assert sent.status_code == 303
    kept = chief.look(f"{url}/document")
    assert (kept.status_code, kept.data) == (200, PDF)
    assert "attachment" in kept.headers["Content-Disposition"]
    assert stranger.look(f"{url}/document").status_code == 404
    assert observer.look(f"{url}/document").status_code == 403


def test_a_document_of_another_kind_is_refused_on_its_field(app, bolivia):
    chief = as_one(app, Role.CHIEF, bolivia)
    url = f"/missions/BOL-2019/milestones/{bolivia.milestones[0].id}/edit"
    answer = chief.send(url, document=(BytesIO(b"MZ\x90"), "letter.pdf"))
    assert answer.status_code == 422
    assert "is not a PDF" in answer.get_data(as_text=True)


def test_a_milestone_of_another_mission_is_not_found(app, bolivia, peru):
    chief = as_one(app, Role.CHIEF, bolivia)
    assert chief.look(f"/missions/BOL-2019/milestones/{peru.milestones[0].id}/edit").status_code == 404


def test_a_name_with_markup_is_shown_as_text(app, bolivia):
    bolivia.name = "<script>alert(1)</script>"
    page = as_one(app, Role.CHIEF, bolivia).look("/missions/BOL-2019").get_data(as_text=True)
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_a_register_is_looked_at_before_it_is_loaded(app):
    hq = as_one(app, Role.HEADQUARTERS)
    text = b"country_iso3,election,election_date\nBOL,General elections,2020-10-18\n"
    page = hq.send("/missions/import", file=(BytesIO(text), "r.csv")).get_data(as_text=True)
    assert "General elections" in page
    token = page.split('name="token" value="')[1].split('"')[0]
    assert "BOL-2020" not in hq.look("/missions").get_data(as_text=True)
    assert hq.send("/missions/import/apply", token=token).status_code == 303
    assert "BOL-2020" in hq.look("/missions").get_data(as_text=True)


def test_a_bad_register_shows_its_errors_and_writes_nothing(app):
    hq = as_one(app, Role.HEADQUARTERS)
    text = b"country_iso3,election,election_date\nNarnia,x,yesterday\n"
    answer = hq.send("/missions/import", file=(BytesIO(text), "r.csv"))
    assert answer.status_code == 422
    assert "Narnia" in answer.get_data(as_text=True) and "yesterday" in answer.get_data(as_text=True)
    assert hq.send("/missions/import/apply", token="false").status_code == 422
