"""Limits by route: what takes files says so, what tries secrets or costs much is counted apart."""

from __future__ import annotations

from io import BytesIO
from urllib.parse import urlsplit

import pytest
from bs4 import BeautifulSoup
from flask import request, session
from werkzeug.exceptions import HTTPException

from eom.extensions import db
from eom.web import limits
from tests.factories.world import make_everything
from tests.rules.test_objects import filled

# What of the library's forms tries no secret: what it does is done only by who has signed in.
TRY_NOTHING = {
    "security.logout", "security.tf_select", "security.two_factor_rescue", "security.two_factor_setup",
    "security.wan_delete", "security.wan_register", "security.wan_register_response", "security.mf_recovery_codes",
}  # fmt: skip


def test_every_view_with_a_file_in_its_form_says_how_much_it_takes(app, cast, as_person):
    ids = make_everything(cast.a, cast.user("amir"))
    amir, asked = as_person("amir"), set()
    for rule in app.url_map.iter_rules():
        if "GET" not in rule.methods or "POST" not in rule.methods or rule.endpoint.startswith("security."):
            continue
        url = filled(rule, cast.a.code, {name: ids.get(name, "none") for name in rule.arguments})
        page = BeautifulSoup(amir.http.get(url).data, "html.parser")
        db.session.rollback()
        for form in page.select("form:has(input[type=file])"):
            assert form["enctype"] == "multipart/form-data", url
            target = urlsplit(form.get("action") or url).path
            endpoint, _values = app.url_map.bind("localhost").match(target, method="POST")
            declared = getattr(app.view_functions[endpoint], "accepts_bytes", None)
            assert declared is not None, f"{endpoint} takes a file: say @accepts(megabytes)"
            asked.add(endpoint)
    assert asked >= {
        "milestones.edit",
        "people_imports.new",
        "form_drafts.new",
        "station_imports.new",
        "no_go.new",
    }


def test_only_views_with_a_file_take_more_than_an_ordinary_form(app):
    wide = {name for name, view in app.view_functions.items() if hasattr(view, "accepts_bytes")}
    assert wide == {
        "milestones.edit", "people_imports.new", "form_drafts.new", "form_files.index", "checklists.contenders", "station_imports.new", "station_boundaries.index",
        "expenditure_imports.new", "mission_imports.new", "agreements.new_paper", "expenditures.new", "obligations.pay", "rate_imports.new",
        "scans.of_expenditure", "scans.of_obligation", "no_go.new", "no_go.edit", "credentials.photo", "travel_imports.new",
        "entry_api.telephone", "entry_api.correction",
    }  # fmt: skip


@pytest.mark.parametrize("language", ["en", "es"])
def test_too_large_a_body_is_answered_with_a_page(app, cast, as_person, language):
    ana = as_person("ana")
    ana.http.set_cookie("language", language)
    answer = ana.http.post(f"/missions/{cast.a.code}/edit", data={"name": "x" * 1_100_000})
    assert answer.status_code == 413
    assert BeautifulSoup(answer.data, "html.parser").h1.get_text(strip=True)
    assert f'lang="{language}"' in answer.text


def test_a_body_is_bounded_whatever_length_it_states(app):
    """A body in chunks states no length: no more is read than the view takes."""
    environ = {"wsgi.input_terminated": True, "HTTP_TRANSFER_ENCODING": "chunked", "CONTENT_LENGTH": ""}
    sent = BytesIO(b"next=" + b"x" * 2_000_000)
    with app.test_request_context(
        "/language", method="POST", input_stream=sent, environ_overrides=environ,
        content_type="application/x-www-form-urlencoded",
    ):  # fmt: skip
        app.preprocess_request()
        assert sent.tell() <= limits.ORDINARY_BYTES + (64 << 10)
        assert sum(map(len, request.form.values())) <= limits.ORDINARY_BYTES


def test_whatever_tries_a_secret_is_a_door(app):
    taking = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if rule.endpoint.startswith("security.") and "POST" in rule.methods
    }
    assert taking - set(limits.DOORS) == TRY_NOTHING
    assert set(limits.DOORS) | set(limits.HEAVY) <= set(app.view_functions)


def allowed(app, path: str, method: str = "GET", *, is_member: bool = True) -> str:
    with app.test_request_context(path, method=method) as context:
        try:
            context.match_request()
        except HTTPException:
            raise AssertionError(path) from None
        if is_member:
            session["_user_id"] = "someone"
        return "free" if limits.is_free() else limits.allowance()


def test_each_kind_of_request_has_its_allowance(app):
    submission = "/missions/BOL-2019/submissions/1"
    assert allowed(app, "/annual-reports/2019/download") == limits.DOWNLOADS
    assert allowed(app, f"{submission}/files/1") == limits.DOWNLOADS
    assert allowed(app, "/account/my-data/download", "POST") == limits.DOWNLOADS
    assert allowed(app, "/audit?format=xlsx") == limits.DOWNLOADS
    assert allowed(app, "/audit") == limits.READS
    assert allowed(app, "/missions/new", "POST") == limits.WRITES
    assert allowed(app, "/language", "POST", is_member=False) == limits.STRANGERS_WRITES
    for path in (
        "/login",
        "/verify",
        "/tf-validate",
        "/mf-recovery",
        "/wan-signin",
        "/wan-verify",
        "/change",
    ):
        assert allowed(app, path, "POST", is_member=False) == limits.TRIES
    assert allowed(app, "/static/css/base.css", is_member=False) == "free"
    assert allowed(app, "/openrosa/BOL-2019/submission", "POST") == "free"


def test_who_is_counted_is_the_person_and_not_the_hotel(app):
    with app.test_request_context("/", environ_base={"REMOTE_ADDR": "198.51.100.7"}):
        assert limits.person_or_address() == "address:198.51.100.7"
        session["_user_id"] = "ana"
        assert limits.person_or_address() == "person:ana"


@pytest.mark.parametrize("number", ["2147483648", "99999999999999999999", "1" * 400])
def test_a_number_that_no_row_can_have_is_no_page(app, cast, as_person, number):
    amir = as_person("amir")
    for rule in app.url_map.iter_rules():
        if "<int:" not in rule.rule or rule.endpoint.startswith(("openrosa", "security.")):
            continue
        values = dict.fromkeys(rule.arguments, number) | {"mission": cast.a.code}
        for method in sorted(rule.methods & {"GET", "POST"}):
            answer = amir.http.open(filled(rule, cast.a.code, values), method=method)
            assert answer.status_code in (404, 405), (method, rule.rule, answer.status_code)
    for url in ("coverage/points?area=", "press?round=", "coverage?round=", "coverage?area="):
        assert amir.http.get(f"/missions/{cast.a.code}/{url}{number}").status_code in (200, 404)
    assert amir.http.get(f"/annual-reports/2019?revision={number}").status_code in (200, 404)
    db.session.rollback()
