"""Publishing: what becomes a version, what is refused, and what devices are given with a form."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from eom.checklists.library import STANDARD, workbook
from eom.checklists.models.form import Form, FormFile, FormKind, FormVersion
from eom.checklists.queries import forms
from eom.checklists.services import files, publishing
from eom.core.audit import AuditEntry
from eom.core.errors import InvalidFile, InvalidInput
from eom.extensions import db
from tests.checklists.workbooks import SURVEY, book
from tests.factories import checklists as factory


def count(model) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(model))


def publish(mission, data, name="form.xlsx", **more):
    return publishing.publish(mission, factory.store(), data, name, **more)


def settings(version):
    return [["form_id", "form_title", "version"], ["opening", "Opening", version]]


def other_questions():
    return [*SURVEY, ["text", "remarks", "Remarks", "Notas", "", "", ""]]


def test_the_four_standard_checklists_are_published_once(cast):
    first = publishing.publish_library(cast.a, factory.store())
    again = publishing.publish_library(cast.a, factory.store())
    assert [each.is_new for each in first] == [True] * 5
    assert [each.is_new for each in again] == [False] * 5
    assert [each.version for each in again] == [each.version for each in first]
    assert [form.kind.value for form in forms.forms(db.session(), cast.a)] == list(STANDARD)
    assert count(FormVersion) == 5


def test_a_version_tells_what_was_published_and_by_whom(cast):
    db.session().info["actor_id"] = cast.user("ana").id
    version = publish(cast.a, workbook("counting"), "counting.xlsx").version
    assert version.published_by is cast.user("ana")
    assert version.form.kind is FormKind.COUNTING
    assert version.media == ["stations.csv", "contenders.csv"]
    assert version.question_count > 20
    assert version.languages == ["English (en)", "Español (es)", "Français (fr)", "Português (pt)"]
    assert factory.store().get(version.workbook.sha256) == workbook("counting")
    entry = db.session.scalar(sa.select(AuditEntry).where(AuditEntry.action == "published"))
    assert entry.mission_id == cast.a.id
    assert entry.changes == {"form_id": "eom_counting", "version": "1"}


def test_each_mission_has_its_own_forms(cast):
    a = factory.publish_standard(cast.a)
    b = factory.publish_standard(cast.b)
    assert a.form_id != b.form_id
    assert forms.current_versions(db.session(), cast.b) == [b]


def test_new_questions_need_a_new_version(cast):
    publish(cast.a, book())
    with pytest.raises(InvalidFile) as caught:
        publish(cast.a, book(survey=other_questions()))
    [error] = caught.value.errors
    assert (error.row, error.column, error.value) == (2, "settings · version", "3")
    assert count(FormVersion) == 1


def test_a_new_version_takes_over_and_the_old_one_stays(cast):
    old = publish(cast.a, book()).version
    before = old.xform
    new = publish(cast.a, book(survey=other_questions(), settings=settings("4"))).version
    assert (old.is_current, new.is_current) == (False, True)
    assert old.xform == before
    assert forms.current_versions(db.session(), cast.a) == [new]
    assert forms.versions(db.session(), new.form) == [new, old]


def test_an_earlier_version_can_take_over_again(cast):
    old = publish(cast.a, book()).version
    new = publish(cast.a, book(survey=other_questions(), settings=settings("4"))).version
    back = publish(cast.a, book())
    assert back.version is old
    assert not back.is_new
    assert (old.is_current, new.is_current) == (True, False)


def test_a_workbook_without_a_version_is_known_again_by_its_questions(cast):
    bare = [["form_id", "form_title"], ["opening", "Opening"]]
    first = publish(cast.a, book(settings=bare))
    # Saved again: other bytes, the same questions.
    again = publish(cast.a, book(settings=bare, notes=[["nothing of the form"]]))
    changed = publish(cast.a, book(survey=other_questions(), settings=bare))
    assert (first.is_new, again.is_new, changed.is_new) == (True, False, True)
    assert again.version is first.version
    assert count(Form) == 1


@pytest.mark.parametrize(
    ("row", "column", "text", "place"),
    [
        (3, "relevant", "${opened} = 'yes", (3, "survey · relevant")),
        (3, "relevant", "${nothing} = 'yes'", (3, "survey · relevant")),
        (4, "constraint", ". <= ${members", (4, "survey · constraint")),
        (3, "type", "intergalactic", (3, "survey")),
        (2, "type", "select_one nowhere", (2, "survey")),
    ],
)
def test_a_fault_is_named_by_sheet_row_and_column_and_nothing_is_kept(cast, row, column, text, place):
    rows = [list(each) for each in SURVEY]
    rows[row - 1][SURVEY[0].index(column)] = text
    with pytest.raises(InvalidFile) as caught:
        publish(cast.a, book(survey=rows))
    error = caught.value.errors[0]
    assert error.row == place[0]
    assert error.column.startswith(place[1])
    assert count(Form) == count(FormVersion) == 0


@pytest.mark.parametrize("data", [b"", b"not a workbook", b"PK\x03\x04 torn", workbook("opening")[:2000]])
def test_what_is_no_workbook_is_refused(cast, data):
    with pytest.raises(InvalidInput):
        publish(cast.a, data)
    assert count(Form) == 0


def test_an_unknown_standard_checklist_is_refused(cast):
    with pytest.raises(InvalidInput, match="dancing"):
        publishing.publish_standard(cast.a, factory.store(), "dancing")


def test_names_too_long_for_a_device_are_refused(cast):
    with pytest.raises(InvalidFile) as caught:
        publish(cast.a, book(settings=settings("v" * 300)))
    assert caught.value.errors[0].column == "settings · version"


def attach(mission, text):
    return files.attach_contenders(mission, factory.store(), text.encode(), "contenders.csv")


def test_contenders_are_given_and_replaced(cast):
    attach(cast.a, "name,label\nmas,MAS-IPSP\ncc,Comunidad Ciudadana\n")
    attach(cast.a, "Label;Name\n«Nuevo», Movimiento;nm\n")
    assert count(FormFile) == 1
    kept = db.session.scalar(sa.select(FormFile))
    assert factory.store().get(kept.stored_file.sha256).decode() == 'name,label\nnm,"«Nuevo», Movimiento"\n'


@pytest.mark.parametrize(
    ("text", "row", "column"),
    [
        ("name,label\nm a s,MAS\n", 2, "name"),
        ("name,label\nmas,MAS\nmas,Other\n", 3, "name"),
        ("name,label\nmas,\n", 2, "label"),
    ],
)
def test_faults_in_the_list_of_contenders_are_named(cast, text, row, column):
    with pytest.raises(InvalidFile) as caught:
        attach(cast.a, text)
    assert (caught.value.errors[0].row, caught.value.errors[0].column) == (row, column)
    assert count(FormFile) == 0


def test_a_list_without_its_columns_says_which(cast):
    with pytest.raises(InvalidFile, match="name"):
        attach(cast.a, "code,label\nmas,MAS\n")


def test_a_picture_is_a_picture(cast):
    png = factory.picture()
    assert files.attach_picture(cast.a, factory.store(), png, "box.png").name == "box.png"
    for name, data in (("box.png", b"<html>"), ("../box.png", png), ("stations.csv", png)):
        with pytest.raises(InvalidInput):
            files.attach_picture(cast.a, factory.store(), data, name)
    assert count(FormFile) == 1
