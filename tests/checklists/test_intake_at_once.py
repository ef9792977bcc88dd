"""Receiving at the same moment: several connections send the same, or to the same place."""

from __future__ import annotations

from datetime import date
from threading import Barrier, Thread

import pytest
import sqlalchemy as sa

from eom.accounts.models import User
from eom.accounts.permissions import Role
from eom.checklists.models.submission import Submission, SubmissionAttachment, SubmissionConflict
from eom.checklists.services.unpacking import SentFile
from eom.core.db import writing
from eom.deployment.models import Visit
from eom.extensions import db
from eom.missions.models.mission import Mission
from tests import people
from tests.checklists.test_intake import JPEG, count
from tests.factories import checklists as factory
from tests.factories.checklists import filled, receive
from tests.patience import LIMIT_SECONDS


@pytest.fixture
def committed(own_app):
    """A mission that other connections see too."""
    with writing():
        mission = people.make_mission("PAN-2019", "PAN", date(2019, 5, 5))
        user = people.make_user("paula", Role.OBSERVER, mission)
        factory.make_station(mission, "1")
        factory.make_station(mission, "2")
        factory.publish_standard(mission)
        ids = (mission.id, user.id)
        # Nothing may be read after this: on SQLite a reader who might write holds up the others.
        db.session.commit()
    return own_app, *ids


def at_once(application, mission_id, user_id, posts):
    """Every post in a thread and on a connection of its own, all at the same moment."""
    barrier, outcomes = Barrier(len(posts)), []

    def post(xml, files):
        with application.app_context(), writing():
            mission, user = db.session.get(Mission, mission_id), db.session.get(User, user_id)
            db.session.commit()
            barrier.wait(LIMIT_SECONDS)
            try:
                receipt = receive(mission, xml, *files, user=user)
                outcomes.append(receipt.outcome.value)
                db.session.commit()
            except Exception as error:
                db.session.rollback()
                outcomes.append(repr(error))

    threads = [Thread(target=post, args=each, daemon=True) for each in posts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(LIMIT_SECONDS)
    return sorted(outcomes)


def test_the_same_submission_twice_at_the_same_moment_is_one_row(committed):
    application, mission_id, user_id = committed
    xml = filled("1", photo="1.jpg")
    posts = [(xml, [SentFile("1.jpg", JPEG)])] * 4
    assert at_once(application, mission_id, user_id, posts) == ["again"] * 3 + ["received"]
    assert (count(Submission), count(SubmissionAttachment), count(SubmissionConflict)) == (1, 1, 0)
    assert db.session.scalar(sa.select(Visit.submission_count)) == 1


def test_two_contents_under_one_id_at_the_same_moment_are_one_row_and_one_conflict(committed):
    application, mission_id, user_id = committed
    posts = [(filled("1"), []), (filled("1", board_members=4), []), (filled("1"), [])]
    outcomes = at_once(application, mission_id, user_id, posts)
    assert outcomes.count("received") == 1
    assert set(outcomes) <= {"received", "again", "conflict"}
    assert (count(Submission), count(SubmissionConflict)) == (1, 1)


def test_different_submissions_from_one_station_at_the_same_moment_are_all_kept(committed):
    application, mission_id, user_id = committed
    posts = [(filled("2", f"uuid:{n}"), []) for n in range(4)]
    assert at_once(application, mission_id, user_id, posts) == ["received"] * 4
    assert db.session.scalar(sa.select(Visit.submission_count)) == 4


def test_two_edits_of_one_submission_at_the_same_moment_are_not_both_taken(committed):
    application, mission_id, user_id = committed
    assert at_once(application, mission_id, user_id, [(filled("1"), [])]) == ["received"]
    posts = [(filled("1", f"uuid:e{n}", replaces="uuid:1"), []) for n in range(2)]
    outcomes = at_once(application, mission_id, user_id, posts)
    assert "edited" in outcomes
    assert any("Refused" in each for each in outcomes)
    assert count(Submission, Submission.is_current) == 1
