"""The roster and a mission's people, as those who may and may not see them."""

from __future__ import annotations

from io import BytesIO

import sqlalchemy as sa

from eom.accounts.permissions import Role
from eom.extensions import db
from eom.missions.models.mission import Mission
from eom.observers.models import AppointmentRole, Gender
from tests.factories.browsing import Browser, as_one
from tests.factories.observers import make_appointment, make_person

FORM = {"role": "observer", "state": "confirmed"}


def test_a_stranger_is_told_nothing_of_a_missions_people(app, bolivia, peru):
    own, other = make_appointment(peru), make_appointment(bolivia)
    stranger = as_one(app, Role.CHIEF, peru)
    for place in ("", "/new", "/import", f"/{other.id}", f"/{other.id}/edit", f"/{other.id}/steps"):
        assert stranger.look(f"/missions/BOL-2019/appointments{place}").status_code == 404
    assert stranger.look(f"/missions/PER-2021/appointments/{other.id}").status_code == 404
    assert stranger.look(f"/missions/PER-2021/appointments/{own.id}").status_code == 200


def test_an_observer_reads_neither_roster_nor_appointments(app, bolivia):
    observer = as_one(app, Role.OBSERVER, bolivia)
    person = make_person()
    db.session.commit()
    for url in ("/people", f"/people/{person.id}", "/people/new", "/missions/BOL-2019/appointments"):
        assert observer.look(url).status_code == 403


def test_a_person_shows_only_the_missions_one_may_see(app, bolivia, peru):
    person = make_appointment(bolivia).person
    page = as_one(app, Role.CHIEF, peru).look(f"/people/{person.id}").get_data(as_text=True)
    assert person.family_names in page
    assert "BOL-2019" not in page


def test_the_roster_is_filtered_by_what_people_bring(app, bolivia):
    make_person("ARG", family_names="Uno", gender=Gender.WOMAN, languages=["fr"], expertise=["quick_count"])
    make_person("CHL", family_names="Dos", gender=Gender.MAN, languages=["es"])
    hq = as_one(app, Role.HEADQUARTERS)
    for query in ("nationality=ARG", "gender=woman", "language=fr", "expertise=quick_count", "search=uno"):
        page = hq.look(f"/people?{query}").get_data(as_text=True)
        assert "Uno, Lucía" in page and "Dos, Lucía" not in page


def test_a_host_national_is_refused_on_the_page_with_the_reason(app, bolivia):
    person = make_person("ARG", "BOL")
    chief = as_one(app, Role.CHIEF, bolivia)
    answer = chief.send("/missions/BOL-2019/appointments/new", person_id=str(person.id), **FORM)
    assert answer.status_code == 422
    assert "national of Bolivia" in answer.get_data(as_text=True)


def test_a_chief_appoints_someone_of_the_roster(app, bolivia):
    person = make_person("ARG")
    chief = as_one(app, Role.CHIEF, bolivia)
    answer = chief.send("/missions/BOL-2019/appointments/new", person_id=str(person.id), **FORM)
    assert answer.status_code == 303
    assert person.family_names in chief.look("/missions/BOL-2019/appointments").get_data(as_text=True)


def test_the_list_of_people_downloads_with_all_it_knows(app, bolivia):
    appointment = make_appointment(bolivia)
    csv = (
        as_one(app, Role.CHIEF, bolivia)
        .look("/missions/BOL-2019/appointments?format=csv")
        .get_data(as_text=True)
    )
    assert appointment.person.email in csv


def test_ten_and_a_hundred_people_cost_the_same_number_of_queries(app, bolivia):
    for _each in range(10):
        make_appointment(bolivia)
    chief = as_one(app, Role.CHIEF, bolivia)
    bolivia_id = bolivia.id
    db.session.commit()
    few = queries_of(chief, "/missions/BOL-2019/appointments")
    bolivia = db.session.get(Mission, bolivia_id)
    for _each in range(35):
        make_appointment(bolivia)
    db.session.commit()
    assert queries_of(chief, "/missions/BOL-2019/appointments") == few


def test_steps_out_of_order_are_refused_on_the_page(app, bolivia):
    appointment = make_appointment(bolivia, role=AppointmentRole.OBSERVER)
    chief = as_one(app, Role.CHIEF, bolivia)
    url = f"/missions/BOL-2019/appointments/{appointment.id}/steps"
    answer = chief.send(url, accredited_on="2019-10-01")
    assert answer.status_code == 422
    assert "needs the signed pledge first" in answer.get_data(as_text=True)
    given = {"pledge_signed_on": "2019-09-01", "trained_on": "2019-09-02", "accredited_on": "2019-10-01"}
    assert chief.send(url, **given).status_code == 303


def test_a_person_is_added_and_changed(app, bolivia):
    hq = as_one(app, Role.HEADQUARTERS)
    values = {"given_names": "Ana", "family_names": "Paz", "nationalities": ["ARG", "CHL"], "gender": "woman"}
    made = hq.send("/people/new", **values)
    assert made.status_code == 303
    page = hq.look(made.location).get_data(as_text=True)
    assert "Argentina" in page and "Chile" in page
    assert hq.send("/people/new", **(values | {"email": "nobody"})).status_code == 422


def test_a_spreadsheet_is_looked_at_before_it_is_loaded(app, bolivia):
    chief = as_one(app, Role.CHIEF, bolivia)
    url = "/missions/BOL-2019/appointments/import"
    bad = chief.send(url, file=(BytesIO(b"name,nationalities\nAna Paz,Bolivia\n"), "p.csv"))
    assert bad.status_code == 422
    assert "no national of the host country" in bad.get_data(as_text=True)
    good = chief.send(url, file=(BytesIO(b"name,nationalities\nAna Paz,Chile\n"), "p.csv")).get_data(
        as_text=True
    )
    token = good.split('name="token" value="')[1].split('"')[0]
    assert chief.send(f"{url}/apply", token=token).status_code == 303
    assert "Paz, Ana" in chief.look("/missions/BOL-2019/appointments").get_data(as_text=True)


def test_a_preview_belongs_to_its_sender_and_its_mission(app, bolivia, peru):
    chief, other = as_one(app, Role.CHIEF, bolivia), as_one(app, Role.HEADQUARTERS)
    url = "/missions/BOL-2019/appointments/import"
    page = chief.send(url, file=(BytesIO(b"name,nationalities\nAna Paz,Chile\n"), "p.csv")).get_data(
        as_text=True
    )
    token = page.split('name="token" value="')[1].split('"')[0]
    assert other.send(f"{url}/apply", token=token).status_code == 422
    elsewhere = "/missions/PER-2021/appointments/import"
    assert other.send(f"{elsewhere}/apply", token=token).status_code == 422


def queries_of(browser: Browser, url: str) -> int:
    db.session.expire_all()
    seen: list[str] = []

    def note(_connection, _cursor, statement, *_rest):
        if statement.startswith("SELECT"):
            seen.append(statement)

    sa.event.listen(db.engine, "before_cursor_execute", note)
    try:
        assert browser.look(url).status_code == 200
    finally:
        sa.event.remove(db.engine, "before_cursor_execute", note)
    return len(seen)
