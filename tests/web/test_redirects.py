"""Nobody is sent to another site by an address of ours: neither by our own pages nor by the library's."""

from __future__ import annotations

import ast
from urllib.parse import urljoin, urlsplit

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from eom.extensions import db
from eom.settings import ROOT
from eom.web.urls import local_address
from tests.accounts.test_second_factor import code_of, set_up
from tests.factories.signing_in import PASSWORD, Browser, give_password

ELSEWHERE = [
    "https://evil.example/", "//evil.example", "///evil.example", "////evil.example", "/\\evil.example",
    "\\\\evil.example", "\\/evil.example", "https:evil.example", "https:/evil.example", "javascript:alert(1)",
    "data:text/html,x", "http:///evil.example", "/\t/evil.example", "/\n/evil.example", "/\r\n/evil.example",
    " //evil.example", "\x0b//evil.example", "\x00//evil.example", "http://localhost@evil.example",
    "http://localhost.evil.example", "//evil.example#@localhost", "https://[evil.example", "/\u2028/evil.example",
    "/ok\r\nLocation: https://evil.example",
]  # fmt: skip


def host_of(location: str) -> str:
    """The host where a browser goes: it drops tabs and line ends and reads backslashes as slashes."""
    plain = location.strip("".join(map(chr, range(33))))
    plain = plain.replace("\t", "").replace("\r", "").replace("\n", "").replace("\\", "/")
    if plain.startswith("//"):
        plain = "//" + plain.lstrip("/")
    scheme, colon, rest = plain.partition(":")
    if colon and scheme.isalnum():
        plain = f"{scheme}://{rest.lstrip('/')}"
    return urlsplit(urljoin("http://localhost/", plain)).netloc


def stays(answer) -> bool:
    return "Location" not in answer.headers or host_of(answer.headers["Location"]) == "localhost"


@pytest.mark.parametrize(
    "location", ["/\\x.org", "https:x.org", "///x.org", "//x.org", "\\\\x.org", "HTTPS:\\x.org"]
)
def test_the_browser_of_these_tests_is_led_away(location):
    assert host_of(location) == "x.org"


@pytest.mark.parametrize("target", ELSEWHERE)
def test_ours_take_a_path_of_this_site_only(target):
    assert local_address(target, "/here") == "/here"


@pytest.mark.parametrize(
    "target", ["/", "/missions/BOL-2019?format=csv&q=%2F%2Fx", "/a//b", "/?next=//evil.example"]
)
def test_a_path_of_this_site_is_kept(target):
    assert local_address(target) == target


@settings(deadline=None)
@given(st.text(max_size=40) | st.text(alphabet="/\\.:@?#\t\r\n\x0b evilhtps%0912[]", max_size=30))
def test_whatever_was_sent_stays_here(target):
    assert host_of(local_address(target)) == "localhost"
    assert host_of(local_address("/" + target)) == "localhost"


@pytest.mark.parametrize("target", ELSEWHERE)
def test_the_library_stays_here_at_every_step(app, cast, target):
    """Signing in, the second step, confirming, another password, signing out."""
    bruno = give_password(cast.user("bruno"))
    browser = Browser(app)

    def send(path: str, **data):
        answer = browser.http.post(path, query_string={"next": target}, data=data | {"next": target})
        db.session.rollback()
        assert stays(answer), (path, answer.headers["Location"])
        return answer

    assert send("/login", email=bruno.email, password=PASSWORD).status_code == 302
    assert send("/verify", password=PASSWORD).status_code == 302
    new = "nine slow boats by noon"
    send("/change", password=PASSWORD, new_password=new, new_password_confirm=new)
    send("/account/recovery-codes")
    send("/language", language="es")
    assert send("/logout").status_code in (302, 303)


def test_a_path_of_this_site_is_gone_on_to(app, cast):
    bruno = give_password(cast.user("bruno"))
    browser = Browser(app)
    asked = browser.get("/account?x=1")
    assert asked.status_code == 302
    answer = browser.http.post(asked.location, data={"email": bruno.email, "password": PASSWORD})
    assert answer.headers["Location"] == "/account?x=1"
    full = browser.http.post("/verify?next=http://localhost/missions", data={"password": PASSWORD})
    assert full.headers["Location"] == "/missions"


@pytest.mark.usefixtures("half_minute")
def test_the_second_step_stays_here(app, cast):
    ana = give_password(cast.user("ana"))
    _first, key = set_up(app, ana)
    browser = Browser(app)
    where = {"next": "//evil.example/x"}
    first = browser.http.post(
        "/login", query_string=where, data={"email": ana.email, "password": PASSWORD} | where
    )
    assert stays(first)
    second = browser.http.post(first.location, data={"code": code_of(key)} | where)
    assert second.status_code == 302
    assert stays(second)


@settings(
    max_examples=120,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(target=st.text(alphabet="/\\.:@?#\t\r\n\x0b evilhtps%0912[]", max_size=30))
def test_whatever_the_library_is_sent_it_stays_here(app, target):
    from flask import redirect, request
    from flask_security.utils import validate_redirect_url

    with app.test_request_context("/login", query_string={"next": target}):
        app.preprocess_request()
        told = request.args.get("next", "/")
        assert validate_redirect_url(told)
        assert host_of(redirect(told).headers["Location"]) == "localhost"


def test_no_view_redirects_to_what_was_sent():
    """``redirect`` and ``saved`` are given addresses that we build, or one that ``local_address`` looked at."""
    wrong = []
    for path in sorted((ROOT / "eom").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("redirect", "saved"):
                source = ast.unparse(node.args[0])
                if "request." in source and "local_address(" not in source:
                    wrong.append(f"{path.relative_to(ROOT)}: {source}")
    assert wrong == []
