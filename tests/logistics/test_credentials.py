"""Cards: who gets one, what their secret tells a stranger, how they end."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from flask import request

from eom.core import clock, tokens
from eom.core.audit import AuditEntry
from eom.core.errors import InvalidInput, Refused
from eom.extensions import db
from eom.logistics.models.credentials import Credential, PersonPhoto
from eom.logistics.queries import cards
from eom.logistics.services import credentials
from eom.observers.models import AppointmentRole, AppointmentState
from eom.web import limits
from tests.factories.logistics import a_card, a_photo, accredited
from tests.factories.observers import make_appointment
from tests.page import Page

URL = "/missions/BOL-2019/logistics"


def around_today(zone: str = "America/La_Paz") -> dict[str, date]:
    today = clock.today(zone)
    return {"valid_from": today - timedelta(days=5), "valid_until": today + timedelta(days=5)}


def test_observers_get_a_card_once_they_are_accredited_and_support_at_once(cast):
    waiting = make_appointment(cast.a)
    ready, driver = accredited(cast.a), make_appointment(cast.a, "BOL", role=AppointmentRole.DRIVER)
    with pytest.raises(Refused, match="not accredited yet"):
        a_card(cast.a, waiting)
    assert credentials.issue_all(cast.a, **around_today()) == 2
    assert credentials.issue_all(cast.a, **around_today()) == 0
    held = set(db.session.scalars(sa.select(Credential.appointment_id)))
    assert held == {ready.id, driver.id}


def test_the_secret_has_128_bits_and_stands_nowhere_as_it_is(cast):
    card = a_card(cast.a)
    db.session.commit()
    raw = db.session.execute(sa.text("SELECT token, token_sha256 FROM credentials")).one()
    assert len(card.token) == 22
    assert raw.token_sha256 == tokens.digest(card.token)
    assert card.token not in raw.token
    told = str([each.changes for each in db.session.scalars(sa.select(AuditEntry))])
    assert card.token not in told
    assert raw.token_sha256 not in told


@pytest.mark.usefixtures("still_clock")
def test_a_card_holds_on_its_days_and_until_it_is_revoked(cast):
    today = clock.today("America/La_Paz")
    person = accredited(cast.a)
    for days, expected in (((-1, 1), True), ((0, 0), True), ((1, 2), False), ((-2, -1), False)):
        first, last = (today + timedelta(days=each) for each in days)
        assert (
            credentials.is_valid(a_card(cast.a, person, valid_from=first, valid_until=last).token) is expected
        )
    card = a_card(cast.a, person, **around_today())
    assert credentials.is_valid(card.token)
    with pytest.raises(InvalidInput):
        credentials.revoke(card, reason=" ")
    credentials.revoke(card, reason="Lost")
    assert not credentials.is_valid(card.token)
    with pytest.raises(Refused):
        credentials.revoke(card, reason="Lost again")


def test_a_new_card_ends_the_old_one_and_who_withdraws_has_none(cast):
    person = accredited(cast.a)
    old, new = a_card(cast.a, person, **around_today()), a_card(cast.a, person, **around_today())
    assert (credentials.is_valid(old.token), credentials.is_valid(new.token)) == (False, True)
    person.state = AppointmentState.WITHDRAWN
    db.session.flush()
    assert not credentials.is_valid(new.token)


def test_a_stranger_learns_valid_or_not_and_nothing_else(cast, as_person):
    card = a_card(cast.a, **around_today())
    card.appointment.person.family_names = "Quispe"
    revoked = a_card(cast.a, **around_today())
    credentials.revoke(revoked, reason="Stolen in Oruro")
    db.session.commit()
    nobody = as_person(None)
    assert nobody.page(f"/verify/{card.token}").soup.h1.get_text(strip=True) == "Valid"
    bad = [
        nobody.get(f"/verify/{each}") for each in (revoked.token, "x", "A" * 22, "Á" * 22, card.token[:-1])
    ]
    shown = {str(Page(answer).soup.main) for answer in bad}
    assert len(shown) == 1, "why it is not valid is not told"
    for answer in (nobody.get(f"/verify/{card.token}"), *bad):
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        for secret in ("Quispe", "BOL-2019", "Bolivia", "Oruro", card.number):
            assert secret not in answer.text


@pytest.mark.parametrize(("language", "words"), [("es", "Válida"), ("fr", "Valable"), ("pt", "Válida")])
def test_the_answer_is_in_the_readers_language(cast, as_person, language, words):
    card = a_card(cast.a, **around_today())
    db.session.commit()
    nobody = as_person(None)
    nobody.http.set_cookie("language", language)
    assert nobody.page(f"/verify/{card.token}").soup.h1.get_text(strip=True) == words


def test_secrets_are_not_tried_by_the_thousand(app):
    with app.test_request_context("/verify/abc") as context:
        context.match_request()
        assert request.endpoint in limits.TELLTALES
        assert limits.allowance() == limits.TRIES


def test_a_photo_is_made_anew_and_sealed(cast, as_person):
    person = accredited(cast.a).person
    credentials.keep_photo(person, a_photo((1200, 1600)))
    db.session.commit()
    raw = db.session.scalar(sa.text("SELECT picture FROM person_photos"))
    assert raw.startswith("v1.")
    held = cards.photos_of(db.session(), [person.id])[person.id]
    assert held.startswith("data:image/jpeg;base64,")
    with pytest.raises(InvalidInput, match="JPEG or PNG"):
        credentials.keep_photo(person, b"GIF89a")
    credentials.remove_photo(person)
    assert db.session.query(PersonPhoto).count() == 0


def test_looking_at_a_photo_and_printing_cards_are_told_in_the_trail(cast, as_person):
    card = a_card(cast.a, **around_today())
    credentials.keep_photo(card.appointment.person, a_photo())
    db.session.commit()
    ana = as_person("ana")
    ana.page(f"{URL}/credentials/photos/{card.appointment_id}")
    sheet = ana.get(f"{URL}/credentials/sheet")
    assert sheet.text.count('class="card-a7"') == 1
    assert "data:image/svg+xml;base64," in sheet.text
    told = db.session.scalars(
        sa.select(AuditEntry).where(AuditEntry.action.in_(("looked", "exported")))
    ).all()
    assert [(each.action, each.object_type) for each in told] == [
        ("looked", "people"),
        ("exported", "credentials"),
    ]


def test_a_card_is_issued_replaced_and_revoked_on_the_pages(cast, as_person):
    person = accredited(cast.a)
    db.session.commit()
    ana = as_person("ana")
    days = {name: on.isoformat() for name, on in around_today().items()}
    assert "1 credential issued" in ana.submit(f"{URL}/credentials/issue", **days).text
    wrong = ana.submit(f"{URL}/credentials/issue", 422, valid_from="2019-10-20", valid_until="2019-10-01")
    assert "Oct 20, 2019" in wrong.text
    ana.submit(f"{URL}/credentials/issue/{person.id}", **days)
    old, new = db.session.scalars(sa.select(Credential).order_by(Credential.id)).all()
    assert old.revoked_at is not None
    ana.submit(f"{URL}/credentials/{new.id}/revoke", 422, reason="")
    assert "Credential revoked" in ana.submit(f"{URL}/credentials/{new.id}/revoke", reason="Lost").text
    as_person("carmen").get(f"{URL}/credentials/sheet", 403)
    as_person("bruno").get(f"{URL}/credentials", 403)
