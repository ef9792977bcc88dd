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
        (2, "relevant", "", "members", "Asked when", "${opened} = 'yes'", ""),
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
        (["username", "a", "", ""], "survey · type"), (["barcode", "a", "A", ""], "survey · type"),
        (["audio", "a", "A", "new"], "survey · appearance"), (["image", "a", "A", "new"], "survey · appearance"),
        (["date", "a", "A", "no-calendar"], "survey · appearance"),
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


HEAD = [
    "type", "name", "label::English (en)", "label::Español (es)", "hint::English (en)", "guidance_hint::English (en)",
    "appearance", "default", "choice_filter", "calculation", "constraint", "constraint_message::English (en)", "required",
    "required_message::English (en)", "readonly", "relevant", "parameters", "repeat_count", "image::English (en)", "trigger",
]  # fmt: skip
ROWS = [
    {"type": "text", "name": "who", "label::English (en)": "Who", "label::Español (es)": "Quién"},
    {"type": "select_one places", "name": "place", "label::English (en)": "Where", "label::Español (es)": "Dónde"},
    {"type": "range", "name": "mark", "label::English (en)": "Mark", "label::Español (es)": "Nota", "parameters": "start=1 end=5 step=1"},
    {"type": "begin repeat", "name": "party", "label::English (en)": "Party", "label::Español (es)": "Partido"},
    {"type": "text", "name": "title", "label::English (en)": "Title", "label::Español (es)": "Título"},
    {"type": "end repeat"},
    {"type": "calculate", "name": "sum", "calculation": "1 + 1"},
]  # fmt: skip
PLACES = [
    ["list_name", "name", "label::English (en)", "label::Español (es)", "region"],
    ["places", "a", "A", "A", "north"], ["places", "b", "B", "B", "south"],
]  # fmt: skip


def other(name="", settings=None, choices=PLACES, **cells):
    """The form with cells of one question otherwise."""
    rows = [dict(each) for each in ROWS]
    for each in rows:
        if each.get("name") == name:
            each.update(cells)
    survey = [HEAD, *[[each.get(column, "") for column in HEAD] for each in rows]]
    plain = {"form_id": "f", "form_title": "F", "version": "1"} | (settings or {})
    return book(survey=survey, choices=choices, settings=[list(plain), list(plain.values())])


@pytest.mark.parametrize(
    ("name", "column", "text", "what", "after"),
    [
        ("who", "hint::English (en)", "Their name", "Hint · English (en)", "Their name"),
        ("who", "guidance_hint::English (en)", "Ask twice", "Guidance · English (en)", "Ask twice"),
        ("who", "appearance", "multiline", "Appearance", "multiline"),
        ("place", "appearance", "minimal", "Appearance", "minimal"),
        ("who", "default", "nobody", "Answer it begins with", "nobody"),
        ("who", "default", "concat('a', ${sum})", "Answer it begins with", "concat('a', ${sum})"),
        ("place", "choice_filter", "region = ${who}", "Choices offered when", "region = ${who}"),
        ("sum", "calculation", "${mark} * 2", "Calculated as", "${mark} * 2"),
        ("who", "constraint", "string-length(.) > ${mark}", "Accepted when", "string-length(.) > ${mark}"),
        ("who", "required", "yes", "Needed", "always"),
        ("who", "required", "${mark} > 2", "Needed", "${mark} > 2"),
        ("who", "readonly", "yes", "Cannot be changed", "always"),
        ("who", "relevant", "${mark} = 3", "Asked when", "${mark} = 3"),
        ("party", "relevant", "${mark} = 3", "Asked when", "${mark} = 3"),
        ("party", "appearance", "field-list", "Appearance", "field-list"),
        ("party", "label::Español (es)", "Lista", "Words of the group · Español (es)", "Lista"),
        ("party", "repeat_count", "${mark}", "How often it repeats", "${mark}"),
        ("mark", "parameters", "start=1 end=7 step=1", "Parameters", "start=1 end=7 step=1"),
        ("who", "image::English (en)", "box.png", "Attached to the words: picture · English (en)", "box.png"),
        ("sum", "trigger", "${who}", "Calculated anew when this changes", "${who}"),
    ],
)  # fmt: skip
def test_everything_an_author_writes_beside_a_question_is_told(name, column, text, what, after):
    changes = told(other(), other(name, **{column: text}))[name]
    assert (what, after) in [(said, str(now)) for said, _was, now in changes]
    assert [said for said, was, now in changes if str(was) == str(now)] == []


def test_messages_are_told_in_each_language():
    rule = {"constraint": ". != ''", "required": "yes"}
    more = rule | {
        "constraint_message::English (en)": "Too short",
        "required_message::English (en)": "Say who",
    }
    assert told(other("who", **rule), other("who", **more))["who"] == [
        ("Words when an answer is not accepted · English (en)", "", "Too short"),
        ("Words when an answer is missing · English (en)", "", "Say who"),
    ]


def test_further_columns_of_choices_are_told():
    choices = [PLACES[0], PLACES[1], ["places", "b", "B", "B", "east"]]
    assert told(other(), other(choices=choices))["place"] == [("Choice b, column region", "south", "east")]


@pytest.mark.parametrize(
    ("setting", "text", "what"),
    [
        ("instance_name", "concat('F ', ${who})", "Name of a filled form"),
        ("style", "pages", "Style of the pages"),
        ("default_language", "Español (es)", "Language it opens in"),
        ("form_title", "Another", "Title of the form"),
        ("auto_send", "true", "Setting auto-send"),
    ],
)
def test_settings_are_told(setting, text, what):
    found = told(other(), other(settings={setting: text}))[""]
    assert (what, text) in [(said, now) for said, _was, now in found]


def test_a_file_of_the_same_name_with_another_content_is_told():
    form = convert(other("who", **{"image::English (en)": "box.png"}))
    same, changed_ = ({"box.png": "a"}, {"box.png": "a"}), ({"box.png": "a"}, {"box.png": "b"})
    assert difference(form, form, same) == []
    [whole] = difference(form, form, changed_)
    assert [str(each.what) for each in whole.changes] == ["Attached file with another content: box.png"]
