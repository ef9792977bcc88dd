"""Rows spoken to the driver are the rows that the ORM would have written; what is asked comes back by name."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from eom.checklists.models.submission import Submission, SubmissionState
from eom.core import bulk
from eom.extensions import db
from tests.factories import checklists as factory

TABLE = Submission.__table__
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
        "instance_name": name, "answers": answers, "xml": xml, "received_at": at, "started_at": None,
        "latitude": latitude, "longitude": 0.0, "files_named": files,
    }  # fmt: skip
    with db.session.begin_nested() as both:
        insert(values | {"instance_id": "bulk"})
        db.session.add(Submission(**values, instance_id="orm"))
        db.session.flush()
        rows = db.session.execute(sa.text("SELECT * FROM submissions ORDER BY instance_id")).mappings().all()
        ours, theirs = ({k: v for k, v in row.items() if k not in ("id", "instance_id")} for row in rows)
        assert ours == theirs
        assert rows[0]["instance_id"] == "bulk"
        both.rollback()


def test_only_free_identities_are_written_and_told(base):
    row = base | {"xml": b"<a/>", "answers": {}, "files_named": [], "received_at": datetime.now(UTC)}
    first = insert(row | {"instance_id": "1"}, conflict=FREE, returning="instance_id, id")
    again = insert(
        row | {"instance_id": "1"}, row | {"instance_id": "2"}, conflict=FREE, returning="instance_id"
    )
    assert ([name for name, _id in first], again) == (["1"], [("2",)])
    assert insert() == []


def test_a_time_of_another_zone_is_kept_in_utc(base):
    at = datetime(2019, 10, 20, 8, 0, tzinfo=timezone(timedelta(hours=-4)))
    insert(
        base | {"instance_id": "1", "xml": b"", "answers": {}, "files_named": [], "received_at": at},
    )
    assert db.session.scalar(sa.select(Submission.received_at)) == datetime(2019, 10, 20, 12, 0, tzinfo=UTC)


def test_what_the_database_refuses_is_an_error_of_sqlalchemy(base):
    broken = base | {"instance_id": "1", "xml": b"", "answers": {}, "files_named": [], "received_at": None}
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
        insert(
            base
            | {"instance_id": name, "xml": b"", "answers": {"q": 1}, "files_named": [], "received_at": at}
        )
    asked = [{"names": each} for each in (["a", "c'\""], [], ["b", "nobody"])]
    told = question.ask(db.session.connection(), asked)
    assert [[row["instance_id"] for row in rows] for rows in told] == [["a", "c'\""], [], ["b"]]
    assert told[0][0] == {
        "instance_id": "a", "state": SubmissionState.TO_CORRECT, "received_at": at, "answers": {"q": 1},
    }  # fmt: skip
