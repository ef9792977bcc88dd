"""The field app's outbox: many submissions in one request come to what they would come to one by one."""

from __future__ import annotations

import io
import itertools
import json

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from itsdangerous import URLSafeTimedSerializer
from lxml import etree

from eom.accounts.permissions import Role
from eom.checklists.models.submission import Submission, SubmissionAttachment, SubmissionConflict
from eom.checklists.services import app_users
from eom.checklists.services.outbox import MAX_ITEMS
from eom.core.audit import AuditEntry
from eom.deployment.models import Visit
from eom.extensions import db
from eom.missions.models.mission import Stage
from eom.observers.models import Appointment
from tests.checklists.test_api import parts
from tests.factories import checklists as factory
from tests.factories.checklists import filled
from tests.people import asking_for_tokens, make_user

URL = "/field/BOL-2019/submissions"
JPEG = b"\xff\xd8\xff" + b"1" * 40


@pytest.fixture
def token(cast):
    """The secret of a device of Bruno's in mission A, which has the standard opening and two stations."""
    factory.publish_standard(cast.a)
    for code in ("1", "2"):
        factory.make_station(cast.a, code)
    _device, secret = factory.admit_device(cast.a, cast.user("bruno"))
    db.session.commit()
    return secret


@pytest.fixture
def http(app, token):
    client = app.test_client()
    client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {token}"
    with asking_for_tokens(app):
        yield client


def entry(xml: bytes, **files: str) -> dict:
    """A submission as the outbox names it: as its XML does, or by made-up names where that says nothing."""
    try:
        root = etree.fromstring(xml)
        names = root.get("id") or "", root.get("version") or "", root.findtext("meta/instanceID") or ""
    except etree.XMLSyntaxError:
        names = "eom_opening", "1", "uuid:broken"
    form, version, instance_id = names
    told = {"instanceID": instance_id, "form": form, "version": version, "xml": xml.decode()}
    return told | ({"files": files} if files else {})


def post(http, *entries, status=200, **headers):
    answer = http.post(URL, json={"submissions": list(entries)}, headers=headers)
    assert answer.status_code == status, answer.text
    return answer.get_json()


def results(http, *entries) -> list[tuple[int, str]]:
    return [(each["status"], each.get("outcome", "")) for each in post(http, *entries)["results"]]


def count(model, *criteria) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(model).where(*criteria))


class TestResults:
    def test_each_has_its_own_in_the_order_sent(self, http):
        told = results(
            http,
            entry(filled("1", "uuid:1")),
            entry(filled("1", "uuid:1")),
            entry(filled("2", "uuid:1")),
            entry(filled()[:-30]),
            entry(filled("2", "uuid:2", form_id="eom_dancing")),
            entry(filled("2", "uuid:3", replaces="uuid:1")),
            entry(filled("9", "uuid:4")),
        )
        assert told == [
            (201, "received"), (201, "again"), (409, "conflict"), (400, ""), (404, ""), (201, "edited"),
            (201, "received"),
        ]  # fmt: skip
        assert (count(Submission), count(Submission, Submission.is_current)) == (3, 2)
        assert count(SubmissionConflict) == 1

    def test_all_of_them_are_recorded_and_counted_at_their_stations(self, http, cast):
        post(http, *[entry(filled(str(n % 2 + 1), f"uuid:{n}")) for n in range(10)])
        received = AuditEntry.action == "received"
        assert count(AuditEntry, received, AuditEntry.actor_id == cast.user("bruno").id) == 10
        assert db.session.scalars(sa.select(Visit.submission_count)).all() == [5, 5]

    def test_the_answer_names_the_instance_and_says_a_sentence(self, http):
        [good, bad] = post(http, entry(filled("1", "uuid:7")), entry(filled("1", "uuid:8", version="9")))[
            "results"
        ]
        assert (good["instanceID"], good["message"], good["filesMissing"]) == (
            "uuid:7",
            "Received in full.",
            [],
        )
        assert bad["instanceID"] == "uuid:8"
        assert "version “9”" in bad["message"]

    def test_files_come_as_parts_or_later(self, http):
        xml = filled("1", photo="1.jpg").replace(b"</data>", b"<seal>2.jpg</seal></data>")
        document = json.dumps({"submissions": [entry(xml, **{"1.jpg": "part-3"})]})
        answer = http.post(
            URL, data={"submissions": document, "part-3": (io.BytesIO(JPEG), "any.jpg", "image/jpeg")}
        )
        [told] = answer.get_json()["results"]
        assert (told["status"], told["filesMissing"]) == (201, [])
        assert db.session.scalars(sa.select(SubmissionAttachment.name)).all() == ["1.jpg"]

    def test_a_file_that_did_not_come_is_said(self, http):
        assert results(http, entry(filled("1", photo="1.jpg"), **{"1.jpg": "part-3"})) == [(400, "")]
        [told] = post(http, entry(filled("1", photo="1.jpg")))["results"]
        assert (told["status"], told["filesMissing"]) == (201, ["1.jpg"])

    def test_a_name_that_is_not_the_forms_own_is_refused(self, http):
        for name in ("instanceID", "form", "version"):
            assert results(http, entry(filled("1")) | {name: "other"}) == [(400, "")]
        assert count(Submission) == 0

    def test_a_mission_that_is_over_takes_nothing_new(self, http, cast):
        kept = entry(filled("1", "uuid:kept"))
        post(http, kept)
        cast.a.stage = Stage.CLOSED
        db.session.commit()
        assert results(http, kept, entry(filled("1", "uuid:new"))) == [(201, "again"), (409, "")]


class TestRequest:
    @pytest.mark.parametrize(
        "body",
        [
            "",
            "[]",
            "{}",
            "nothing",
            '{"submissions": []}',
            '{"submissions": 3}',
            "[" * 100_000,
            '{"submissions": [' * 9,
        ],
    )
    def test_what_is_no_outbox_is_refused_whole(self, http, body):
        answer = http.post(URL, data=body, content_type="application/json")
        assert answer.status_code == 422
        assert answer.get_json()["message"]

    @pytest.mark.parametrize(
        "wrong", [None, 3, {}, [], {"xml": 1}, {"instanceID": "a", "form": "b", "xml": "c"}]
    )
    def test_an_entry_that_says_nothing_holds_up_no_other(self, http, wrong):
        assert results(http, wrong, entry(filled("1"))) == [(400, ""), (201, "received")]

    def test_a_lone_surrogate_is_no_fault_of_ours(self, http):
        body = json.dumps({"submissions": [entry(filled("1")) | {"xml": "<a>\ud800</a>"}]})
        answer = http.post(URL, data=body, content_type="application/json")
        assert answer.get_json()["results"][0]["status"] == 400

    def test_fifty_at_most(self, http):
        entries = [entry(filled("1", f"uuid:{n}")) for n in range(MAX_ITEMS + 1)]
        post(http, *entries, status=413)
        assert count(Submission) == 0
        assert len(post(http, *entries[1:])["results"]) == MAX_ITEMS
        assert count(Submission) == MAX_ITEMS

    def test_needs_a_sender(self, app, http, token, cast):
        assert app.test_client().post(URL, json={}).status_code == 401
        wrong = app.test_client().post(URL, json={}, headers={"Authorization": f"Bearer {'x' * 48}"})
        assert wrong.status_code == 403
        device = db.session.scalar(sa.select(Appointment).where(Appointment.mission_id == cast.a.id))
        app_users.revoke(device, app_users.app_users.devices(db.session(), device)[0].id)
        db.session.commit()
        assert "revoked" in post(http, entry(filled("1")), status=403)["message"]


class TestBrowser:
    @pytest.fixture
    def browser(self, token, as_person, app):
        client = as_person("bruno")
        with asking_for_tokens(app):
            yield client.http

    def test_a_signed_in_person_sends_with_the_sessions_token(self, app, browser, cast):
        post(browser, entry(filled("1")), status=422)
        assert count(Submission) == 0
        with browser.session_transaction() as kept:
            kept["csrf_token"] = "raw"
        mark = URLSafeTimedSerializer(app.secret_key, salt="wtf-csrf-token").dumps("raw")
        [told] = post(browser, entry(filled("1")), **{"X-CSRFToken": mark})["results"]
        assert told["status"] == 201
        assert db.session.scalar(sa.select(Submission.submitted_by_id)) == cast.user("bruno").id

    def test_who_may_not_fill_may_not_send(self, as_person, token):
        answer = as_person("hugo").http.post(URL, json={"submissions": [entry(filled("1"))]})
        assert answer.status_code == 403
        assert as_person("dario").http.post(URL, json={}).status_code == 404


# What may come in one batch: submissions of few ids, so that they meet; edits of them; what cannot be taken.
IDS = st.sampled_from(["a", "b", "c"])
ITEMS = st.one_of(
    st.tuples(st.just("form"), IDS, st.sampled_from([4, 5]), st.just("")),
    st.tuples(st.just("photo"), IDS, st.just(5), st.sampled_from(["", "1.jpg", "2.jpg"])),
    st.tuples(st.just("edit"), st.sampled_from(["d", "e"]), st.sampled_from([5, 9]), IDS),
    st.tuples(
        st.sampled_from(["broken", "unknown form", "unknown version", "no id"]), IDS, st.just(5), st.just("")
    ),
)
examples = itertools.count()


def written(item, number: int) -> tuple[bytes, dict[str, bytes]]:
    """The XML of an item and the files beside it."""
    kind, name, members, more = item
    instance_id, station = f"{number} {name}", "2" if members == 9 else "1"
    if kind == "photo":
        return filled(station, instance_id, photo="1.jpg"), {more: JPEG + more.encode()} if more else {}
    changes = {
        "edit": {"replaces": f"{number} {more}"}, "unknown form": {"form_id": "eom_dancing"},
        "unknown version": {"version": "7"}, "no id": {"instance_id": ""},
    }.get(kind, {})  # fmt: skip
    xml = filled(station, **({"instance_id": instance_id, "board_members": members} | changes))
    return (xml[:-20] if kind == "broken" else xml), {}


def state_of(mission, number: int) -> list:
    """Everything that is kept of an example in a mission, in words that both missions share."""
    rows = db.session.scalars(
        sa.select(Submission)
        .where(Submission.mission_id == mission.id, Submission.instance_id.like(f"{number} %"))
        .order_by(Submission.instance_id)
    )
    return [
        (row.instance_id, row.sha256, row.is_current, row.replaces and row.replaces.instance_id, row.flags,
         row.is_complete, [(each.name, each.stored_file.sha256) for each in row.attachments],
         sorted((each.name, each.sha256) for each in row.conflicts))
        for row in rows
    ]  # fmt: skip


def visits_of(mission) -> list[int]:
    query = (
        sa.select(Visit.submission_count)
        .where(Visit.mission_id == mission.id)
        .order_by(Visit.polling_station_id)
    )
    return list(db.session.scalars(query))


@given(items=st.lists(ITEMS, min_size=1, max_size=8))
@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    derandomize=True,
)
def test_a_batch_comes_to_what_single_posts_come_to(app, http, cast, items):
    """The batch goes to mission A, the same ones by themselves to mission B."""
    number, sent = next(examples), []
    single = app.test_client()
    root = f"/openrosa/PER-2021/{twin(cast)}"
    for item in items:
        xml, files = written(item, number)
        sent.append((xml, files))
    data, entries = {}, []
    for place, (xml, files) in enumerate(sent):
        names = {name: f"{place}-{name}" for name in files}
        entries.append(entry(xml, **names))
        data |= {names[name]: (io.BytesIO(files[name]), name) for name in files}
    data["submissions"] = json.dumps({"submissions": entries})
    answer = http.post(URL, data=data, content_type="multipart/form-data")
    together = [(each["status"], each["message"]) for each in answer.get_json()["results"]]
    alone = [single.post(f"{root}/submission", data=parts(xml, **files)) for xml, files in sent]
    one_by_one = [(each.status_code, etree.fromstring(each.data)[0].text) for each in alone]
    assert together == [(status, words.replace("PER-2021", "BOL-2019")) for status, words in one_by_one]
    assert state_of(cast.a, number) == state_of(cast.b, number)
    assert visits_of(cast.a) == visits_of(cast.b)


def twin(cast) -> str:
    """The secret of a device in mission B, made as like mission A as can be."""
    if not hasattr(cast, "twin"):
        cast.b.rounds[0].polling_on = cast.a.rounds[0].polling_on
        factory.publish_standard(cast.b)
        for code in ("1", "2"):
            factory.make_station(cast.b, code)
        user = make_user("olga", Role.OBSERVER, cast.b)
        _device, cast.twin = factory.admit_device(cast.b, user)
        db.session.commit()
    return cast.twin
