"""The policy: length and the list of common ones, nothing about kinds of characters."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eom.accounts.services import passwords
from eom.core.errors import InvalidInput


def check(text: str) -> str:
    return passwords.check(text, email="ana.rojas@example.org", name="Ana María Rojas")


@pytest.mark.parametrize(
    "good",
    ["tres gatos verdes y un tren", "correct horse battery staple", "Ünïcödé wörds in a rôw", "k9#vq2!pzr7w"],
)
def test_what_is_long_and_not_common_will_do(good):
    assert check(good)


@pytest.mark.parametrize(
    ("bad", "words"),
    [
        ("", "at least 12"),
        ("eleven char", "at least 12"),
        ("x" * 129, "at most 128"),
        ("1234567890123", "guess"),
        ("qwertyuiop123", "common"),
        ("passwordpassword", "guess"),
        ("anarojas2026", "guess"),
        ("aaaaaaaaaaaaaaaaaaaa", "guess"),
    ],
)
def test_what_is_short_common_or_the_persons_own_name_will_not(bad, words):
    with pytest.raises(InvalidInput, match=words) as caught:
        check(bad)
    assert caught.value.field == "password"


@given(st.text(max_size=300))
def test_any_text_is_taken_or_refused_with_a_sentence(text):
    try:
        assert passwords.MINIMUM_LENGTH <= len(check(text)) <= passwords.MAXIMUM_LENGTH
    except InvalidInput as error:
        assert str(error.message)
