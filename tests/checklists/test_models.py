"""What the database itself refuses of forms and submissions."""

from __future__ import annotations

import hashlib

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from eom.checklists.models.form import Form, FormKind, FormVersion
from eom.checklists.models.submission import (
    Finding,
    Submission,
    SubmissionAttachment,
    SubmissionConflict,
    SubmissionState,
)
from eom.core.i18n import in_locale
from eom.core.storage import StoredFile
from eom.extensions import db
from tests.factories import checklists as factory


@pytest.fixture
def version(cast):
    return factory.publish_standard(cast.a)


def make_submission(version, **values):
    given = {
        "mission_id": version.form.mission_id, "form": version.form, "version": version,
        "instance_id": "uuid:1", "xml": b"<data/>", "sha256": hashlib.sha256(b"<data/>").hexdigest(),
    } | values  # fmt: skip
    row = Submission(**given)
    db.session.add(row)
    db.session.flush()
    return row


def make_file():
    row = StoredFile(sha256="0" * 64, name="1.jpg", content_type="image/jpeg", size=1)
    db.session.add(row)
    db.session.flush()
    return row


def refused(name, make):
    with pytest.raises(IntegrityError) as caught, db.session.begin_nested():
        make()
    assert name in str(caught.value)


def another_version(form, version, *, is_current):
    db.session.add(
        FormVersion(
            form=form, version=version, digest="d", xform=b"", xform_hash="md5:", is_current=is_current
        )
    )
    db.session.flush()


def test_a_form_has_one_current_version_and_any_number_of_others(version):
    another_version(version.form, "2", is_current=False)
    another_version(version.form, "3", is_current=False)
    refused("form_versions", lambda: another_version(version.form, "4", is_current=True))


def test_a_version_is_published_once(version):
    refused("form_versions", lambda: another_version(version.form, "1", is_current=False))


def test_a_form_id_is_given_once_in_a_mission(cast, version):
    def again():
        db.session.add(Form(mission_id=cast.a.id, form_id="eom_opening", title="Again"))
        db.session.flush()

    refused("forms", again)


def test_an_identity_is_held_once(version):
    make_submission(version)
    refused("submissions", lambda: make_submission(version))


def test_a_submission_is_replaced_once(version):
    first = make_submission(version)
    make_submission(version, instance_id="uuid:2", replaces_id=first.id)
    refused("submissions", lambda: make_submission(version, instance_id="uuid:3", replaces_id=first.id))


@pytest.mark.parametrize("values", [{"latitude": 91.0}, {"longitude": -181.0}, {"state": "lost"}])
def test_values_that_cannot_be_are_refused(version, values):
    with pytest.raises((IntegrityError, sa.exc.StatementError)), db.session.begin_nested():
        make_submission(version, **values)


def test_a_file_name_is_held_once_by_a_submission(version):
    row, file = make_submission(version), make_file()

    def add():
        db.session.add(SubmissionAttachment(submission=row, name="1.jpg", stored_file=file))
        db.session.flush()

    add()
    refused("submission_attachments", add)


def test_a_contradiction_is_kept_once(version):
    row, file = make_submission(version), make_file()

    def add():
        db.session.add(SubmissionConflict(submission=row, sha256="0" * 64, stored_file=file))
        db.session.flush()

    add()
    refused("submission_conflicts", add)


def test_bytes_and_answers_come_back_as_they_went_in(version):
    answers = {"n": 3, "list": ["a", "ñ"], "point": {"latitude": -16.5}, "rows": [{"votes": 1}]}
    xml = "<data>\u00f1 \U0001f5f3</data>".encode("utf-16")
    id_ = make_submission(version, xml=xml, answers=answers).id
    db.session.expire_all()
    row = db.session.get(Submission, id_)
    assert (row.xml, row.answers) == (xml, answers)


def test_every_word_for_people_is_there(app):
    for enumeration in (FormKind, SubmissionState, Finding):
        assert {value for value, _label in enumeration.choices()} == {each.value for each in enumeration}


def test_a_standard_form_is_called_by_its_stage_and_an_own_one_by_its_title(cast, version):
    with in_locale("en"):
        assert str(version.form.words) == "Opening"
    own = Form(mission_id=cast.a.id, form_id="prisons", title="Voto en cárceles", kind=FormKind.OTHER)
    assert own.words == "Voto en cárceles"
