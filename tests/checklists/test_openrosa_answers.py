"""One answer of each kind: read as its type, or kept as text and said to be unreadable."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eom.checklists import openrosa
from eom.checklists.openrosa_answers import converter
from eom.checklists.openrosa_contents import contents
from eom.checklists.xlsform import convert
from tests.checklists.test_openrosa import NOW
from tests.checklists.workbooks import book

KINDS = [
    "integer", "decimal", "range", "date", "time", "dateTime", "select_multiple", "rank", "geopoint", "geotrace", "geoshape",
]  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "text", "answer"),
    [
        ("integer", "+7", 7),
        ("integer", "-007", -7),
        ("decimal", "1e3", 1000),
        ("decimal", ".5", 0.5),
        ("range", "2.50", 2.5),
        ("date", "2024-02-29", "2024-02-29"),
        ("time", "23:59", "23:59"),
        ("time", "08:05:00.000-04:00", "08:05:00.000-04:00"),
        ("dateTime", "2019-10-20T08:05:30Z", "2019-10-20T08:05:30Z"),
        ("dateTime", "2019-10-20T08:05:30.123+0530", "2019-10-20T08:05:30.123+0530"),
        ("select_multiple", "b  a", ["b", "a"]),
        ("geopoint", "-90 180 0 0", {"latitude": -90, "longitude": 180, "altitude": 0, "accuracy": 0}),
        ("geotrace", "1 2;3 4;", [{"latitude": 1, "longitude": 2}, {"latitude": 3, "longitude": 4}]),
    ],
)
def test_an_answer_has_its_type(kind, text, answer):
    assert converter(kind)(text) == (answer, True)


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("integer", "1.0"),
        ("integer", "٣"),
        ("integer", "9" * 19),
        ("decimal", "NaN"),
        ("decimal", "1e999"),
        ("decimal", "0x10"),
        ("decimal", "1,5"),
        ("date", "2019-02-29"),
        ("date", "2019-13-01"),
        ("date", "0000-01-01"),
        ("date", "٢٠١٩-١٠-٢٠"),
        ("date", "2019-10-20T08:00"),
        ("time", "24:00"),
        ("time", "٠٨:٠٠"),
        ("time", "08:00+99:99"),
        ("dateTime", "2019-02-29T08:00:00Z"),
        ("dateTime", "2019-10-20 08:00:00Z"),
        ("dateTime", "T"),
        ("geopoint", "90.1 0"),
        ("geopoint", "1"),
        ("geopoint", "1 2 3 4 5"),
        ("geopoint", "1 2 1e400 1"),
        ("geotrace", "1 2;x"),
    ],
)
def test_what_is_none_stays_text_and_is_said(kind, text):
    assert converter(kind)(text) == (text, False)


@given(
    st.sampled_from(KINDS), st.text(alphabet="0123456789.+-eE:TZ; ٣²∞x", max_size=40) | st.text(max_size=40)
)
@settings(max_examples=400, deadline=None, derandomize=True)
def test_any_text_becomes_something_that_every_database_holds(kind, text):
    answer, is_readable = converter(kind)(text)
    assert is_readable or answer == text
    assert json.loads(json.dumps(answer, allow_nan=False)) == answer


@pytest.mark.parametrize(
    "rule",
    ["pow(., -1) < 1", "pow(., 0.5) < 1", "round(., .) < 1", "round(1.5, . * 1000000) < 9", ". div 0 < 1", ". mod 0 < 1",
     "substr(., . * 1000000000000) = ''", "date(. * 1000000000000) < today()", "int(.) = number('x')", "regex(., '(')"],
)  # fmt: skip
@pytest.mark.parametrize("value", ["0", "-1", "-0.5", "1e300", "-1e300", "many", "999999999999999999"])
def test_no_answer_makes_a_rule_stumble(rule, value):
    survey = [["type", "name", "label", "constraint"], ["decimal", "n", "N", rule]]
    form = convert(book(survey), "f.xlsx")
    xml = f'<data id="opening"><n>{value}</n><meta><instanceID>1</instanceID></meta></data>'
    found = contents(form, openrosa.read_submission(xml.encode()), NOW)
    assert "n" in found.answers
