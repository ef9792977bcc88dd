"""Nights that no hotel covers, and stays that overlap."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from eom.logistics.nights import Nights, uncovered

FIRST = date(2019, 10, 1)
nights = st.builds(
    lambda start, count: Nights(FIRST + timedelta(days=start), FIRST + timedelta(days=start + count)),
    st.integers(0, 40), st.integers(0, 20),
)  # fmt: skip


def each(stay: Nights) -> set[date]:
    return {stay.first + timedelta(days=n) for n in range(stay.count)}


@given(nights, st.lists(nights, max_size=5))
def test_each_night_is_either_covered_or_told_and_never_both(wanted, stays):
    gaps = uncovered(wanted, stays)
    covered = set().union(*map(each, stays)) if stays else set()
    assert set().union(*map(each, gaps)) == each(wanted) - covered
    assert all(gap.count > 0 for gap in gaps)
    assert all(one.until < next_.first for one, next_ in zip(gaps, gaps[1:], strict=False))


@given(nights, nights)
def test_stays_overlap_when_a_night_is_in_both(one, other):
    assert (one.overlaps(other) and bool(one.count and other.count)) == bool(each(one) & each(other))


def test_the_day_of_leaving_is_no_night():
    day = date(2019, 10, 20)
    one, next_ = Nights(date(2019, 10, 18), day), Nights(day, date(2019, 10, 22))
    assert not one.overlaps(next_)
    assert uncovered(Nights(date(2019, 10, 18), date(2019, 10, 22)), [one, next_]) == []
