"""Sessions: seen, ended by their person, by a new password, by time."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest
import sqlalchemy as sa

from eom.accounts.models import SignInSession, User
from eom.accounts.services import sessions
from eom.core import clock
from eom.extensions import db
from tests.factories.signing_in import PASSWORD, Browser, errors, give_password
from tests.page import Page

NEW = "nine loud ravens over the sea"


@pytest.fixture
def bruno(cast):
    return give_password(cast.user("bruno"))


@pytest.fixture
def two(app, bruno):
    """A telephone and a computer of Bruno's, both signed in."""
    phone, desk = Browser(app), Browser(app, device="Mozilla/5.0 (Windows NT 10.0) Firefox/144")
    phone.sign_in(bruno.email)
    desk.sign_in(bruno.email)
    return phone, desk


def test_the_page_names_the_devices(two):
    page = Page(two[0].get("/account/sessions"))
    assert "Chrome on Android" in page.text
    assert "Firefox on Windows" in page.text
    assert page.text.count("this device") == 1


def test_a_session_is_ended_from_another_device(two):
    phone, desk = two
    other = Page(phone.get("/account/sessions")).one("form[action*='/end']:not([action$='end-others'])")[
        "action"
    ]
    assert phone.post(other).status_code == 303
    assert phone.is_in
    assert not desk.is_in


def test_all_others_are_ended_at_once(two):
    phone, desk = two
    phone.post("/account/sessions/end-others")
    assert phone.is_in
    assert not desk.is_in


def test_nobody_ends_the_session_of_another_person(app, cast, two):
    row = db.session.scalars(sa.select(SignInSession)).first()
    carmen = give_password(cast.user("carmen"))
    browser = Browser(app)
    browser.sign_in(carmen.email)
    assert browser.post(f"/account/sessions/{row.id}/end").status_code == 404
    assert two[0].is_in


def test_signing_out_ends_the_session_also_for_a_copied_cookie(app, bruno):
    browser, thief = Browser(app), Browser(app, address="192.0.2.66")
    browser.sign_in(bruno.email)
    with browser.http.session_transaction() as kept:
        copied = dict(kept)
    with thief.http.session_transaction() as kept:
        kept.update(copied)
    assert thief.is_in
    browser.post("/logout")
    assert not thief.is_in


def test_a_new_password_ends_every_other_session(app, two, bruno):
    phone, desk = two
    answer = phone.post("/change", password=PASSWORD, new_password=NEW, new_password_confirm=NEW)
    assert answer.status_code == 302
    assert phone.is_in
    assert not desk.is_in
    assert Browser(app).sign_in(bruno.email, NEW).status_code == 302
    assert db.session.get(User, bruno.id).password_set_at is not None


@pytest.mark.parametrize(
    ("old", "new", "again", "words"),
    [
        ("not the old one at all", NEW, NEW, "wrong"),
        (PASSWORD, NEW, "another thing altogether", "not the same"),
        (PASSWORD, "short one", "short one", "at least 12"),
        (PASSWORD, "password1234", "password1234", "common"),
        (PASSWORD, "bruno@example.org", "bruno@example.org", "guess"),
    ],
)
def test_a_new_password_that_will_not_do_is_told_why(app, two, bruno, old, new, again, words):
    answer = two[0].post("/change", password=old, new_password=new, new_password_confirm=again)
    assert words in errors(answer)
    assert two[1].is_in


def test_a_session_ends_after_its_time(app, bruno, monkeypatch):
    browser = Browser(app)
    browser.sign_in(bruno.email)
    now = clock.now()
    monkeypatch.setattr(clock, "now", lambda: now + sessions.LASTS + timedelta(minutes=1))
    assert not browser.is_in


def test_who_stays_signed_in_stays_two_weeks(app, bruno, monkeypatch):
    browser = Browser(app)
    browser.sign_in(bruno.email, remember="y")
    now = clock.now()
    monkeypatch.setattr(clock, "now", lambda: now + timedelta(days=13))
    assert browser.is_in
    monkeypatch.setattr(clock, "now", lambda: now + timedelta(days=15))
    assert not browser.is_in


def test_a_session_that_nobody_uses_ends(app, bruno):
    browser = Browser(app)
    browser.sign_in(bruno.email)
    with browser.http.session_transaction() as kept:
        kept["seen"] = time.time() - sessions.IDLE.total_seconds() - 60
    assert not browser.is_in


def test_no_cookie_of_flask_login_brings_an_ended_session_back(app, bruno):
    browser = Browser(app)
    answer = browser.sign_in(bruno.email, remember="y")
    assert not any("remember_token" in each for each in answer.headers.getlist("Set-Cookie"))
    browser.post("/wan-signin", remember="y")
    browser.post("/logout")
    assert not browser.is_in


def test_an_account_that_is_deactivated_is_out_at_once(app, bruno):
    browser = Browser(app)
    browser.sign_in(bruno.email)
    bruno.active = False
    db.session.commit()
    assert not browser.is_in


def test_signing_in_gives_a_new_session_each_time(app, bruno):
    browser = Browser(app)
    secrets = set()
    for _ in range(2):
        browser.sign_in(bruno.email)
        with browser.http.session_transaction() as kept:
            secrets.add(kept["sid"])
        browser.post("/logout")
    assert len(secrets) == 2


def test_a_fresh_sign_in_is_asked_before_what_matters_and_leads_back(app, cast):
    from tests.people import Client

    amir = Client(app, give_password(cast.user("amir")))
    with amir.http.session_transaction() as kept:
        kept["fs_paa"] = time.time() - 3600
    answer = amir.http.get("/tf-setup")
    assert answer.status_code == 302
    assert "/verify" in answer.location
    back = amir.http.post("/verify?next=/account", data={"password": PASSWORD})
    assert back.location == "/account"
    assert amir.http.get("/tf-setup").status_code == 200


LISTS_OF_PEOPLE = ["/people", "/missions/{a}/appointments", "/missions/{a}/members", "/missions/{a}/assignments", "/users", "/audit", "/audit/people/of/1"]  # fmt: skip


@pytest.mark.parametrize("address", LISTS_OF_PEOPLE)
def test_a_list_of_people_goes_out_as_a_file_after_a_fresh_sign_in_only(app, cast, address):
    from tests.people import Client

    amir, address = Client(app, give_password(cast.user("amir"))), address.format(a=cast.a.code)
    assert amir.http.get(f"{address}?format=csv").mimetype == "text/csv"
    with amir.http.session_transaction() as kept:
        kept["fs_paa"] = time.time() - 3600
    assert amir.http.get(address).status_code == 200
    refused = amir.http.get(f"{address}?format=csv&sort=name")
    assert refused.status_code == 303
    assert refused.location.startswith("/verify?next=")
    back = amir.http.post(refused.location, data={"password": PASSWORD})
    assert back.location == f"{address}?format=csv&sort=name"
    assert amir.http.get(back.location).mimetype == "text/csv"
