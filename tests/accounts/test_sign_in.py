"""Signing in: one sentence for all that may be wrong, a wait for who guesses, and no stranger locks anyone out."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from eom.accounts.models import SignInFailure, SignInSession
from eom.accounts.services import lockout
from eom.core import clock
from eom.core.audit import AuditEntry
from eom.extensions import db
from tests.factories.signing_in import PASSWORD, Browser, errors, give_password

WRONG = "The e-mail address or the password is wrong."


@pytest.fixture
def bruno(cast):
    return give_password(cast.user("bruno"))


@pytest.fixture
def later(monkeypatch):
    """``later(minutes)``: the clock of the application moves on."""
    start = clock.now()
    gone = [timedelta(0)]
    monkeypatch.setattr(clock, "now", lambda: start + gone[0])

    def move(**by):
        gone[0] += timedelta(**by)

    return move


def test_an_observer_signs_in_with_the_password_alone(app, bruno):
    browser = Browser(app)
    answer = browser.sign_in(bruno.email)
    assert answer.status_code == 302
    assert browser.is_in


def test_the_address_may_be_typed_in_capitals_and_with_spaces(app, bruno):
    assert Browser(app).sign_in(f" {bruno.email.upper()} ").status_code == 302


def test_letters_with_accents_open_whatever_keyboard_made_them(app, cast):
    user = cast.user("bruno")
    from eom.accounts.services.passwords import set_password

    set_password(user, "canción de la montaña alta")
    db.session.commit()
    browser = Browser(app)
    assert browser.sign_in(user.email, "cancio\u0301n de la montan\u0303a alta").status_code == 302


@pytest.mark.parametrize(
    ("email", "password"),
    [
        ("bruno@example.org", "not his password at all"),
        ("nobody@example.org", PASSWORD),
        ("no address", PASSWORD),
    ],
)
def test_nothing_tells_a_wrong_password_from_an_unknown_address(app, bruno, email, password):
    answer = Browser(app).sign_in(email, password)
    assert answer.status_code == 200
    assert WRONG in errors(answer) or "no e-mail address" in errors(answer)
    assert "example.org" not in errors(answer)


def test_wrong_password_and_unknown_address_answer_the_same_page(app, bruno):
    wrong = Browser(app).sign_in(bruno.email, "not his password at all")
    unknown = Browser(app).sign_in("nobody@example.org", "not his password at all")
    assert errors(wrong) == errors(unknown)


def test_a_deactivated_account_is_told_no_more_than_a_wrong_password(app, bruno):
    bruno.active = False
    db.session.commit()
    answer = Browser(app).sign_in(bruno.email)
    assert WRONG in errors(answer)


def test_who_guesses_must_wait_and_the_right_password_is_not_looked_at_meanwhile(app, bruno, later):
    browser = Browser(app)
    for _ in range(5):
        assert WRONG in errors(browser.sign_in(bruno.email, "a wrong guess again"))
    assert "Too many attempts" in errors(browser.sign_in(bruno.email))
    later(seconds=16)
    assert browser.sign_in(bruno.email).status_code == 302


def test_the_wait_doubles(app, bruno, later):
    keys = lockout.keys_of_password("k", email="x@example.org", address="192.0.2.1", device=None)
    waits = []
    for _ in range(10):
        lockout.record_failure(db.session(), keys)
        waits.append(lockout.seconds_to_wait(db.session(), keys))
    assert waits == [0, 0, 0, 0, 15, 30, 60, 120, 240, 480]
    later(hours=1, minutes=1)
    assert lockout.seconds_to_wait(db.session(), keys) == 0


def test_a_stranger_elsewhere_locks_nobody_out(app, bruno):
    stranger = Browser(app, address="198.51.100.9")
    for _ in range(7):
        stranger.sign_in(bruno.email, "a wrong guess again")
    assert "Too many attempts" in errors(stranger.sign_in(bruno.email))
    assert Browser(app, address="203.0.113.7").sign_in(bruno.email).status_code == 302


def test_a_device_that_signed_in_before_gets_in_while_the_whole_world_guesses(app, bruno):
    own = Browser(app)
    own.sign_in(bruno.email)
    own.post("/logout")
    for number in range(60):
        keys = lockout.keys_of_password(
            app.secret_key, email=bruno.email, address=f"198.51.100.{number}", device=None
        )
        lockout.record_failure(db.session(), keys)
    db.session.commit()
    assert "Too many attempts" in errors(Browser(app, address="192.0.2.77").sign_in(bruno.email))
    assert own.sign_in(bruno.email).status_code == 302


def test_the_mark_of_a_device_is_worth_nothing_for_another_account(app, bruno):
    mark = lockout.device_mark("secret", "ana@example.org", "nonce")
    assert lockout.is_device_of("secret", "ana@example.org", mark)
    assert not lockout.is_device_of("secret", "bruno@example.org", mark)
    assert not lockout.is_device_of("other", "ana@example.org", mark)


def test_addresses_that_try_many_accounts_wait(app, bruno):
    for number in range(50):
        keys = lockout.keys_of_password(
            app.secret_key, email=f"u{number}@example.org", address="198.51.100.1", device=None
        )
        lockout.record_failure(db.session(), keys)
    db.session.commit()
    assert "Too many attempts" in errors(Browser(app, address="198.51.100.1").sign_in(bruno.email))


def test_the_table_of_failures_names_nobody(app, bruno):
    Browser(app).sign_in(bruno.email, "a wrong guess again")
    stored = db.session.scalars(sa.select(SignInFailure.key)).all()
    assert len(stored) == 3
    assert all(len(key) == 64 and set(key) <= set("0123456789abcdef") for key in stored)


def test_failures_and_sign_ins_are_in_the_trail_with_their_address(app, bruno):
    browser = Browser(app)
    browser.sign_in(bruno.email, "a wrong guess again")
    browser.sign_in(bruno.email)
    entries = db.session.scalars(
        sa.select(AuditEntry).where(AuditEntry.object_type == "users").order_by(AuditEntry.id)
    ).all()
    told = {each.action: each for each in entries}
    assert told["sign-in-failed"].address == told["signed-in"].address == "203.0.113.7"
    assert told["signed-in"].changes == {"ways": ["password"]}


def test_no_password_stands_anywhere_in_the_trail(app, bruno):
    Browser(app).sign_in(bruno.email, "a wrong guess again")
    for entry in db.session.scalars(sa.select(AuditEntry)):
        assert "a wrong guess again" not in str(entry.changes)


def test_next_leads_nowhere_else(app, bruno):
    browser = Browser(app)
    answer = browser.post("/login?next=https://evil.example/x", email=bruno.email, password=PASSWORD)
    assert "evil" not in answer.headers.get("Location", "")


def test_the_secret_of_a_session_is_not_in_the_database(app, bruno):
    browser = Browser(app)
    browser.sign_in(bruno.email)
    with browser.http.session_transaction() as kept:
        secret = kept["sid"]
    row = db.session.scalars(sa.select(SignInSession)).one()
    assert row.token_sha256 != secret
    assert row.address == "203.0.113.7"
