"""Every route that writes, and every list, with whatever anybody may send: a sentence or a page, never a fault.

The application of the tests raises what would be a 500, so a fault fails with its own trace.
"""

from __future__ import annotations

import io
import random

import pytest
from bs4 import BeautifulSoup
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from eom.extensions import db
from tests.factories.world import make_everything
from tests.people import Client
from tests.rules.test_objects import filled, rules

NASTY = [
    "", " ", "\0", "a\0b", "\ud7ff\u202e\u200b", "<script>alert(1)</script>", "=HYPERLINK(\"x\")", "'; DROP TABLE users;--",
    "../../etc/passwd", "%s%n{0}{{7*7}}", "x" * 9000, "0", "-1", "1e309", "NaN", "Infinity", "99999999999999999999999", "1.234,50",
    "1,234.50", "0.001", "-0", "٣٤", "²", "true", "None", "null", "[]", "{}", "9999-12-31", "0001-01-01", "2024-02-30",
    "24:61", "USD", "usd", "XXX", "es", "123456789", "987654321987654321", "observer", "administrator", "http://evil.example",
    "\r\nSet-Cookie: a=b", "\x7f\x1b[31m", "𝔘𝔫𝔦", "é" * 300,
]  # fmt: skip
# Leaving is no fault, but it ends the visit.
LEFT_OUT = {"security.logout"}
BOUNDED = settings(
    max_examples=4, phases=[Phase.generate], deadline=None, derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)  # fmt: skip


@pytest.fixture
def ids(app, cast):
    return make_everything(cast.a, cast.user("amir")) | {"group": "passport"}


def fields_of(client: Client, url: str) -> list[str]:
    """The names of the fields on the page of a form."""
    answer = client.http.get(url)
    db.session.rollback()
    if answer.status_code != 200 or answer.mimetype != "text/html":
        return ["reason", "file", "token", "name"]
    found = BeautifulSoup(answer.text, "html.parser").select("main [name]")
    return [each["name"] for each in found if each["name"] != "csrf_token"] or ["reason"]


FILES = [
    b"", b"PK\x03\x04", b"PK\x05\x06" + b"\0" * 18, b"%PDF-", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"a;b\n1;2",
    b"\xff\xfe", b"\x89PNG\r\n\x1a\n", b"\x1f\x8b\x08\0", b"<?xml version='1.0'?><!DOCTYPE x [<!ENTITY a 'b'>]><x>&a;</x>",
]  # fmt: skip
FILE_NAMES = ["a.csv", "b.xlsx", "../c.zip", "\0", "d" * 300, "e.xml"]
# What was sent depends on what stands in the database by then, so an example is a seed and no list of draws.
SEEDS = st.integers(0, 2**32)


def value(dice: random.Random) -> str:
    if dice.random() < 0.7:
        return dice.choice(NASTY)
    return "".join(
        chr(dice.choice([dice.randrange(32, 127), dice.randrange(1, 0xD7FF)]))
        for _ in range(dice.randrange(40))
    )


def strange_form(dice: random.Random, names: list[str]) -> dict:
    form: dict = {}
    for name in names:
        how = dice.randrange(10)
        if how == 0:
            continue
        if how == 1:
            form[name] = [value(dice), value(dice)]
        elif how == 2 or name in ("file", "document"):
            content = dice.choice([*FILES, dice.randbytes(dice.randrange(400))])
            form[name] = (io.BytesIO(content), dice.choice(FILE_NAMES))
        else:
            form[name] = value(dice)
    return form


@BOUNDED
@given(seed=SEEDS)
def test_no_form_is_too_strange(app, cast, ids, seed):
    """Each route that writes, with real objects, as an administrator, by its own fields."""
    dice = random.Random(seed)
    for rule in rules(app):
        if "POST" not in rule.methods or rule.endpoint in LEFT_OUT:
            continue
        client = Client(app, cast.user("amir"))
        url = filled(rule, cast.a.code, ids)
        names = fields_of(client, url) if "GET" in rule.methods else ["reason", "token", "file"]
        form = strange_form(dice, names)
        answer = client.http.post(url, data=form, content_type="multipart/form-data")
        db.session.rollback()
        assert answer.status_code < 500, (rule.endpoint, answer.status_code)


IDS = ["0", "2147483648", "99999999999999999999", "a%00b", "é", "..", "x" * 300]
BODIES = st.one_of(
    st.tuples(st.binary(max_size=200), st.sampled_from(
        ["multipart/form-data; boundary=x", "multipart/form-data", "application/x-www-form-urlencoded", "application/json",
         "text/xml", "image/png", "nonsense", "multipart/form-data; boundary=" + "y" * 300])),
    st.tuples(st.just(b'{"name": ["a", {"b": null}]}'), st.just("application/json")),
    st.tuples(st.just(b"name=%FF%FE&name=%00&reason=%C3%28"), st.just("application/x-www-form-urlencoded")),
    st.tuples(st.just(b"--x\r\nContent-Disposition: form-data; name=\"reason\"\r\n\r\n\xff\xfe"), st.just("multipart/form-data; boundary=x")),
)  # fmt: skip


@BOUNDED
@given(body=BODIES)
def test_no_body_is_too_broken(app, cast, ids, body):
    client = Client(app, cast.user("amir"))
    for rule in rules(app):
        if "POST" in rule.methods and rule.endpoint not in LEFT_OUT:
            answer = client.http.post(filled(rule, cast.a.code, ids), data=body[0], content_type=body[1])
            db.session.rollback()
            assert answer.status_code < 500, (rule.endpoint, answer.status_code)


@BOUNDED
@given(seed=SEEDS)
def test_no_question_to_a_page_is_too_strange(app, cast, ids, seed):
    """Each page with query strings of its lists: page, sort, filters, formats, days."""
    dice = random.Random(seed)
    client = Client(app, cast.user("amir"))
    names = [
        "page",
        "sort",
        "q",
        "format",
        "kind",
        "role",
        "state",
        "since",
        "until",
        "action",
        "year",
        "lang",
        "revision",
        "stage",
        "next",
    ]
    for rule in rules(app):
        if "GET" not in rule.methods:
            continue
        query = {name: value(dice) for name in dice.sample(names, dice.randrange(4))}
        answer = client.http.get(filled(rule, cast.a.code, ids), query_string=query)
        db.session.rollback()
        assert answer.status_code < 500, (rule.endpoint, query)


@BOUNDED
@given(seed=SEEDS)
def test_no_address_is_too_strange(app, cast, seed):
    """Each address with ids that are none, too large, hostile."""
    dice = random.Random(seed)
    client = Client(app, cast.user("amir"))
    for rule in rules(app):
        strange = {name: dice.choice(IDS) for name in rule.arguments}
        for method in sorted(rule.methods & {"GET", "POST"}):
            answer = client.http.open(filled(rule, strange.get("mission", ""), strange), method=method)
            db.session.rollback()
            assert answer.status_code < 500, (rule.endpoint, method)
