"""Headers and cookies of everything the application answers, with real objects behind the addresses."""

from __future__ import annotations

import re

import pytest

from eom import create_app
from eom.core.db import writing
from eom.extensions import db
from eom.web.security import DATA_POLICY
from tests import databases
from tests.factories.signing_in import PASSWORD, give_password
from tests.factories.world import make_everything
from tests.people import make_cast
from tests.rules.test_objects import filled

# The page that runs ODK Web Forms: a nonce for the styles it writes, WebAssembly for its expressions, the
# pictures just taken and its symbols. Nothing inline without the nonce, and no other site.
WEB_FORMS = {
    "script-src": "'self' 'nonce-N' 'wasm-unsafe-eval'", "style-src": "'self' 'nonce-N'",
    "img-src": "'self' data: blob: data:", "worker-src": "'self' blob: data:", "font-src": "'self' data:",
}  # fmt: skip
# A worker runs under the policy of its own answer.
SCRIPTS = {"static", "field_app.worker"}
FILLED = {"checklists.fill", "entry.fill", "entry.correct", "field_app.shell", "form_drafts.preview"}
STRICT = {
    "default-src": "'none'", "script-src": "'self' 'nonce-N'", "style-src": "'self'", "img-src": "'self' data:",
    "font-src": "'self'", "connect-src": "'self'", "manifest-src": "'self'", "worker-src": "'self'",
    "form-action": "'self'", "frame-ancestors": "'none'", "base-uri": "'none'",
}  # fmt: skip
OTHERS = {
    "X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin", "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), geolocation=(self), microphone=()",
}  # fmt: skip
# The secret of a link stands in its address: no other page of ours is told it either.
STRICTER = dict.fromkeys(("invitations.accept", "credential_checks.show"), {"Referrer-Policy": "no-referrer"})
# What a page may not hold when nothing inline runs, and what may not be named by its own content.
INLINE = re.compile(rb"<[^>]+\s(?:style|on[a-z]+)\s*=", re.IGNORECASE)


def policy(answer) -> dict[str, str]:
    text = re.sub(r"nonce-[\w-]{20,}", "nonce-N", answer.headers["Content-Security-Policy"])
    return {name: rest for name, _space, rest in (part.partition(" ") for part in text.split("; "))}


@pytest.fixture
def answers(app, cast, as_person):
    """(endpoint, answer) of every GET of the application, by an administrator and by nobody."""
    ids = {**make_everything(cast.a, cast.user("amir")), "token": "none", "filename": "none"}

    def walk():
        for name in ("amir", None):
            client, elsewhere = as_person(name), as_person(name)
            for rule in app.url_map.iter_rules():
                if "GET" in rule.methods:
                    url = filled(rule, cast.a.code, {each: ids.get(each, "none") for each in rule.arguments})
                    # The library's own pages begin second steps and end sessions.
                    asked = elsewhere if rule.endpoint.startswith("security.") else client
                    yield rule.endpoint, asked.http.get(url)
                    db.session.rollback()

    return walk


def test_whatever_is_fetched_has_its_policy_and_every_header(answers):
    seen = {"page": 0, "data": 0, "web forms": 0}
    for endpoint, answer in answers():
        expected = OTHERS | STRICTER.get(endpoint, {})
        assert {name: answer.headers.get(name) for name in OTHERS} == expected, endpoint
        if answer.mimetype != "text/html":
            assert answer.headers["Content-Security-Policy"] == DATA_POLICY or endpoint in SCRIPTS, endpoint
            seen["data"] += 1
        elif endpoint in FILLED and answer.status_code == 200:
            assert policy(answer) == STRICT | WEB_FORMS
            seen["web forms"] += 1
        else:
            assert policy(answer) == STRICT, endpoint
            seen["page"] += 1
    assert seen["page"] > 120
    assert seen["data"] > 8
    assert seen["web forms"] == len(FILLED)


def test_no_page_holds_anything_inline(answers):
    wrong = [
        (endpoint, found.group()[:80])
        for endpoint, answer in answers()
        if answer.mimetype == "text/html" and (found := INLINE.search(answer.data))
    ]
    assert wrong == []


def test_a_file_is_never_shown_by_the_browser(answers):
    """What people sent goes out as a download, or as a type that no browser runs."""
    shown = {
        (endpoint, answer.mimetype)
        for endpoint, answer in answers()
        if answer.status_code == 200
        and answer.mimetype != "text/html"
        and not answer.headers.get("Content-Disposition", "").startswith("attachment")
    }
    # Ours, not what people sent: what a telephone needs to keep the field app.
    shown -= {("field_app.manifest", "application/manifest+json"), ("field_app.worker", "text/javascript")}
    harmless = {"text/plain", "application/json", "text/xml", "text/csv", "image/png", "image/jpeg"}
    assert {kind for _endpoint, kind in shown} <= harmless, shown


@pytest.fixture
def production(tmp_path, template):
    """The application as a server over TLS runs it, with the people of the stories."""
    kind = template.split(":")[0].split("+")[0]
    with databases.database(kind, tmp_path, template) as url:
        app = create_app(databases.settings_for(tmp_path, url, production=True, host="observe.example.org"))
        app.config["WTF_CSRF_ENABLED"] = False
        with app.app_context(), writing():
            give_password(make_cast().user("bruno"))
            db.session.remove()
        yield app
        databases.let_go(app)


def test_every_cookie_over_tls_is_of_this_host_only(production):
    client = production.test_client()
    where = {"base_url": "https://observe.example.org"}
    answers = [
        client.post(
            "/login", data={"email": "bruno@example.org", "password": PASSWORD, "remember": "y"}, **where
        ),
        client.post("/language", data={"language": "es"}, **where),
        client.get("/account", **where),
    ]
    assert [answer.status_code for answer in answers] == [302, 303, 200]
    cookies = [cookie for answer in answers for cookie in answer.headers.getlist("Set-Cookie")]
    assert {cookie.split("=")[0] for cookie in cookies} == {
        "__Host-session",
        "__Host-device",
        "__Host-language",
    }
    for cookie in cookies:
        parts = {part.strip() for part in cookie.split(";")}
        assert {"Secure", "HttpOnly", "Path=/"} <= parts, cookie
        assert parts & {"SameSite=Lax", "SameSite=Strict"}, cookie
        assert "domain" not in cookie.lower(), cookie
    assert 'lang="es"' in client.get("/account", **where).text


def test_in_development_cookies_have_plain_names(as_person):
    answer = as_person(None).http.post("/language", data={"language": "es"})
    assert {cookie.split("=")[0] for cookie in answer.headers.getlist("Set-Cookie")} >= {"language"}
    assert "Secure" not in answer.headers.getlist("Set-Cookie")[0]


@pytest.mark.parametrize(
    "path",
    ["../eom/settings.py", "..%2feom/settings.py", "%2e%2e/wsgi.py", "css/../../wsgi.py", "/etc/passwd", "..\\wsgi.py",
     "css/", "", "%00", "css/base.css%00.html", "....//wsgi.py"],
)  # fmt: skip
def test_static_files_lead_nowhere_else(app, path):
    answer = app.test_client().get(f"/static/{path}")
    assert answer.status_code in (301, 308, 404)


def test_static_files_keep_the_headers(app):
    answer = app.test_client().get("/static/css/base.css")
    assert answer.status_code == 200
    assert answer.mimetype == "text/css"
    assert {name: answer.headers.get(name) for name in OTHERS} == OTHERS
    assert "no-store" not in answer.headers.get("Cache-Control", "")
