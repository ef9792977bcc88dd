"""Columns of a register are guessed in four languages, and a bad mapping is refused by field."""

import pytest

from eom.core.errors import InvalidInput
from eom.stations.mapping import FIELDS, check_mapping, guess_mapping

BOLIVIA = [
    "Número Mesa",
    "País",
    "Departamento",
    "Provincia",
    "Municipio",
    "Localidad",
    "Distrito",
    "Zona",
]
BOLIVIA += ["Recinto", "lat", "lon", "Inscritos", "CC", "Blancos", "Nulos"]


def test_the_bolivian_file_is_understood():
    assert guess_mapping(BOLIVIA, []) == {
        "station_code": "Número Mesa",
        "country": "País",
        "area_1": "Departamento",
        "area_2": "Provincia",
        "area_3": "Municipio",
        "locality": "Localidad",
        "district": "Distrito",
        "zone": "Zona",
        "centre_name": "Recinto",
        "latitude": "lat",
        "longitude": "lon",
        "registered_voters": "Inscritos",
    }


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        (
            [
                "Bureau de vote",
                "Département",
                "Commune",
                "Centre de vote",
                "Électeurs inscrits",
            ],
            ["station_code", "area_1", "area_2", "centre_name", "registered_voters"],
        ),
        (
            ["Seção", "UF", "Município", "Local de votação", "Eleitores"],
            ["station_code", "area_1", "area_2", "centre_name", "registered_voters"],
        ),
        (
            [
                "Polling Station Code",
                "Region",
                "Polling Place",
                "Latitude",
                "Longitude",
                "Registered voters",
            ],
            [
                "station_code",
                "area_1",
                "centre_name",
                "latitude",
                "longitude",
                "registered_voters",
            ],
        ),
        (["JRV", "PROVINCIA", "CANTÓN"], ["station_code", "area_1", "area_2"]),
    ],
)
def test_headings_in_four_languages(headers, expected):
    assert {field: header for field, header in guess_mapping(headers, []).items()} == dict(
        zip(expected, headers, strict=True)
    )


def test_values_tell_a_code_from_a_name():
    headers = [
        "departamento",
        "departamento_nombre",
        "recinto",
        "recinto_nombre",
        "primera_mesa",
    ]
    rows = [
        ["6", "TARIJA", "275100013", "U.E. NUEVA", "60001"],
        ["6", "TARIJA", "275100014", "COL. SUR", "60009"],
    ]
    assert guess_mapping(headers, rows) == {
        "area_1": "departamento_nombre",
        "centre_name": "recinto_nombre",
        "centre_code": "recinto",
    }


def test_headings_of_votes_are_left_alone():
    assert guess_mapping(["MAS - IPSP", "CC", "Válidos", "Nulos"], [["1", "2", "3", "4"]]) == {}


@pytest.mark.parametrize(
    ("mapping", "field"),
    [
        ({"area_1": "Departamento"}, "station_code"),
        ({"station_code": "Número Mesa"}, "area_1"),
        (
            {
                "station_code": "Número Mesa",
                "area_1": "Departamento",
                "area_3": "Municipio",
            },
            "area_2",
        ),
        (
            {
                "station_code": "Número Mesa",
                "area_1": "Departamento",
                "latitude": "lat",
            },
            "longitude",
        ),
        ({"station_code": "Número Mesa", "area_1": "Número Mesa"}, "station_code"),
        ({"station_code": "Número Mesa", "area_1": "Gone"}, "area_1"),
    ],
)
def test_an_unusable_mapping_is_refused_on_its_field(mapping, field):
    with pytest.raises(InvalidInput) as raised:
        check_mapping(mapping, BOLIVIA)
    assert raised.value.field == field


def test_every_field_has_words():
    assert all(str(label) for label in FIELDS.values())
