"""Conversion of XLSForms: what a sound workbook gives, and how each fault is named."""

from __future__ import annotations

import contextlib
import io
import zipfile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from eom.checklists.xlsform import convert
from eom.core.errors import AppError, InvalidFile, TooLarge
from tests.checklists.workbooks import CHOICES, SURVEY, book


def with_cell(row, column, text):
    rows = [list(each) for each in SURVEY]
    rows[row - 1][SURVEY[0].index(column)] = text
    return rows


def fault(data):
    with pytest.raises(InvalidFile) as caught:
        convert(data, "form.xlsx")
    return caught.value


def test_a_sound_workbook_becomes_a_form():
    form = convert(book(), "form.xlsx")
    assert (form.form_id, form.title, form.version) == ("opening", "Opening", "3")
    assert form.languages == ("English (en)", "Español (es)")
    women = form.question("women")
    assert women.kind == "integer"
    assert women.labels["Español (es)"] == "Mujeres"
    assert women.constraint.split() == [".", "<=", "/data/members"]
    assert [choice.name for choice in form.question("opened").choices] == ["yes", "no"]
    assert form.question("opened").choices[0].labels["Español (es)"] == "Sí"
    assert form.question("opened").label("pt") == "Did it open?"


def test_the_same_workbook_gives_the_same_bytes():
    data = book()
    assert convert(data, "a.xlsx").xform == convert(data, "b.xlsx").xform


def test_without_settings_the_file_names_the_form_and_its_content_the_version():
    first = convert(book(settings=None), "Mi formulario (1).xlsx")
    second = convert(
        book(with_cell(2, "label::English (en)", "Open?"), settings=None), "Mi formulario (1).xlsx"
    )
    assert first.form_id == "mi_formulario_1"
    assert len(first.version) == 12
    assert first.version != second.version


@pytest.mark.parametrize(
    ("column", "text", "words"),
    [
        ("relevant", "${opend} = 'yes'", "opend"),
        ("relevant", "${opened = 'yes'", "${name}"),
        ("relevant", "${opened} = 'yes", "quotation"),
        ("constraint", ". >=", "brackets"),
        ("constraint", "(. > 1", "brackets"),
        ("constraint", "selcted(., 'a')", "selcted"),
        ("calculation", "1 +* 2", "operators"),
    ],
)
def test_a_broken_expression_is_named_with_sheet_row_and_column(column, text, words):
    error = fault(book(with_cell(4, column, text))).errors[0]
    assert (error.row, error.column, error.value) == (4, f"survey · {column}", text)
    assert words in str(error.expected)


def test_brackets_inside_a_text_are_not_a_call():
    assert convert(book(with_cell(4, "constraint", ". > 0 and 'so (x' != ''")), "f.xlsx")


def test_typographic_quotation_marks_are_understood():
    form = convert(book(with_cell(4, "relevant", "${opened} = ‘yes’")), "f.xlsx")
    assert form.question("women").relevant.endswith("= 'yes'")


def test_blank_rows_keep_the_row_numbers():
    rows = [*SURVEY[:2], [], [], ["integer", "n", "N", "N", "${gone} = 1", "", ""]]
    assert fault(book(rows)).errors[0].row == 5


def test_what_pyxform_refuses_is_named_with_its_row():
    error = fault(book(with_cell(3, "type", "intger"))).errors[0]
    assert error.row == 3
    assert error.value == "intger"
    assert str(error.expected).startswith("A type that XLSForm has")


def test_a_list_that_is_not_there_is_named():
    assert "yes_no" in str(fault(book(choices=[CHOICES[0], ["other", "a", "A", "A"]])).errors[0].expected)


@pytest.mark.parametrize(
    "data", [b"", b"a,b\n1,2\n", b"PK\x03\x04nonsense", b"\xd0\xcf\x11\xe0" + b"x" * 600]
)
def test_what_is_not_a_workbook_is_refused(data):
    with pytest.raises(InvalidFile):
        convert(data, "form.xlsx")


def test_a_workbook_without_a_survey_is_refused():
    assert "survey" in str(
        fault(book(survey=[["a"], ["b"]], other=[["x"], ["y"]], settings=None, choices=None))
    )


def test_a_form_that_asks_nothing_is_refused():
    fault(book([["type", "name", "label"], ["note", "hello", "Hello"]], choices=None))


def test_control_characters_are_named():
    data = book()
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    for name, part in parts.items():
        parts[name] = part.replace(b"Mujeres", b"Muj_x0001_eres")
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    try:
        form = convert(out.getvalue(), "f.xlsx")
    except InvalidFile as refusal:
        assert refusal.errors[0].row == 4
    else:
        assert "\x01" not in form.xform.decode()


def test_a_zip_bomb_is_refused_in_bounded_memory():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", b" " * (200 << 20))
    with pytest.raises((TooLarge, InvalidFile)):
        convert(out.getvalue(), "form.xlsx")


def test_too_many_rows_are_refused():
    rows = [*SURVEY, *(["text", f"q{n}", "Q", "P", "", "", ""] for n in range(3_100))]
    with pytest.raises(TooLarge):
        convert(book(rows), "form.xlsx")


@given(st.binary(max_size=400), st.sampled_from([b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0"]))
@settings(max_examples=150, deadline=None)
def test_random_bytes_never_raise_anything_but_our_own_errors(tail, head):
    with pytest.raises(AppError):
        convert(head + tail, "form.xlsx")


CELLS = st.sampled_from(
    ["", "begin_group", "end_group", "begin_repeat", "end_repeat",
     "select_one yes_no", "select_one", "integer", "a", "b",
     "note", "calculate", "${a}", "${b} = 1", "if(", "count(${a})", "a b", "1a", "é", "yes", "rank x",
     "image", "audit",
     "select_one_from_file a.csv", "range", "start=1", "label", "jr://images/a.png", "trigger", "osm"]
)  # fmt: skip


@given(st.lists(st.lists(CELLS, min_size=7, max_size=7), min_size=1, max_size=6))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_random_cells_give_a_form_or_our_own_error(rows):
    with contextlib.suppress(AppError):
        assert convert(book([SURVEY[0], *rows]), "form.xlsx").questions
