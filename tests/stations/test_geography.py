"""A register's file becomes areas, centres and stations; what is wrong in it is named cell by cell."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eom.core.errors import InvalidFile
from eom.core.spreadsheets import read_table
from eom.stations.geography import read_register
from eom.stations.geography_levels import locate, of_geojson
from eom.stations.geography_points import first_level_boundaries
from eom.stations.mapping import guess_mapping
from tests.stations.registers import TARIJA, bolivia, of_table, register

HEAD = "Mesa,País,Departamento,Provincia,Municipio,Localidad,Recinto,lat,lon,Inscritos\n"
TARIJA_CITY = "Bolivia,Tarija,Cercado,Tarija"


def errors_of(text: str, host: str = "BOL"):
    with pytest.raises(InvalidFile) as raised:
        register(text, host)
    return raised.value.errors


def test_the_whole_register_of_2019():
    whole = bolivia()
    abroad = {area.key for area in whole.areas if area.is_abroad}
    assert len(whole.stations) == 34_555
    assert len(whole.centres) == 5_296
    assert whole.registered_voters == 7_315_364
    assert whole.without_coordinates_count == 0
    assert whole.is_numbered_nationally
    assert sum(area.level == 0 for area in whole.areas) == 33
    in_abroad = {centre.key for centre in whole.centres if centre.area_key in abroad}
    assert sum(station.centre_key in in_abroad for station in whole.stations) == 1_507
    assert sum(area.level == 1 and not area.is_abroad for area in whole.areas) == 9
    assert all(centre.name == " ".join(centre.name.split()) for centre in whole.centres)


def test_every_link_in_a_register_holds():
    small = of_table(read_table(TARIJA))
    areas = {area.key: area for area in small.areas}
    centres = {centre.key for centre in small.centres}
    assert len(small.stations) == 1_802
    assert len(centres) == len(small.centres)
    assert all(station.centre_key in centres for station in small.stations)
    assert all(centre.area_key in areas for centre in small.centres)
    assert all(area.parent_key in areas for area in small.areas if area.parent_key)
    assert all(areas[area.parent_key].level < area.level for area in small.areas if area.parent_key)


def test_places_abroad_stand_under_their_country():
    small = register(HEAD + "1,Argentina,Buenos Aires,Quilmes,Quilmes,,Escuela 1,-34.7,-58.2,100\n")
    assert [(a.key, a.level, a.parent_key, a.country, a.is_abroad) for a in small.areas] == [
        ("arg", 0, None, "ARG", True),
        ("arg/buenos aires", 1, "arg", "ARG", True),
        ("arg/buenos aires/quilmes", 2, "arg/buenos aires", "ARG", True),
        (
            "arg/buenos aires/quilmes/quilmes",
            3,
            "arg/buenos aires/quilmes",
            "ARG",
            True,
        ),
    ]


def test_the_same_name_in_two_municipalities_is_two_centres():
    text = HEAD + "1,Bolivia,Tarija,Cercado,Tarija,,Escuela Bolívar,-21.5,-64.7,1\n"
    text += "2,Bolivia,Tarija,Arce,Padcaya,,Escuela Bolívar,-21.9,-64.7,1\n"
    assert len(register(text).centres) == 2


def test_accents_case_and_stray_spaces_do_not_make_two_centres():
    text = (
        HEAD
        + f"1,{TARIJA_CITY},,Escuela  Bolívar ,-21.5,-64.7,1\n2,{TARIJA_CITY},,ESCUELA BOLIVAR,-21.5,-64.7,1\n"
    )
    (centre,) = register(text).centres
    assert centre.name == "Escuela Bolívar"


def test_two_coordinates_near_each_other_are_one_centre_with_a_notice():
    text = HEAD + f"1,{TARIJA_CITY},,E,-21.5,-64.7,1\n2,{TARIJA_CITY},,E,-21.501,-64.7,1\n"
    small = register(text)
    assert [(c.latitude, c.longitude) for c in small.centres] == [(-21.5, -64.7)]
    assert [notice.row for notice in small.notices] == [2]


def test_two_coordinates_far_apart_are_two_centres():
    text = HEAD + f"1,{TARIJA_CITY},,E,-21.5,-64.7,1\n2,{TARIJA_CITY},,E,-21.6,-64.7,1\n"
    small = register(text)
    assert len(small.centres) == len({c.key for c in small.centres}) == 2
    assert len({s.centre_key for s in small.stations}) == 2


def test_rows_without_coordinates_load_and_are_counted():
    text = HEAD + f"1,{TARIJA_CITY},,E,,,1\n2,{TARIJA_CITY},,F,-21.5,-64.7,1\n3,{TARIJA_CITY},,G,0,0,\n"
    small = register(text)
    assert small.without_coordinates_count == 2
    assert [station.registered_voters for station in small.stations] == [1, 1, None]


def test_every_wrong_cell_is_named_at_once():
    errors = errors_of(
        HEAD
        + f"1,{TARIJA_CITY},,E,91,-64.7,1\n"
        + "2,Atlantis,Tarija,Cercado,Tarija,,E,-21.5,-64.7,1\n"
        + f"3,{TARIJA_CITY},,,-21.5,-64.7,1\n"
        + f",{TARIJA_CITY},,E,-21.5,-64.7,1\n"
        + f"5,{TARIJA_CITY},,E,-21.5,,1\n"
        + f"6,{TARIJA_CITY},,E,-21.5,-64.7,many\n"
        + "7,Bolivia,,Cercado,Tarija,,E,-21.5,-64.7,1\n"
        + f"8,{TARIJA_CITY},,E,nan,-64.7,-4\n"
    )
    assert [(error.row, error.column, error.value) for error in errors] == [
        (2, "lat", "91"),
        (3, "País", "Atlantis"),
        (4, "Recinto", ""),
        (5, "Mesa", ""),
        (6, "lon", ""),
        (7, "Inscritos", "many"),
        (8, "Departamento", ""),
        (9, "lat", "nan"),
        (9, "Inscritos", "-4"),
    ]
    assert all(str(error.expected) for error in errors)


def test_a_number_used_twice_is_named_with_the_row_that_has_it():
    rows = "".join(f"{n},{TARIJA_CITY},,E,-21.5,-64.7,1\n" for n in range(1, 201))
    (error,) = errors_of(HEAD + rows + f"77,{TARIJA_CITY},,F,-21.6,-64.7,1\n")
    assert (error.row, error.value) == (202, "77")
    assert "78" in str(error.expected)


def test_numbers_within_each_centre_are_understood():
    rows = "".join(f"{n},{TARIJA_CITY},,{name},,,1\n" for name in "EFG" for n in (1, 2))
    small = register(HEAD + rows)
    assert not small.is_numbered_nationally
    assert len({station.key for station in small.stations}) == 6


def test_a_long_list_of_errors_is_capped_and_counted():
    with pytest.raises(InvalidFile, match="500 errors") as raised:
        register(HEAD + "".join(f"{n},{TARIJA_CITY},,E,99,-64.7,1\n" for n in range(500)))
    assert len(raised.value.errors) == 100


def points(rows):
    return HEAD + "".join(f"{n},{TARIJA_CITY},,C{n},{lat},{lon},1\n" for n, (lat, lon) in enumerate(rows))


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([(-64.7 - n / 100, -21.5) for n in range(10)], "swapped"),
        ([(-21.5, -64.7)] * 10, "same coordinates"),
        ([(21.5, -64.7 - n / 100) for n in range(10)], "minus sign"),
        ([(48.8, 2.3 + n / 100) for n in range(10)], "outside the country"),
    ],
)
def test_impossible_coordinates_stop_the_import_with_a_guess(rows, words):
    with pytest.raises(InvalidFile, match=words):
        register(points(rows))


def test_a_few_points_astray_do_not_stop_it():
    assert register(points([(-21.5, -64.7 - n / 100) for n in range(9)] + [(48.8, 2.3)])).centres


def test_decimal_commas_are_read():
    text = "Mesa;Departamento;Recinto;lat;lon;Inscritos\n1;Tarija;E;-21,48644;-64,75101;1.233\n2;Tarija;E;-21,48644;-64,75101;233\n"
    small = register(text)
    assert (small.centres[0].latitude, small.stations[0].registered_voters) == (
        -21.48644,
        1233,
    )


def test_a_file_of_centres_alone():
    text = "Departamento,Recinto,Código Recinto\nTarija,E,11\nTarija,E,12\n"
    small = register(text)
    assert [(c.name, c.code) for c in small.centres] == [("E", "11"), ("E", "12")]
    assert small.stations == []
    (error,) = errors_of(text + "Tarija,E,12\n")
    assert error.row == 4


def test_boundaries_are_matched_by_name_and_position_and_only_warn():
    located = locate(bolivia(), {1: of_geojson(first_level_boundaries("BOL"))})
    assert len(located) == 5_131
    assert sum(one.boundary is None for one in located) == 62
    assert all(one.stated for one in located)
    assert 80 <= sum(one.is_outside and one.boundary is not None for one in located) <= 100


def test_every_member_state_has_boundaries():
    from eom.core.countries import MEMBER_STATES

    for country in MEMBER_STATES:
        assert first_level_boundaries(country)["features"]
    assert first_level_boundaries("FRA") is None
    assert first_level_boundaries("../../x") is None


cell = st.text(st.characters(codec="utf-8", exclude_characters='\0",\r\n'), max_size=6)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(cell, cell, cell, cell, cell, cell), min_size=1, max_size=8))
def test_any_cells_end_in_a_register_or_a_refusal(rows):
    text = "Mesa,Departamento,Recinto,lat,lon,Inscritos\n" + "\n".join(",".join(row) for row in rows)
    try:
        table = read_table(text.encode(), "x.csv")
        small = read_register(table, guess_mapping(table.headers, []), "BOL")
    except InvalidFile:
        return
    assert len({s.key for s in small.stations}) == len(small.stations)
