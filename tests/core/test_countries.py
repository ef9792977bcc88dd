"""Countries are found by code and by name in four languages."""

import pytest

from eom.core.countries import (
    MEMBER_STATES,
    PERMANENT_OBSERVERS,
    all_countries,
    alpha2,
    alpha3,
)


def test_the_lists_are_countries():
    assert len(MEMBER_STATES) == len(set(MEMBER_STATES)) == 35
    assert len(all_countries()) == len(set(all_countries())) == 249
    assert set(MEMBER_STATES) | set(PERMANENT_OBSERVERS) <= set(all_countries())
    assert not set(MEMBER_STATES) & set(PERMANENT_OBSERVERS)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("España", "ESP"),
        ("estados unidos", "USA"),
        ("États-Unis", "USA"),
        ("Etats Unis", "USA"),
        ("Brésil", "BRA"),
        ("República de Corea del Sur", "KOR"),
        ("República Dominicana", "DOM"),
        ("bo", "BOL"),
        (" per ", "PER"),
        ("Trinidad & Tobago", "TTO"),
        ("Paises Bajos", "NLD"),
        ("Gran Bretaña", "GBR"),
        ("Atlantis", None),
        ("", None),
    ],
)
def test_a_country_is_found_by_code_or_name(text, code):
    assert alpha3(text) == code


def test_two_letter_codes():
    assert alpha2("BOL") == "BO"
    assert alpha2("XXX") is None
