"""The web's own dangers: headers, cookies, other hosts, other sites, too much and too often, unsafe settings."""

from __future__ import annotations

import re
import time
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eom import create_app
from eom.core.db import writing
from eom.extensions import db, limiter
from eom.settings import Settings, UnsafeSettings
from eom.web.urls import local_address
from tests import databases
from tests.factories.signing_in import PASSWORD, Browser, give_password
from tests.people import asking_for_tokens, make_cast

STRICT = {
    "default-src": "'none'", "style-src": "'self'", "font-src": "'self'", "connect-src": "'self'",
    "form-action": "'self'", "frame-ancestors": "'none'", "base-uri": "'none'",
}  # fmt: skip
# Modules whose pages need more, and what for.
WIDENED = {
    "checklists/views/filling.py": "ODK Web Forms styles what it draws, runs WebAssembly and shows the pictures just taken",
    "stations/country_map.py": "tiles, only where a tile server is set",
}


def policy(answer) -> dict[str, str]:
    parts = answer.headers["Content-Security-Policy"].split("; ")
    return {name: rest for name, _space, rest in (part.partition(" ") for part in parts)}


def pages(app):
    """Every page that needs no object but the mission."""
    for rule in app.url_map.iter_rules():
        if "GET" in rule.methods and rule.arguments <= {"mission"} and rule.endpoint != "static":
            yield rule.endpoint, rule.rule.replace("<mission>", "BOL-2019")


def test_every_page_has_the_strict_policy_and_the_other_headers(app, cast, as_person):
    amir = as_person("amir")
    seen = 0
    for _endpoint, url in pages(app):
        answer = amir.http.get(url)
        db.session.rollback()
        if answer.mimetype != "text/html":
            continue
        seen += 1
        found = policy(answer)
        assert {name: found.get(name) for name in STRICT} == STRICT, url
        assert re.fullmatch(r"'self' 'nonce-[\w-]{20,}'", found["script-src"]), url
        assert "unsafe" not in answer.headers["Content-Security-Policy"], url
        for name, value in (
            ("X-Content-Type-Options", "nosniff"), ("Referrer-Policy", "same-origin"), ("X-Frame-Options", "DENY"),
            ("Cross-Origin-Opener-Policy", "same-origin"), ("Cross-Origin-Resource-Policy", "same-origin"),
            ("Cache-Control", "no-store"),
        ):  # fmt: skip
            assert value in answer.headers.get(name, ""), (url, name)
    assert seen > 40


def test_only_the_views_that_say_so_widen_the_policy():
    """Whoever calls security.allow stands in this list with a reason."""
    from eom.settings import ROOT

    callers = {
        str(path.relative_to(ROOT / "eom"))
        for path in (ROOT / "eom").rglob("*.py")
        if "security.allow(" in path.read_text(encoding="utf-8")
    }
    assert callers == set(WIDENED)


def test_a_nonce_is_new_with_each_answer(app, cast, as_person):
    amir = as_person("amir")
    nonces = {policy(amir.http.get("/"))["script-src"] for _ in range(5)}
    assert len(nonces) == 5


@pytest.fixture
def production(tmp_path, template):
    """The application as a server over TLS runs it."""
    kind = template.split(":")[0].split("+")[0]
    with databases.database(kind, tmp_path, template) as url:
        app = create_app(
            databases.settings_for(tmp_path, url, production=True, host="observe.example.org", proxies=1)
        )
        yield app
        databases.let_go(app)


def over_tls(app, url: str, method: str = "GET", **more):
    return app.test_client().open(url, method=method, base_url="https://observe.example.org", **more)


def test_over_tls_cookies_are_of_this_host_only(production):
    answer = over_tls(production, "/login")
    cookies = answer.headers.getlist("Set-Cookie")
    assert cookies
    for cookie in cookies:
        assert cookie.startswith("__Host-"), cookie
        for part in ("Secure", "HttpOnly", "Path=/", "SameSite="):
            assert part in cookie, cookie
        assert "Domain" not in cookie
    assert "max-age=31536000" in answer.headers["Strict-Transport-Security"]


@pytest.mark.parametrize("host", ["evil.example", "observe.example.org.evil.example", "127.0.0.1"])
def test_another_host_in_the_header_is_refused(production, host):
    assert over_tls(production, "/login", headers={"Host": host}).status_code == 400
    forwarded = over_tls(production, "/login", headers={"X-Forwarded-Host": host})
    assert forwarded.status_code == 400


def test_a_proxy_that_is_not_set_is_not_believed(app, cast):
    bruno = give_password(cast.user("bruno"))
    browser = Browser(app, address="203.0.113.9")
    browser.environ["HTTP_X_FORWARDED_FOR"] = "192.0.2.200"
    browser.sign_in(bruno.email)
    assert "203.0.113.9" in browser.get("/account/sessions").text


ELSEWHERE = [
    "https://evil.example/", "//evil.example", "/\\evil.example", "\\\\evil.example", "https:evil.example",
    "javascript:alert(1)", "http:///evil.example", "/\t/evil.example", "//evil.example@observe.example.org", " //evil.example",
    "/%09/evil.example/..//evil.example",
]  # fmt: skip


def leads_away(location: str) -> bool:
    """Whether a browser would leave the site: it drops tabs and line ends and reads backslashes as slashes."""
    plain = re.sub(r"[\t\r\n]", "", location).strip().replace("\\", "/")
    return bool(re.match(r"(?i)^([a-z][a-z0-9+.-]*:|//)", plain)) and not plain.startswith(
        "http://localhost/"
    )


@pytest.mark.parametrize("target", ELSEWHERE)
def test_signing_in_leads_to_no_other_site(app, cast, target):
    bruno = give_password(cast.user("bruno"))
    browser = Browser(app)
    answer = browser.http.post(
        "/login",
        query_string={"next": target},
        data={"email": bruno.email, "password": PASSWORD, "next": target},
    )
    assert not leads_away(answer.headers.get("Location", "/")), answer.headers.get("Location")


@pytest.mark.parametrize("target", ELSEWHERE)
def test_confirming_and_choosing_a_language_lead_to_no_other_site(app, cast, as_person, target):
    give_password(cast.user("bruno"))
    bruno = as_person("bruno")
    answers = [
        bruno.http.post(
            "/verify", query_string={"next": target}, data={"password": PASSWORD, "next": target}
        ),
        bruno.http.post("/language", data={"language": "es", "next": target}),
    ]
    for answer in answers:
        assert not leads_away(answer.headers.get("Location", "/")), answer.headers.get("Location")


@given(st.text(alphabet="/\\.:@?#\t\r\n evilhttps%0912", max_size=30))
def test_a_local_address_is_local_whatever_was_sent(target):
    assert not leads_away(local_address(target))


@pytest.mark.parametrize("size", [1_100_000, 70_000_000])
def test_an_ordinary_form_brings_no_megabytes(app, cast, as_person, size):
    ana = as_person("ana")
    url = f"/missions/{cast.a.code}/edit"
    answer = ana.http.post(url, data={"name": "x" * size})
    assert answer.status_code == 413
    assert "too large" in answer.text.lower() or "large" in answer.text.lower()


def test_a_body_is_bounded_before_its_token_is_looked_for(app, cast, as_person):
    """The token of a form stands in its body: whoever reads it must already be bounded."""
    from io import BytesIO

    ana, body = as_person("ana"), BytesIO(b"name=" + b"x" * 5_000_000)
    with asking_for_tokens(app):
        answer = ana.http.post(
            f"/missions/{cast.a.code}/edit", input_stream=body, content_length=5_000_005,
            content_type="application/x-www-form-urlencoded",
        )  # fmt: skip
    assert answer.status_code == 413
    assert answer.headers["X-Request-ID"]
    assert body.tell() == 0


def test_an_upload_brings_what_its_view_says(app, cast, as_person):
    ana = as_person("ana")
    from io import BytesIO

    small = ana.http.post(
        f"/missions/{cast.a.code}/checklists/load", data={"file": (BytesIO(b"x" * 2_000_000), "f.xlsx")}
    )
    large = ana.http.post(
        f"/missions/{cast.a.code}/checklists/load", data={"file": (BytesIO(b"x" * 11_000_000), "f.xlsx")}
    )
    assert small.status_code == 422
    assert large.status_code == 413


@pytest.fixture
def counting(tmp_path, template, monkeypatch):
    """An application that counts requests, as a server does; each request has a context of its own.

    The clock that counts the minute stands still: however slow the machine, it does not end meanwhile.
    """
    instant = time.time()
    for module in ("limits.storage.memory", "flask_limiter._extension"):
        monkeypatch.setattr(f"{module}.time", SimpleNamespace(time=lambda: instant))
    kind = template.split(":")[0].split("+")[0]
    with databases.database(kind, tmp_path, template) as url, databases.running(url, tmp_path) as app:
        with app.app_context(), writing():
            give_password(make_cast().user("bruno"))
            db.session.remove()
        app.config["WTF_CSRF_ENABLED"] = False
        limiter.enabled = True
        limiter.reset()
        yield app
        limiter.reset()
        limiter.enabled = False


def at(app, address: str):
    client = app.test_client()
    client.environ_base["REMOTE_ADDR"] = address
    return client


def wrong(client):
    return client.post("/login", data={"email": "u@example.org", "password": "some wrong password"})


def test_a_door_is_knocked_at_thirty_times_a_minute(counting):
    stranger = at(counting, "198.51.100.77")
    assert [wrong(stranger).status_code for _ in range(32)] == [200] * 30 + [429] * 2
    answer = wrong(stranger)
    assert int(answer.headers["Retry-After"]) > 0
    assert answer.headers["X-Request-ID"]
    assert "wait" in answer.text.lower()
    assert wrong(at(counting, "198.51.100.78")).status_code == 200


def test_a_stranger_writes_less_often_than_a_member_from_the_same_address(counting):
    stranger, member = at(counting, "198.51.100.80"), at(counting, "198.51.100.80")
    assert member.post("/login", data={"email": "bruno@example.org", "password": PASSWORD}).status_code == 302
    statuses = [stranger.post("/language", data={"language": "es"}).status_code for _ in range(62)]
    assert statuses.count(429) == 2
    assert member.post("/language", data={"language": "es"}).status_code == 303


def test_downloads_are_counted_apart(counting):
    member = at(counting, "198.51.100.81")
    member.post("/login", data={"email": "bruno@example.org", "password": PASSWORD})
    assert [member.get("/missions?format=csv").status_code for _ in range(62)].count(429) == 2
    assert member.get("/missions").status_code == 200


def test_security_txt_says_where_to_report(app):
    answer = app.test_client().get("/.well-known/security.txt")
    assert answer.mimetype == "text/plain"
    fields = dict(line.split(": ", 1) for line in answer.text.splitlines())
    assert {"Contact", "Expires", "Preferred-Languages", "Canonical"} <= set(fields)
    assert app.test_client().get("/robots.txt").status_code == 200


SAFE_ENVIRONMENT = {
    "EOM_ENV": "production", "EOM_SECRET_KEY": "aQ3z9Lk2mN8pR5tV7wX1yB4cD6eF0gHj", "EOM_PASSWORD_SALT": "s" * 16,
    "EOM_FIELD_KEYS": databases.FIELD_KEY, "EOM_AUDIT_KEY": "a" * 32, "EOM_HOST": "observe.example.org",
    "EOM_SECURITY_CONTACT": "mailto:security@example.org", "DATABASE_URL": "postgresql://db/eom",
}  # fmt: skip


def test_a_production_server_starts_with_safe_settings(tmp_path):
    made = Settings.from_environment({**SAFE_ENVIRONMENT, "EOM_INSTANCE": str(tmp_path)})
    assert made.production


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("EOM_SECRET_KEY", ""), ("EOM_SECRET_KEY", "short"), ("EOM_SECRET_KEY", "k" * 40), ("EOM_PASSWORD_SALT", "short"),
        ("EOM_FIELD_KEYS", ""), ("EOM_AUDIT_KEY", "short"), ("EOM_HOST", ""), ("FLASK_DEBUG", "1"),
        ("DATABASE_URL", ""), ("DATABASE_URL", "sqlite:///x"), ("EOM_SECURITY_CONTACT", ""),
        ("EOM_SECURITY_CONTACT", "somebody"),
    ],
)  # fmt: skip
def test_a_production_server_refuses_unsafe_settings_by_name(tmp_path, name, value):
    with pytest.raises(UnsafeSettings, match=name):
        Settings.from_environment({**SAFE_ENVIRONMENT, "EOM_INSTANCE": str(tmp_path), name: value})


def test_every_form_needs_its_token(app, cast, as_person):
    ana = as_person("ana")
    with asking_for_tokens(app):
        for rule in app.url_map.iter_rules():
            if "POST" not in rule.methods or rule.endpoint.startswith(("openrosa", "field")):
                continue
            url = re.sub(r"<(?:\w+:)?(\w+)>", lambda m: cast.a.code if m[1] == "mission" else "1", rule.rule)
            answer = ana.http.post(url, data={})
            db.session.rollback()
            assert answer.status_code in (302, 403, 404, 422), (rule.endpoint, answer.status_code)
            assert answer.status_code != 303, rule.endpoint
            # Who is refused can say which request it was.
            assert re.fullmatch("[0-9a-f]{12}", answer.headers["X-Request-ID"]), rule.endpoint


def test_who_asks_for_what_is_not_theirs_leaves_a_line_in_the_log(app, cast, as_person, caplog):
    bruno = as_person("bruno")
    bruno.http.get("/finance")
    bruno.http.get(f"/missions/{cast.b.code}")
    lines = [record.getMessage() for record in caplog.records if "refused" in record.getMessage()]
    assert ["403" in lines[0], "404" in lines[1]] == [True, True]
    assert all("127.0.0.1" in line and "request" in line for line in lines)
    assert not any(cast.user("bruno").fs_uniquifier in line for line in lines)
