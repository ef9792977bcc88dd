"""Money: nothing is lost, nothing is mixed, nothing is guessed twice."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from eom.core.errors import InvalidInput
from eom.core.money import Money, convert, is_currency, parse_amount, portion, share_out, to_cents, to_units

CENTS = st.integers(-(10**14), 10**14)


def test_arithmetic_keeps_the_currency() -> None:
    assert Money(150, "USD") + Money(-50, "USD") == Money(100, "USD")
    assert Money(150, "USD") - Money(50, "USD") == -Money(-100, "USD")


def test_currencies_do_not_mix() -> None:
    with pytest.raises(ValueError, match="USD and EUR"):
        Money(1, "USD") + Money(1, "EUR")


@pytest.mark.parametrize("value", [1.0, Decimal("1"), "1", True, None])
def test_only_whole_cents_are_money(value: object) -> None:
    with pytest.raises(TypeError):
        Money(value, "USD")  # type: ignore[arg-type]


@given(CENTS)
def test_cents_and_units_are_the_same_amount(cents: int) -> None:
    assert to_cents(to_units(cents)) == cents


@pytest.mark.parametrize(("units", "cents"), [("0.005", 0), ("0.015", 2), ("-0.025", -2), ("2.675", 268)])
def test_half_a_cent_goes_to_the_even_one(units: str, cents: int) -> None:
    assert to_cents(Decimal(units)) == cents


def test_a_float_is_no_amount() -> None:
    with pytest.raises(TypeError):
        to_cents(0.1)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("cents", "rate", "dollars"),
    [(691_00, "6.91", 100_00), (100_00, "0.9", 111_11), (-691_00, "6.91", -100_00)],
)
def test_a_rate_is_units_for_one_dollar(cents: int, rate: str, dollars: int) -> None:
    assert convert(cents, Decimal(rate)) == dollars


@pytest.mark.parametrize("rate", ["0", "-1"])
def test_a_rate_is_above_zero(rate: str) -> None:
    with pytest.raises(ValueError, match="above zero"):
        convert(100, Decimal(rate))


@given(CENTS, st.decimals("0.0001", "100000", places=4))
def test_conversion_is_off_by_half_a_cent_at_most(cents: int, rate: Decimal) -> None:
    assert abs(Decimal(cents) / rate - convert(cents, rate)) <= Decimal("0.5000001")


@given(CENTS, st.decimals("0", "30", places=2))
def test_a_portion_mirrors_its_sign(cents: int, percent: Decimal) -> None:
    assert portion(-cents, percent) == -portion(cents, percent)


@given(CENTS, st.lists(st.integers(0, 10**9), min_size=1, max_size=50))
def test_shares_add_up_and_stay_near_their_weight(total: int, weights: list[int]) -> None:
    assume(sum(weights) > 0)
    shares = share_out(total, weights)
    assert sum(shares) == total
    for share, weight in zip(shares, weights, strict=True):
        assert abs(share * sum(weights) - total * weight) < sum(weights)
        assert weight or share == 0


def test_equal_remainders_go_to_the_earlier_share() -> None:
    assert share_out(100, [1, 1, 1]) == [34, 33, 33]
    assert share_out(-100, [1, 1, 1]) == [-34, -33, -33]


@pytest.mark.parametrize("weights", [[], [0, 0], [1, -1], [3, -1]])
def test_shares_need_weights(weights: list[int]) -> None:
    with pytest.raises(ValueError, match="weights"):
        share_out(100, weights)


@pytest.mark.parametrize(
    ("text", "language", "amount"),
    [
        ("1,234.50", "en", "1234.50"),
        ("1.234,50", "en", "1234.50"),
        ("1.234", "fr", "1234"),
        ("1.234", "en", "1.234"),
        ("1,234", "en", "1234"),
        ("1,234", "pt", "1.234"),
        ("12,5", "en", "12.5"),
        ("1\u202f234,50", "fr", "1234.50"),
        ("1.234.567", "en", "1234567"),
        ("−12.00", "es", "-12.00"),
        ("0,500", "en", "0.500"),
    ],
)
def test_amounts_are_read_as_people_write_them(text: str, language: str, amount: str) -> None:
    assert parse_amount(text, language) == Decimal(amount)


@pytest.mark.parametrize(
    "text", ["", " ", "abc", "1e5", "NaN", "1,2,3", "1.5.3", "--1", "1.234.567,8,9", "=1", "9" * 40]
)
def test_what_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput):
        parse_amount(text)


@given(st.text(max_size=20))
def test_any_text_is_an_amount_or_refused(text: str) -> None:
    try:
        assert parse_amount(text).is_finite()
    except InvalidInput:
        pass


def test_currencies_are_iso_4217() -> None:
    assert is_currency("BOB")
    assert not is_currency("XXQ")
    assert not is_currency("usd")
