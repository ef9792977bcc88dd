"""The registers of the shared folder, whole: their known answers."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from eom.settings import ROOT
from eom.stations.geography import read_register
from eom.stations.geography_levels import names_around
from eom.stations.mapping import guess_mapping
from eom.stations.services import boundaries, register
from tests.factories.missions import make_mission

SHARED = ROOT.parent / "shared" / "data"


def shared(path: str) -> Path:
    """A file of the shared folder; where it is missing the test is skipped aloud, and fails under CI."""
    found = SHARED / path
    if not found.is_file():
        if os.environ.get("CI"):
            pytest.fail(f"{found} is missing")
        pytest.skip(f"{found} is missing")
    return found


@pytest.fixture
def bolivia(app):
    return make_mission("BOL-2020", country="BOL")


def test_centres_of_2020_with_their_counts_then_the_points_of_2025(bolivia):
    """One row a centre with a count of tables; five years on a GeoPackage of codes in two columns."""
    first = shared("demo-small/bolivia_2020_recintos_cc0.csv")
    summary = register.import_register(bolivia, first.read_bytes(), first.name).summary
    assert summary["centres"] == 5_322
    assert summary["stations"] == 34_157
    second = shared("bolivia-register/recintos_2025.gpkg")
    data = second.read_bytes()
    mapping = register.mapping_for(bolivia, register.read_file(data, second.name))
    assert mapping["code_prefix"] == "asiento"
    prepared = register.prepare(bolivia, data, second.name, mapping)
    centres = prepared.difference.centres
    assert (centres.kept_count, len(centres.missing), len(centres.added)) == (5_113, 209, 628)
    moved = [each for each in centres.changed if (each.moved_metres or 0) > 500]
    assert len(moved) == 250
    assert {name for each in centres.changed for name in each.fields} == {"coordinates", "district"}
    gone = set(centres.missing)
    assert prepared.difference.stations.added == prepared.difference.stations.changed == []
    assert all(key.rsplit("/", 1)[0] in gone for key in prepared.difference.stations.missing)


def test_the_mexican_frame_of_2018_whole():
    path = shared("mexico/marco_nal_2018.csv.gz")
    table = register.read_file(path.read_bytes(), path.name)
    mapping = guess_mapping(table.headers, table.sample())
    assert (mapping["station_code"], mapping["area_1"], mapping["centre_code"]) == (
        "casilla_id",
        "id_estado",
        "seccion",
    )
    found = read_register(table, mapping, "MEX")
    assert len(found.stations) == 156_899
    assert len(found.areas) == 32
    assert found.without_coordinates_count == len(found.centres)


def test_the_boundaries_of_peru_are_read_and_placed(app):
    mission = make_mission("PER-2021", country="PER")
    path = shared("boundaries/peru_provincial_simple.geojson")
    assert boundaries.load(mission, path.read_bytes(), path.name, level=2) == 197
    levels = boundaries.levels_of(mission)
    assert set(levels) == {1, 2}
    assert names_around([(-13.52, -71.97), (-12.05, -77.04), (0.0, 0.0)], levels[2]) == [
        "CUSCO",
        "LIMA",
        None,
    ]
    text = (
        "Mesa,Departamento,Provincia,Local,lat,lon\n1,Cusco,Cusco,A,-13.52,-71.97\n2,Cusco,Urubamba,B,-13.53,-71.96\n"
        + "".join(f"{n},Cusco,Urubamba,C{n},-13.3{n},-72.11\n" for n in range(3, 9))
    )
    summary = register.import_register(mission, text.encode(), "r.csv").summary
    assert summary["centres_outside_their_area"] == 1
    boundaries.remove(mission, 2)
    assert set(boundaries.levels_of(mission)) == {1}


def test_a_file_without_areas_takes_them_from_its_points(bolivia):
    rows = "".join(f"{n},C{n},{-21.5 - n / 100},-64.7\n" for n in range(6)) + "9,Far,40.4,-3.7\n"
    prepared = register.prepare(
        bolivia, ("Mesa,Recinto,lat,lon\n" + rows).encode(), "r.csv",
        {"station_code": "Mesa", "centre_name": "Recinto", "latitude": "lat", "longitude": "lon"},
    )  # fmt: skip
    assert [each.name for each in prepared.register.areas] == ["Tarija", "—"]
    assert "6 those of the boundary" in str(prepared.register.notices[0].message)


def test_lost_zeros_do_not_make_new_stations(bolivia):
    first = "Mesa,Departamento,Recinto,Código recinto\n00101,Tarija,A,007\n00102,Tarija,B,012\n"
    register.import_register(bolivia, first.encode(), "a.csv")
    again = "Mesa,Departamento,Recinto,Código recinto\n101,Tarija,A,7\n102,Tarija,B,12\n103,Tarija,B,12\n"
    summary = register.import_register(bolivia, again.encode(), "b.csv").summary
    assert (summary["stations_added"], summary["stations_missing"], summary["centres_changed"]) == (1, 0, 0)


def test_a_list_without_coordinates_does_not_wipe_them(bolivia):
    head = "Mesa,Departamento,Recinto"
    register.import_register(bolivia, f"{head},lat,lon\n1,Tarija,A,-21.5,-64.7\n".encode(), "a.csv")
    summary = register.import_register(bolivia, f"{head}\n1,Tarija,A\n2,Tarija,A\n".encode(), "b.csv").summary
    assert (
        summary["centres_changed"],
        summary["centres_without_coordinates"],
        summary["stations_added"],
    ) == (0, 0, 1)
