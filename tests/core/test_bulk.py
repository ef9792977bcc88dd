"""Rows spoken to the driver are the rows that the ORM would have written; what is asked comes back by name."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from eom.checklists.models.submission import Submission, SubmissionDocument, SubmissionState
from eom.core import audit, audit_proof, bulk
from eom.core.audit import AuditEntry
from eom.extensions import db
from tests.factories import checklists as factory

TABLE = Submission.__table__
DOCUMENTS = SubmissionDocument.__table__
FREE = "ON CONFLICT (form_id, instance_id) DO NOTHING"
# What a text column can hold: XML has no NUL and no half of a pair.
texts = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"), max_size=40)
numbers = st.one_of(st.integers(), st.floats(allow_nan=False, allow_infinity=False, width=32))
documents = st.recursive(
    st.one_of(st.none(), st.booleans(), numbers, texts),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(texts, inner, max_size=3)),
    max_leaves=8,
)
moments = st.datetimes(datetime(1971, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC))


@pytest.fixture
def base(cast, app):
    """The columns of a submission that the models ask for."""
    version = factory.publish_standard(cast.a)
    return {
        "mission_id": cast.a.id, "form_id": version.form_id, "form_version_id": version.id, "is_current": True,
        "by_telephone": False, "language": "es", "sha256": "0" * 64, "flags": [], "flag_count": 0,
        "is_complete": True, "state": SubmissionState.TO_CORRECT,
    }  # fmt: skip


def insert(*rows, **more):
    return bulk.insert_rows(db.session.connection(), TABLE, rows, **more)


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    name=texts, answers=st.dictionaries(texts, documents, max_size=4), xml=st.binary(max_size=60),
    at=moments, latitude=st.floats(-90, 90), files=st.lists(texts, max_size=3),
)  # fmt: skip
def test_a_row_is_the_row_that_the_orm_writes(base, name, answers, xml, at, latitude, files):
    values = base | {
        "instance_name": name, "answers": answers, "received_at": at, "started_at": None,
        "latitude": latitude, "longitude": 0.0, "files_named": files,
    }  # fmt: skip
    with db.session.begin_nested() as both:
        [(id_,)] = insert(values | {"instance_id": "bulk"}, returning="id")
        bulk.insert_rows(db.session.connection(), DOCUMENTS, [{"submission_id": id_, "xml": xml}])
        db.session.add(Submission(**values, instance_id="orm", xml=xml))
        db.session.flush()
        rows = db.session.execute(sa.text("SELECT * FROM submissions ORDER BY instance_id")).mappings().all()
        ours, theirs = ({k: v for k, v in row.items() if k not in ("id", "instance_id")} for row in rows)
        assert ours == theirs
        assert rows[0]["instance_id"] == "bulk"
        assert [bytes(each) for each in db.session.scalars(sa.text("SELECT xml FROM submission_documents"))] == [
            xml, xml,
        ]  # fmt: skip
        both.rollback()


def test_only_free_identities_are_written_and_told(base):
    row = base | {"answers": {}, "files_named": [], "received_at": datetime.now(UTC)}
    first = insert(row | {"instance_id": "1"}, conflict=FREE, returning="instance_id, id")
    again = insert(
        row | {"instance_id": "1"}, row | {"instance_id": "2"}, conflict=FREE, returning="instance_id"
    )
    assert ([name for name, _id in first], again) == (["1"], [("2",)])
    assert insert() == []


def test_a_time_of_another_zone_is_kept_in_utc(base):
    at = datetime(2019, 10, 20, 8, 0, tzinfo=timezone(timedelta(hours=-4)))
    insert(
        base | {"instance_id": "1", "answers": {}, "files_named": [], "received_at": at},
    )
    assert db.session.scalar(sa.select(Submission.received_at)) == datetime(2019, 10, 20, 12, 0, tzinfo=UTC)


def test_what_the_database_refuses_is_an_error_of_sqlalchemy(base):
    broken = base | {"instance_id": "1", "answers": {}, "files_named": [], "received_at": None}
    with pytest.raises(sa.exc.IntegrityError), db.session.begin_nested():
        insert(broken)


def test_a_question_is_asked_several_times_in_one_go(base):
    question = bulk.Question(
        sa.select(Submission.instance_id, Submission.state, Submission.received_at, Submission.answers)
        .where(bulk.among(Submission.instance_id, "names"))
        .order_by(Submission.instance_id)
    )
    at = datetime(2019, 10, 20, tzinfo=UTC)
    for name in ("a", "b", "c'\""):
        insert(base | {"instance_id": name, "answers": {"q": 1}, "files_named": [], "received_at": at})
    asked = [{"names": each} for each in (["a", "c'\""], [], ["b", "nobody"])]
    told = question.ask(db.session.connection(), asked)
    assert [[row["instance_id"] for row in rows] for rows in told] == [["a", "c'\""], [], ["b"]]
    assert told[0][0] == {
        "instance_id": "a", "state": SubmissionState.TO_CORRECT, "received_at": at, "answers": {"q": 1},
    }  # fmt: skip


@pytest.fixture
def row(base):
    return base | {"answers": {}, "files_named": [], "received_at": datetime.now(UTC)}


def names() -> list[str]:
    return sorted(db.session.scalars(sa.select(Submission.instance_id)))


def test_what_is_sent_ahead_is_there_when_the_block_has_ended(row):
    connection = db.session.connection()
    with bulk.ahead(connection):
        insert(row | {"instance_id": "1"})
        told = insert(row | {"instance_id": "2"}, returning="instance_id")
        insert(row | {"instance_id": "3"})
    assert (told, names()) == ([("2",)], ["1", "2", "3"])


def test_the_session_may_ask_in_between(row):
    with bulk.ahead(db.session.connection()):
        insert(row | {"instance_id": "1"})
        assert names() == ["1"]
        insert(row | {"instance_id": "2"})
        with db.session.begin_nested():
            insert(row | {"instance_id": "3"})
    assert names() == ["1", "2", "3"]


def test_what_goes_wrong_ahead_comes_as_an_error_of_sqlalchemy_and_leaves_the_connection_fit(row):
    db.session.commit()
    with pytest.raises(sa.exc.IntegrityError), bulk.ahead(db.session.connection()):
        insert(row | {"instance_id": "1"})
        insert(row | {"instance_id": "1"})
    db.session.rollback()
    assert names() == []
    with bulk.ahead(db.session.connection()):
        insert(row | {"instance_id": "1"})
    assert names() == ["1"]


def test_an_error_inside_is_the_one_that_is_told(row):
    with pytest.raises(LookupError), bulk.ahead(db.session.connection()):
        insert(row | {"instance_id": "1"})
        raise LookupError
    assert names() == ["1"]


def test_a_place_in_the_trail_asked_for_ahead_is_the_one_that_is_taken(row, app):
    with audit.writing_ahead(db.session()):
        audit.record(db.session(), "looked", "things", 1, "thing")
        audit.record(db.session(), "looked", "things", 2, "thing")
    entries = db.session.scalars(
        sa.select(AuditEntry).where(AuditEntry.object_type == "things").order_by(AuditEntry.id)
    ).all()
    assert entries[0].chain == entries[1].chain
    assert entries[1].position == entries[0].position + 1
    db.session.commit()
    # One that nobody used holds nothing up.
    with audit.writing_ahead(db.session()):
        pass
    db.session.rollback()
    audit.record(db.session(), "looked", "things", 3, "thing")
    db.session.commit()
    assert list(audit_proof.faults(db.session())) == []
