"""A person's own data: all of it, theirs only, each look and each copy on record."""

from __future__ import annotations

import json
from io import BytesIO

import openpyxl
import pytest
import sqlalchemy as sa

from eom.accounts.permissions import Role
from eom.core.audit import AuditEntry
from eom.extensions import db
from eom.observers.services import dossiers
from tests.factories.browsing import Browser, make_user
from tests.factories.missions import make_mission
from tests.factories.observers import fill_dossier, make_appointment
from tests.page import Page

URL = "/account/my-data"
SECRETS = ("AAC778812", "penicillin", "Rosa Prueba", "5555 0199")


@pytest.fixture
def mission(app):
    return make_mission("BOL-2019")


def someone(app, mission, **person):
    """(browser, person) with an account, a place and a dossier."""
    appointment = make_appointment(mission, **({"phone": "+54 11 5555 0100"} | person))
    user = make_user(Role.OBSERVER, mission)
    appointment.person.user_id = user.id
    fill_dossier(appointment.person)
    db.session.commit()
    return Browser(app, user), appointment.person


def entries(action: str) -> list[AuditEntry]:
    db.session.rollback()
    asked = sa.select(AuditEntry).where(AuditEntry.action == action)
    return list(db.session.scalars(asked.order_by(AuditEntry.id)))


def test_the_page_tells_everything_but_the_content_of_the_dossier(app, mission):
    browser, person = someone(app, mission)
    text = browser.look(URL).text
    for told in (
        person.family_names,
        person.email,
        "BOL-2019",
        "Argentina",
        "Checklists you sent",
        "60 days",
    ):
        assert told in text, told
    assert not any(secret in text for secret in SECRETS)
    assert entries("looked") == []


def test_an_account_of_nobody_on_the_roster_sees_its_own_and_changes_nothing(app, mission):
    user = make_user(Role.FINANCE)
    db.session.commit()
    browser = Browser(app, user)
    assert "nobody on the roster" in browser.look(URL).text
    assert browser.look(f"{URL}/edit").status_code == 404
    assert browser.send(f"{URL}/dossier/passport").status_code == 404
    assert json.loads(browser.send(f"{URL}/download", format="json").data)["person"] is None


def test_nobody_is_sent_to_sign_in(app, mission):
    from tests.people import Client

    http = Client(app, None).http
    for method, place in (("GET", ""), ("GET", "/edit"), ("POST", "/download"), ("POST", "/dossier/medical")):
        assert http.open(f"{URL}{place}", method=method).status_code == 302


def test_ones_own_look_is_on_record_too_and_told_on_the_page(app, mission):
    browser, person = someone(app, mission)
    answer = browser.send(f"{URL}/dossier/medical")
    assert answer.status_code == 200 and "penicillin" in answer.text and "AAC778812" not in answer.text
    (entry,) = entries("looked")
    assert (entry.object_id, entry.actor_id, entry.changes["group"]) == (
        str(person.id),
        person.user_id,
        "medical",
    )
    assert "Who looked at your dossier" in browser.look(URL).text


def test_a_look_of_the_chief_is_told_to_the_person(app, mission):
    browser, person = someone(app, mission)
    chief = make_user(Role.CHIEF, mission)
    db.session.commit()
    Browser(app, chief).send(f"/people/{person.id}/dossier/passport")
    db.session.rollback()
    assert chief.name in browser.look(URL).text


def test_contact_and_emergency_data_are_changed_by_the_person_and_nothing_else(app, mission):
    browser, person = someone(app, mission)
    page = Page(browser.look(f"{URL}/edit"))
    names = {each["name"] for each in page.all("main [name]")} - {"csrf_token", "remove"}
    assert names == {"email", "phone", "emergency_name", "emergency_relation", "emergency_phone"}
    assert not any(secret in page.answer.text for secret in SECRETS)
    answer = browser.send(
        f"{URL}/edit", email="new@example.org", phone="+591 700 12345", emergency_phone="+591 700 99999",
        passport_number="HACKED12", given_names="Other", remove=["emergency_relation"],
    )  # fmt: skip
    assert answer.status_code == 303
    db.session.expire_all()
    assert (person.email, person.phone, person.given_names) == ("new@example.org", "+591 700 12345", "Lucía")
    held = dossiers.opened(person)
    assert held["emergency_phone"] == "+591 700 99999" and held["emergency_name"] == "Rosa Prueba"
    assert held["emergency_relation"] is None and held["passport_number"] == "AAC778812"
    taken = make_appointment(mission).person.email
    db.session.commit()
    assert browser.send(f"{URL}/edit", email=taken).status_code == 422


def test_what_one_may_not_remove_is_no_choice(app, mission):
    browser, person = someone(app, mission)
    given = {"email": person.email, "remove": ["passport_number"]}
    assert browser.send(f"{URL}/edit", **given).status_code == 422
    assert dossiers.opened(person)["passport_number"] == "AAC778812"


def test_the_copy_holds_everything_and_is_on_record(app, mission):
    browser, person = someone(app, mission)
    answer = browser.send(f"{URL}/download", format="json")
    assert answer.headers["Cache-Control"] == "no-store"
    content = json.loads(answer.data)
    assert content["person"]["email"] == person.email
    assert content["dossier"]["medical_notes"] == "Allergic to penicillin"
    assert content["dossier"]["birth_date"] == "1984-02-29"
    assert [each["mission"] for each in content["appointments"]] == ["BOL-2019"]
    assert content["elsewhere"] == {
        "assignments": 0,
        "safety_reports": 0,
        "travels": 0,
        "stays": 0,
        "credentials": 0,
        "sms_messages": 0,
        "submissions": 0,
    }
    assert content["sign_in_sessions"] and content["memberships"][0]["role"] == "observer"
    (entry,) = entries("exported")
    assert (entry.object_type, entry.object_id, entry.changes) == (
        "users",
        str(person.user_id),
        {"format": "json"},
    )


def test_the_spreadsheet_holds_the_same_and_no_formula(app, mission):
    browser, _person = someone(app, mission, given_names="=1+1")
    answer = browser.send(f"{URL}/download", format="xlsx")
    sheet = openpyxl.load_workbook(BytesIO(answer.data)).active
    cells = {(row[0].value, row[1].value): row[2] for row in sheet.iter_rows(min_row=2)}
    assert cells["dossier", "passport_number"].value == "AAC778812"
    assert all(cell.data_type != "f" for cell in cells.values())
    assert browser.send(f"{URL}/download", format="exe").status_code == 422


def test_two_people_see_each_their_own(app, mission):
    first, one = someone(app, mission)
    second, other = someone(app, mission)
    assert other.family_names not in first.look(URL).text
    assert one.family_names not in second.send(f"{URL}/download", format="json").text
