"""The field app's endpoints: the page, what a person takes along, and their word that they are safe."""

from __future__ import annotations

import hashlib
import json
import re
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from eom.accounts.permissions import Role
from eom.accounts.services import memberships
from eom.checklists.models.safety import SafetyReport
from eom.checklists.services import safety
from eom.core import events
from eom.core.audit import AuditEntry
from eom.core.errors import Conflict, InvalidInput
from eom.core.i18n import LANGUAGES
from eom.extensions import db
from eom.observers.models import Appointment
from tests.factories import checklists as factory
from tests.factories.checklists import filled
from tests.factories.deployment import an_assignment
from tests.factories.observers import make_appointment
from tests.factories.stations import a_centre, a_station, an_area
from tests.people import make_user

FIELD = "/field/BOL-2019"
SAFETY = "/missions/BOL-2019/safety"
WORD = {
    "instanceID": "uuid:1",
    "at": "2019-10-20T14:05:00Z",
    "latitude": -16.5,
    "longitude": -68.15,
    "accuracy": 12.5,
}


@pytest.fixture
def bruno(cast, as_person):
    """Bruno observes at stations 1 and 2 of mission A, which has the standard opening."""
    factory.publish_standard(cast.a)
    factory.assign(cast.a, cast.user("bruno"), *[factory.make_station(cast.a, code) for code in ("1", "2")])
    db.session.commit()
    return as_person("bruno")


def today(client) -> dict:
    return client.get(f"{FIELD}/today.json").get_json()


class TestToday:
    def test_it_says_who_where_and_what(self, bruno, cast):
        told = today(bruno)
        assert told["person"] == {"id": cast.user("bruno").id, "name": "Bruno"}
        assert [each["value"] for each in told["stations"]] == ["1", "2"]
        assert told["stations"][0]["days"] == ["2019-10-20"]
        assert told["rounds"] == [
            {"on": "2019-10-20", "timeZone": "America/La_Paz", "opens": "08:00", "closes": "17:00"}
        ]
        [form] = told["forms"]
        assert (form["formId"], form["kind"]) == ("eom_opening", "opening")
        assert form["titles"] == {"en": "Opening", "es": "Apertura", "fr": "Ouverture", "pt": "Abertura"}

    def test_forms_and_files_are_what_their_addresses_give(self, bruno):
        [form] = today(bruno)["forms"]
        xml = bruno.get(form["url"]).data
        assert form["hash"] == f"md5:{hashlib.md5(xml, usedforsecurity=False).hexdigest()}"
        for file in form["files"]:
            assert hashlib.sha256(bruno.get(file["url"]).data).hexdigest() == file["hash"]

    def test_what_was_sent_is_done(self, bruno, cast):
        factory.receive(cast.a, filled("2", "uuid:9"), user=cast.user("bruno"))
        db.session.commit()
        told = today(bruno)
        assert [each["sent"] for each in told["stations"]] == [[], [told["forms"][0]["form"]]]

    def test_another_person_has_none_of_it(self, bruno, as_person):
        told = today(as_person("carmen"))
        assert (told["person"]["name"], told["stations"]) == ("Carmen", [])

    @pytest.mark.parametrize(("name", "status"), [(None, 401), ("dario", 404), ("elena", 403), ("hugo", 403)])
    def test_who_may_not_fill_is_told_so_and_never_led_elsewhere(self, bruno, as_person, name, status):
        answer = as_person(name).http.get(f"{FIELD}/today.json")
        assert (answer.status_code, answer.mimetype) == (status, "application/json")
        assert answer.get_json()["message"]


class TestShell:
    def test_the_page_says_nothing_of_anyone(self, bruno, as_person):
        pages = [as_person(name).page(FIELD).answer.text for name in ("bruno", "carmen")]
        bare = [re.sub(r'nonce="[^"]+"', "", page) for page in pages]
        assert bare[0] == bare[1]
        assert "Bruno" not in bare[0]
        assert "csrf" not in bare[0]

    def test_everything_that_the_worker_keeps_is_there(self, bruno):
        answer = bruno.get(f"{FIELD}/worker.js")
        assert answer.headers["Service-Worker-Allowed"] == FIELD
        assert "script-src 'self'; connect-src 'self'" in answer.headers["Content-Security-Policy"]
        told = json.loads(re.search(r"self.FIELD = (.*);", answer.text)[1])
        assert [FIELD, f"{FIELD}/words.json"] == told["kept"][:2]
        assert any("vendor/webforms/webforms.js" in each for each in told["kept"])
        assert any("vendor/webforms/field.js?v=" in each for each in told["kept"])
        assert any("vendor/webforms/xpath.wasm" in each for each in told["kept"])
        for address in told["kept"]:
            assert bruno.http.get(address).status_code == 200, address

    def test_the_version_stays_while_nothing_changes(self, bruno):
        """Switching the language does not have everything fetched anew."""
        english = bruno.get(f"{FIELD}/worker.js").text
        bruno.http.set_cookie("language", "es")
        assert bruno.get(f"{FIELD}/worker.js").text == english

    def test_a_telephone_can_install_it(self, bruno):
        told = json.loads(bruno.get(f"{FIELD}/manifest.webmanifest").text)
        assert (told["start_url"], told["scope"], told["display"]) == (FIELD, FIELD, "standalone")
        for icon in told["icons"]:
            assert bruno.get(icon["src"]).mimetype == "image/png"

    def test_it_speaks_every_language_without_a_network(self, bruno):
        told = json.loads(bruno.get(f"{FIELD}/words.json").text)
        assert set(told) == set(LANGUAGES)
        assert {len(words["app"]) for words in told.values()} == {len(told["en"]["app"])}
        assert {frozenset(words["form"]) for words in told.values()} == {frozenset(told["en"]["form"])}

    def test_my_checklists_lead_to_it(self, bruno):
        assert bruno.page("/missions/BOL-2019/checklists/mine").one(f"a[href='{FIELD}']")
        assert bruno.page("/").one(f"a[href='{FIELD}']")


class TestOutboxOfAPerson:
    def test_it_is_not_sent_by_another(self, bruno, cast, as_person):
        body = {
            "submissions": [
                {"instanceID": "uuid:1", "form": "eom_opening", "version": "1", "xml": filled("1").decode()}
            ]
        }
        carmen = as_person("carmen")
        for path, told in (("submissions", body), ("safe", WORD)):
            header = {"X-Field-Person": str(cast.user("bruno").id)}
            refused = carmen.http.post(f"{FIELD}/{path}", json=told, headers=header)
            assert refused.status_code == 403
            assert bruno.http.post(f"{FIELD}/{path}", json=told, headers=header).status_code in (200, 201)

    def test_headquarters_says_when_it_had_it(self, bruno):
        body = {
            "submissions": [
                {"instanceID": "uuid:1", "form": "eom_opening", "version": "1", "xml": filled("1").decode()}
            ]
        }
        told = bruno.http.post(f"{FIELD}/submissions", json=body).get_json()
        assert abs((datetime.fromisoformat(told["receivedAt"]) - datetime.now(UTC)).total_seconds()) < 60


class TestSafe:
    def reports(self) -> list[SafetyReport]:
        return list(db.session.scalars(sa.select(SafetyReport).order_by(SafetyReport.id)))

    def test_it_is_kept_once_with_time_and_place(self, bruno, cast):
        for _again in range(2):
            answer = bruno.http.post(f"{FIELD}/safe", json=WORD)
            assert answer.status_code == 201
        [kept] = self.reports()
        assert (kept.at, kept.latitude, kept.longitude, kept.accuracy) == (
            datetime(2019, 10, 20, 14, 5, tzinfo=UTC), -16.5, -68.15, 12.5,
        )  # fmt: skip
        assert kept.user_id == cast.user("bruno").id
        assert kept.appointment_id is not None
        assert answer.get_json()["receivedAt"] == kept.received_at.isoformat()

    @pytest.mark.parametrize(
        "place", [{}, {"latitude": 91, "longitude": 0}, {"latitude": 1}, {"latitude": "x", "longitude": True},
                  {"latitude": float("nan"), "longitude": 0}, {"latitude": 1e400, "longitude": 0}],
    )  # fmt: skip
    def test_a_place_that_cannot_be_does_not_lose_the_word(self, bruno, place):
        body = json.dumps({"instanceID": "uuid:2", "at": WORD["at"], **place})
        assert bruno.http.post(f"{FIELD}/safe", data=body, content_type="application/json").status_code == 201
        assert [each.latitude for each in self.reports()] == [None]

    @pytest.mark.parametrize(
        "told", [{}, {"instanceID": ""}, {"instanceID": "x" * 65}, {"instanceID": "a\u0000"}, {"instanceID": "a", "at": "yesterday"},
                 {"instanceID": "a", "at": 7}, {"instanceID": ["a"], "at": WORD["at"]}, {"instanceID": "a", "at": "0001-01-01T00:00:00+14:00"}, [1]],
    )  # fmt: skip
    def test_what_is_no_word_is_refused_with_a_sentence(self, bruno, told):
        answer = bruno.http.post(f"{FIELD}/safe", json=told)
        assert answer.status_code == 422
        assert answer.get_json()["message"]
        assert self.reports() == []

    def test_a_name_belongs_to_the_one_who_made_it(self, bruno, cast):
        safety.tell(cast.a, cast.user("bruno"), WORD)
        with pytest.raises(Conflict):
            safety.tell(cast.a, cast.user("carmen"), WORD)
        assert safety.tell(cast.b, cast.user("carmen"), WORD).mission_id == cast.b.id

    def test_it_needs_a_time(self, cast):
        with pytest.raises(InvalidInput):
            safety.tell(cast.a, cast.user("bruno"), {"instanceID": "a"})

    def test_the_trail_tells_of_it_without_the_place(self, bruno):
        bruno.http.post(f"{FIELD}/safe", json=WORD)
        [entry] = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.object_type == "safety_reports"))
        assert "68.15" not in json.dumps(entry.changes)

    def test_a_person_made_anonymous_was_nowhere(self, bruno, cast):
        report = safety.tell(cast.a, cast.user("bruno"), WORD)
        person = db.session.get_one(Appointment, report.appointment_id).person
        events.person_anonymised.send(None, person_id=person.id)
        assert (report.latitude, report.longitude, report.accuracy) == (None, None, None)

    @pytest.mark.parametrize(("name", "status"), [(None, 401), ("dario", 404), ("hugo", 403)])
    def test_who_does_not_observe_cannot_say_it(self, bruno, as_person, name, status):
        assert as_person(name).http.post(f"{FIELD}/safe", json=WORD).status_code == status


class TestList:
    def test_the_last_word_of_each(self, bruno, as_person):
        for number, hour in enumerate(("09", "15", "12")):
            bruno.http.post(
                f"{FIELD}/safe",
                json={**WORD, "instanceID": f"uuid:{number}", "at": f"2019-10-20T{hour}:00:00Z"},
            )
        text = as_person("ana").get(f"{SAFETY}?format=csv").text
        assert len(text.strip().splitlines()) == 2
        assert "2019-10-20T15:00" in text
        assert "(-16.50000, -68.15000)" in text

    def test_who_has_kept_silent_comes_first(self, bruno, cast, as_person):
        quiet = make_appointment(cast.a)
        db.session.commit()
        bruno.http.post(f"{FIELD}/safe", json=WORD)
        rows = as_person("ana").page(SAFETY).all("tbody tr")
        assert [quiet.person.family_names in row.text for row in rows] == [True, False]
        silent = as_person("ana").page(f"{SAFETY}?state=silent").all("tbody tr")
        assert len(silent) == 1

    def test_an_observer_does_not_see_it(self, bruno):
        bruno.page(SAFETY, status=403)

    def test_a_coordinator_of_areas_sees_those_assigned_there(self, cast, as_person):
        tarija, pando = an_area(cast.a, name="Tarija"), an_area(cast.a, name="Pando")
        for place, name in ((tarija, "Inés"), (pando, "Olga")):
            station = a_station(cast.a, centre=a_centre(cast.a, area=place))
            assignment = an_assignment(cast.a, station=station)
            user = make_user(name.lower().replace("é", "e"), Role.OBSERVER, cast.a)
            person = db.session.get_one(Appointment, assignment.appointment_id).person
            person.given_names, person.user_id = name, user.id
            safety.tell(cast.a, user, {**WORD, "instanceID": name})
        memberships.change(
            cast.user("carmen").memberships[0],
            by=cast.user("ana"),
            starts_on=None,
            ends_on=None,
            area_ids=[tarija.id],
        )
        db.session.commit()
        for suffix in ("", "?format=csv"):
            limited, whole = (
                as_person("carmen").get(SAFETY + suffix).text,
                as_person("ana").get(SAFETY + suffix).text,
            )
            assert "Inés" in limited
            assert "Olga" not in limited
            assert "Olga" in whole
