"""What goes out as a file, and who looks at what is delicate, is in the trail before the answer is."""

from __future__ import annotations

import threading

import pytest
import sqlalchemy as sa

from eom.core import audit_proof
from eom.core.audit import AuditEntry
from eom.extensions import db
from eom.missions.models.mission import Mission
from eom.web import reading
from tests.people import Client, make_cast


def entries(action: str = "exported") -> list[AuditEntry]:
    query = sa.select(AuditEntry).where(AuditEntry.action == action).order_by(AuditEntry.id)
    return list(db.session.scalars(query))


def number() -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(AuditEntry))


def test_a_list_that_goes_out_is_told_with_its_filters_and_rows(as_person, cast):
    as_person("hugo").get("/missions?format=csv&search=2019&page=3&stage=")
    (entry,) = entries()
    assert (entry.object_type, entry.object_id, entry.object_name) == ("lists", "missions", "missions.csv")
    assert entry.changes["format"] == "csv"
    assert entry.changes["rows"] == 1
    assert entry.changes["filters"] == {"search": "2019"}
    assert entry.changes["path"] == "/missions"
    assert (entry.actor_name, entry.address) == ("Hugo", "127.0.0.1")
    assert entry.request_id


def test_a_list_of_a_mission_is_told_of_that_mission(as_person, cast):
    mission_id = cast.a.id
    as_person("ana").get("/missions/BOL-2019/appointments?format=xlsx")
    (entry,) = entries()
    assert entry.mission_id == mission_id
    assert entry.changes["format"] == "xlsx"


@pytest.mark.parametrize(
    ("who", "address", "status"),
    [("hugo", "/missions", 200), ("hugo", "/missions?format=pdf", 422), ("dario", "/finance/awards?format=csv", 403),
     (None, "/missions?format=csv", 302)],
)  # fmt: skip
def test_what_gives_no_file_writes_nothing(as_person, who, address, status):
    client = as_person(who)
    before = number()
    client.get(address, status)
    assert number() == before


def test_the_headings_alone_are_no_export(as_person):
    client = as_person("hugo")
    client.http.head("/missions?format=csv")
    assert entries() == []


def test_what_is_told_of_the_address_is_bounded(as_person):
    query = "&".join(f"x{n:02}={'y' * 300}" for n in range(60))
    as_person("hugo").get(f"/missions?format=csv&{query}")
    (entry,) = entries()
    assert len(entry.changes["filters"]) <= reading.ARGUMENTS
    assert max(map(len, entry.changes["filters"].values())) == 200


def test_a_look_is_told_through_the_same_door(app, cast):
    with app.test_request_context("/"):
        reading.looked("people", 7, "Rosa", group="medical")
    (entry,) = entries("looked")
    assert (entry.object_type, entry.object_id, entry.changes) == ("people", "7", {"group": "medical"})


def test_an_answer_that_only_reads_and_has_changed_records_is_stopped(app, cast):
    with app.test_request_context("/missions"):
        cast.a.name = "Slipped in"
        with pytest.raises(RuntimeError, match="/missions: an answer that only reads has changed records"):
            reading.exported("lists", "missions", "missions.csv")
        db.session.rollback()
    assert db.session.scalar(sa.select(Mission.name).where(Mission.code == "BOL-2019")) != "Slipped in"


def test_exports_at_the_same_time_are_all_told_and_leave_a_whole_trail(own_app):
    """Real commits: nobody waits for a lock that is never given back, and a write comes through after."""
    own_app.config["WTF_CSRF_ENABLED"] = False
    users = make_cast().users
    clients = [Client(own_app, users[name]) for name in ("hugo", "amir", "elena")]
    db.session.remove()
    answers: list[int] = []

    def fetch(client: Client) -> None:
        with own_app.app_context():
            answers.extend(client.http.get("/missions?format=xlsx").status_code for _ in range(4))

    threads = [threading.Thread(target=fetch, args=(client,)) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [200] * 12
    assert len(entries()) == 12
    assert {entry.actor_name for entry in entries()} == {"Hugo", "Amir", "Elena"}
    assert list(audit_proof.faults(db.session())) == []
