"""A person's own account in the browser: a second step that is forced, a passkey, devices, a new password."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest
from passlib.totp import TOTP

from eom.accounts.permissions import Role
from tests.browser.conftest import DESKTOP, PASSWORD, PHONE, Visitor

NEW = "four slow clouds and a bridge"


@pytest.fixture(scope="module")
def people(live):
    """An auditor, whose role asks for the second step, and three who are not asked."""
    with live.scene():
        for name, role in (
            ("elena", Role.AUDITOR),
            ("hugo", Role.HEADQUARTERS),
            ("paula", Role.HEADQUARTERS),
            ("pilar", Role.HEADQUARTERS),
        ):
            live.person(name, role)


def code_of(key: str) -> str:
    """The code of the next half minute: it is taken already, and for longer than the present one."""
    return TOTP(key=key.replace("-", ""), format="base32").generate(time.time() + 30).token


def test_the_second_step_is_set_up_at_the_first_sign_in(look, people):
    elena = look(PHONE)
    page = elena.go("/login")
    elena.has_no_barriers()
    page.fill("input[name=email]", "elena@example.org")
    page.fill("input[name=password]", PASSWORD)
    page.click("main form button[type=submit]")
    page.wait_for_url("**/tf-setup")
    elena.has_no_barriers()
    page.click("main form button[type=submit]")
    page.wait_for_selector(".qr")
    elena.has_no_barriers()
    elena.shoot("second-step")
    page.fill("input[name=code]", code_of(page.inner_text(".key")))
    page.click("main form[action*='tf-validate'] button")
    page.wait_for_url(lambda url: "tf-" not in url)
    elena.go("/account")
    assert "set up" in page.inner_text("main")
    elena.has_no_barriers()
    page.click("text=Recovery codes >> nth=-1")
    page.wait_for_url("**/account/recovery-codes*")
    page.click("text=Make new codes")
    page.wait_for_selector(".codes")
    assert page.locator(".codes li").count() == 10
    elena.has_no_barriers()


@pytest.fixture
def keyed(live, chromium):
    """A browser with a passkey device, on a name as WebAuthn asks (an address has no passkeys)."""
    context = live.browser(chromium, DESKTOP)
    visitor = Visitor(replace(live, url=live.url.replace("127.0.0.1", "localhost")), context.new_page())
    devices = context.new_cdp_session(visitor.page)
    devices.send("WebAuthn.enable")
    devices.send(
        "WebAuthn.addVirtualAuthenticator",
        {"options": {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True,
                     "hasUserVerification": True, "isUserVerified": True,
                     "automaticPresenceSimulation": True}},
    )  # fmt: skip
    yield visitor
    context.close()
    assert visitor.wrong == []


def test_a_passkey_is_registered_and_signs_in_alone(keyed, people):
    page = keyed.sign_in("hugo").page
    keyed.go("/account/passkeys")
    keyed.has_no_barriers()
    page.fill("input[name=name]", "my computer")
    page.click("main form[action='/account/passkeys'] button[type=submit]")
    page.wait_for_selector("text=The passkey “my computer” is registered.")
    keyed.has_no_barriers()
    keyed.follows("text=Sign out")
    page.wait_for_url("**/login")
    keyed.follows("text=Sign in with a passkey")
    keyed.has_no_barriers()
    page.click("text=Use a passkey")
    page.wait_for_url(lambda url: "wan" not in url and "login" not in url)
    keyed.go("/account")
    assert "1 passkey" in page.inner_text("main")
    keyed.go("/verify?next=/account/passkeys")
    page.click("text=Use a passkey")
    page.wait_for_selector("text=Thank you: go on.")
    page.click("text=Remove my computer")
    page.wait_for_selector("text=is removed")


@pytest.mark.parametrize("size", [DESKTOP, PHONE])
def test_devices_are_seen_and_ended(look, people, size):
    first, second = look(size), look(PHONE)
    first.sign_in("paula")
    second.sign_in("paula")
    page = first.go("/account/sessions")
    first.has_no_barriers()
    first.shoot(f"devices-{size[0]}")
    page.click("text=Sign out everywhere else")
    page.wait_for_selector("text=Signed out everywhere else")
    second.page.goto(second.live.url + "/account")
    assert "/login" in second.page.url


def test_a_new_password_is_chosen_by_keyboard(look, people):
    pilar = look(DESKTOP).sign_in("pilar")
    page = pilar.go("/change")
    pilar.has_no_barriers()
    page.focus("input[name=password]")
    for text in (PASSWORD, "short", "short"):
        page.keyboard.type(text)
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_selector(".error-summary")
    assert "at least 12 characters" in page.inner_text(".error-summary")
    pilar.has_no_barriers()
    page.fill("input[name=password]", PASSWORD)
    page.fill("input[name=new_password]", NEW)
    page.fill("input[name=new_password_confirm]", NEW)
    page.click("main form button[type=submit]")
    page.wait_for_selector("text=Your password is changed")
