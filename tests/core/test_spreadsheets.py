"""Any table file is read with its positions, and hostile or broken ones end in a clear refusal."""

from __future__ import annotations

import csv
import gzip
import io
import zipfile
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from eom.core.errors import InvalidFile, InvalidInput, TooLarge
from eom.core.spreadsheets import (
    csv_chunks,
    detect_decimal_mark,
    is_formula_like,
    parse_decimal,
    parse_integer,
    read_table,
    write_csv,
    write_xlsx,
)

REGISTERS = Path(__file__).parent.parent / "data" / "registers"


def read(text: str | bytes, name: str = "file.csv", **limits):
    return read_table(text.encode() if isinstance(text, str) else text, name, **limits)


@pytest.mark.parametrize("kind", ["csv", "xls", "ods", "xlsx"])
def test_every_kind_of_file_gives_the_same_table(kind):
    table = read_table(REGISTERS / f"tarija_40.{kind}")
    reference = read_table(REGISTERS / "tarija_40.csv")
    assert table.headers == reference.headers
    assert table.rows == reference.rows
    assert table.first_row_number == 2


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_separators_and_line_ends_are_found(separator, ending):
    text = ending.join(separator.join(row) for row in [["a", "b"], ["1", "x y"], ["2", "z"]])
    table = read(text)
    assert (table.headers, table.rows, table.separator) == (
        ["a", "b"],
        [["1", "x y"], ["2", "z"]],
        separator,
    )


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "latin-1", "cp1252", "utf-16"])
def test_accents_survive_every_encoding(encoding):
    table = read("Número Mesa;País\n1;España\n2;Côte d’Ivoire".replace("’", "'").encode(encoding))
    assert table.headers == ["Número Mesa", "País"]
    assert table.rows[0][1] == "España"
    assert table.encoding_was_guessed == (encoding in ("latin-1", "cp1252"))


def test_a_damaged_character_in_utf8_is_named_with_its_row():
    content = "nombre,n\nPeña,1\nÑuñoa,2\nIbáñez,3\nLeón,4\n".encode() + b"Mu\xf1oz,5\n"
    with pytest.raises(InvalidFile) as raised:
        read(content)
    assert raised.value.errors[0].row == 6


def test_rows_keep_the_number_a_spreadsheet_shows():
    table = read('Register of 2019\n\na,b\n1,"two\nlines"\n\n3,4\n')
    assert list(table.numbered()) == [(4, ["1", "two\nlines"]), (6, ["3", "4"])]


def test_excels_own_separator_line_is_passed_over():
    table = read("sep=;\na;b\n1;2\n")
    assert (table.headers, table.rows, table.first_row_number) == (
        ["a", "b"],
        [["1", "2"]],
        3,
    )


def test_a_gzip_file_cut_short_is_refused():
    whole = gzip.compress(b"a,b\n" + b"1,2\n" * 5000)
    assert len(read(whole, "x.csv.gz").rows) == 5000
    with pytest.raises(InvalidFile, match="ends too early"):
        read(whole[:-20], "x.csv.gz")


def test_two_gzip_members_are_one_file():
    assert read(gzip.compress(b"a,b\n1,2\n") + gzip.compress(b"3,4\n")).rows == [
        ["1", "2"],
        ["3", "4"],
    ]


def test_a_gzip_bomb_stops_at_the_limit():
    with pytest.raises(TooLarge):
        read(gzip.compress(b"\n" * 50_000_000), max_bytes=1 << 20)


def test_a_workbook_that_unpacks_too_far_is_refused_whatever_size_it_states():
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"<x/>" + b" " * 30_000_000)
    content = bytearray(buffer.getvalue())
    for signature, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        at = content.index(signature) + offset
        content[at : at + 4] = (10).to_bytes(4, "little")
    with pytest.raises(TooLarge):
        read(bytes(content), "x.xlsx", max_bytes=1 << 20)


def test_a_far_cell_in_a_sheet_is_refused_instead_of_filling_memory():
    rows = [["a", "b"], [1, 2]]
    buffer = io.BytesIO()
    write_xlsx(rows, buffer)
    changed = io.BytesIO()
    with (
        zipfile.ZipFile(buffer) as old,
        zipfile.ZipFile(changed, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            part = old.read(name).replace(b'r="B2"', b'r="XFD1048576"')
            new.writestr(name, part)
    with pytest.raises(TooLarge):
        read(changed.getvalue(), "x.xlsx")


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"", "empty.csv"),
        (b"  \n \n", "blank.csv"),
        (b"a,b\n", "headings.csv"),
        (b"<html><table></table></html>", "really_html.xls"),
        (b"a,b\n1,2\n", "really_csv.xlsx"),
        (b"PK\x03\x04 cut short", "cut.xlsx"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 nothing", "cut.xls"),
        (b"%PDF-1.7 ...", "report.pdf"),
        (b"a,b\n\x00\x01\x02", "binary.csv"),
        (b'a,b\n1,"never closed\n2,3\n', "quotes.csv"),
        (b"a,A\n1,2\n", "doubled.csv"),
        (b"a,b\n1,2,3\n", "ragged.csv"),
        (b"\x1f\x8b not gzip", "x.csv.gz"),
    ],
)
def test_what_is_no_table_is_refused_in_words(content, name):
    with pytest.raises(InvalidFile) as raised:
        read_table(content, name)
    assert str(raised.value.message).endswith(".")


def test_an_archive_that_is_no_workbook_is_refused():
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("letter.txt", "hello")
    with pytest.raises(InvalidFile, match="not a workbook"):
        read(buffer.getvalue(), "x.xlsx")


def test_a_row_with_cells_too_many_is_named():
    with pytest.raises(InvalidFile) as raised:
        read("a,b\n1,2\n1,2,3\n")
    assert [error.row for error in raised.value.errors] == [3]


def test_limits_of_rows_columns_and_bytes():
    with pytest.raises(TooLarge, match="200 columns"):
        read(",".join(f"c{i}" for i in range(200)) + "\n" + ",".join("1" * 200))
    with pytest.raises(TooLarge, match="rows"):
        read("a,b\n" + "1,2\n" * 11, max_rows=10)
    with pytest.raises(TooLarge):
        read("a,b\n1,2\n", max_bytes=4)


def test_an_unknown_sheet_is_refused_with_the_names_there_are():
    with pytest.raises(InvalidFile, match="tarija_40"):
        read_table(REGISTERS / "tarija_40.xlsx", sheet="Other")


@pytest.mark.parametrize(
    ("text", "mark", "value"),
    [
        ("1,234.56", None, "1234.56"),
        ("1.234,56", None, "1234.56"),
        ("1 234,5", None, "1234.5"),
        ("1\u00a0234\u202f567,8", None, "1234567.8"),
        ("1'234.50", None, "1234.50"),
        ("-19,07256", None, "-19.07256"),
        ("\u221219.5", None, "-19.5"),
        ("(12.50)", None, "-12.50"),
        ("1.234", None, "1.234"),
        ("1.234", ",", "1234"),
        ("1,234", ".", "1234"),
        ("1.234.567", None, "1234567"),
        ("0,500", None, "0.500"),
    ],
)
def test_numbers_are_read_as_people_write_them(text, mark, value):
    assert parse_decimal(text, mark) == Decimal(value)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "-",
        "1,234",
        "abc",
        "1.2.3",
        "1,23,4",
        "nan",
        "inf",
        "1e5",
        "१२",
        "1_000",
        "--1",
    ],
)
def test_what_is_no_number_is_refused(text):
    with pytest.raises(InvalidInput):
        parse_decimal(text)


def test_a_lone_group_is_a_thousand_for_whole_numbers():
    assert parse_integer("1.234") == parse_integer("1,234") == 1234
    with pytest.raises(InvalidInput):
        parse_integer("1.5")


@given(
    st.decimals(
        allow_nan=False,
        allow_infinity=False,
        places=2,
        min_value=-(10**12),
        max_value=10**12,
    )
)
def test_every_amount_comes_back_from_every_notation(value):
    english = f"{value:,.2f}"
    spanish = english.translate(str.maketrans(",.", ".,"))
    assert (
        parse_decimal(english)
        == parse_decimal(spanish)
        == parse_decimal(spanish.replace(".", "\u202f"))
        == value
    )


@given(st.text(max_size=60))
def test_any_text_is_a_number_or_refused(text):
    for mark in (None, ".", ","):
        try:
            assert parse_decimal(text, mark).is_finite()
        except InvalidInput:
            pass


def test_the_decimal_mark_of_a_column_is_detected():
    assert detect_decimal_mark(["1.234", "1.234,50", ""]) == ","
    assert detect_decimal_mark(["-19.07256", "-65.1"]) == "."
    assert detect_decimal_mark(["1,234", "5"]) is None


@given(
    st.lists(
        st.lists(
            st.text(st.characters(codec="utf-8", exclude_characters="\0")),
            min_size=2,
            max_size=4,
        )
    )
)
def test_any_bytes_end_in_a_table_or_a_refusal(rows):
    buffer = io.StringIO()
    csv.writer(buffer).writerows(rows)
    try:
        read(buffer.getvalue())
    except (InvalidFile, TooLarge):
        pass


@given(st.binary(max_size=400))
@example(b"PK\x05\x06" + b"\0" * 18)
def test_any_content_ends_in_a_table_or_a_refusal(content):
    for name in ("x.csv", "x.xlsx"):
        try:
            read_table(content, name)
        except (InvalidFile, TooLarge):
            pass


HOSTILE = ["=1+1", "+SUM(A1)", "-2+3", "@cmd", "\t=1", "\r=1", '=HYPERLINK("http://x")']


@pytest.mark.parametrize("text", HOSTILE)
def test_a_formula_is_written_to_csv_as_text(text):
    out = io.BytesIO()
    write_csv([["a", "b"], [text, "x"]], out)
    rows = list(csv.reader(io.StringIO(out.getvalue().decode("utf-8-sig"), newline="")))
    assert rows[1][0].startswith("'")
    assert rows[1][0].replace("'", "") == text


def test_a_formula_is_written_to_xlsx_as_text():
    out = io.BytesIO()
    write_xlsx([["a"], *[[text] for text in HOSTILE[:4]]], out)
    with zipfile.ZipFile(out) as archive:
        assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")
    assert [row[0] for row in read(out.getvalue(), "x.xlsx").rows] == HOSTILE[:4]


def test_plain_negative_numbers_are_not_disfigured():
    assert not is_formula_like("-19.07")
    assert list(csv_chunks([["a"], ["-19.07"], [-5]]))[-1].decode("utf-8-sig") == "a\r\n-19.07\r\n-5\r\n"


def test_values_keep_their_types_in_a_workbook():
    out = io.BytesIO()
    write_xlsx(
        [
            ["n", "d", "t", "none", "big"],
            [Decimal("2.50"), date(2019, 10, 20), "01", None, 10**17],
        ],
        out,
    )
    assert read(out.getvalue()).rows == [["2.5", "2019-10-20", "01", "", "100000000000000000"]]


def test_a_big_export_is_written_in_pieces():
    chunks = list(csv_chunks([i, "x"] for i in range(2_000)))
    assert len(chunks) == 5
