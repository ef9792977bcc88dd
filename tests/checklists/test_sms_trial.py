"""A message tried from the shell: read as a real one, answered as a real one, and gone."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from eom.checklists.models.sms import SmsGateway, SmsMessage
from eom.checklists.models.submission import Submission
from eom.checklists.queries import sms as queries
from eom.core.audit import AuditEntry
from eom.extensions import db
from tests.factories import checklists as factory
from tests.factories.observers import make_appointment
from tests.factories.stations import a_station


@pytest.fixture
def place(cast):
    factory.publish_standard(cast.a)
    a_station(cast.a, code="20217")
    made = make_appointment(cast.a, given_names="Bruno", family_names="Mar", phone="+591 7012 3456")
    made.person.user_id = cast.user("bruno").id
    db.session.commit()
    return made


@pytest.fixture
def run(app, place):
    def invoke(*arguments):
        done = app.test_cli_runner().invoke(args=["checklists", "sms", "BOL-2019", *arguments])
        assert done.exit_code == 0, done.output
        return done.output

    return invoke


def good(cast) -> tuple[str, str]:
    """A message that is right, and the letter of its number."""
    [(_version, book)] = queries.books(db.session(), cast.a)
    sign = {code.key: code.sign for code in book.codes}["ballots_received"]
    db.session.rollback()
    return f"OPEN 20217 {sign}220", sign


def counts() -> list[int]:
    return [
        db.session.scalar(sa.select(sa.func.count()).select_from(model)) or 0
        for model in (SmsMessage, SmsGateway, Submission, AuditEntry)
    ]


def test_a_message_is_read_and_its_answer_told(cast, run):
    text, sign = good(cast)
    told = run(text)
    assert "station  20217" in told
    assert f"{sign:<8} ballots_received = 220" in told
    assert f"answer   OPEN 20217 received. {sign}=220" in told


def test_what_is_wrong_is_named_in_the_language_that_is_asked_for(run):
    told = run("OPEN 20217 ?9", "--language", "es")
    assert "wrong" in told
    assert told != run("OPEN 20217 ?9")


def test_from_a_number_all_is_done_and_nothing_stays(cast, run):
    text, sign = good(cast)
    before = counts()
    told = run(text, "--from", "+59170123456")
    assert "sender   Bruno Mar" in told or "sender   Mar, Bruno" in told
    assert "becomes  kept" in told
    assert f"{sign}=220" in told
    assert counts() == before
    assert "nobody has this number" in run(text, "--from", "+5491155550000")
    assert counts() == before


def test_an_unknown_mission_is_refused(app, cast):
    done = app.test_cli_runner().invoke(args=["checklists", "sms", "XXX-1900", "OPEN"])
    assert done.exit_code == 2
