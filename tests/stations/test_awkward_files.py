"""Files as authorities send them: titles, merged headings, totals, lost zeros, any encoding and any format."""

from __future__ import annotations

import gzip
import io
import json
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from eom.core.errors import InvalidFile, InvalidInput, TooLarge
from eom.core.spreadsheets import Table
from eom.stations import codes, vector_files
from eom.stations.coordinates import parse_angle, parse_pair
from eom.stations.geography import read_register
from eom.stations.geography_guess import guesses
from eom.stations.geography_points import extent
from eom.stations.joining import join_tables
from eom.stations.mapping import guess_mapping
from eom.stations.services.register import read_file

AWKWARD = [
    ["ÓRGANO ELECTORAL"],
    ["Padrón de mesas", "", "", "", "", "Fecha:", "20/10/2019"],
    [],
    ["UBICACIÓN", "", "RECINTO", "", "COORDENADAS", "", "Inscritos"],
    ["Departamento", "Provincia", "Código", "Nombre", "Latitud", "Longitud", ""],
    ["TARIJA", "CERCADO", "101", "ESCUELA BOLIVAR", "-21,5355", "-64,7296", "1.233"],
    ["Tarija", "Cercado", "102", "Colegio San Luis", "-21,5301", "-64,7201", "987"],
    ["Tarija", "ARCE", "0205", "Unidad Educativa Padcaya", "-21,8855", "-64,7121", "2.100"],
    ["TOTAL", "", "", "", "", "", "4.320"],
    ["Fuente: Órgano Electoral"],
]  # fmt: skip


def book(rows) -> bytes:
    out, made = io.BytesIO(), Workbook()
    for row in rows:
        made.active.append(row)
    made.active.merge_cells("A4:B4")
    made.save(out)
    return out.getvalue()


def read(data: bytes, name: str, host: str = "BOL"):
    table = read_file(data, name)
    return read_register(table, guess_mapping(table.headers, table.sample()), host)


def text(rows, separator=";") -> str:
    return "\r\n".join(separator.join(row) for row in rows)


def check(found) -> None:
    assert [(c.name, c.code) for c in found.centres] == [
        ("ESCUELA BOLIVAR", "101"), ("Colegio San Luis", "102"), ("Unidad Educativa Padcaya", "0205"),
    ]  # fmt: skip
    assert (found.centres[0].latitude, found.centres[0].longitude) == (-21.5355, -64.7296)
    assert [a.name for a in found.areas] == ["TARIJA", "CERCADO", "ARCE"]
    words = [str(each.message) for each in found.notices]
    assert any("total" in each for each in words)
    assert any("Fuente" in each for each in words)
    assert any("“TARIJA” is also written Tarija" in each for each in words)


def test_titles_merged_headings_totals_and_remarks_in_a_workbook():
    check(read(book(AWKWARD), "padron.xlsx"))


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252", "cp850", "mac_roman"]
)
@pytest.mark.parametrize("separator", [";", "\t", "|"])
def test_the_same_as_text_in_any_encoding_and_separator(encoding, separator):
    rows = [[*row, *[""] * (7 - len(row))] for row in AWKWARD]
    data = text(rows, separator).encode(encoding)
    check(read(gzip.compress(data), "padron.csv.gz"))


def test_one_row_a_centre_with_a_count_of_stations():
    found = read(
        b"Departamento,Recinto,Mesas,Inscritos\nTarija,A,3,100\nTarija,B,1,90\nTarija,C,0,\n", "r.csv"
    )
    assert [(s.key, s.registered_voters) for s in found.stations] == [
        ("bol/tarija/a//1", 34), ("bol/tarija/a//2", 33), ("bol/tarija/a//3", 33), ("bol/tarija/b//1", 90),
    ]  # fmt: skip
    assert found.registered_voters == 190
    assert any("divided evenly" in str(each.message) for each in found.notices)


def test_a_centre_counted_twice_is_a_mistake():
    with pytest.raises(InvalidFile) as refused:
        read(b"Departamento,Recinto,Mesas\nTarija,A,3\nTarija,A,2\n", "r.csv")
    assert [(each.row, each.value) for each in refused.value.errors] == [(3, "A")]


@pytest.mark.parametrize(
    ("written", "degrees"),
    [
        ("-16.5", -16.5), ("−16,5", -16.5), ("16°30'00\" S", -16.5), ("S 16° 30,0'", -16.5), ("16 30 00 S", -16.5),
        ("68°09'00\" O", -68.15), ("68º 09’ 00’’ Oeste".replace("este", ""), -68.15), ("-16:30:00", -16.5),
        ("51°30′N", 51.5), ("38° 30' 36\" L", 38.51), ("-16°30'", -16.5), ("612345.7", 612345.7),
    ],
)  # fmt: skip
def test_angles_of_any_writing(written, degrees):
    assert parse_angle(written) == pytest.approx(degrees)


@pytest.mark.parametrize("written", ["", "here", "16°75'00\"S", "1 2 3 4 S", "16.5°30'S", "N S 16"])
def test_what_is_no_angle_is_refused(written):
    with pytest.raises(InvalidInput):
        parse_angle(written)


@pytest.mark.parametrize(
    "written",
    ["-16.5, -68.15", "-16.5 -68.15", "-16.5;-68.15", "POINT(-68.15 -16.5)", "SRID=4326;POINT Z (-68.15 -16.5 0)",
     "16°30'S 68°09'W", "68°09'O, 16°30'S", "(-16.5,-68.15)", "-16,5; -68,15"],
)  # fmt: skip
def test_pairs_in_one_cell(written):
    assert parse_pair(written) == pytest.approx((-16.5, -68.15))


@given(st.floats(-89.99, 89.99), st.sampled_from(["NS", "EO", "EW", "LO"]))
@settings(max_examples=100, deadline=None)
def test_degrees_minutes_seconds_come_back(value, letters):
    size = round(abs(value) * 3600, 3)
    degrees, minutes, seconds = int(size // 3600), int(size % 3600 // 60), size % 60
    written = f"{degrees}°{minutes:02d}'{seconds:06.3f}\"{letters[value < 0]}"
    if seconds < 59.9995:
        assert parse_angle(written) == pytest.approx(value, abs=1e-6)


@given(st.text(max_size=20))
@settings(max_examples=200, deadline=None)
def test_any_text_is_an_angle_or_refused(written):
    try:
        assert isinstance(parse_angle(written), float)
    except InvalidInput as error:
        assert str(error)


POINTS = [(-21.5 - n / 50, -64.7 + n / 90) for n in range(20)]


def guessed(points) -> str:
    return " ".join(str(each) for each in guesses(points, extent("BOL")))


def test_the_reason_why_points_lie_outside_is_guessed():
    assert "swapped" in guessed([(x, y) for y, x in POINTS])
    assert "minus sign" in guessed([(-y, x) for y, x in POINTS])
    assert "swapped, and a minus" in guessed([(-x, -y) for y, x in POINTS])
    assert "multiplied by 1 000 000" in guessed([(round(y * 1e6), round(x * 1e6)) for y, x in POINTS])
    assert "different places" in guessed(
        [(round(y * 10 ** (3 + n % 4)), round(x * 10 ** (4 + n % 3))) for n, (y, x) in enumerate(POINTS)]
    )
    metres = vector_files.transformed([(x, y) for y, x in POINTS], "EPSG:4326", "EPSG:32720")
    assert "EPSG:32720" in guessed([(y, x) for x, y in metres])
    assert "two columns exchanged" in guessed([(x, y) for x, y in metres])
    mercator = vector_files.transformed([(x, y) for y, x in POINTS], "EPSG:4326", "EPSG:3857")
    assert "Pseudo-Mercator" in guessed([(y, x) for x, y in mercator])
    assert guessed([(48.8, 2.3 + n) for n in range(20)]) == ""


def metres_file() -> bytes:
    metres = vector_files.transformed([(x, y) for y, x in POINTS], "EPSG:4326", "EPSG:32720")
    rows = "".join(f"{n},Tarija,C{n},{x:.1f},{y:.1f}\n" for n, (x, y) in enumerate(metres))
    return ("Mesa,Departamento,Recinto,Este,Norte\n" + rows).encode()


def test_metres_are_stopped_with_their_system_and_read_with_it():
    table = read_file(metres_file(), "r.csv")
    mapping = guess_mapping(table.headers, table.sample())
    assert (mapping["longitude"], mapping["latitude"]) == ("Este", "Norte")
    with pytest.raises(InvalidFile, match="EPSG:32720"):
        read_register(table, mapping, "BOL")
    found = read_register(table, mapping | {"crs": "EPSG:32720"}, "BOL")
    assert (found.centres[3].latitude, found.centres[3].longitude) == pytest.approx(POINTS[3], abs=1e-5)
    with pytest.raises(InvalidFile, match="EPSG:999999"):
        read_register(table, mapping | {"crs": "EPSG:999999"}, "BOL")


def features(points=POINTS, **more) -> dict:
    return {
        "type": "FeatureCollection",
        "features": [
            {"type": "Feature", "properties": {"Mesa": n, "Departamento": "Tarija", "Recinto": f"C{n}"},
             "geometry": {"type": "Point", "coordinates": [x, y]}}
            for n, (y, x) in enumerate(points)
        ],
    } | more  # fmt: skip


def packed(kind: str, crs: str = "EPSG:32720") -> bytes:
    """The points as a GeoPackage, or as a zipped shapefile, in metres."""
    import tempfile
    from pathlib import Path

    import geopandas

    frame = geopandas.GeoDataFrame.from_features(features()["features"], crs="EPSG:4326").to_crs(crs)
    with tempfile.TemporaryDirectory() as folder:
        if kind == "gpkg":
            frame.to_file(Path(folder) / "a.gpkg", driver="GPKG")
            return (Path(folder) / "a.gpkg").read_bytes()
        frame.to_file(Path(folder) / "a.shp")
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            for path in Path(folder).iterdir():
                archive.write(path, f"mesas/{path.name}")
        return out.getvalue()


@pytest.mark.filterwarnings("ignore::UserWarning", "ignore::RuntimeWarning")
@pytest.mark.parametrize(
    ("data", "name"),
    [(lambda: json.dumps(features()).encode(), "r.geojson"), (lambda: gzip.compress(json.dumps(features()).encode()), "r.geojson.gz"),
     (lambda: packed("gpkg"), "r.gpkg"), (lambda: packed("shp"), "r.zip")],
    ids=["geojson", "geojson.gz", "gpkg", "shapefile"],
)  # fmt: skip
def test_files_of_points_are_registers(data, name):
    found = read(data(), name)
    assert len(found.stations) == len(found.centres) == 20
    assert (found.centres[7].latitude, found.centres[7].longitude) == pytest.approx(POINTS[7], abs=1e-5)


def bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.shp", b"\x00\x00\x27\x0a" + b"\0" * 60_000_000)
        archive.writestr("a.dbf", b"\0")
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "error", "words"),
    [
        (b'{"type": "Topology"}', InvalidFile, "no GeoJSON"), (b'{"type": ', InvalidFile, "cannot be read"),
        (b'{"type": "FeatureCollection", "features": []}', InvalidFile, "no features"),
        (b'{"type": "FeatureCollection", "features": [{"geometry": {"type": "Point"}}]}', InvalidFile, "Feature 1"),
        (json.dumps({"type": "Feature", "properties": {"a": 1}, "geometry": {"type": "LineString", "coordinates": [[0, 0], [1, 1]]}}).encode(), InvalidFile, "not points"),
        (b"SQLite format 3\0" + b"x" * 200, InvalidFile, "damaged"), (bomb(), TooLarge, "unpacks"),
    ],
    ids=["topology", "cut", "empty", "no point", "lines", "no database", "bomb"],
)  # fmt: skip
def test_bad_files_of_shapes_are_refused_in_words(data, error, words):
    with pytest.raises(error, match=words):
        read_file(data, "x")


def test_a_list_and_its_coordinates_are_joined_by_code():
    one = Table(
        ["Mesa", "Departamento", "Código recinto"],
        [["1", "Tarija", "00101"], ["2", "Tarija", "00102"], ["3", "Tarija", "00103"]],
        2,
    )
    other = Table(["cod", "lat", "lon"], [["101", "-21.5", "-64.7"], ["102", "-21.6", "-64.8"]], 2)
    joined, words = join_tables(one, other)
    assert joined.headers == ["Mesa", "Departamento", "Código recinto", "lat", "lon"]
    assert [row[3:] for row in joined.rows] == [["-21.5", "-64.7"], ["-21.6", "-64.8"], ["", ""]]
    assert "2 of 3" in str(words)
    with pytest.raises(InvalidFile, match="share no column"):
        join_tables(one, Table(["x"], [["a"], ["b"]], 2))
    twice = Table(
        ["cod", "lat"],
        [
            ["101", "-21.5"],
            ["102", "1"],
            ["103", "1"],
            *[[str(n), "1"] for n in range(200, 220)],
            ["101", "-22"],
        ],
        2,
    )
    with pytest.raises(InvalidFile, match="stands twice"):
        join_tables(one, twice)


def test_codes_lose_and_find_their_zeros():
    assert codes.restore_zeros(["101", "00102", "7", "x"], ["00101", "00102", "07", "007"]) == (
        ["00101", "00102", "7", "x"],
        1,
    )
    assert codes.levels(["10101", "210203"]) == [("01", "0101", "010101"), ("21", "2102", "210203")]
    assert codes.joined(["12", "12"], ["52", "7"], {"1200052"}) == ["1200052", "1200007"]


@given(st.lists(st.from_regex(r"0{0,3}[1-9][0-9]{0,4}", fullmatch=True), max_size=10), st.data())
@settings(max_examples=60, deadline=None)
def test_restored_codes_differ_in_zeros_alone(known, data):
    given_codes = data.draw(st.lists(st.from_regex(r"0{0,2}[1-9][0-9]{0,4}", fullmatch=True), max_size=10))
    restored, count = codes.restore_zeros(given_codes, known)
    assert [codes.bare(each) for each in restored] == [codes.bare(each) for each in given_codes]
    assert count == sum(one != other for one, other in zip(given_codes, restored, strict=True))


def test_areas_given_by_one_code_are_levels():
    from eom.stations.completing import Known, complete

    table = Table(["Mesa", "Recinto", "UBIGEO"], [["1", "A", "10101"], ["2", "B", "250101"]], 2)
    mapping = guess_mapping(table.headers, table.sample())
    assert mapping["area_code"] == "UBIGEO"
    whole, chosen, _notices = complete(table, mapping, Known("PER"), lambda *_a: {})
    found = read_register(whole, chosen, "PER")
    assert [a.key for a in found.areas] == [
        "per/01",
        "per/01/0101",
        "per/01/0101/010101",
        "per/25",
        "per/25/2501",
        "per/25/2501/250101",
    ]
