"""Numbers and dates as accounting systems write them: whatever the way, the whole column tells, or it is asked."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eom.core.errors import InvalidInput
from eom.finance import extract_amounts as amounts
from eom.finance import extract_days as days

WAYS = {"1,234.56": (",", "."), "1.234,56": (".", ","), "1 234,56": ("\u202f", ","), "1'234.56": ("'", "."),
        "1234.56": ("", "."), "1234,56": ("", ",")}  # fmt: skip
MINUS = ("-{}", "({})", "{}-", "{} CR", "$ -{}")


def written(cents: int, group: str, mark: str, minus: str = "-{}") -> str:
    whole, rest = divmod(abs(cents), 100)
    text = f"{whole:,}".replace(",", "\0").replace("\0", group) + f"{mark}{rest:02d}"
    return minus.format(text) if cents < 0 else text


@given(st.lists(st.integers(-(10**11), 10**11), min_size=1, max_size=30), st.sampled_from(list(WAYS)),
       st.sampled_from(MINUS))  # fmt: skip
@settings(max_examples=200, deadline=None)
def test_a_column_of_amounts_is_read_as_it_was_written(column, way, minus):
    group, mark = WAYS[way]
    texts = [written(cents, group, mark, minus) for cents in column]
    found = amounts.detect(texts)
    assert (found.mark, found.is_asked) == (mark, False)
    assert [amounts.cents_of(amounts.parse(text, found.mark)) for text in texts] == column


@given(st.lists(st.integers(1, 999_999), min_size=1, max_size=20), st.sampled_from([".", ","]))
@settings(deadline=None)
def test_whole_thousands_tell_nothing_and_are_asked(column, group):
    texts = [f"{number:,}".replace(",", group) for number in column]
    found = amounts.detect(texts)
    assert found.is_asked == any(group in text for text in texts)
    for mark in (".", ","):
        if mark != group:
            assert [amounts.parse(text, mark) for text in texts] == column


def test_the_most_say_how_a_column_is_written_and_the_others_are_errors():
    found = amounts.detect(["1,234.50"] * 5 + ["1.234,50", "7"])
    assert (found.mark, found.is_asked) == (".", False)
    with pytest.raises(InvalidInput):
        amounts.parse("1.234,50", found.mark)
    assert amounts.detect(["1,5", "1.5"]).is_asked


def test_a_workbooks_own_numbers_have_a_point_whatever_its_texts_use():
    texts = ["1234.5", "12", "1.234,50", "2.000,75"]
    found = amounts.detect([*texts, "3,25"], from_workbook=True)
    assert found.mark == ","
    assert amounts.parse("1234.5", ",", from_workbook=True) == Decimal("1234.5")
    assert amounts.detect(["1.234"], from_workbook=True).mark == "."


@pytest.mark.parametrize(
    "text", ["", "-", "--5", "(-5)", "-5-", "5 CR-", "abc", "1,2,3.4", "1.2.3", "٣", "1e5", "="]
)
def test_what_is_no_amount_is_refused(text):
    with pytest.raises(InvalidInput):
        amounts.parse(text, ".")


@pytest.mark.parametrize(
    ("value", "cents"), [("1.005", None), ("1.0000000002", 100), ("-0.30000000000000004", -30)]
)
def test_cents_are_never_lost_but_for_the_noise_of_a_workbook(value, cents):
    assert amounts.cents_of(Decimal(value)) == cents


DAYS = st.dates(date(1990, 1, 1), date(2068, 12, 31))
PATTERNS = ("%d/%m/%Y", "%d-%m-%Y", "%d.%m.%y", "%m/%d/%Y", "%m-%d-%y")


@given(st.lists(DAYS, min_size=1, max_size=30), st.sampled_from(PATTERNS))
@settings(max_examples=200, deadline=None)
def test_a_column_of_dates_is_read_as_it_was_written_or_asked(column, pattern):
    texts = [each.strftime(pattern) for each in column]
    found = days.detect(texts)
    order = "dmy" if pattern.startswith("%d") else "mdy"
    if found.order is not None:
        assert found.order == order
        assert [days.parse(text, found.order) for text in texts] == column
    else:
        assert found.is_asked == any(each.day != each.month for each in column)
        assert all(each.day <= 12 for each in column)
    assert [days.parse(text, order) for text in texts] == column


@given(DAYS)
@settings(deadline=None)
def test_dates_that_can_be_read_in_one_way_need_no_order(day):
    serial = (day - date(1899, 12, 30)) // timedelta(1)
    texts = [day.isoformat(), f"{day:%Y/%m/%d}", f"{day:%Y%m%d}", f"{day:%Y-%m-%d} 00:00:00", str(serial),
             f"{serial}.5", f"{day:%d-%b-%Y}", f"{day:%d %B %Y}", f"{day:%B %d, %Y}"]  # fmt: skip
    assert [days.parse(text, None) for text in texts] == [day] * len(texts)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("20-OCT-19", date(2019, 10, 20)),
        ("20 de octubre de 2019", date(2019, 10, 20)),
        ("3 août 2019", date(2019, 8, 3)),
        ("1 juil. 2019", date(2019, 7, 1)),
        ("9 de março de 2020", date(2020, 3, 9)),
        ("5/5/2019", date(2019, 5, 5)),
        ("31/02/2019", None),
        ("05/12/2019", None),
        ("20/10/1889", None),
        ("1 jui 2019", None),
        ("soon", None),
        ("", None),
    ],
)
def test_dates_in_words_and_what_is_none(text, day):
    assert days.parse(text, None if day is None and text.startswith("05") else "dmy") == day
