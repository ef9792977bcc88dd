"""The OpenRosa endpoints as ODK Collect and the browser use them."""

from __future__ import annotations

import io
from base64 import b64encode

import pytest
import sqlalchemy as sa
from flask_security.utils import hash_password
from itsdangerous import URLSafeTimedSerializer
from lxml import etree
from werkzeug.test import EnvironBuilder

from eom.accounts.permissions import Role
from eom.checklists import openrosa
from eom.checklists.api import credentials
from eom.checklists.models.submission import Submission, SubmissionAttachment, SubmissionConflict
from eom.core.audit import AuditEntry
from eom.extensions import db
from eom.missions.models.mission import Stage
from tests.factories import checklists as factory
from tests.factories.checklists import filled
from tests.people import asking_for_tokens, make_user

ROOT = "/openrosa/BOL-2019"
PASSWORD = "a long enough password"
JPEG = b"\xff\xd8\xff" + b"1" * 40
ANSWER = "{http://openrosa.org/http/response}"


def basic(email="bruno@example.org", password=PASSWORD):
    return {"Authorization": "Basic " + b64encode(f"{email}:{password}".encode()).decode()}


@pytest.fixture
def opening(cast):
    version = factory.publish_standard(cast.a)
    factory.assign(cast.a, cast.user("bruno"), factory.make_station(cast.a, "20217"))
    cast.users["olga"] = make_user("olga", Role.OBSERVER, cast.b)
    for name in ("bruno", "olga", "hugo", "dario"):
        cast.user(name).password = hash_password(PASSWORD)
    db.session.commit()
    credentials.forget_known()
    credentials.failures().storage.reset()
    return version


@pytest.fixture
def device(app, opening):
    """A device without a session: what it sends names its person."""
    with asking_for_tokens(app):
        yield app.test_client()


def parts(xml, **files):
    data = {"xml_submission_file": (io.BytesIO(xml), "submission.xml", "text/xml")}
    return data | {name: (io.BytesIO(bytes_), name) for name, bytes_ in files.items()}


def post(http, xml, headers=None, **files):
    return http.post(
        f"{ROOT}/submission?deviceID=collect:1", data=parts(xml, **files), headers=headers or basic(),
        content_type="multipart/form-data",
    )  # fmt: skip


def message(answer) -> str:
    root = etree.fromstring(answer.data)
    assert root.tag == f"{ANSWER}OpenRosaResponse"
    return root[0].text


def count(model) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(model))


class TestForms:
    def test_collect_finds_downloads_and_fills_a_form(self, device, opening):
        listed = device.get(f"{ROOT}/formList", headers=basic())
        assert (listed.status_code, listed.mimetype) == (200, "text/xml")
        [entry] = etree.fromstring(listed.data)
        form = {etree.QName(each).localname: each.text for each in entry}
        assert (form["formID"], form["version"], form["name"]) == ("eom_opening", "1", "Opening")

        xform = device.get(form["downloadUrl"], headers=basic())
        assert openrosa.digest(xform.data) == form["hash"]
        assert xform.data == opening.xform

        manifest = etree.fromstring(device.get(form["manifestUrl"], headers=basic()).data)
        files = {each[0].text: each for each in manifest}
        assert set(files) == {"stations.csv", "contenders.csv"}
        stations = device.get(files["stations.csv"][2].text, headers=basic())
        assert openrosa.digest(stations.data) == files["stations.csv"][1].text
        assert stations.text.splitlines()[1].startswith("20217,")

        assert post(device, filled("20217")).status_code == 201

    def test_headers_are_those_that_clients_look_for(self, device, opening):
        paths = [
            "formList",
            f"forms/{opening.id}/manifest",
            f"forms/{opening.id}/form.xml",
            "formList?formID=x",
        ]
        for path in paths:
            answer = device.get(f"{ROOT}/{path}", headers=basic())
            assert answer.headers["X-OpenRosa-Version"] == "1.0"
            assert answer.headers["X-OpenRosa-Accept-Content-Length"] == "10000000"
            assert answer.headers["Content-Language"] == "en"
            assert answer.mimetype == "text/xml"

    def test_the_list_can_be_asked_for_one_form_and_by_head(self, device, cast):
        factory.publish_standard(cast.a, "voting")
        db.session.commit()
        assert len(etree.fromstring(device.get(f"{ROOT}/formList", headers=basic()).data)) == 2
        one = device.get(f"{ROOT}/formList?formID=eom_opening", headers=basic())
        assert [each[0].text for each in etree.fromstring(one.data)] == ["eom_opening"]
        head = device.head(f"{ROOT}/formList", headers=basic())
        assert (head.status_code, head.data) == (200, b"")

    def test_a_form_that_is_known_is_not_sent_again(self, device, opening):
        url = f"{ROOT}/forms/{opening.id}/form.xml"
        tag = device.get(url, headers=basic()).headers["ETag"]
        again = device.get(url, headers=basic() | {"If-None-Match": tag})
        assert (again.status_code, again.data) == (304, b"")

    def test_a_file_that_is_not_there_is_said_in_xml(self, device, opening):
        answer = device.get(f"{ROOT}/forms/{opening.id}/media/x.csv", headers=basic())
        assert answer.status_code == 404
        assert "x.csv" in message(answer)


class TestAccess:
    def test_without_credentials_a_device_is_asked_for_them(self, device):
        for method, path in (("GET", "formList"), ("HEAD", "submission"), ("POST", "submission")):
            answer = device.open(f"{ROOT}/{path}", method=method)
            assert answer.status_code == 401
            assert answer.headers["WWW-Authenticate"].startswith("Basic realm=")
            assert answer.headers["X-OpenRosa-Version"] == "1.0"

    def test_a_browser_is_never_shown_a_window_for_the_password(self, device):
        answer = device.get(f"{ROOT}/formList", headers={"Sec-Fetch-Mode": "cors"})
        assert answer.status_code == 401
        assert "WWW-Authenticate" not in answer.headers

    @pytest.mark.parametrize(
        ("email", "password"),
        [("bruno@example.org", "wrong"), ("nobody@example.org", PASSWORD), ("ana@example.org", ""), ("", "")],
    )
    def test_a_wrong_password_is_refused(self, device, email, password):
        answer = device.get(f"{ROOT}/formList", headers=basic(email, password))
        assert answer.status_code == 401
        assert "wrong" in message(answer)

    def test_another_scheme_is_no_credential(self, device):
        answer = device.get(f"{ROOT}/formList", headers={"Authorization": "Bearer abc"})
        assert answer.status_code == 401

    def test_a_stranger_learns_nothing_of_the_mission(self, device):
        for url in (f"{ROOT}/formList", "/openrosa/XXX-1900/formList"):
            answer = device.get(url, headers=basic("olga@example.org"))
            assert answer.status_code == 404
            assert message(answer) == "There is no such mission, or you are not part of it."

    def test_a_member_without_the_permission_is_refused(self, device):
        answer = post(device, filled("20217"), basic("hugo@example.org"))
        assert answer.status_code == 403
        assert count(Submission) == 0

    def test_a_password_that_was_changed_or_an_account_that_was_closed_is_refused_at_once(self, device, cast):
        assert device.get(f"{ROOT}/formList", headers=basic()).status_code == 200
        cast.user("bruno").active = False
        db.session.commit()
        assert device.get(f"{ROOT}/formList", headers=basic()).status_code == 401
        cast.user("bruno").active = True
        cast.user("bruno").password = hash_password("quite another password")
        db.session.commit()
        assert device.get(f"{ROOT}/formList", headers=basic()).status_code == 401

    def test_guessing_is_slowed_and_who_is_known_goes_on(self, device):
        assert device.get(f"{ROOT}/formList", headers=basic()).status_code == 200
        wrong = basic(password="wrong")
        codes = [device.get(f"{ROOT}/formList", headers=wrong).status_code for _n in range(11)]
        assert codes == [401] * 10 + [429]
        assert device.get(f"{ROOT}/formList", headers=basic()).status_code == 200
        other = basic("olga@example.org")
        assert device.get("/openrosa/PER-2021/formList", headers=other).status_code == 200

    def test_a_form_of_another_mission_is_not_there(self, device, opening):
        url = f"/openrosa/PER-2021/forms/{opening.id}/form.xml"
        assert device.get(url, headers=basic("olga@example.org")).status_code == 404

    def test_a_password_alone_does_not_do_where_a_second_factor_is_asked_for(self, device, cast):
        answer = device.get("/openrosa/PER-2021/formList", headers=basic("dario@example.org"))
        assert answer.status_code == 403
        assert "QR code" in message(answer)
        assert device.get(f"{ROOT}/formList", headers=basic()).status_code == 200
        cast.user("bruno").tf_primary_method = "authenticator"
        db.session.commit()
        assert device.get(f"{ROOT}/formList", headers=basic()).status_code == 403

    def test_a_password_makes_no_session(self, device):
        answer = device.get(f"{ROOT}/formList", headers=basic())
        assert "Set-Cookie" not in answer.headers


class TestBrowser:
    @pytest.fixture
    def browser(self, opening, as_person, app):
        client = as_person("bruno")
        with asking_for_tokens(app):
            yield client.http

    def test_needs_its_sessions_token_to_send(self, browser):
        answer = post(browser, filled("20217"), {"X-OpenRosa-Version": "1.0"})
        assert answer.status_code == 422
        assert "Load the page again" in message(answer)
        assert count(Submission) == 0

    def test_reads_without_it(self, browser, opening):
        assert browser.get(f"{ROOT}/forms/{opening.id}/form.xml").status_code == 200

    def test_sends_with_it(self, app, browser):
        with browser.session_transaction() as kept:
            kept["csrf_token"] = "raw"
        token = URLSafeTimedSerializer(app.secret_key, salt="wtf-csrf-token").dumps("raw")
        answer = post(browser, filled("20217"), {"X-OpenRosa-Version": "1.0", "X-CSRFToken": token})
        assert answer.status_code == 201


class TestSubmission:
    def test_head_is_204_and_says_how_much_may_be_sent(self, device):
        answer = device.head(f"{ROOT}/submission", headers=basic())
        assert (answer.status_code, answer.data) == (204, b"")
        assert answer.headers["X-OpenRosa-Accept-Content-Length"] == "10000000"

    def test_is_kept_with_its_person_and_device(self, device, cast):
        answer = post(device, filled("20217"))
        assert answer.status_code == 201
        assert etree.fromstring(answer.data)[0].get("nature") == "submit_success"
        row = db.session.scalar(sa.select(Submission))
        assert (row.submitted_by, row.device_id, row.xml) == (
            cast.user("bruno"),
            "collect:1",
            filled("20217"),
        )
        entry = db.session.scalar(sa.select(AuditEntry).where(AuditEntry.action == "received"))
        assert (entry.actor_id, entry.mission_id) == (cast.user("bruno").id, cast.a.id)

    def test_again_is_received_again(self, device):
        codes = [post(device, filled("20217")).status_code for _n in range(3)]
        assert codes == [201] * 3
        assert count(Submission) == 1

    def test_other_content_under_the_same_id_is_a_conflict_that_is_kept(self, device):
        post(device, filled("20217"))
        answer = post(device, filled("20217", board_members=4))
        assert answer.status_code == 409
        assert "Both are kept" in message(answer)
        db.session.rollback()
        assert (count(Submission), count(SubmissionConflict)) == (1, 1)

    def test_files_come_in_two_requests(self, device):
        xml = filled("20217", photo="1.jpg").replace(b"</data>", b"<seal>2.jpg</seal></data>")
        first = post(device, xml)
        assert (first.status_code, message(first)) == (201, "Received. 1 file is still to come.")
        second = post(device, xml, **{"1.jpg": JPEG})
        assert (second.status_code, message(second)) == (201, "Received in full.")
        assert (count(Submission), count(SubmissionAttachment)) == (1, 1)

    @pytest.mark.parametrize("by_password", [True, False])
    def test_a_slow_line_holds_no_transaction(self, app, device, as_person, by_password):
        seen = []

        class Line(io.BytesIO):
            def readinto(self, buffer):
                seen.append(db.session().in_transaction())
                return super().readinto(buffer)

        sent = EnvironBuilder(method="POST", data=parts(filled("20217"))).get_request()
        kind, body = sent.content_type, sent.get_data()
        http = device if by_password else as_person("bruno").http
        db.session.rollback()
        answer = http.post(
            f"{ROOT}/submission", input_stream=Line(body), content_type=kind, content_length=len(body),
            headers=basic() if by_password else {},
        )  # fmt: skip
        assert answer.status_code == 201
        assert seen
        assert not any(seen)

    def test_the_xml_may_be_a_plain_field(self, device):
        answer = device.post(
            f"{ROOT}/submission", data={"xml_submission_file": filled("20217").decode()}, headers=basic()
        )
        assert answer.status_code == 201

    @pytest.mark.parametrize(
        ("xml", "status", "words"),
        [
            (filled()[:-30], 400, "not well-formed"),
            (b"", 400, "not well-formed"),
            (filled(instance_id=""), 400, "instanceID"),
            (filled(form_id=""), 400, "which form"),
            (b'<!DOCTYPE d [<!ENTITY a "x">]>' + filled().split(b"?>")[1], 400, "DOCTYPE"),
            (filled(remarks="x" * (6 << 20)), 413, "5 MB"),
            (filled(form_id="eom_dancing"), 404, "eom_dancing"),
            (filled(version="7"), 404, "version “7”"),
            (filled(replaces="uuid:0"), 404, "has not been received"),
        ],
    )
    def test_what_cannot_be_taken_is_said_so_and_not_kept(self, device, xml, status, words):
        answer = post(device, xml)
        assert answer.status_code == status
        assert words in message(answer)
        assert answer.headers["X-OpenRosa-Version"] == "1.0"
        assert count(Submission) == 0

    def test_without_the_part_it_is_named(self, device):
        for data in ({"other": "x"}, {}):
            answer = device.post(f"{ROOT}/submission", data=data, headers=basic())
            assert answer.status_code == 400
            assert "xml_submission_file" in message(answer)

    def test_a_body_beyond_the_limit_is_refused_in_xml(self, device, app, monkeypatch):
        monkeypatch.setitem(app.config, "MAX_CONTENT_LENGTH", 100_000)
        answer = post(device, filled("20217"), **{"1.jpg": JPEG + b"0" * 200_000})
        assert answer.status_code == 413
        assert "smaller photos" in message(answer)
        assert count(Submission) == 0

    def test_a_mission_that_is_over_says_so(self, device, cast):
        cast.a.stage = Stage.CLOSED
        db.session.commit()
        answer = post(device, filled("20217"))
        assert answer.status_code == 409
        assert "BOL-2019 is over" in message(answer)

    def test_another_method_is_answered_in_xml(self, device):
        answer = device.put(f"{ROOT}/submission", headers=basic())
        assert answer.status_code == 405

    def test_the_sentence_is_in_the_persons_language(self, device, cast):
        cast.user("bruno").language = "es"
        db.session.commit()
        answer = post(device, filled("20217"))
        assert answer.headers["Content-Language"] == "es"
        assert db.session.scalar(sa.select(Submission.language)) == "es"
