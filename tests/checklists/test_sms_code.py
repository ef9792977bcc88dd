"""Coded messages: what is understood, what is refused and in which words; nothing makes the parser fail."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eom.checklists import sms_words
from eom.checklists.sms_code import AnswerKind, Code, CodeBook, ProblemKind, encode, parse

K = AnswerKind
YES_NO = (("1", "yes"), ("0", "no"))
BOOK = CodeBook(
    "OPEN",
    (
        Code("A", "on_time", K.ONE, YES_NO),
        Code("B", "sealed", K.ONE, YES_NO),
        Code("C", "opened_at", K.TIME),
        Code("D", "ballots", K.INTEGER),
        Code("E", "share", K.DECIMAL),
        Code("F", "parties", K.SEVERAL, (("A", "red"), ("B", "blue"), ("C", "green"))),
        Code("G", "conduct", K.ONE, (("1", "good"), ("2", "fair"), ("3", "poor"))),
        Code("QQ", "queue", K.INTEGER),
        Code("Z", "remark", K.TEXT),
    ),
)
BOOKS = [BOOK, CodeBook("ALERT", (Code("A", "kind", K.ONE, YES_NO),), needs_station=False)]


@pytest.mark.parametrize(
    "text",
    [
        "OPEN 12345 A1 B0 C730", "open 12345 a1 b0 c730", "Open,12345;A1,B0,C7:30", "  OPÉN   12345  A 1 B 0 C 0730 ",
        "OPEN 12345 A1B0C730", "OPEN12345 A1B0C7.30", "OPEN 12345 A=1 B=0 C=7h30", "OPEN#12345#A1#B0#C730",
        "OPEN 12345 A1 BO C73O", "ＯＰＥＮ １２３４５ Ａ１ Ｂ０ Ｃ７３０", "OPEN 12345 c730 AA B0",
    ],
)  # fmt: skip
def test_a_message_is_understood_however_it_is_typed(text):
    reading = parse(BOOKS, text)
    assert reading.problems == []
    assert reading.station == "12345"
    assert reading.values == {"on_time": "yes", "sealed": "no", "opened_at": "07:30"}


def test_every_kind_of_answer_is_read():
    reading = parse(BOOKS, "OPEN 7-B D0220 E3,5 FCA G3 QQ12 Z Caja sin sello: ¡ver!")
    assert reading.problems == []
    assert reading.values == {
        "ballots": "220", "share": "3.5", "parties": "red green", "conduct": "poor", "queue": "12",
        "remark": "Caja sin sello: ¡ver!",
    }  # fmt: skip


def test_an_o_is_a_zero_only_in_numbers_and_it_is_said():
    reading = parse(BOOKS, "OPEN 12345 D1O5")
    assert (reading.values, reading.zeros) == ({"ballots": "105"}, ["D"])
    assert "read as zero in D" in sms_words.received(reading)
    # Where a code begins with O, an O in a number could be that letter.
    book = CodeBook("OPEN", (Code("D", "d", K.INTEGER), Code("O", "o", K.INTEGER)))
    assert parse([book], "OPEN 1 D1O5").values == {"d": "1", "o": "5"}


@pytest.mark.parametrize(
    ("text", "kind", "sign", "value", "words"),
    [
        ("", ProblemKind.EMPTY, "", "", "empty"),
        ("hello there", ProblemKind.KEYWORD, "", "hello", "Begin with: OPEN, ALERT"),
        ("OPEN", ProblemKind.STATION, "", "", "station is missing"),
        ("OPEN A1 B0", ProblemKind.STATION, "", "", "station is missing"),
        ("OPEN 12345", ProblemKind.NOTHING, "", "", "no answers"),
        ("OPEN 12345 A1 A0", ProblemKind.REPEATED, "A", "", "A stands twice"),
        ("OPEN 12345 A1 X4", ProblemKind.LETTER, "X", "4", "X4: this form has no letter X"),
        ("OPEN 12345 A7", ProblemKind.VALUE, "A", "7", "expected one of 1, 0"),
        ("OPEN 12345 C2570", ProblemKind.VALUE, "C", "2570", "a time such as 730"),
        ("OPEN 12345 D B1", ProblemKind.NO_VALUE, "D", "", "D has no value"),
        ("OPEN 12345 FAX", ProblemKind.VALUE, "F", "AX", "letters of A, B, C"),
        ("OPEN 12345 77", ProblemKind.LETTER, "", "77", "no letter before it"),
        ("OPEN 12345 Z", ProblemKind.NO_VALUE, "Z", "", "some words"),
        ("OPEN 1 Z" + "x" * 2000, ProblemKind.TOO_LONG, "", "", "too long"),
    ],
)
def test_what_is_wrong_is_named(app, text, kind, sign, value, words):
    [problem] = parse(BOOKS, text).problems
    assert (problem.kind, problem.sign, problem.value) == (kind, sign, value)
    assert words in sms_words.refused([problem], BOOKS)


@given(st.text(max_size=400))
def test_the_parser_never_fails(text):
    reading = parse(BOOKS, text)
    assert reading.is_good or reading.problems


@given(st.text(alphabet="OPENABCDFGQZ0123456789 ,.:=-é\u0130ß", max_size=80))
def test_the_parser_never_fails_on_what_looks_like_a_message(text):
    reading = parse(BOOKS, "OPEN 1 " + text)
    assert set(reading.values) <= {code.key for code in BOOK.codes}
    assert not (reading.is_good and not reading.values)


WORDS = st.text(alphabet=st.characters(categories=["L", "N", "P"]), min_size=1, max_size=8)
VALUES = st.fixed_dictionaries(
    {},
    optional={
        "on_time": st.sampled_from(["yes", "no"]),
        "sealed": st.sampled_from(["yes", "no"]),
        "opened_at": st.times().map(lambda at: f"{at:%H:%M}"),
        "ballots": st.integers(-999, 10**9).map(str),
        "share": st.decimals(0, 100, places=3, allow_nan=False).map(lambda each: f"{each:f}"),
        "parties": st.sets(st.sampled_from(["red", "blue", "green"]), min_size=1).map(
            lambda chosen: " ".join(name for name in ("red", "blue", "green") if name in chosen)
        ),
        "conduct": st.sampled_from(["good", "fair", "poor"]),
        "queue": st.integers(0, 5000).map(str),
        "remark": st.lists(WORDS, min_size=1, max_size=4)
        .map(" ".join)
        .filter(lambda t: t.strip(" ,:=.") == t),
    },
).filter(bool)


@given(VALUES, st.from_regex(r"[0-9]{1,3}[A-Z0-9/-]{2,5}", fullmatch=True))
def test_what_is_written_is_read_again(values, station):
    reading = parse(BOOKS, encode(BOOK, station, values))
    assert reading.problems == []
    assert (reading.station, reading.values) == (station, values)


@given(st.text(max_size=400))
def test_an_answer_fits_one_message(text):
    said = sms_words.fitted(text)
    assert sms_words.length(said) <= sms_words.LIMIT
    assert set(said) <= set(sms_words.BASIC + sms_words.EXTENSION)
