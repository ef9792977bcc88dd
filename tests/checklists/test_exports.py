"""Each format read back and compared value by value with what was submitted."""

from __future__ import annotations

import csv
import io
import json
import math
import zipfile
from datetime import UTC, date, datetime

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree
from pyarrow import parquet

from eom.checklists.export_options import Format, Options, language_among
from eom.checklists.exports import files
from eom.checklists.exports.tables import Source
from eom.checklists.queries import exporting
from eom.checklists.services import publishing
from eom.checklists.services.unpacking import SentFile
from eom.core.errors import InvalidInput, TooLarge
from eom.core.spreadsheets import Field, Head, Kind, csv_sink, is_formula_like, xlsx_sink
from eom.extensions import db
from tests.checklists.workbooks import book
from tests.factories import checklists as factory
from tests.factories.checklists import receive

SURVEY = [
    ["type", "name", "label::English (en)", "label::Español (es)"],
    ["start", "start", "", ""],
    ["username", "username", "", ""],
    ["text", "remarks", "Remarks", "Observaciones"],
    ["integer", "voters", "Voters", "Votantes"],
    ["decimal", "metres", "Metres", "Metros"],
    ["date", "day", "Day", "Día"],
    ["dateTime", "moment", "Moment", "Momento"],
    ["time", "hour", "Hour", "Hora"],
    ["select_one yn", "open", "Open?", "¿Abierta?"],
    ["select_multiple party", "agents", "Agents", "Delegados"],
    ["geopoint", "place", "Where", "Dónde"],
    ["note", "thanks", "Thank you", "Gracias"],
    ["begin repeat", "visit", "Visit", "Visita"],
    ["text", "who", "Who", "Quién"],
    ["begin repeat", "call", "Call", "Llamada"],
    ["integer", "minutes", "Minutes", "Minutos"],
    ["end repeat", "", "", ""],
    ["end repeat", "", "", ""],
]
CHOICES = [
    ["list_name", "name", "label::English (en)", "label::Español (es)"],
    ["yn", "yes", "Yes", "Sí"], ["yn", "no", "No", "No"],
    ["party", "blue", "Blue, and co", "Azul"], ["party", "red", "=Red", "Roja"], ["party", "green", "Green", "Verde"],
]  # fmt: skip
PLAIN = [
    row for row in SURVEY if row[1] not in ("visit", "who", "call", "minutes") and row[0] != "end repeat"
]
ANSWERS = {
    "start": "2019-10-20T07:40:00.000-04:00", "username": "bruno", "remarks": 'a, "b"\n=c; é 選挙', "voters": "220",
    "metres": "12.5", "day": "2019-10-20", "moment": "2019-10-20T08:20:00.000-04:00", "hour": "08:15:00.000-04:00",
    "open": "yes", "agents": "blue red", "place": "-16.5 -68.15 3600.0 4.5",
}  # fmt: skip
CODES = ["remarks", "voters", "metres", "day", "moment", "hour", "open", "agents", "place"]


def published(mission, survey=SURVEY, version="1", name="all_types"):
    made = book(survey, CHOICES, [["form_id", "form_title", "version"], [name, "All types", version]])
    return publishing.publish(mission, factory.store(), made, "f.xlsx").version


def sent(instance_id, answers, version="1", form="all_types"):
    root = etree.Element("data", id=form, version=version)

    def write(parent, values):
        for name, value in values.items():
            for each in value if isinstance(value, list) else [value]:
                child = etree.SubElement(parent, name)
                if isinstance(each, dict):
                    write(child, each)
                else:
                    child.text = each

    write(root, answers | {"meta": {"instanceID": instance_id}})
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def exported(mission, version, kind, filters=None, **options):
    session = db.session()
    session.flush()
    query = exporting.chosen(session, mission, version.form, filters or {})
    source = Source(session, factory.store(), mission, version.form, query, Options(Format(kind), **options))
    out = io.BytesIO()
    files.write(source, out)
    return out.getvalue()


def csv_rows(data):
    text = data.decode("utf-8")
    assert text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(text[1:], newline=""), strict=True))


def xlsx_rows(data, sheet=0):
    page = openpyxl.load_workbook(io.BytesIO(data)).worksheets[sheet]
    heading, *rows = page.iter_rows(values_only=True)
    return [dict(zip(heading, row, strict=True)) for row in rows]


def parquet_rows(data):
    return parquet.read_table(io.BytesIO(data)).to_pylist()


def unguarded(text):
    return text[1:] if text.startswith("'") and is_formula_like(text[1:]) else text


@pytest.fixture
def plain(cast):
    version = published(cast.a, PLAIN)
    receive(cast.a, sent("uuid:1", ANSWERS), user=cast.user("bruno"))
    receive(cast.a, sent("uuid:2", {}))
    return version


class TestCsv:
    def test_every_value_is_there(self, cast, plain):
        first, empty = csv_rows(exported(cast.a, plain, "csv"))
        assert {key: first[key] for key in CODES if key != "remarks"} == {
            key: ANSWERS[key] for key in CODES if key != "remarks"
        } | {"place": "-16.5 -68.15 3600 4.5"}
        # What a program would cut and run is guarded where it would begin.
        assert first["remarks"] == ANSWERS["remarks"].replace("\n=", "\n'=")
        assert (first["latitude"], first["longitude"], first["accuracy"]) == ("-16.5", "-68.15", "4.5")
        assert first["started_utc"] == "2019-10-20T11:40:00.000Z"
        assert first["received_utc"].endswith("Z")
        assert datetime.fromisoformat(first["received_utc"]).tzinfo == UTC
        assert {key: empty[key] for key in CODES} == dict.fromkeys(CODES, "")
        assert empty["instance_id"] == "uuid:2"

    def test_labels_are_those_of_the_language(self, cast, plain):
        row = csv_rows(exported(cast.a, plain, "csv", language="Español (es)"))[0]
        assert (row["¿Abierta?"], row["Delegados"], row["Votantes"]) == ("Sí", "Azul; Roja", "220")
        assert row["State"] == "Received"

    def test_choices_have_columns_when_asked_for(self, cast, plain):
        first, empty = csv_rows(exported(cast.a, plain, "csv", splits=True))
        split = ["agents", "agents/blue", "agents/red", "agents/green"]
        assert [first[key] for key in split] == ["blue red", "1", "1", "0"]
        assert [empty[key] for key in split] == ["", "", "", ""]
        row = csv_rows(exported(cast.a, plain, "csv", splits=True, language="English (en)"))[0]
        assert (row["Agents / Blue, and co"], row["Agents / Green"]) == ("1", "0")

    def test_headings_that_are_formulas_are_guarded(self, cast):
        survey = [SURVEY[0], ["text", "remarks", "Remarks", "@SUM(1)"]]
        version = published(cast.a, survey, name="hostile")
        data = exported(cast.a, version, "csv", language="Español (es)")
        assert data.decode().rstrip().endswith(",'@SUM(1)")

    def test_notes_and_names_of_people_stay_out(self, cast, plain):
        [first, _empty] = csv_rows(exported(cast.a, plain, "csv"))
        assert not {"thanks", "username", "observer"} & set(first)
        [first, _empty] = csv_rows(exported(cast.a, plain, "csv", people=True))
        assert (first["username"], first["observer"]) == ("bruno", "Bruno")

    def test_what_could_not_be_read_is_there_as_it_was_sent(self, cast, plain):
        answers = {"voters": "=1+1", "metres": "many", "open": "perhaps", "place": "=here", "day": "soon"}
        receive(cast.a, sent("uuid:3", answers))
        row = csv_rows(exported(cast.a, plain, "csv", language="English (en)"))[2]
        assert {unguarded(row[label]) for label in ("Voters", "Metres", "Open?", "Where", "Day")} == set(
            answers.values()
        )
        assert row["Voters"] == "'=1+1"
        codes = csv_rows(exported(cast.a, plain, "csv"))[2]
        assert codes["flags"].split()[0].split(":")[1] in answers
        assert int(codes["flag_count"]) == len(codes["flags"].split())


def visits(*rows):
    return [{"who": who, "call": [{"minutes": str(n)} for n in calls]} for who, calls in rows]


class TestRepeats:
    @pytest.fixture
    def version(self, cast):
        version = published(cast.a)
        receive(cast.a, sent("uuid:1", ANSWERS | {"visit": visits(("Ana", [5, 7]), ("=Eva", []))}))
        receive(cast.a, sent("uuid:2", {"visit": visits(("Leo", [9]))}))
        return version

    VISITS = [("uuid:1", 1, "Ana"), ("uuid:1", 2, "=Eva"), ("uuid:2", 1, "Leo")]
    CALLS = [("uuid:1", 1, 1, 5), ("uuid:1", 1, 2, 7), ("uuid:2", 1, 1, 9)]

    def test_csv_is_a_zip_of_a_file_each(self, cast, version):
        with zipfile.ZipFile(io.BytesIO(exported(cast.a, version, "csv"))) as archive:
            assert archive.namelist() == ["all_types.csv", "visit.csv", "call.csv"]
            main, visit, call = (csv_rows(archive.read(name)) for name in archive.namelist())
        assert [row["instance_id"] for row in main] == ["uuid:1", "uuid:2"]
        found = [(r["instance_id"], int(r["visit_number"]), unguarded(r["who"])) for r in visit]
        assert found == self.VISITS
        calls = [
            (r["instance_id"], *(int(r[k]) for k in ("visit_number", "call_number", "minutes"))) for r in call
        ]
        assert calls == self.CALLS

    def test_xlsx_has_a_sheet_each(self, cast, version):
        data = exported(cast.a, version, "xlsx")
        assert [tuple(row.values()) for row in xlsx_rows(data, 1)] == self.VISITS
        assert [tuple(row.values()) for row in xlsx_rows(data, 2)] == self.CALLS

    def test_parquet_is_a_zip_of_a_file_each(self, cast, version):
        with zipfile.ZipFile(io.BytesIO(exported(cast.a, version, "parquet"))) as archive:
            rows = parquet_rows(archive.read("call.parquet"))
        assert [tuple(row.values())[:4] for row in rows] == self.CALLS

    def test_geojson_holds_them_as_lists(self, cast, version):
        [feature] = json.loads(exported(cast.a, version, "geojson"))["features"]
        assert [row["who"] for row in feature["properties"]["visit"]] == ["Ana", "=Eva"]
        assert [row["minutes"] for row in feature["properties"]["call"]] == [5, 7]


class TestOthers:
    def test_xlsx_has_numbers_and_moments(self, cast, plain):
        first, empty = xlsx_rows(exported(cast.a, plain, "xlsx"))
        assert (first["voters"], first["metres"], first["latitude"]) == (220, 12.5, -16.5)
        assert first["day"] == datetime(2019, 10, 20)
        assert first["started_utc"] == datetime(2019, 10, 20, 11, 40)
        assert first["moment"] == ANSWERS["moment"]
        assert first["remarks"] == ANSWERS["remarks"]
        assert [empty[key] for key in CODES] == [None] * len(CODES)

    def test_geojson_has_longitude_first_and_only_the_placed(self, cast, plain):
        made = json.loads(exported(cast.a, plain, "geojson"))
        assert made["type"] == "FeatureCollection"
        [feature] = made["features"]
        assert feature["geometry"] == {"type": "Point", "coordinates": [-68.15, -16.5]}
        assert {key: feature["properties"][key] for key in ("remarks", "voters", "metres")} == {
            "remarks": ANSWERS["remarks"], "voters": 220, "metres": 12.5,
        }  # fmt: skip

    def test_geojson_of_nothing_is_whole(self, cast):
        version = published(cast.a, PLAIN)
        assert json.loads(exported(cast.a, version, "geojson"))["features"] == []

    def test_parquet_has_types(self, cast, plain):
        receive(cast.a, sent("uuid:3", {"voters": "many", "moment": "soon", "day": "2019-02-30"}))
        data = exported(cast.a, plain, "parquet")
        types = {field.name: str(field.type) for field in parquet.read_schema(io.BytesIO(data))}
        assert {key: types[key] for key in CODES} == {
            "remarks": "string", "voters": "int64", "metres": "double", "day": "date32[day]",
            "moment": "timestamp[ms, tz=UTC]", "hour": "string", "open": "string", "agents": "string",
            "place": "string",
        }  # fmt: skip
        assert types["received_utc"] == "timestamp[ms, tz=UTC]"
        first, empty, odd = parquet_rows(data)
        assert (first["voters"], first["metres"], first["day"]) == (220, 12.5, date(2019, 10, 20))
        assert first["moment"] == datetime.fromisoformat(ANSWERS["moment"])
        assert first["remarks"] == ANSWERS["remarks"]
        assert (empty["voters"], empty["other_values"]) == (None, None)
        assert odd["voters"] is None
        assert json.loads(odd["other_values"]) == {"voters": "many", "moment": "soon", "day": "2019-02-30"}

    def test_xml_is_byte_for_byte_with_its_files_when_asked_for(self, cast):
        survey = [SURVEY[0], ["image", "photo", "Photo", "Foto"]]
        version = published(cast.a, survey, name="photos")
        xml = sent("uuid:1/../../x", {"photo": "a.png"}, form="photos")
        receive(cast.a, xml, SentFile("a.png", factory.picture()))
        with zipfile.ZipFile(io.BytesIO(exported(cast.a, version, "xml"))) as archive:
            [name] = archive.namelist()
            assert archive.read(name) == xml
            assert name.startswith("instances/uuid_1_") and "/../" not in name
        with zipfile.ZipFile(io.BytesIO(exported(cast.a, version, "xml", files=True))) as archive:
            assert [each.rsplit("/")[-1] for each in archive.namelist()] == ["submission.xml", "a.png"]
            assert archive.read(archive.namelist()[1]).startswith(b"\x89PNG")

    def test_ids_that_look_alike_as_names_stay_apart(self, cast, plain):
        for number, each in enumerate(("uuid:é", "uuid:ü", "uuid_1", "UUID:1")):
            receive(cast.a, sent(each, {"remarks": str(number)}))
        with zipfile.ZipFile(io.BytesIO(exported(cast.a, plain, "xml"))) as archive:
            names = archive.namelist()
        assert len({name.casefold() for name in names}) == len(names) == 6


class TestVersions:
    def test_columns_of_every_version_stand_in_order(self, cast):
        first = [SURVEY[0], *(["text", name, name, name] for name in ("a", "b", "c"))]
        second = [SURVEY[0], *(["text", name, name, name] for name in ("a", "c", "d"))]
        published(cast.a, first)
        receive(cast.a, sent("uuid:1", {"a": "1", "b": "2", "c": "3"}))
        newest = published(cast.a, second, "2")
        receive(cast.a, sent("uuid:2", {"a": "4", "c": "5", "d": "6"}, "2"))
        rows = csv_rows(exported(cast.a, newest, "csv"))
        assert list(rows[0])[-4:] == ["a", "b", "c", "d"]
        assert [(r["form_version"], r["a"], r["b"], r["c"], r["d"]) for r in rows] == [
            ("1", "1", "2", "3", ""), ("2", "4", "", "5", "6"),
        ]  # fmt: skip

    def test_a_question_of_another_kind_since_is_text(self, cast):
        published(cast.a, [SURVEY[0], ["select_multiple party", "a", "a", "a"]])
        receive(cast.a, sent("uuid:1", {"a": "blue red"}))
        newest = published(cast.a, [SURVEY[0], ["integer", "a", "a", "a"]], "2")
        receive(cast.a, sent("uuid:2", {"a": "7"}, "2"))
        for kind, read in (("csv", csv_rows), ("xlsx", xlsx_rows), ("parquet", parquet_rows)):
            assert [row["a"] for row in read(exported(cast.a, newest, kind))] == ["blue red", "7"]

    def test_names_that_facts_have_too_stay_the_questions(self, cast):
        version = published(cast.a, [SURVEY[0], ["text", "state", "State", "x"], ["text", "b", "state", "y"]])
        receive(cast.a, sent("uuid:1", {"state": "mine", "b": "other"}))
        [row] = csv_rows(exported(cast.a, version, "csv"))
        assert (row["state"], row["submission_state"]) == ("mine", "received")
        [row] = csv_rows(exported(cast.a, version, "csv", language="English (en)"))
        assert (row["State"], row["State (state)"], row["state (b)"]) == ("Received", "mine", "other")

    def test_a_language_is_known_by_name_or_code(self):
        known = ["English (en)", "Español (es)", "default"]
        assert [language_among(known, each) for each in ("es", "English (en)", "default")] == [
            "Español (es)", "English (en)", "default",
        ]  # fmt: skip
        with pytest.raises(InvalidInput, match="“fr” is no language of the form"):
            language_among(known, "fr")


XML_TEXT = st.text(
    st.characters(min_codepoint=32, exclude_categories=("Cs",), exclude_characters="\ufffe\uffff")
    | st.sampled_from("\n\t,;\"=+-@|'= éß選🗳"),
    max_size=60,
)
SENT_ANSWERS = st.fixed_dictionaries(
    {},
    optional={
        "remarks": XML_TEXT,
        "voters": st.integers(-(10**14), 10**14),
        "metres": st.floats(-1e9, 1e9, allow_nan=False).map(lambda value: round(value, 3)),
        "open": st.sampled_from(["yes", "no"]),
        "agents": st.lists(st.sampled_from(["blue", "red", "green"]), min_size=1, unique=True),
        "day": st.dates(date(1950, 1, 1), date(2100, 1, 1)).map(str),
    },
)


def number_of(text):
    return float(text) if text not in ("", None) else None


class TestWhateverIsSent:
    @settings(
        max_examples=40, deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )  # fmt: skip
    @given(st.lists(SENT_ANSWERS, min_size=1, max_size=6))
    def test_comes_back(self, cast, rows):
        with db.session.begin_nested() as savepoint:
            version = published(cast.a, PLAIN)
            for number, row in enumerate(rows):
                as_sent = {k: " ".join(v) if isinstance(v, list) else str(v) for k, v in row.items()}
                receive(cast.a, sent(f"uuid:{number}", as_sent))
            read = {
                "csv": csv_rows(exported(cast.a, version, "csv")),
                "xlsx": xlsx_rows(exported(cast.a, version, "xlsx")),
                "parquet": parquet_rows(exported(cast.a, version, "parquet")),
            }
            for kind, found in read.items():
                assert len(found) == len(rows)
                for row, out in zip(rows, found, strict=True):
                    self.compare(kind, row, out)
            savepoint.rollback()

    @staticmethod
    def compare(kind, row, out):
        # A device's text is kept without the blanks around it, as its XML writes line ends.
        remarks = row.get("remarks", "").strip() or None
        if kind == "csv":
            assert out["remarks"].replace("'", "") == (remarks or "").replace("'", "")
        else:
            assert out["remarks"] == remarks
        for name in ("voters", "metres"):
            value = number_of(out[name])
            expected = row.get(name)
            assert value == expected or math.isclose(value, expected)
        assert (out["open"] or None) == row.get("open")
        assert (out["agents"] or "").split() == row.get("agents", [])
        day = out["day"].date() if isinstance(out["day"], datetime) else out["day"]
        assert str(day or "") == row.get("day", "")


class TestWriters:
    @given(st.lists(st.tuples(XML_TEXT, XML_TEXT, st.none() | st.integers() | XML_TEXT), min_size=1))
    def test_csv_is_as_the_csv_module_reads_it_and_no_cell_runs(self, rows):
        out = io.BytesIO()
        fields = (Field("a"), Field("b", Kind.CODE), Field("c", Kind.INTEGER))
        with csv_sink(out, [Head("t", fields)]) as sink:
            sink.write(0, list(zip(*rows, strict=True)))
        read = list(csv.reader(io.StringIO(out.getvalue().decode("utf-8-sig"), newline=""), strict=True))[1:]
        for row, cells in zip(rows, read, strict=True):
            for value, cell in zip(row, cells, strict=True):
                assert cell.replace("'", "") == ("" if value is None else str(value).replace("'", ""))
                assert isinstance(value, int) or not is_formula_like(cell)

    def test_a_sheet_that_is_full_says_so(self, monkeypatch):
        monkeypatch.setattr("eom.core.spreadsheet_blocks.MAX_SHEET_ROWS", 3)
        with (
            pytest.raises(TooLarge, match="take csv"),
            xlsx_sink(io.BytesIO(), [Head("t", (Field("a"),))]) as s,
        ):
            s.write(0, [["1", "2", "3"]])
