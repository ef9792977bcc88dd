"""The OpenRosa protocol, point by point, for both who come with a secret in the address and with a password."""

from __future__ import annotations

import io
import itertools
from dataclasses import dataclass
from typing import Any

import pytest
import sqlalchemy as sa
from flask_security.utils import hash_password
from lxml import etree

from eom.checklists import openrosa
from eom.checklists.api import credentials
from eom.checklists.models.app_user import AppUser
from eom.checklists.models.submission import Submission, SubmissionConflict
from eom.checklists.services import publishing
from eom.core import clock
from eom.core.audit import AuditEntry
from eom.extensions import db
from eom.missions.models.mission import Stage
from tests.checklists.test_api import JPEG, PASSWORD, basic, message
from tests.checklists.workbooks import book
from tests.factories import checklists as factory
from tests.factories.checklists import filled
from tests.people import asking_for_tokens

LIST = "{http://openrosa.org/xforms/xformsList}"
MANIFEST = "{http://openrosa.org/xforms/xformsManifest}"
INCOMPLETE = "*isIncomplete*"


@dataclass
class Way:
    """How a device comes in: its base address and what it sends along."""

    http: Any
    root: str
    headers: dict[str, str]
    mission: Any
    version: Any

    def ask(self, path: str, method: str = "GET", **headers: str):
        """Ask for an address below the base, or for one in full, as ODK Collect does."""
        url = path if "//" in path else f"{self.root}/{path}"
        url += ("&" if "?" in url else "?") + "deviceID=collect%3Aabc"
        return self.http.open(url, method=method, headers=self.headers | headers)

    def post(self, xml: bytes, fields: dict[str, str] | None = None, **files: bytes):
        data: dict[str, Any] = {"xml_submission_file": (io.BytesIO(xml), "anything.xml", "application/xml")}
        data |= {name: (io.BytesIO(each), name) for name, each in files.items()}
        return self.http.post(
            f"{self.root}/submission?deviceID=collect:abc", data=data | (fields or {}), headers=self.headers
        )

    def forms(self, query: str = "") -> list[dict[str, str]]:
        root = etree.fromstring(self.ask(f"formList{query}").data)
        assert root.tag == f"{LIST}xforms"
        assert all(each.tag == f"{LIST}xform" for each in root)
        return [{field.tag.removeprefix(LIST): field.text for field in each} for each in root]


@pytest.fixture(params=["secret", "password"])
def way(app, cast, request):
    version = factory.publish_standard(cast.a)
    station = factory.make_station(cast.a, "20217")
    cast.user("bruno").password = hash_password(PASSWORD)
    _device, token = factory.admit_device(cast.a, cast.user("bruno"), station)
    db.session.commit()
    credentials.forget_known()
    credentials.failures().storage.reset()
    by_secret = request.param == "secret"
    root = f"/openrosa/BOL-2019/{token}" if by_secret else "/openrosa/BOL-2019"
    with asking_for_tokens(app):
        yield Way(app.test_client(), root, {} if by_secret else basic(), cast.a, version)


def rows() -> list[Submission]:
    db.session.expire_all()
    return list(db.session.scalars(sa.select(Submission).order_by(Submission.id)))


def rules(row: Submission) -> list[str]:
    return [flag["rule"] for flag in row.flags]


def held(row: Submission) -> dict[str, bytes]:
    return {each.name: factory.store().get(each.stored_file.sha256) for each in row.attachments}


def publish(way: Way, version: str, media: bool = False) -> Any:
    """A small form of another id, with or without files."""
    survey = [["type", "name", "label"], ["integer", "n", f"How many ({version})"]]
    survey += [["select_one_from_file stations.csv", "s", "Where"]] if media else []
    headings = [["form_id", "form_title", "version"], ["small & short", "Small <form>", version]]
    made = publishing.publish(way.mission, factory.store(), book(survey, settings=headings), "s.xlsx").version
    db.session.commit()
    return made


class TestHeaders:
    def test_stand_on_every_answer_whatever_it_is(self, way, cast):
        answers = [way.ask(path) for path in (
            "formList", f"forms/{way.version.id}/manifest", f"forms/{way.version.id}/form.xml", "forms/1000/form.xml",
            f"forms/{way.version.id}/media/stations.csv", f"forms/{way.version.id}/media/none.csv",
        )]  # fmt: skip
        answers += [way.ask("formList", "HEAD"), way.ask("submission", "HEAD")]
        answers += [
            way.post(xml)
            for xml in (filled("20217"), filled("20217", board_members=4), b"<", filled(form_id="x"))
        ]
        codes = [answer.status_code for answer in answers]
        assert codes == [200, 200, 200, 404, 200, 404, 200, 204, 201, 409, 400, 404]
        for answer in answers:
            assert answer.headers["X-OpenRosa-Version"] == "1.0"
            assert answer.headers["X-OpenRosa-Accept-Content-Length"] == "10000000"
            assert answer.headers["Content-Language"] == "en"
            assert "Set-Cookie" not in answer.headers
            if answer.status_code >= 400:
                assert (answer.mimetype, bool(message(answer))) == ("text/xml", True)

    @pytest.mark.parametrize("sent", ["Sun, 20 Oct 2019 02:14:00 GMT", "20/10/2019 2:14", ""])
    def test_any_date_will_do(self, way, sent):
        assert way.ask("formList", Date=sent, **{"X-OpenRosa-Version": "1.0"}).status_code == 200


class TestForms:
    def test_each_is_listed_with_the_digest_of_the_bytes_that_are_served(self, way):
        publish(way, "1")
        listed = {form["formID"]: form for form in way.forms()}
        assert set(listed) == {"eom_opening", "small & short"}
        small = listed["small & short"]
        assert (small["name"], small["version"]) == ("Small <form>", "1")
        assert "manifestUrl" not in small
        for form in listed.values():
            served = way.ask(form["downloadUrl"])
            assert form["hash"] == openrosa.digest(served.data)
            assert served.mimetype == "text/xml"
            model = etree.fromstring(served.data).find(".//{*}instance")[0]
            assert (model.get("id"), model.get("version")) == (form["formID"], form["version"])
            assert model.find("{*}meta/{*}instanceID") is not None
        assert [form["formID"] for form in way.forms("?formID=small+%26+short")] == ["small & short"]
        assert way.forms("?formID=unknown") == []

    def test_addresses_are_whole_and_lead_back_the_same_way(self, way):
        [form] = way.forms()
        manifest = etree.fromstring(way.ask(form["manifestUrl"]).data)
        assert manifest.tag == f"{MANIFEST}manifest"
        files = [{field.tag.removeprefix(MANIFEST): field.text for field in each} for each in manifest]
        assert {each["filename"] for each in files} == {"stations.csv", "contenders.csv"}
        addresses = [form["downloadUrl"], form["manifestUrl"], *(each["downloadUrl"] for each in files)]
        assert all(each.startswith(f"http://localhost{way.root}/forms/") for each in addresses)
        for each in files:
            served = way.ask(each["downloadUrl"])
            assert (served.status_code, openrosa.digest(served.data)) == (200, each["hash"])

    def test_a_version_keeps_its_bytes_for_ever(self, way):
        first = publish(way, "1")
        url = f"forms/{first.id}/form.xml"
        served = way.ask(url)
        second = publish(way, "2", media=True)
        db.session.commit()
        assert way.ask(url).data == served.data
        again = way.ask(url, **{"If-None-Match": served.headers["ETag"]})
        assert (again.status_code, again.data) == (304, b"")
        other = way.ask(f"forms/{second.id}/form.xml", **{"If-None-Match": served.headers["ETag"]})
        assert (other.status_code, other.data == served.data) == (200, False)
        [small] = way.forms("?formID=small+%26+short")
        assert (small["version"], "manifestUrl" in small) == ("2", True)


class TestIdentity:
    def test_the_same_bytes_are_received_again_and_kept_once(self, way):
        answers = [way.post(filled("20217")) for _time in range(3)]
        assert [(each.status_code, message(each)) for each in answers] == [(201, "Received in full.")] * 3
        assert len(rows()) == 1
        told = sa.select(sa.func.count()).select_from(AuditEntry).where(AuditEntry.action == "received")
        assert db.session.scalar(told) == 1

    def test_another_content_is_kept_beside_it(self, way):
        way.post(filled("20217"))
        for _time in range(2):
            assert way.post(filled("20217", board_members=4)).status_code == 409
        [row] = rows()
        [other] = db.session.scalars(sa.select(SubmissionConflict))
        assert (row.xml, factory.store().get(other.sha256)) == (
            filled("20217"), filled("20217", board_members=4),
        )  # fmt: skip
        # Nor does its space or its order matter to us: other bytes are another content.
        assert way.post(filled("20217") + b"\n").status_code == 409

    def test_a_correction_names_what_it_replaces(self, way):
        way.post(filled("20217"))
        second = filled("20217", "uuid:2", replaces="uuid:1", board_members=6)
        third = filled("20217", "uuid:3", replaces="uuid:2", board_members=7)
        posts = [second, second, third, second, filled("20217", "uuid:4", replaces="uuid:1"),
                 filled("20217", "uuid:5", replaces="uuid:none"), filled("20217")]  # fmt: skip
        assert [way.post(xml).status_code for xml in posts] == [201, 201, 201, 201, 409, 404, 201]
        assert [(row.instance_id, row.is_current) for row in rows()] == [
            ("uuid:1", False), ("uuid:2", False), ("uuid:3", True),
        ]  # fmt: skip


class TestFiles:
    @pytest.mark.parametrize("announced", [True, False])
    def test_come_in_as_many_requests_as_they_need(self, way, announced):
        """ODK Collect announces that more follows, Enketo does not."""
        xml = filled("20217", photo="1.jpg").replace(b"</data>", b"<seal>2.jpg</seal></data>")
        more = {INCOMPLETE: "yes"} if announced else None
        posts = [
            way.post(xml, more),
            way.post(xml, more, **{"1.jpg": JPEG}),
            way.post(xml, **{"1.jpg": JPEG}),
        ]
        assert [each.status_code for each in posts] == [201] * 3
        [row] = rows()
        assert (row.is_complete, held(row)) == (True, {"1.jpg": JPEG})

    def test_in_any_order_are_the_same(self, way):
        names = {"1.jpg": JPEG, "2.jpg": JPEG + b"2", "3.jpg": JPEG + b"3"}
        for number, order in enumerate(itertools.permutations(names)):
            xml = filled("20217", f"uuid:{number}", photo="1.jpg")
            assert {way.post(xml, **{name: names[name]}).status_code for name in order} == {201}
        assert all(held(row) == names and row.is_complete for row in rows())

    def test_the_first_of_a_name_stays_and_the_other_is_kept_apart(self, way):
        xml = filled("20217", photo="1.jpg")
        assert [way.post(xml, **{"1.jpg": each}).status_code for each in (JPEG, JPEG + b"2", JPEG)] == [
            201
        ] * 3
        [row] = rows()
        assert held(row) == {"1.jpg": JPEG}
        [other] = row.conflicts
        assert (other.name, factory.store().get(other.sha256)) == ("1.jpg", JPEG + b"2")

    def test_one_that_nothing_names_is_kept_and_flagged(self, way):
        assert way.post(filled("20217"), **{"extra.jpg": JPEG}).status_code == 201
        [row] = rows()
        assert (held(row), rules(row), row.is_complete) == ({"extra.jpg": JPEG}, ["unnamed_file"], True)

    def test_a_correction_keeps_those_that_it_still_names(self, way):
        way.post(filled("20217", photo="1.jpg"), **{"1.jpg": JPEG, "extra.jpg": JPEG})
        edit = way.post(filled("20217", "uuid:2", replaces="uuid:1", photo="1.jpg"))
        assert (edit.status_code, message(edit)) == (201, "Received in full.")
        assert held(rows()[1]) == {"1.jpg": JPEG}


class TestLate:
    def test_a_version_that_was_replaced_is_still_taken_and_flagged(self, way):
        old = publish(way, "1")
        publish(way, "2")
        db.session.commit()
        xml = (
            '<data id="small &amp; short" version="1"><n>3</n><meta><instanceID>1</instanceID></meta></data>'
        )
        answers = [way.post(xml.encode()) for _time in range(2)]
        assert [answer.status_code for answer in answers] == [201, 201]
        [row] = rows()
        assert (row.version, row.answers, "old_version" in rules(row)) == (old, {"n": 3}, True)
        unknown = way.post(xml.replace('version="1"', 'version="9"').encode())
        assert (unknown.status_code, "version “9”" in message(unknown)) == (404, True)

    def test_a_mission_that_is_over_takes_what_it_holds_and_nothing_new(self, way):
        kept = filled("20217", photo="1.jpg")
        way.post(kept)
        way.mission.stage = Stage.CLOSED
        db.session.commit()
        assert way.post(kept, **{"1.jpg": JPEG}).status_code == 201
        assert held(rows()[0]) == {"1.jpg": JPEG}
        answer = way.post(filled("20217", "uuid:2"))
        assert (answer.status_code, "is over" in message(answer)) == (409, True)

    def test_who_may_no_longer_is_told_so_and_leaves_nothing(self, way, cast):
        for device in db.session.scalars(sa.select(AppUser)):
            device.revoked_at = clock.now()
        cast.user("bruno").active = False
        db.session.commit()
        answer = way.post(filled("20217"))
        assert answer.status_code == (401 if way.headers else 403)
        assert message(answer)
        assert rows() == []


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/submission", 405), ("PUT", "/submission", 405), ("DELETE", "/formList", 405), ("POST", "/formList", 405),
        ("PATCH", "/forms/1/form.xml", 405), ("GET", "/formlist", 404), ("POST", "/submissions", 404), ("GET", "", 404),
        ("GET", "/forms/one/form.xml", 404), ("GET", "/forms/1/media/a/b", 404), ("HEAD", "/elsewhere/and/further", 404),
    ],
)  # fmt: skip
@pytest.mark.parametrize("place", ["/openrosa/BOL-2019", "/openrosa/BOL-2019/some-token"])
def test_what_leads_nowhere_is_answered_in_openrosa(app, cast, place, method, path, status):
    answer = app.test_client().open(place + path, method=method)
    # A word behind the mission may be a token: then the address is another one, which has no such method either.
    assert answer.status_code in (status, 404)
    assert answer.headers["X-OpenRosa-Version"] == "1.0"
    assert answer.content_type.startswith("text/xml")
    if method != "HEAD":
        root = etree.fromstring(answer.data)
        assert root.tag == "{http://openrosa.org/http/response}OpenRosaResponse"
        assert root[0].get("nature") == "error" or root[0].text
        assert "undefined" not in (root[0].text or "undefined")
    if answer.status_code == 405:
        assert answer.headers["Allow"]


def test_a_wrong_method_says_which_there_are(app, cast):
    answer = app.test_client().put("/openrosa/BOL-2019/submission")
    assert answer.status_code == 405
    assert {"HEAD", "POST"} <= set(answer.headers["Allow"].replace(" ", "").split(","))


def test_elsewhere_a_page_is_answered(app, cast):
    answer = app.test_client().get("/openrosa-is-not-here")
    assert answer.status_code == 404 and "X-OpenRosa-Version" not in answer.headers
