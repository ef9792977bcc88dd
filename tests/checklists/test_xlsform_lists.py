"""What a list that is attached to a form must have: the columns that the form reads, and a code in each row."""

from __future__ import annotations

import io
import json

import pytest
import sqlalchemy as sa

from eom.checklists.models.form import FormDraft, FormFile, FormVersion, FormVersionFile
from eom.checklists.services import drafts, files, publishing
from eom.checklists.xlsform import convert
from eom.checklists.xlsform_lists import ListNeed, faults_of, needs_of
from eom.core.errors import InvalidFile
from eom.extensions import db
from tests.checklists.workbooks import book
from tests.factories import checklists as factory

HEAD = ["type", "name", "label", "choice_filter", "parameters"]
SETTINGS = [["form_id", "form_title", "version"], ["lists", "Lists", "1"]]


def a_form(*rows):
    return book(survey=[HEAD, ["text", "who", "Who", "", ""], *rows], choices=None, settings=SETTINGS)


def needs(*rows) -> list[ListNeed]:
    return needs_of(convert(a_form(*rows)).xform)


def faults(need, text) -> list[tuple[int | None, str | None]]:
    return [(each.row, each.column) for each in faults_of(need, text.encode())]


def test_a_form_says_which_columns_it_reads():
    assert needs(["select_one_from_file towns.csv", "town", "Town", "", ""]) == [
        ListNeed("towns.csv", "name", "label")
    ]
    assert needs(
        [
            "select_multiple_from_file towns.csv",
            "town",
            "Town",
            "region = ${who} and size > 3",
            "value=code, label=words",
        ]
    ) == [ListNeed("towns.csv", "code", "words", ("region", "size"), True)]
    [filtered] = needs(
        [
            "select_one_from_file towns.csv",
            "town",
            "Town",
            "starts-with(kind, 'a b') or not(selected(${who}, zone))",
            "",
        ]
    )
    assert filtered.filters == ("kind", "zone")
    [shape] = needs(["select_one_from_file zones.geojson", "zone", "Zone", "", ""])
    assert shape.file == "zones.geojson"
    assert needs(["text", "t", "T", "", ""]) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("name,label,region\na,A,n\nb,B,n\n", []),
        ("name,words,region\na,A,n\n", [(1, "label")]),
        ("code,words\na,A\n", [(1, "name"), (1, "label"), (1, "region")]),
        ("name,label,region\n,A,n\nb,,n\n", [(2, "name"), (3, "label")]),
        ("name,label,region\na,A,n\na,A,s\na,B,n\n", [(4, "name")]),
        ("name,label,region\na b,A,n\n", [(2, "name")]),
        ("name , label,region\na,A,n\n\n\n", []),
        ("name,label,region\na\n", [(2, "label")]),
    ],
)  # fmt: skip
def test_a_csv_is_told_its_rows_and_columns(text, found):
    assert faults(ListNeed("towns.csv", "name", "label", ("region",), True), text) == found


def test_a_geojson_has_an_id_and_a_title():
    feature = {"type": "Feature", "geometry": None, "id": "z1", "properties": {"title": "One"}}
    bare = {"type": "Feature", "geometry": None, "properties": {}}
    data = json.dumps(
        {"type": "FeatureCollection", "features": [feature, bare, feature | {"properties": None}]}
    )
    assert faults(ListNeed("zones.geojson", "id", "title"), data) == [(2, "id"), (3, "title"), (3, "id")]


FORM = a_form(["select_one_from_file towns.csv", "town", "Town", "region = ${who}", ""])


def test_a_list_that_does_not_fit_a_draft_is_refused_whole(cast):
    drafts.load_draft(cast.a, factory.store(), FORM, "lists.xlsx")
    with pytest.raises(InvalidFile) as caught:
        files.attach_file(cast.a, factory.store(), b"name,label\na,A\n", "towns.csv")
    assert [(each.row, each.column) for each in caught.value.errors] == [(1, "region")]
    assert db.session.scalar(sa.select(FormFile)) is None
    files.attach_file(cast.a, factory.store(), b"name,label,region\na,A,n\n", "towns.csv")
    # A list that no form names is not looked into.
    files.attach_file(cast.a, factory.store(), b"one,two\n1,2\n", "others.csv")


def test_a_published_version_has_its_list_and_a_newer_one_need_not_fit_it(cast):
    publishing.publish(cast.a, factory.store(), FORM, "lists.xlsx")
    with pytest.raises(InvalidFile):
        files.attach_file(cast.a, factory.store(), b"name,label\na,A\n", "towns.csv")
    files.attach_file(cast.a, factory.store(), b"name,label,region\na,A,n\n", "towns.csv")
    files.attach_file(cast.a, factory.store(), b"name,label\na,A\n", "towns.csv")


def base(cast) -> str:
    return f"/missions/{cast.a.code}/checklists"


def test_a_draft_names_its_files_and_what_is_wrong_with_them(cast, as_person):
    ana, store = as_person("ana"), factory.store()
    files.attach_file(cast.a, store, b"name,label\na,A\n", "towns.csv")
    draft = drafts.load_draft(cast.a, store, FORM, "lists.xlsx")
    db.session.commit()
    page = ana.page(f"{base(cast)}/drafts/{draft.id}")
    assert "The list towns.csv does not fit this form" in page.text
    assert [cell.get_text(" ", strip=True) for cell in page.all(".error-list tbody td")][:2] == [
        "1",
        "region",
    ]
    assert page.all("a[href$='name=towns.csv']")


def test_a_list_is_refused_on_the_page_with_row_and_column(cast, as_person):
    ana = as_person("ana")
    drafts.load_draft(cast.a, factory.store(), FORM, "lists.xlsx")
    db.session.commit()
    sent = {"file": (io.BytesIO(b"name,label,region\n,A,n\n"), "towns.csv"), "name": ""}
    answer = ana.http.post(f"{base(cast)}/files", data=sent, content_type="multipart/form-data")
    assert answer.status_code == 422
    assert "error-list" in answer.text and "<td" in answer.text
    assert 'name="name"' in ana.http.get(f"{base(cast)}/files?name=towns.csv").text
    assert 'value="towns.csv"' in ana.http.get(f"{base(cast)}/files?name=towns.csv").text


def test_a_file_is_removed_and_a_published_version_keeps_its_own(cast, as_person):
    ana, store = as_person("ana"), factory.store()
    kept = files.attach_file(cast.a, store, b"name,label,region\na,A,n\n", "towns.csv")
    version = publishing.publish(cast.a, store, FORM, "lists.xlsx").version
    draft = drafts.load_draft(cast.a, store, the_next_version(), "lists.xlsx")
    file_id, version_id, draft_id = kept.id, version.id, draft.id
    db.session.commit()
    assert ana.http.post(f"{base(cast)}/files/{file_id}/remove").status_code == 303
    db.session.rollback()
    assert db.session.get(FormFile, file_id) is None
    assert (
        db.session.scalar(sa.select(FormVersionFile.name).where(FormVersionFile.version_id == version_id))
        == "towns.csv"
    )
    assert (
        db.session.get(FormVersion, version_id) is not None
        and db.session.get(FormDraft, draft_id) is not None
    )
    assert "Load towns.csv" in ana.page(f"{base(cast)}/drafts/{draft_id}").text
    assert ana.http.post(f"{base(cast)}/files/{file_id}/remove").status_code == 404


def the_next_version() -> bytes:
    """The form with one question more, under another version."""
    rows = [
        HEAD,
        ["text", "who", "Who", "", ""],
        ["select_one_from_file towns.csv", "town", "Town", "", ""],
        ["text", "more", "More", "", ""],
    ]
    return book(survey=rows, choices=None, settings=[SETTINGS[0], ["lists", "Lists", "2"]])
