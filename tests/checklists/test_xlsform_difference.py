"""What changed between two versions, and what the browser cannot show: told of workbooks."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eom.checklists.library import STANDARD, workbook
from eom.checklists.xlsform import convert, converted
from eom.checklists.xlsform_difference import _moved, difference
from tests.checklists.workbooks import CHOICES, SURVEY, book

KINDS = (
    "text", "integer", "decimal", "select_one yes_no", "select_multiple yes_no", "select_one yes_no or_other",
    "select_one_from_file list.csv", "select_multiple_from_file list.geojson", "rank yes_no", "date", "time",
    "dateTime", "geopoint", "geotrace", "geoshape", "image", "audio", "video", "file", "note", "acknowledge",
    "trigger", "barcode", "select all that apply from yes_no",
)  # fmt: skip
METADATA = (
    "start",
    "end",
    "today",
    "deviceid",
    "username",
    "email",
    "phonenumber",
    "audit",
    "start-geopoint",
)


def told(before, after) -> dict[str, list[tuple[str, str, str]]]:
    found = difference(convert(before), convert(after))
    return {each.key: [(str(c.what), c.before, c.after) for c in each.changes] for each in found}


def changed(row, column, text):
    rows = [list(each) for each in SURVEY]
    rows[row][SURVEY[0].index(column)] = text
    return book(survey=rows)


def test_equal_forms_differ_in_nothing():
    assert told(book(), book(notes=[["other bytes"]])) == {}


@pytest.mark.parametrize(
    ("row", "column", "text", "key", "what", "before", "after"),
    [
        (2, "label::Español (es)", "Miembros", "members", "Words of the question · Español (es)", "Integrantes", "Miembros"),
        (2, "type", "decimal", "members", "Type of answer", "integer", "decimal"),
        (2, "constraint", ". > 0", "members", "Accepted when", ". >= 0", ". > 0"),
        (2, "relevant", "", "members", "Asked when", "/data/opened = 'yes'", ""),
    ],
)  # fmt: skip
def test_a_change_is_told_at_its_question(row, column, text, key, what, before, after):
    [(said, was, now)] = told(book(), changed(row, column, text))[key]
    assert said == what
    assert (" ".join(was.split()), " ".join(now.split())) == (before, after)


def test_added_removed_and_moved_questions():
    rows = [SURVEY[0], SURVEY[2], SURVEY[1], ["text", "more", "More", "Más", "", "", ""]]
    rows = [[cell if not str(cell).startswith(". <=") else "" for cell in row] for row in rows]
    found = told(book(), book(survey=rows))
    assert found["more"] == [("Added", "", "")]
    assert found["women"] == [("Removed", "", "")]
    assert [each[0] for each in (*found.get("members", []), *found.get("opened", []))] == [
        "Moved among the other questions"
    ]


def test_choices_added_removed_and_relabelled():
    choices = [CHOICES[0], ["yes_no", "yes", "Yes indeed", "Sí"], ["yes_no", "maybe", "Maybe", "Quizás"]]
    assert told(book(), book(choices=choices))["opened"] == [
        ("Choice added: maybe", "", "Maybe"),
        ("Choice removed: no", "No", ""),
        ("Words of the choice yes · English (en)", "Yes", "Yes indeed"),
    ]


@pytest.mark.parametrize("stage", STANDARD)
def test_a_standard_checklist_differs_in_nothing_from_itself(stage):
    form = convert(workbook(stage))
    assert difference(form, form) == []


@given(st.permutations(list("abcdefgh")))
def test_what_did_not_move_stands_in_order(after):
    before = list("abcdefgh")
    stays = [key for key in after if key not in _moved(before, list(after))]
    assert stays == [key for key in before if key in stays]
    assert stays


@pytest.mark.parametrize("kind", KINDS)
def test_every_type_of_question_becomes_a_form(kind):
    survey = [["type", "name", "label"], [kind, "asked", "Asked"], ["text", "remarks", "Remarks"]]
    choices = [["list_name", "name", "label"], ["yes_no", "yes", "Yes"], ["yes_no", "no", "No"]]
    assert convert(book(survey=survey, choices=choices)).question("asked").labels == {"default": "Asked"}


@pytest.mark.parametrize("kind", METADATA)
def test_what_is_recorded_unasked_becomes_a_form(kind):
    name = "audit" if kind == "audit" else "recorded"
    survey = [["type", "name", "label"], [kind, name, ""], ["text", "remarks", "Remarks"]]
    assert convert(book(survey=survey, choices=None)).question("remarks")


def test_a_form_of_another_server_with_groups_repeats_and_parameters_is_taken():
    survey = [
        ["type", "name", "label", "parameters", "appearance", "repeat_count", "calculation", "default", "hint",
         "guidance_hint", "required", "read_only", "choice_filter"],
        ["begin_group", "g", "Group", "", "field-list"],
        ["range", "mark", "Mark", "start=1 end=5 step=1", "rating"],
        ["integer", "n", "How many", "", "", "", "", "2", "A hint", "More", "yes"],
        ["end_group"],
        ["begin repeat", "r", "Each", "", "", "${n}"],
        ["select_one places", "place", "Where", "", "minimal", "", "", "", "", "", "", "", "region = ${n}"],
        ["end repeat"],
        ["calculate", "twice", "", "", "", "", "${n} * 2"],
    ]  # fmt: skip
    choices = [["list_name", "name", "label", "region"], ["places", "a", "A", "1"], ["places", "b", "B", "2"]]
    form = convert(book(survey=survey, choices=choices))
    assert form.question("place").repeat == "r"
    assert [group.key for group in form.groups] == ["g", "r"]


@pytest.mark.parametrize(
    ("row", "column"),
    [
        (["audio", "a", "A", ""], "survey · type"), (["video", "a", "A", ""], "survey · type"),
        (["file", "a", "A", ""], "survey · type"), (["barcode", "a", "A", ""], "survey · type"),
        (["dateTime", "a", "A", ""], "survey · type"), (["image", "a", "A", "signature"], "survey · appearance"),
        (["select_one yes_no", "a", "A", "image-map"], "survey · appearance"),
        (["text", "a", "A", "ex:org.example.app"], "survey · appearance"),
    ],
)  # fmt: skip
def test_what_the_browser_cannot_show_is_named_with_its_row(row, column):
    choices = [["list_name", "name", "label"], ["yes_no", "yes", "Yes"]]
    data = book(
        survey=[["type", "name", "label", "appearance"], ["text", "t", "T", ""], row], choices=choices
    )
    assert (3, column) in {(each.row, each.column) for each in converted(data).warnings}


@pytest.mark.parametrize("stage", STANDARD)
def test_the_browser_shows_all_of_the_standard_checklists(stage):
    warnings = converted(workbook(stage)).warnings
    assert [(each.row, each.column, str(each.expected)) for each in warnings] == []
