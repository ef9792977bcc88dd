"""Submissions of devices that come at the same moment: one transaction, a result and an actor for each."""

from __future__ import annotations

import threading
from datetime import date

import pytest
import sqlalchemy as sa

from eom.checklists.api.gate import MAX_GROUP, Delivery, Gate
from eom.checklists.models.app_user import AppUser
from eom.checklists.models.submission import Submission, SubmissionConflict
from eom.checklists.services import app_users
from eom.core import clock
from eom.core.audit import AuditEntry
from eom.core.db import writing
from eom.deployment.models import Visit
from eom.extensions import db
from tests import people
from tests.checklists.test_api import parts
from tests.factories import checklists as factory
from tests.factories.checklists import filled
from tests.factories.observers import make_appointment
from tests.patience import LIMIT_SECONDS as WAIT
from tests.patience import wait_until


class Writer:
    """Writes a group only when it is allowed to, and remembers the groups."""

    def __init__(self) -> None:
        self.groups, self.may_go, self.fails = [], threading.Event(), False
        self.has_begun = threading.Event()

    def __call__(self, group):
        self.has_begun.set()
        self.may_go.wait(WAIT)
        self.groups.append(len(group))
        if self.fails:
            raise RuntimeError("the database is gone")
        for each in group:
            each.result = each.token


def deliver_all(waiting: Gate, writer: Writer, tokens):
    """Deliver each from a thread of its own: the first is being written while all others come and wait."""
    results = {}

    def one(token):
        delivery = Delivery(token, "BOL-2019", None, "en", None, None, None)
        try:
            results[token] = waiting.deliver(delivery, writer)
        except RuntimeError as error:
            results[token] = str(error)

    threads = [threading.Thread(target=one, args=(token,), daemon=True) for token in tokens]
    threads[0].start()
    assert writer.has_begun.wait(WAIT)
    for thread in threads[1:]:
        thread.start()
    wait_until(lambda: len(waiting._waiting) == len(tokens) - 1, "not all of them wait")
    writer.may_go.set()
    for thread in threads:
        thread.join(WAIT)
    return results


def test_one_alone_is_written_at_once():
    writer = Writer()
    assert deliver_all(Gate(), writer, ["a"]) == {"a": "a"}
    assert writer.groups == [1]


def test_those_who_wait_are_written_together_and_each_has_its_own_result():
    writer, tokens = Writer(), [f"t{n}" for n in range(MAX_GROUP + 10)]
    assert deliver_all(Gate(), writer, tokens) == {token: token for token in tokens}
    assert writer.groups == [1, MAX_GROUP, 9]


def test_a_gate_whose_group_failed_goes_on():
    waiting, writer = Gate(), Writer()
    writer.fails = True
    results = deliver_all(waiting, writer, ["a", "b", "c"])
    # Whoever wrote is told why; those for whom it wrote have no result and are taken by themselves.
    assert set(results.values()) == {None, "the database is gone"}
    writer.fails = False
    assert deliver_all(waiting, writer, ["d"]) == {"d": "d"}


class Together(Gate):
    """A gate that writes when so many have come."""

    def __init__(self, count: int) -> None:
        super().__init__()
        self.count, self.all_here = count, threading.Event()

    def deliver(self, delivery, write):
        threading.Thread(target=self._watch, daemon=True).start()
        return super().deliver(delivery, write)

    def _watch(self):
        pause = threading.Event()
        while len(self._waiting) < self.count and not self.all_here.is_set():
            pause.wait(0.005)
        self.all_here.set()

    def _lead(self, write):
        assert self.all_here.wait(WAIT)
        super()._lead(write)


@pytest.fixture
def devices(own_app):
    """Devices of four people with their missions' codes and their secrets, known to the server; committed."""
    with writing():
        secrets = {}
        for code, names in (("BOL-2019", ("Ana", "Berta", "Carla")), ("PAN-2019", ("Dora",))):
            mission = people.make_mission(code, code[:3], date(2019, 5, 5))
            factory.make_station(mission, "1")
            factory.publish_standard(mission)
            for name in names:
                secrets[name] = (code, app_users.issue(make_appointment(mission), name)[1])
        db.session.commit()
    for code, token in secrets.values():
        assert own_app.test_client().head(f"/openrosa/{code}/{token}/submission").status_code == 204
    return own_app, secrets


def post_together(application, posts):
    """Post each from a thread and an address of its own, as one group; the statuses in their order."""
    application.extensions["eom_gate"] = Together(len(posts))
    statuses = [0] * len(posts)

    def one(number, mission, token, xml):
        statuses[number] = (
            application.test_client()
            .post(
                f"/openrosa/{mission}/{token}/submission?deviceID=d{number}%00",
                data=parts(xml), environ_base={"REMOTE_ADDR": f"10.0.0.{number}"},
            )
            .status_code
        )  # fmt: skip

    threads = [
        threading.Thread(target=one, args=(number, *each), daemon=True) for number, each in enumerate(posts)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(WAIT)
    # What this test read before must not be what it reads now.
    db.session.rollback()
    return statuses


def count(model) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(model))


def test_each_of_a_group_is_kept_and_recorded_as_if_it_came_alone(devices):
    application, secrets = devices
    posts = [(*secrets[name], filled("1", f"uuid:{name}")) for name in ("Ana", "Berta", "Dora")]
    assert post_together(application, posts) == [201, 201, 201]
    entries = db.session.scalars(
        sa.select(AuditEntry).where(AuditEntry.action == "received").order_by(AuditEntry.address)
    ).all()
    assert [each.address for each in entries] == ["10.0.0.0", "10.0.0.1", "10.0.0.2"]
    assert len({each.actor_name for each in entries}) == len({each.request_id for each in entries}) == 3
    kept = db.session.scalars(sa.select(Submission).order_by(Submission.device_id)).all()
    assert [each.device_id for each in kept] == ["d0", "d1", "d2"]
    assert len({each.app_user_id for each in kept}) == 3
    assert sorted(db.session.scalars(sa.select(Visit.submission_count))) == [1, 2]


def test_the_same_and_another_content_in_one_group(devices):
    application, secrets = devices
    same, other = filled("1"), filled("1", board_members=4)
    posts = [(*secrets["Ana"], same), (*secrets["Ana"], same), (*secrets["Berta"], other)]
    statuses = post_together(application, posts)
    # Which of the two contents came first is chance.
    assert statuses in ([201, 201, 409], [409, 409, 201])
    assert (count(Submission), count(SubmissionConflict)) == (1, 1)
    assert db.session.scalars(sa.select(Visit.submission_count)).all() == [1]


def test_one_that_is_not_admitted_holds_up_no_other_of_its_group(devices):
    application, secrets = devices
    with writing():
        revoked = db.session.scalars(sa.select(AppUser).where(AppUser.name == "Carla")).one()
        revoked.revoked_at = clock.now()
        db.session.commit()
    posts = [
        (*secrets["Ana"], filled("1", "uuid:1")),
        (*secrets["Carla"], filled("1", "uuid:2")),
        ("BOL-2019", secrets["Dora"][1], filled("1", "uuid:3")),
        (*secrets["Berta"], filled("1", "uuid:4", form_id="unknown")),
    ]
    assert post_together(application, posts) == [201, 403, 403, 404]
    assert (count(Submission), count(Visit)) == (1, 1)


def test_a_group_that_failed_as_a_whole_is_taken_one_by_one(devices):
    application, secrets = devices

    class Broken(Gate):
        def deliver(self, _delivery, _write):
            return None

    application.extensions["eom_gate"] = Broken()
    mission, token = secrets["Ana"]
    answer = application.test_client().post(
        f"/openrosa/{mission}/{token}/submission", data=parts(filled("1"))
    )
    assert answer.status_code == 201
    assert (count(Submission), count(Visit)) == (1, 1)
