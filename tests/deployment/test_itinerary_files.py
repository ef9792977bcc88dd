"""GPX and calendars: escaping, folding, and characters that neither allows."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from eom.deployment.itinerary_files import Call, escaped, folded, gpx, ics
from eom.deployment.route_map import route_svg

AT = datetime(2019, 10, 20, 11, 30, tzinfo=UTC)


def a_call(name="1. School", note="Opening", key="plan-1"):
    return Call(key, name, note, AT, AT.replace(hour=13, minute=0), -21.53, -64.73)


def unfolded(data: bytes) -> list[str]:
    return data.decode("utf-8").replace("\r\n ", "").split("\r\n")


def unescaped(text: str) -> str:
    return re.sub(r"\\(.)", lambda m: "\n" if m[1] in "nN" else m[1], text)


@given(st.text())
def test_a_text_comes_back_from_a_calendar(text):
    lines = unfolded(ics("Team", [a_call(name=text)], host="localhost", made_at=AT))
    told = next(line for line in lines if line.startswith("SUMMARY:")).removeprefix("SUMMARY:")
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    plain = "".join(
        c for c in plain if c == "\n" or (c >= " " and c != "\x7f" and not "\ud800" <= c <= "\udfff")
    )
    assert unescaped(told) == plain


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=400))
def test_no_line_is_longer_than_75_octets_and_no_character_is_cut(text):
    pieces = list(folded(text))
    assert all(len(piece.encode("utf-8")) <= 75 for piece in pieces)
    assert pieces[0] + "".join(piece[1:] for piece in pieces[1:]) == text


def test_a_text_cannot_end_a_line_and_begin_another_property():
    assert escaped("a;b,c\\d\r\nATTENDEE:x") == "a\\;b\\,c\\\\d\\nATTENDEE:x"


def test_a_calendar_has_what_the_standard_asks():
    lines = unfolded(ics("Team 1", [a_call()], host="observe.example", made_at=AT))
    assert lines[0] == "BEGIN:VCALENDAR"
    assert {
        "VERSION:2.0",
        "UID:plan-1@observe.example",
        "DTSTART:20191020T113000Z",
        "DTEND:20191020T130000Z",
    } <= set(lines)
    assert lines[-2:] == ["END:VCALENDAR", ""]


@given(st.text())
def test_any_name_makes_a_gpx_file_that_can_be_read(name):
    root = etree.fromstring(gpx("Team", [a_call(name=name)]))
    assert root.find("{*}rte/{*}rtept").get("lat") == "-21.530000"
    assert len(root.findall("{*}wpt")) == 1


@given(
    st.lists(st.tuples(st.floats(-89, 89), st.floats(-179, 179)), min_size=0, max_size=8),
    st.none() | st.tuples(st.floats(-89, 89), st.floats(-179, 179)),
)
def test_a_picture_is_made_of_any_route(stops, base):
    made = route_svg(base, stops, None, "Map <1>", "Base & co")
    if stops or base:
        root = etree.fromstring(str(made))
        assert root.get("aria-label") == "Map <1>"
        assert "nan" not in str(made)


@pytest.mark.parametrize("count", [1, 3])
def test_stations_at_one_place_share_a_mark(count):
    made = route_svg(None, [(-21.5, -64.7)] * count, None, "Map", "Base")
    assert ", ".join(str(n) for n in range(1, count + 1)) in str(made)
