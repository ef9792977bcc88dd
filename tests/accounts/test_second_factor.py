"""The second step: asked of the roles that need it, once a code, with recovery codes for a lost telephone."""

from __future__ import annotations

import time

import pytest
import sqlalchemy as sa
from passlib.totp import TOTP

from eom.accounts.models import User
from eom.accounts.security import OnceOnly
from eom.core.audit import AuditEntry
from eom.extensions import db
from tests.factories.signing_in import Browser, errors, give_password
from tests.page import Page

pytestmark = pytest.mark.usefixtures("half_minute")


@pytest.fixture
def ana(cast):
    return give_password(cast.user("ana"))


@pytest.fixture
def bruno(cast):
    return give_password(cast.user("bruno"))


def shown_key(answer) -> str:
    return Page(answer).one(".key").get_text(strip=True)


def code_of(key: str, steps: int = 0) -> str:
    """What an authenticator application shows for a key, ``steps`` half minutes from now."""
    telephone = TOTP(key=key.replace("-", "").replace(" ", ""), format="base32")
    return telephone.generate(TOTP.now() + 30 * steps).token


def wrong_code(key: str) -> str:
    """Six digits that open nothing now."""
    right = {code_of(key, steps) for steps in (-1, 0, 1)}
    return next(code for code in ("000000", "111111", "222222", "333333") if code not in right)


def set_up(app, user) -> tuple[Browser, str]:
    """Sign in for the first time as someone whose role needs the step; return the key."""
    browser = Browser(app)
    answer = browser.sign_in(user.email)
    assert answer.location.endswith("/tf-setup")
    key = shown_key(browser.post("/tf-setup", setup="authenticator"))
    browser.post("/tf-validate", code=code_of(key, -1))
    assert browser.is_in
    return browser, key


def test_a_chief_sets_the_step_up_before_anything_else_opens(app, ana):
    browser = Browser(app)
    answer = browser.sign_in(ana.email)
    assert answer.location.endswith("/tf-setup")
    assert not browser.is_in
    assert browser.get("/missions/BOL-2019").status_code == 302
    page = browser.get("/tf-setup")
    assert "Your role asks for it" in Page(page).text


def test_an_observer_is_not_asked(app, bruno):
    assert Browser(app).sign_in(bruno.email).location == "/"


def test_who_is_asked_is_a_setting(app, ana, monkeypatch):
    from dataclasses import replace

    monkeypatch.setitem(
        app.extensions, "eom_settings", replace(app.extensions["eom_settings"], second_factor_roles=())
    )
    assert Browser(app).sign_in(ana.email).location == "/"


def test_once_set_up_the_code_is_asked_at_each_sign_in(app, ana):
    _first, key = set_up(app, ana)
    browser = Browser(app)
    answer = browser.sign_in(ana.email)
    assert "/tf-validate" in answer.location
    assert not browser.is_in
    assert "This code is not valid" in errors(browser.post("/tf-validate", code=wrong_code(key)))
    browser.post("/tf-validate", code=code_of(key))
    assert browser.is_in


def test_a_code_opens_once(app, ana):
    _first, key = set_up(app, ana)
    code = code_of(key)
    one, two = Browser(app), Browser(app, address="203.0.113.8")
    for each in (one, two):
        each.sign_in(ana.email)
        each.post("/tf-validate", code=code)
    assert one.is_in
    assert not two.is_in


def test_codes_cannot_be_tried_out(app, ana):
    _first, key = set_up(app, ana)
    browser = Browser(app)
    browser.sign_in(ana.email)
    for _ in range(5):
        browser.post("/tf-validate", code=wrong_code(key))
    assert "Too many attempts" in errors(browser.post("/tf-validate", code=wrong_code(key)))


def test_a_recovery_code_opens_once_instead_of_the_telephone(app, ana):
    first, _key = set_up(app, ana)
    codes = [
        each.get_text(strip=True)
        for each in Page(first.post("/account/recovery-codes", generate_new_codes="1")).all(".codes code")
    ]
    assert len(codes) == len(set(codes)) == 10
    browser = Browser(app)
    browser.sign_in(ana.email)
    assert "none of your recovery codes" in errors(browser.post("/mf-recovery", code="0000-0000-0000"))
    browser.post("/mf-recovery", code=codes[0])
    assert browser.is_in
    query = sa.select(AuditEntry).where(AuditEntry.action == "signed-in").order_by(AuditEntry.id.desc())
    assert db.session.scalars(query).first().changes == {"ways": ["password", "recovery code"]}
    again = Browser(app)
    again.sign_in(ana.email)
    again.post("/mf-recovery", code=codes[0])
    assert not again.is_in


def test_neither_the_key_nor_the_codes_can_be_read_in_the_database(app, ana):
    first, key = set_up(app, ana)
    codes = [
        each.get_text(strip=True)
        for each in Page(first.post("/account/recovery-codes", generate_new_codes="1")).all(".codes code")
    ]
    row = db.session.execute(
        sa.text("SELECT tf_totp_secret, mf_recovery_codes FROM users WHERE id = :id"), {"id": ana.id}
    ).one()
    assert row[0].startswith("v1.")
    assert key.replace("-", "") not in row[0]
    assert not any(code in row[1] for code in codes)


def test_who_needs_the_step_is_not_offered_to_do_without(app, ana):
    first, _key = set_up(app, ana)
    assert not Page(first.get("/tf-setup")).all("input[value=disable]")


def test_who_chose_the_step_may_do_without_again(app, bruno):
    browser = Browser(app)
    browser.sign_in(bruno.email)
    answer = browser.post("/tf-setup", setup="authenticator")
    key = shown_key(answer)
    to = Page(answer).one("form[action*='/tf-setup/']")["action"]
    browser.post(to, code=code_of(key))
    assert db.session.get(User, bruno.id).tf_primary_method == "authenticator"
    browser.post("/tf-setup", setup="disable")
    assert db.session.get(User, bruno.id).tf_primary_method is None


def test_changing_the_step_asks_for_a_fresh_sign_in(app, bruno):
    browser = Browser(app)
    browser.sign_in(bruno.email)
    with browser.http.session_transaction() as kept:
        kept["fs_paa"] = time.time() - 3600
    assert "/verify" in browser.get("/tf-setup").location


def test_the_way_by_mail_to_an_administrator_is_closed(app, ana):
    set_up(app, ana)
    browser = Browser(app)
    browser.sign_in(ana.email)
    assert browser.get("/tf-rescue").status_code == 404
    assert browser.post("/tf-rescue", help_setup="help").status_code == 404


def test_flask_security_uses_our_once_only_codes(app):
    assert type(app.extensions["security"].totp_factory) is OnceOnly
