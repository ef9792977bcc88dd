"""Devices with a secret of their own: what they may, when they may no longer, and that nobody learns the secret."""

from __future__ import annotations

import base64
import json
import logging
import zlib
from datetime import timedelta

import pytest
import sqlalchemy as sa
from lxml import etree

from eom.checklists import app_user_code, openrosa
from eom.checklists.models.app_user import AppUser
from eom.checklists.models.submission import Submission
from eom.checklists.queries import app_users as queries
from eom.checklists.services import app_users
from eom.core import clock
from eom.core.audit import AuditEntry
from eom.core.errors import InvalidInput, NotFound, Refused
from eom.extensions import db
from eom.missions.models.mission import Stage
from eom.observers.models import Appointment, AppointmentState
from tests.checklists.test_api import message, parts
from tests.factories import checklists as factory
from tests.factories.checklists import filled
from tests.factories.observers import make_appointment
from tests.people import Client, asking_for_tokens

MISSION = "/openrosa/BOL-2019"


@pytest.fixture
def station(cast):
    factory.publish_standard(cast.a)
    return factory.make_station(cast.a, "20217")


@pytest.fixture
def given(cast, station):
    """A device of Bruno's and its secret."""
    made = factory.admit_device(cast.a, cast.user("bruno"), station)
    db.session.commit()
    return made


@pytest.fixture
def root(given):
    return f"{MISSION}/{given[1]}"


@pytest.fixture
def device(app, given):
    """A device without a session or a password."""
    with asking_for_tokens(app):
        yield app.test_client()


@pytest.fixture
def appointment(given) -> Appointment:
    return db.session.get_one(Appointment, given[0].appointment_id)


def post(http, root, xml, **files):
    return http.post(f"{root}/submission?deviceID=collect:1", data=parts(xml, **files))


def everything_at(http, root) -> set[int]:
    """The statuses of all addresses of a secret."""
    answers = [http.get(f"{root}/{path}") for path in ("formList", "forms/1/form.xml", "forms/1/manifest")]
    answers += [http.get(f"{root}/forms/1/media/x.csv"), http.head(f"{root}/submission")]
    answers.append(post(http, root, filled("20217")))
    assert all(answer.headers["X-OpenRosa-Version"] == "1.0" for answer in answers)
    return {answer.status_code for answer in answers}


class TestWire:
    def test_collect_finds_downloads_and_fills_a_form(self, device, root):
        [entry] = etree.fromstring(device.get(f"{root}/formList?deviceID=x").data)
        form = {etree.QName(each).localname: each.text for each in entry}
        assert form["downloadUrl"].startswith(f"http://localhost{root}/forms/")
        assert openrosa.digest(device.get(form["downloadUrl"]).data) == form["hash"]
        manifest = etree.fromstring(device.get(form["manifestUrl"]).data)
        files = {each[0].text: each for each in manifest}
        assert files["stations.csv"][2].text.startswith(f"http://localhost{root}/forms/")
        stations = device.get(files["stations.csv"][2].text)
        assert openrosa.digest(stations.data) == files["stations.csv"][1].text
        assert stations.text.splitlines()[1].startswith("20217,")
        assert device.head(f"{root}/submission").status_code == 204
        assert post(device, root, filled("20217")).status_code == 201

    def test_a_submission_belongs_to_the_person_and_names_the_device(self, device, root, given, cast):
        assert post(device, root, filled("20217")).status_code == 201
        row = db.session.scalar(sa.select(Submission))
        assert (row.submitted_by, row.app_user_id, row.device_id) == (
            cast.user("bruno"), given[0].id, "collect:1",
        )  # fmt: skip
        entry = db.session.scalar(sa.select(AuditEntry).where(AuditEntry.action == "received"))
        assert (entry.actor_id, entry.actor_name) == (cast.user("bruno").id, "Bruno")

    def test_no_session_and_no_cookie(self, device, root):
        for answer in (device.get(f"{root}/formList"), post(device, root, filled("20217"))):
            assert "Set-Cookie" not in answer.headers
            assert "WWW-Authenticate" not in answer.headers

    def test_a_person_without_an_account_sends_too(self, app, cast, station):
        _device, token = factory.admit_device(cast.a)
        db.session.commit()
        answer = post(app.test_client(), f"{MISSION}/{token}", filled("20217"))
        assert answer.status_code == 201
        assert db.session.scalar(sa.select(Submission.submitted_by_id)) is None
        entry = db.session.scalar(sa.select(AuditEntry).where(AuditEntry.action == "received"))
        assert entry.actor_name.startswith("№ ")

    def test_an_edit_from_another_device_of_the_same_person_is_theirs(self, app, device, root, cast):
        post(device, root, filled("20217"))
        edit = filled("20217", "uuid:2", replaces="uuid:1")
        _other, stranger = factory.admit_device(cast.a)
        _second, token = app_users.issue(
            queries.appointment_of(db.session(), cast.a.id, cast.user("bruno").id), "B"
        )
        db.session.commit()
        assert post(app.test_client(), f"{MISSION}/{stranger}", edit).status_code == 403
        assert post(app.test_client(), f"{MISSION}/{token}", edit).status_code == 201

    def test_use_is_noted_coarsely(self, device, root, given):
        assert given[0].last_used_at is None
        post(device, root, filled("20217"))
        db.session.expire_all()
        first = given[0].last_used_at
        assert first is not None
        post(device, root, filled("20217", "uuid:2"))
        db.session.expire_all()
        assert given[0].last_used_at == first


class TestRefusal:
    def test_a_wrong_secret(self, device, given):
        assert everything_at(device, f"{MISSION}/{'x' * 48}") == {403}
        assert "QR code" in message(device.get(f"{MISSION}/wrong/formList"))

    def test_a_secret_of_another_mission(self, device, given):
        assert everything_at(device, f"/openrosa/PER-2021/{given[1]}") == {403}

    def test_a_revoked_one_at_once(self, device, root, appointment, given):
        assert post(device, root, filled("20217")).status_code == 201
        app_users.revoke(appointment, given[0].id)
        db.session.commit()
        assert everything_at(device, root) == {403}
        assert "revoked" in message(device.get(f"{root}/formList"))

    @pytest.mark.parametrize("how", ["withdrawn", "ended", "closed account"])
    def test_when_the_person_is_no_longer_there(self, device, root, appointment, cast, how):
        assert post(device, root, filled("20217")).status_code == 201
        if how == "withdrawn":
            appointment.state = AppointmentState.WITHDRAWN
        elif how == "ended":
            appointment.ends_on = clock.today("America/La_Paz") - timedelta(days=1)
        else:
            cast.user("bruno").active = False
        db.session.commit()
        assert everything_at(device, root) == {403}

    @pytest.mark.usefixtures("still_clock")
    def test_its_last_day_is_still_its_own(self, device, root, appointment):
        appointment.ends_on = clock.today("America/La_Paz")
        db.session.commit()
        assert post(device, root, filled("20217")).status_code == 201

    def test_a_mission_that_is_over(self, device, root, cast):
        cast.a.stage = Stage.CLOSED
        db.session.commit()
        answer = post(device, root, filled("20217"))
        assert answer.status_code == 409
        assert "is over" in message(answer)

    def test_the_sentence_is_in_the_persons_language(self, device, root, cast, appointment, given):
        cast.user("bruno").language = "fr"
        app_users.revoke(appointment, given[0].id)
        db.session.commit()
        assert device.get(f"{root}/formList").headers["Content-Language"] == "fr"

    def test_a_strangers_body_is_not_read(self, app, device, monkeypatch):
        monkeypatch.setitem(app.config, "MAX_CONTENT_LENGTH", 10)
        assert post(device, f"{MISSION}/{'x' * 48}", filled("20217")).status_code == 403


class TestSecret:
    def test_is_long_and_kept_as_its_digest_only(self, given):
        device, token = given
        assert len(token) >= 43
        assert device.token_sha256 == queries.digest(token)
        assert token not in str(db.session.execute(sa.select(AppUser.__table__)).all())

    def test_is_in_no_log_and_not_in_the_trail(self, device, root, given, caplog, appointment):
        with caplog.at_level(logging.DEBUG):
            post(device, root, filled("20217"))
            post(device, root, b"<broken")
            device.get(f"{root}/nothing")
            app_users.revoke(appointment, given[0].id)
            db.session.commit()
            device.get(f"{root}/formList")
        assert given[1] not in caplog.text
        trail = str(db.session.execute(sa.select(AuditEntry.__table__)).all())
        assert given[1] not in trail
        assert given[0].token_sha256 not in trail
        assert "Tablet 1" not in trail

    def test_the_code_sets_collect_up(self):
        shown = app_user_code.set_up("https://host/openrosa/BOL-2019/abc", "BOL-2019 Elections")
        assert shown.picture.startswith("data:image/svg+xml;base64,")
        assert b"<svg" in base64.b64decode(shown.picture.partition(",")[2])
        told = json.loads(zlib.decompress(base64.b64decode(openrosa.settings_code(shown.address, "x"))))
        assert told["general"]["server_url"] == "https://host/openrosa/BOL-2019/abc"


class TestIssue:
    def test_needs_a_name(self, appointment):
        for name in ("", "  ", "x" * 101):
            with pytest.raises(InvalidInput):
                app_users.issue(appointment, name)

    @pytest.mark.parametrize("how", ["withdrawn", "ended", "over"])
    def test_not_after_the_end(self, appointment, cast, how):
        if how == "withdrawn":
            appointment.state = AppointmentState.WITHDRAWN
        elif how == "ended":
            appointment.ends_on = clock.today() - timedelta(days=2)
        else:
            cast.a.stage = Stage.CANCELLED
        with pytest.raises(Refused):
            app_users.issue(appointment, "Tablet 2")

    def test_not_without_number(self, appointment):
        for number in range(app_users.MAX_DEVICES - 1):
            app_users.issue(appointment, f"Tablet {number}")
        with pytest.raises(Refused):
            app_users.issue(appointment, "one more")

    def test_a_device_of_another_appointment_is_not_found(self, cast, given):
        with pytest.raises(NotFound):
            app_users.revoke(make_appointment(cast.a), given[0].id)


class TestPages:
    @pytest.fixture
    def url(self, appointment):
        return f"/missions/BOL-2019/appointments/{appointment.id}/devices"

    def created(self, client: Client, url: str, name: str = "Tablet 2"):
        answer = client.http.post(url, data={"name": name})
        assert answer.status_code == 200, answer.text
        assert answer.headers["Cache-Control"] == "no-store"
        return answer

    @pytest.mark.parametrize("name", ["ana", "bruno"])
    def test_a_code_is_shown_once_and_works(self, app, as_person, url, name):
        client = as_person(name)
        answer = self.created(client, url)
        address = etree.HTML(answer.text).findtext(".//code")
        assert address.startswith(f"http://localhost{MISSION}/")
        assert "data:image/svg+xml" in answer.text
        assert app.test_client().get(f"{address}/formList").status_code == 200
        token = address.rpartition("/")[2]
        page = client.page(url)
        assert "Tablet 2" in page.soup.text
        assert token not in client.get(url).text

    def test_revoking_shuts_out_at_once(self, device, as_person, url, root, given):
        assert device.get(f"{root}/formList").status_code == 200
        page = as_person("ana").submit(f"{url}/{given[0].id}/revoke")
        assert "Revoked" in page.soup.text
        assert device.get(f"{root}/formList").status_code == 403

    def test_an_observer_sees_their_own_only(self, cast, as_person, url):
        other = make_appointment(cast.a)
        db.session.commit()
        bruno = as_person("bruno")
        bruno.page(url)
        bruno.page(f"/missions/BOL-2019/appointments/{other.id}/devices", 404)
        assert "Tablet 1" in bruno.page("/missions/BOL-2019/devices").soup.text

    def test_someone_without_a_place_is_told_so(self, as_person, given):
        page = as_person("carmen").page("/missions/BOL-2019/devices")
        assert "no place in this mission" in page.soup.text

    @pytest.mark.parametrize("name", ["carmen", "dario", "clara"])
    def test_nobody_else_comes_near(self, as_person, url, given, name):
        client = as_person(name)
        client.page(url, 404)
        for address in (url, f"{url}/{given[0].id}/revoke"):
            assert client.http.post(address, data={"name": "x"}).status_code == 404

    def test_a_name_that_will_not_do_is_said_on_the_field(self, as_person, url):
        as_person("ana").submit(url, 422, name=" ")
