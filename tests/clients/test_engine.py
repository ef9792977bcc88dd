"""A client that is not ours: ODK's own engine downloads, fills and posts; the database is asked what came of it."""

from __future__ import annotations

from base64 import b64encode
from datetime import date, datetime

import pytest
import sqlalchemy as sa
from flask_security.utils import hash_password

from eom.accounts.permissions import Role
from eom.checklists.models.submission import Submission, SubmissionConflict
from eom.checklists.services import publishing
from eom.core.audit import AuditEntry
from eom.core.db import writing
from eom.deployment.models import Visit
from eom.extensions import db
from tests import people
from tests.clients import everything
from tests.clients.running import served, told_by_telephone
from tests.factories import checklists as factory

PASSWORD = "a long enough password"
RECEIVED = {"status": 201, "nature": "submit_success", "words": "Received in full."}
WAITING = RECEIVED | {"words": "Received. 4 files are still to come."}


@pytest.fixture
def site(own_app):
    """A mission with both forms, Bruno at a station with a device, served; its address and the secret."""
    with writing():
        mission = people.make_mission("CLI-2019", "BOL", date(2019, 10, 20))
        bruno = people.make_user("bruno", Role.OBSERVER, mission)
        bruno.password = hash_password(PASSWORD)
        station = factory.make_station(mission, "20217")
        publishing.publish(mission, factory.store(), everything.workbook(), "everything.xlsx")
        factory.publish_standard(mission)
        _device, token = factory.admit_device(mission, bruno, station)
        db.session.commit()
        db.session.remove()
    with served(own_app) as base:
        yield f"{base}/openrosa/CLI-2019", token


def rows() -> list[Submission]:
    return list(db.session.scalars(sa.select(Submission).order_by(Submission.id)))


def actions() -> list[str]:
    """What the trail says was done with submissions."""
    asked = (
        sa.select(AuditEntry.action).where(AuditEntry.object_type == "submissions").order_by(AuditEntry.id)
    )
    return list(db.session.scalars(asked))


def test_every_type_of_question_is_filled_sent_and_read_value_by_value(site):
    base, token = site
    told = told_by_telephone(
        f"{base}/{token}", "everything", everything.TYPED,
        other=["<whole>-5<", "<whole>-4<"], corrected={"/data/words": "Mended", "/data/office/chair": ""},
    )  # fmt: skip
    assert set(told["listed"]) == {"everything", "eom_opening"}
    assert told["head"] == {"status": 204, "limit": "10000000"}
    assert told["wrong"] == []
    # Without its files, with them, and once more: received each time, and there once.
    assert (told["bare"], told["posted"], told["again"]) == (WAITING, RECEIVED, RECEIVED)
    assert told["other"]["status"] == 409
    # The engine names what it corrects, and the files that the correction still names come along.
    assert (told["edit"], told["editAgain"]) == (RECEIVED, RECEIVED)
    assert told["late"]["status"] == 409

    sent, mended = rows()
    assert sent.xml.decode() == told["xml"]
    by_clock = {name: sent.answers.pop(name) for name in ("start", "end", "today")}
    assert sent.answers == everything.READ
    assert (sent.flags, sent.is_complete) == ([], True)
    assert datetime.fromisoformat(by_clock["start"]) == sent.started_at
    assert datetime.fromisoformat(by_clock["end"]) == sent.ended_at
    assert date.fromisoformat(by_clock["today"])
    assert (sent.latitude, sent.longitude, sent.accuracy) == (-16.5, -68.15, 4.5)
    assert (sent.instance_name or "").startswith("E ¿Qué? <b>&amp; «ñ»")

    for row in (sent, mended):
        held = {each.name: factory.store().get(each.stored_file.sha256) for each in row.attachments}
        assert held == everything.FILES
    assert (mended.replaces_id, mended.answers["words"], mended.flags) == (sent.id, "Mended", [])
    assert "chair" not in mended.answers
    assert (sent.is_current, mended.is_current) == (False, True)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(SubmissionConflict)) == 1
    assert actions() == ["received", "corrected"]


def test_a_standard_checklist_is_filled_with_a_password_and_counts_at_its_station(site):
    base, _token = site
    credentials = b64encode(f"bruno@example.org:{PASSWORD}".encode()).decode()
    answers = {
        "/data/visit/station": "20217", "/data/visit/selection": "assigned",
        "/data/visit/arrival": "07:30:00.000-04:00", "/data/opening/on_time": "yes",
        "/data/opening/ballots_received": "220", "/data/people/board_members": "5",
        "/data/people/board_women": "6",
    }  # fmt: skip
    told = told_by_telephone(base, "eom_opening", answers, headers={"Authorization": f"Basic {credentials}"})
    assert (told["posted"], told["again"]) == (RECEIVED, RECEIVED)
    [row] = rows()
    assert (row.submitted_by.name, row.device_id, row.polling_station.code) == ("Bruno", "node", "20217")
    # The engine and the server agree on what is wrong.
    flagged = {flag["question"] for flag in row.flags}
    assert {path.rsplit("/", 1)[-1] for path in told["wrong"]} == flagged
    assert "board_women" in flagged
    assert db.session.scalar(sa.select(Visit.submission_count)) == 1
    assert actions() == ["received"]
