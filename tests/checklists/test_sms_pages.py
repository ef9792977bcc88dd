"""What headquarters does with SMS: gateways, letters, cards, and messages that nobody could read."""

from __future__ import annotations

import json
import re

import pytest
import sqlalchemy as sa

from eom.checklists.models.sms import GatewayKind, MessageState, SmsMessage, SmsPlan
from eom.checklists.models.submission import Submission
from eom.checklists.services import sms_gateways as setting_up
from eom.core.audit import AuditEntry
from eom.extensions import db
from tests.factories import checklists as factory
from tests.factories.observers import make_appointment
from tests.factories.stations import a_station

SMS = "/missions/BOL-2019/sms"


@pytest.fixture
def place(cast):
    """Bruno with his telephone, a published form and a station."""
    factory.publish_standard(cast.a)
    a_station(cast.a, code="20217")
    found = make_appointment(
        cast.a, given_names="Bruno", family_names="Mar", email="bruno@example.org", phone="+591 7012 3456"
    )
    found.person.user_id = cast.user("bruno").id
    db.session.commit()
    return found


@pytest.fixture
def waiting(cast, place, as_person) -> SmsMessage:
    """A message that could not be read, from a number that nobody has."""
    _gateway, address, secret = setting_up.add_gateway(cast.a, name="Line", kind=GatewayKind.TELERIVET)
    db.session.commit()
    data = {
        "event": "incoming_message",
        "id": "1",
        "from_number": "+5491155550000",
        "content": "OPEN 20217 H",
    }
    answer = as_person(None).http.post(f"/sms/{address}", data=data | {"secret": secret})
    assert json.loads(answer.data)["messages"][0]["content"] == "Your message was received. Thank you."
    db.session.rollback()
    return the_message()


def the_message() -> SmsMessage:
    return db.session.scalars(sa.select(SmsMessage)).one()


def sign_of(question: str) -> str:
    plan = db.session.scalars(sa.select(SmsPlan)).one()
    return next(sign for sign, key in plan.signs.items() if key == question)


def test_the_inbox_shows_numbers_only_to_who_reads_the_roster(waiting, as_person):
    assert "+5491155550000" in as_person("ana").page(SMS).text
    assert "+5491155550000" in as_person("hugo").page(f"{SMS}/messages/{waiting.id}").text
    for name in ("bruno", "carmen", "elena", "dario"):
        assert as_person(name).http.get(SMS).status_code in (403, 404)


def test_a_corrected_message_becomes_the_report_of_whom_it_is_given_to(cast, place, waiting, as_person):
    ana, url = as_person("ana"), f"{SMS}/messages/{waiting.id}"
    text = f"OPEN 20217 {sign_of('ballots_received')}220"
    assert ana.http.post(url, data={"text": text, "appointment_id": place.id}).status_code == 303
    db.session.rollback()
    [report], message = db.session.scalars(sa.select(Submission)).all(), the_message()
    assert (report.by_sms, report.submitted_by_id, report.entered_by_id) == (
        True, cast.user("bruno").id, cast.user("ana").id,
    )  # fmt: skip
    assert (message.text, message.corrected_text, message.state) == (
        "OPEN 20217 H", text, MessageState.KEPT,
    )  # fmt: skip
    entry = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "read_again")).one()
    assert (entry.actor_name, entry.object_type) == ("Ana", "sms_messages")
    assert ana.http.post(url, data={"text": text, "appointment_id": place.id}).status_code == 422


def test_a_correction_that_cannot_be_read_says_why_and_changes_nothing(place, waiting, as_person):
    ana, url, text = as_person("ana"), f"{SMS}/messages/{waiting.id}", f"OPEN 99999 {sign_of('box_empty')}1"
    answer = ana.http.post(url, data={"text": text, "appointment_id": place.id})
    db.session.rollback()
    assert answer.status_code == 422
    assert "There is no station 99999" in answer.text
    assert ana.http.post(url, data={"text": "OPEN 20217 A730"}).status_code == 422
    db.session.rollback()
    assert (the_message().state, the_message().corrected_text) == (MessageState.UNREAD, None)


def test_a_message_is_attached_or_set_aside_with_a_reason(place, waiting, as_person):
    ana, url = as_person("ana"), f"{SMS}/messages/{waiting.id}"
    assert ana.http.post(f"{url}/attach", data={"appointment_id": ""}).status_code == 422
    assert ana.http.post(f"{url}/attach", data={"appointment_id": place.id}).status_code == 303
    db.session.rollback()
    assert the_message().appointment_id == place.id
    assert ana.http.post(f"{url}/aside", data={"reason": ""}).status_code == 422
    assert ana.http.post(f"{url}/aside", data={"reason": "A wrong number"}).status_code == 303
    db.session.rollback()
    assert (the_message().state, the_message().reason) == (MessageState.SET_ASIDE, "A wrong number")


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("twilio", "A message comes in"),
        ("telerivet", "Webhook API"),
        ("kannel", "from=%q&text=%a&id=%I&at=%T&secret="),
    ],
)
def test_a_gateway_is_set_up_with_settings_shown_once(cast, as_person, kind, words):
    ana = as_person("ana")
    data = {"name": "Line", "kind": kind, "auth_token": "0123456789abcdef0123456789abcdef"}
    answer = ana.http.post(f"{SMS}/gateways", data=data)
    assert answer.status_code == 200
    assert words in answer.text.replace("&amp;", "&")
    assert "/sms/" in answer.text
    assert "0123456789abcdef" not in answer.text
    assert "Line" in ana.page(f"{SMS}/gateways").text


def test_twilio_needs_its_token_and_observers_set_nothing_up(cast, as_person):
    answer = as_person("ana").http.post(f"{SMS}/gateways", data={"name": "Line", "kind": "twilio"})
    assert answer.status_code == 422
    assert "Auth Token" in answer.text
    assert as_person("bruno").http.get(f"{SMS}/gateways").status_code == 403


def test_letters_are_changed_and_printed_on_the_card(cast, place, as_person):
    version, ana = factory.publish_standard(cast.a), as_person("ana")
    db.session.commit()
    url, empty = f"{SMS}/letters/{version.id}", {f"q{place}": "" for place in range(60)}
    assert ana.http.post(f"{url}/edit", data=empty | {"keyword": "SAFE", "q0": "A"}).status_code == 422
    assert (
        ana.http.post(f"{url}/edit", data=empty | {"keyword": "ABRE", "q0": "A", "q1": "AB"}).status_code
        == 422
    )
    assert (
        ana.http.post(f"{url}/edit", data=empty | {"keyword": "abre", "q0": "w", "q1": "x"}).status_code
        == 303
    )
    db.session.rollback()
    plan = db.session.scalars(sa.select(SmsPlan)).one()
    assert (plan.keyword, sorted(plan.signs)) == ("ABRE", ["W", "X"])
    card = as_person("bruno").http.get(f"{url}/card?in=es")
    assert card.status_code == 200
    assert "ABRE" in card.text


def test_whoever_is_made_anonymous_leaves_no_number_and_no_text(cast, place, waiting):
    from eom.core import events

    waiting.appointment_id = place.id
    db.session.flush()
    events.person_anonymised.send(place.person, person_id=place.person_id)
    assert (waiting.number, waiting.text, waiting.said) == (None, None, None)


def handed_over(as_person, url, secret) -> int:
    data = {
        "event": "incoming_message",
        "id": secret[:8],
        "from_number": "+5491155550000",
        "content": "x",
        "secret": secret,
    }
    status = as_person(None).http.post(url, data=data).status_code
    db.session.rollback()
    return status


def test_a_gateway_gets_a_new_secret_under_its_address(cast, place, as_person):
    made, address, secret = setting_up.add_gateway(cast.a, name="Line", kind=GatewayKind.TELERIVET)
    db.session.commit()
    ana, url, id_ = as_person("ana"), f"/sms/{address}", made.id
    assert handed_over(as_person, url, secret) == 200
    told = ana.http.post(f"{SMS}/gateways/{id_}/secret")
    [fresh] = re.findall(r"<code[^>]*>([\w-]{30,})</code>", told.text)
    assert address not in told.text
    db.session.rollback()
    assert handed_over(as_person, url, secret) == 403
    assert handed_over(as_person, url, fresh) == 200


def test_a_gateways_name_and_twilios_token_are_changed(cast, place, as_person):
    made, _address, _none = setting_up.add_gateway(
        cast.a, name="Tw", kind=GatewayKind.TWILIO, auth_token="a" * 32
    )
    setting_up.add_gateway(cast.a, name="Line", kind=GatewayKind.KANNEL)
    db.session.commit()
    ana, url = as_person("ana"), f"{SMS}/gateways/{made.id}"
    assert ana.http.post(url, data={"name": "Main line", "auth_token": ""}).status_code == 303
    db.session.expire_all()
    assert (made.name, made.auth_token) == ("Main line", "a" * 32)
    assert ana.http.post(url, data={"name": "Main line", "auth_token": "b" * 32}).status_code == 303
    db.session.expire_all()
    assert made.auth_token == "b" * 32
    for wrong in ({"name": "Main line", "auth_token": "short"}, {"name": "", "auth_token": ""}):
        assert ana.http.post(url, data=wrong).status_code == 422
    assert ana.http.post(url, data={"name": "Line", "auth_token": ""}).status_code in (409, 422)
    db.session.rollback()
    db.session.expire_all()
    assert (made.name, made.auth_token) == ("Main line", "b" * 32)
    # Twilio has no other secret.
    assert ana.http.post(f"{url}/secret").status_code == 409
