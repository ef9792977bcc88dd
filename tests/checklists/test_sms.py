"""Messages from gateways: proven, kept once, understood or told what is wrong."""

from __future__ import annotations

import json

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from eom.checklists import sms_gateways as wire
from eom.checklists.models.safety import SafetyReport
from eom.checklists.models.sms import GatewayKind, MessageState, SmsMessage
from eom.checklists.models.submission import Submission
from eom.checklists.queries import sms as queries
from eom.checklists.services import sms_gateways as setting_up
from eom.extensions import db
from tests.factories import checklists as factory
from tests.factories.observers import make_appointment
from tests.factories.stations import a_station

TOKEN = "0123456789abcdef0123456789abcdef"
NUMBER = "+591 7012 3456"


@pytest.fixture
def place(cast):
    """Bruno with his telephone on the roster, a published form and a station."""
    factory.publish_standard(cast.a)
    a_station(cast.a, code="20217")
    found = make_appointment(
        cast.a, given_names="Bruno", family_names="Mar", email="bruno@example.org", phone="7012 3456"
    )
    found.person.user_id = cast.user("bruno").id
    db.session.commit()
    return found


def gateway(cast, kind: GatewayKind = GatewayKind.TELERIVET):
    made, address, secret = setting_up.add_gateway(cast.a, name=kind.value, kind=kind, auth_token=TOKEN)
    db.session.commit()
    return made, f"/sms/{address}", secret


@pytest.fixture
def client(as_person):
    """Nobody: a gateway signs in nowhere."""
    return as_person(None)


def say(http, at, text, number=NUMBER, id_="m1", **more):
    """Hand a message over as Telerivet does; give the answer's text."""
    _made, url, secret = at
    data = {"event": "incoming_message", "id": id_, "from_number": number, "content": text, "secret": secret}
    answer = http.post(url, data=data | more)
    db.session.rollback()
    assert answer.status_code == 200, answer.text
    messages = json.loads(answer.data)["messages"]
    return messages[0]["content"] if messages else ""


def kept() -> list[SmsMessage]:
    return list(db.session.scalars(sa.select(SmsMessage).order_by(SmsMessage.id)))


def reports() -> list[Submission]:
    return list(db.session.scalars(sa.select(Submission).order_by(Submission.id)))


def letters(cast) -> dict[str, str]:
    """The signs of the opening form by question."""
    [(_version, book)] = queries.books(db.session(), cast.a)
    return {code.key: code.sign for code in book.codes}


def good(cast) -> str:
    sign = letters(cast)
    return f"open 20217 {sign['arrival']}730 {sign['ballots_received']}220 {sign['box_empty']}1"


def test_a_message_becomes_a_report_of_its_sender(cast, place, client):
    said = say(client.http, gateway(cast), good(cast))
    [report], [message] = reports(), kept()
    assert "OPEN 20217 received" in said
    assert len(said) <= 160
    assert (report.by_sms, report.by_telephone, report.submitted_by_id) == (
        True,
        False,
        cast.user("bruno").id,
    )
    assert report.station_answer == "20217"
    assert report.polling_station_id is not None
    assert report.answers["ballots_received"] == 220
    assert report.answers["arrival"].startswith("07:30")
    assert (message.state, message.submission_id, message.appointment_id) == (
        MessageState.KEPT, report.id, place.id,
    )  # fmt: skip


def test_the_retry_of_a_gateway_is_kept_once_and_answered_the_same(cast, place, client):
    at, text = gateway(cast), good(cast)
    assert say(client.http, at, text) == say(client.http, at, text)
    assert (len(reports()), len(kept())) == (1, 1)


def test_the_list_and_the_report_say_that_it_came_by_sms(cast, place, client, as_person):
    say(client.http, gateway(cast), good(cast))
    ana = as_person("ana")
    assert "by SMS" in ana.page("/missions/BOL-2019/submissions").text
    assert "by SMS" in ana.page(f"/missions/BOL-2019/submissions/{reports()[0].id}").text


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("OPEN 99999 {ballots_received}220", "There is no station 99999 here"),
        ("OPEN 20217 {ballots_received}220 {ballots_received}221", "stands twice"),
        ("OPEN 20217 {box_empty}9", "was not understood, expected one of"),
        ("OPEN 20217 {ballots_received}-5", "cannot be"),
        ("LUNCH 20217", "is no form. Begin with: OPEN"),
        ("", "The message is empty"),
    ],
)
def test_a_message_with_an_error_is_no_report_and_waits(cast, place, client, text, words):
    said = say(client.http, gateway(cast), text.format(**letters(cast)))
    assert words in said
    assert reports() == []
    assert [each.state for each in kept()] == [MessageState.UNREAD]


@pytest.mark.parametrize(
    "number", ["+59170123456", "59170123456", "0059170123456", "70123456", "(591) 7012-3456"]
)
def test_a_sender_is_known_however_the_number_is_written(cast, place, client, number):
    say(client.http, gateway(cast), good(cast), number=number)
    assert len(reports()) == 1


def test_a_stranger_is_answered_politely_and_told_nothing(cast, place, client):
    said = say(client.http, gateway(cast), good(cast), number="+5491155550000")
    assert said == "Your message was received. Thank you."
    assert reports() == []
    assert kept()[0].appointment_id is None


def test_safe_is_kept_as_a_word_on_safety(cast, place, client):
    at = gateway(cast)
    assert "you are safe" in say(client.http, at, "Safe!")
    say(client.http, at, "Safe!")
    [word] = db.session.scalars(sa.select(SafetyReport))
    assert word.user_id == cast.user("bruno").id


def test_safe_from_someone_without_an_account_waits_as_urgent(cast, place, client):
    place.person.user_id = None
    db.session.commit()
    assert "you are safe" in say(client.http, gateway(cast), "SAFE")
    assert (kept()[0].state, kept()[0].is_urgent) == (MessageState.UNREAD, True)


def test_help_says_how_to_write_in_the_senders_language(cast, place, client):
    place.person.user_id = None
    place.person.languages = ["en"]
    db.session.commit()
    assert "OPEN 12345" in say(client.http, gateway(cast), "help")


def test_an_old_message_is_no_report(cast, place, client):
    said = say(client.http, gateway(cast), good(cast), time_created="1400000000")
    assert "old" in said
    assert reports() == []


def test_a_wrong_secret_is_refused_without_a_word_and_logged(cast, place, client, caplog):
    _made, url, _secret = gateway(cast)
    answer = client.http.post(
        url, data={"event": "incoming_message", "secret": "x", "from_number": NUMBER, "content": "a"}
    )
    assert (answer.status_code, answer.data) == (403, b"")
    assert "wrong signature or secret" in caplog.text
    assert kept() == []


def test_an_unknown_address_and_a_gateway_that_is_off_are_not_there(cast, place, client):
    made, url, secret = gateway(cast)
    assert client.http.post("/sms/nobody", data={"secret": secret}).status_code == 404
    setting_up.switch(made, is_on=False)
    db.session.commit()
    assert client.http.post(url, data={"secret": secret}).status_code == 404


def test_twilio_signs_and_is_answered_in_twiml(cast, place, client):
    _made, url, _secret = gateway(cast, GatewayKind.TWILIO)
    data = {"MessageSid": "SM1", "From": "+59170123456", "Body": good(cast)}
    signature = wire.twilio_signature(TOKEN, f"http://localhost{url}", {k: [v] for k, v in data.items()})
    answer = client.http.post(url, data=data, headers={"X-Twilio-Signature": signature})
    db.session.rollback()
    assert answer.status_code == 200
    assert answer.text.startswith('<?xml version="1.0" encoding="UTF-8"?><Response><Message>OPEN 20217')
    changed = client.http.post(url, data=data | {"Body": "x"}, headers={"X-Twilio-Signature": signature})
    assert changed.status_code == 403
    assert client.http.get(url).status_code == 404


def test_the_signature_is_the_one_that_twilio_documents():
    """The example of Twilio's page on the security of webhooks."""
    parameters = {
        "CallSid": ["CA1234567890ABCDE"], "Caller": ["+14158675309"], "Digits": ["1234"],
        "From": ["+14158675309"], "To": ["+18005551212"],
    }  # fmt: skip
    address = "https://mycompany.com/myapp.php?foo=1&bar=2"
    assert wire.twilio_signature("12345", address, parameters) == "RSOYDt4T1cUTdK1PDd93/VVr8B8="


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_kannel_hands_over_by_get_and_post(cast, place, client, method):
    _made, url, secret = gateway(cast, GatewayKind.KANNEL)
    query = {"from": "+59170123456", "text": good(cast), "id": "k1", "secret": secret}
    given = {"query_string": query} if method == "GET" else {"data": query}
    answer = client.http.open(url, method=method, **given)
    db.session.rollback()
    assert answer.status_code == 200
    assert answer.content_type == "text/plain; charset=utf-8"
    assert answer.text.startswith("OPEN 20217 received")
    assert len(reports()) == 1


def test_a_body_beyond_sixteen_kilobytes_is_refused(cast, place, client):
    _made, url, secret = gateway(cast)
    assert client.http.post(url, data={"secret": secret, "content": "x" * 20_000}).status_code == 413


FIELDS = st.dictionaries(
    st.sampled_from(
        [
            "event",
            "id",
            "from_number",
            "content",
            "time_created",
            "MessageSid",
            "From",
            "Body",
            "from",
            "text",
            "at",
        ]
    ),
    st.one_of(
        st.text(max_size=60),
        st.sampled_from(["incoming_message", "OPEN 20217 A1", "+59170123456", "1700000000"]),
    ),
)


@pytest.mark.parametrize("kind", GatewayKind)
def test_no_body_makes_the_webhook_fail(cast, place, client, kind):
    _made, url, secret = gateway(cast, kind)

    @settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
    @given(FIELDS)
    def holds(fields):
        fields = {name: value.encode("utf-8", "ignore").decode() for name, value in fields.items()}
        fields["secret"] = secret
        signature = wire.twilio_signature(
            TOKEN, f"http://localhost{url}", {k: [v] for k, v in fields.items()}
        )
        answer = client.http.post(url, data=fields, headers={"X-Twilio-Signature": signature})
        db.session.rollback()
        assert answer.status_code in (200, 403)

    holds()


@given(
    st.text(min_size=1),
    st.text(),
    st.dictionaries(st.text(max_size=5), st.lists(st.text(max_size=5), min_size=1)),
)
def test_what_is_signed_is_accepted_and_anything_else_is_not(token, address, parameters):
    signature = wire.twilio_signature(token, address, parameters)
    assert wire.is_signed(token, address, parameters, signature)
    assert not wire.is_signed(token + "x", address, parameters, signature)
    assert not wire.is_signed(token, address + "x", parameters, signature)
    assert not wire.is_signed(token, address, parameters, "")


def test_what_kannel_posts_is_read_in_the_letters_that_it_names(cast, place, client):
    _made, url, secret = gateway(cast, GatewayKind.KANNEL)
    data = "¿Qué tal?".encode("utf-16-be")
    headers = {"X-Kannel-From": NUMBER, "X-Gateway-Secret": secret}
    for content_type in ("text/plain; charset=UTF-16BE", "text/plain; charset=no-such-thing"):
        client.http.post(url, data=data, headers=headers, content_type=content_type)
        db.session.rollback()
    assert kept()[0].text == "¿Qué tal?"
    assert len(kept()) == 2
