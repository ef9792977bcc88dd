"""Sizes, allocations and draws: what must hold whatever the frame."""

from __future__ import annotations

import hashlib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eom.deployment import sampling_balance as balance
from eom.deployment.sampling_draws import (
    Frame,
    chances_by_size,
    draw_by_size,
    draw_stratified,
    draw_two_stages,
    number_of,
    numbers_of,
    taken_of,
)
from eom.deployment.sampling_sizes import (
    Allocation,
    allocate,
    cluster_effect,
    margin_of,
    shared_out,
    size_for,
    stratified_margin,
)

# Guatemala 2015 had 19,582 stations: domain.md, section 2.
GUATEMALA = [(0.05, 377), (0.03, 1013), (0.02, 2139), (0.01, 6444)]


@pytest.mark.parametrize(("margin", "size"), GUATEMALA)
def test_sizes_are_those_of_the_textbook(margin, size):
    found = size_for(margin, population=19_582)
    assert abs(found - size) <= 1
    assert margin_of(found, population=19_582) == pytest.approx(margin, rel=0.002)


def test_visits_of_guatemala_would_have_given_this_margin_had_they_been_random():
    assert margin_of(1257, population=19_582) == pytest.approx(0.027, abs=0.0005)


@given(
    margin=st.floats(0.002, 0.3), population=st.integers(2, 300_000), confidence=st.sampled_from([0.9, 0.95, 0.99]),
    share=st.floats(0.05, 0.95), effect=st.floats(1, 4),
)  # fmt: skip
def test_the_margin_of_a_size_is_the_one_asked_for_and_one_station_less_is_too_few(
    margin, population, confidence, share, effect
):
    asked = {"population": population, "confidence": confidence, "share": share, "design_effect": effect}
    size = size_for(margin, **asked)
    assert 1 <= size <= population
    # N − 1 in the place of N: the two formulas of the textbook part by less than this.
    slack = 1 + 1 / (population - 1)
    assert margin_of(size, **asked) <= margin * slack + 1e-9
    if size > 1:
        assert margin_of(size - 1, **asked) > margin / slack - 1e-9


def test_a_cluster_effect_is_one_plus_what_neighbours_share():
    assert cluster_effect(10, 0.05) == pytest.approx(1.45)
    assert cluster_effect(1, 0.9) == cluster_effect(0, 0.9) == 1


@st.composite
def shares(draw):
    most = draw(st.lists(st.integers(0, 400), min_size=1, max_size=30))
    least = draw(st.integers(0, 3))
    floor = sum(min(least, each) for each in most)
    total = draw(st.integers(floor, sum(most)))
    weights = draw(st.lists(st.floats(0, 1e4), min_size=len(most), max_size=len(most)))
    return total, weights, least, most


@given(shares())
def test_what_is_shared_out_adds_up_and_keeps_its_limits(given_):
    total, weights, least, most = given_
    parts = shared_out(total, weights, least=least, most=most)
    assert sum(parts) == total
    assert all(min(least, cap) <= part <= cap for part, cap in zip(parts, most, strict=True))


def test_the_largest_remainders_get_what_is_left():
    assert shared_out(10, [5, 3, 2.5], least=0, most=[99] * 3) == [5, 3, 2]
    assert allocate(100, [600, 300, 100], Allocation.PROPORTIONAL) == [60, 30, 10]
    assert allocate(100, [600, 300, 100], Allocation.EQUAL) == [34, 33, 33]
    assert allocate(100, [600, 300, 10], Allocation.EQUAL) == [45, 45, 10]
    assert allocate(100, [500, 500], Allocation.NEYMAN, spreads=[3, 1]) == [75, 25]
    assert allocate(10, [9000, 3, 1], Allocation.PROPORTIONAL) == [7, 2, 1]
    with pytest.raises(ValueError, match="cannot be shared out"):
        allocate(3, [10, 10], Allocation.EQUAL)
    with pytest.raises(ValueError, match="cannot be shared out"):
        allocate(30, [10, 10], Allocation.EQUAL)


def test_one_stratum_has_the_margin_of_a_simple_sample():
    assert stratified_margin([19_582], [1013]) == pytest.approx(margin_of(1013, population=19_582))
    assert stratified_margin([10, 10], [5, 0]) is None
    assert stratified_margin([10, 10], [10, 10]) == 0


def test_a_number_is_what_the_page_says_it_is():
    digest = hashlib.sha256(b"2019\nstation\nbol/tarija/101").hexdigest()
    assert number_of("2019", "station", "bol/tarija/101") == int(digest[:16], 16) / 2**64
    keys = ["a", "b", "ñandú"]
    assert numbers_of("7", "area", keys).tolist() == [number_of("7", "area", key) for key in keys]


@st.composite
def frames(draw, least=2):
    counts = draw(st.lists(st.integers(1, 60), min_size=1, max_size=8))
    areas = np.repeat(np.arange(len(counts)), counts)
    voters = draw(st.lists(st.integers(-1, 800), min_size=len(areas), max_size=len(areas)))
    shuffled = np.asarray(draw(st.permutations(range(len(areas)))), dtype=np.int64)
    return Frame(
        [f"s{each}" for each in shuffled], np.asarray(voters, dtype=np.int64)[shuffled], areas[shuffled],
        [f"a{each}" for each in range(len(counts))],
    )  # fmt: skip


def turned(frame: Frame) -> Frame:
    """The same frame with its rows the other way round."""
    return Frame(frame.keys[::-1], frame.voters[::-1].copy(), frame.areas[::-1].copy(), frame.area_keys)


def named(frame: Frame, places: list[int]) -> list[str]:
    return [frame.keys[each] for each in places]


def draws(frame, seed, size, reserve=0.4):
    taken = taken_of(frame, size, Allocation.PROPORTIONAL, 0)
    yield draw_stratified(frame, seed, taken, reserve=reserve)
    yield draw_by_size(frame, seed, size, reserve=reserve)
    areas = min(len(frame.area_keys), size, 3)
    try:
        yield draw_two_stages(frame, seed, size, area_count=areas, reserve=reserve)
    except ValueError as error:
        assert "cannot be shared out" in str(error)


@given(frame=frames(), seed=st.text("0123456789", min_size=1), part=st.floats(0.01, 1))
@settings(max_examples=60)
def test_every_draw_is_exact_repeatable_and_keeps_its_replacements_apart(frame, seed, part):
    size = max(1, round(part * len(frame)))
    again = list(draws(turned(frame), seed, size))
    for draw, other in zip(draws(frame, seed, size), again, strict=True):
        assert len(draw.places) == len(set(draw.places)) == size
        assert len(draw.chances) == size
        assert all(0 < chance <= 1 + 1e-12 for chance in draw.chances)
        assert not set(draw.places) & set(draw.reserves)
        assert len(draw.reserves) == len(set(draw.reserves))
        touched = set(frame.areas[draw.places].tolist())
        assert set(frame.areas[draw.reserves].tolist()) <= touched, (
            "a replacement is of an area that is sampled"
        )
        turned_names = named(turned(frame), other.places), named(turned(frame), other.reserves)
        assert (named(frame, draw.places), named(frame, draw.reserves)) == turned_names
    assert frame.digest == turned(frame).digest


@given(frame=frames(), part=st.floats(0.01, 1))
def test_chances_by_size_add_up_and_follow_the_voters(frame, part):
    size = max(1, round(part * len(frame)))
    chances = chances_by_size(frame.sizes, size)
    assert chances.sum() == pytest.approx(size)
    assert (chances > 0).all() and (chances <= 1).all()
    below = chances < 1
    if below.any():
        ratio = chances[below] / frame.sizes[below]
        assert np.allclose(ratio, ratio[0])


def a_frame() -> Frame:
    """Sixty stations in five areas of 4 to 20, with 50 to 640 voters."""
    counts = [4, 8, 12, 16, 20]
    areas = np.repeat(np.arange(5), counts)
    voters = np.asarray([50 + 10 * each for each in range(60)])
    return Frame([f"s{each:02}" for each in range(60)], voters, areas, list("abcde"))


@pytest.mark.parametrize("kind", [0, 1, 2], ids=["strata", "by size", "two stages"])
def test_over_many_seeds_each_station_is_drawn_as_often_as_its_chance(kind):
    frame, runs = a_frame(), 1500
    seen, chances = np.zeros(60), np.zeros(60)
    total = 0.0
    for seed in range(runs):
        draw = list(draws(frame, str(seed), 15))[kind]
        seen[draw.places] += 1
        chances[draw.places] = draw.chances
        total += sum(draw.weights)
    # Two stages: a chance is told for the areas that were drawn, so only the weights can be held to the whole.
    assert total / runs == pytest.approx(60, rel=0.03)
    if kind < 2:
        assert np.abs(seen / runs - chances).max() < 0.06
        assert seen.min() > 0


@pytest.mark.parametrize("kind", [0, 1, 2], ids=["strata", "by size", "two stages"])
def test_differences_from_the_country_are_within_chance_in_nineteen_of_twenty_samples(kind):
    frame = a_frame()
    kinds = (np.arange(60) * 7 % 4).astype(np.int64)
    taken = taken_of(frame, 15, Allocation.PROPORTIONAL, 0)
    errors = [
        balance.errors_of_strata(frame, taken, kinds, 4),
        balance.errors_by_size(frame, chances_by_size(frame.sizes, 15), kinds, 4),
        balance.errors_of_two_stages(frame, chances_by_size(frame.counts.astype(float), 3), 15, kinds, 4),
    ][kind]
    rows = [
        row
        for seed in range(400)
        for row in balance.compare(list(draws(frame, str(seed), 15))[kind], kinds, 4, errors)
    ]
    inside = sum(row.within_chance for row in rows) / len(rows)
    assert 0.9 <= inside <= 0.995
    assert sum(row.stations for row in rows[:4]) == 60
    assert sum(row.drawn for row in rows[:4]) == 15


def test_shares_by_the_strata_themselves_leave_nothing_to_chance():
    frame = a_frame()
    taken = taken_of(frame, 15, Allocation.EQUAL, 2)
    errors = balance.errors_of_strata(frame, taken, frame.areas, 5)
    rows = balance.compare(draw_stratified(frame, "1", taken), frame.areas, 5, errors)
    assert errors.tolist() == [0] * 5
    assert all(abs(row.difference) < 1e-9 and row.within_chance for row in rows)


def test_a_sample_larger_than_its_frame_is_refused():
    with pytest.raises(ValueError):
        draw_by_size(a_frame(), "1", 61)
    with pytest.raises(ValueError):
        draw_two_stages(a_frame(), "1", 50, area_count=2)
    with pytest.raises(ValueError):
        draw_stratified(a_frame(), "1", [5, 5, 5, 5, 5])
