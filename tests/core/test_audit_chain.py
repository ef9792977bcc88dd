"""The trail tells what was changed, removed or inserted behind the application's back, and stays concurrent."""

from __future__ import annotations

import hmac
import json
import threading
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from eom.core import audit, audit_chain, audit_proof, clock
from eom.core.db import writing
from eom.extensions import db
from eom.missions.models.mission import Mission
from tests.factories.trail import copy, found, rows, tamper, write
from tests.people import make_mission


def test_a_trail_as_it_was_written_has_no_fault(trail):
    assert found() == []


@pytest.mark.parametrize(
    "change",
    ["object_name = 'another'", "actor_name = 'somebody else'", "action = 'created'", "reason = 'because'",
     "mission_id = 1", "at = '2020-01-01 00:00:00'", "changes = '{\"number\": 9}'", "address = '192.0.2.1'"],
)  # fmt: skip
def test_a_changed_entry_is_named(trail, change):
    victim = rows()[2]
    tamper(f"UPDATE audit_entries SET {change} WHERE id = :id", id=victim.id)
    (fault,) = found()
    assert (fault.kind, fault.entry_id, fault.position) == ("changed", victim.id, victim.position)


def test_a_removed_entry_is_missed_where_it_stood(trail):
    victim = rows()[2]
    tamper("DELETE FROM audit_entries WHERE id = :id", id=victim.id)
    (fault,) = found()
    assert (fault.kind, fault.chain, fault.position) == ("removed", victim.chain, victim.position)


def test_an_entry_removed_from_the_end_is_missed_too(trail):
    victim = rows()[-1]
    tamper("DELETE FROM audit_entries WHERE id = :id", id=victim.id)
    (fault,) = found()
    assert (fault.kind, fault.position) == ("removed", victim.position)


def test_a_whole_chain_that_is_gone_is_missed(trail):
    tamper("DELETE FROM audit_entries WHERE chain = :chain", chain=rows()[-1].chain)
    assert [each.kind for each in found()] == ["removed"]


def test_an_entry_put_in_at_the_end_is_named(trail):
    copy(rows()[-1].id, "chain, position + 1, hash")
    assert "inserted" in [each.kind for each in found()]


def test_an_entry_put_in_outside_the_chains_is_named(trail):
    copy(rows()[0].id, "NULL, NULL, NULL")
    (fault,) = found()
    assert fault.kind == "inserted"


def test_two_entries_that_changed_places_are_named(trail):
    one, two = rows()[1], rows()[2]
    assert one.chain == two.chain
    tamper("UPDATE audit_entries SET position = 900 WHERE id = :id", id=one.id)
    tamper("UPDATE audit_entries SET position = :p WHERE id = :id", p=one.position, id=two.id)
    tamper("UPDATE audit_entries SET position = :p WHERE id = :id", p=two.position, id=one.id)
    assert {each.entry_id for each in found()} >= {one.id, two.id}


def test_without_the_key_no_hash_can_be_made_to_fit(trail):
    victim = rows()[-1]
    tamper("UPDATE audit_entries SET hash = :h WHERE id = :id", h="f" * 64, id=victim.id)
    tamper("UPDATE audit_chains SET last_hash = :h WHERE id = :id", h="f" * 64, id=victim.chain)
    assert [each.entry_id for each in found()] == [victim.id, None]


def test_a_trail_set_back_together_with_its_heads_is_told_by_a_seal(trail, tmp_path):
    runner = trail.test_cli_runner()
    before = db.session.execute(sa.text("SELECT id, length, last_hash FROM audit_chains")).all()
    length = len(rows())
    write(3)
    seal = tmp_path / "seal.json"
    assert runner.invoke(args=["audit", "seal", str(seal)]).exit_code == 0
    tamper(
        "DELETE FROM audit_entries WHERE id NOT IN (SELECT id FROM audit_entries ORDER BY id LIMIT :n)",
        n=length,
    )
    for row in before:
        tamper(
            "UPDATE audit_chains SET length = :l, last_hash = :h WHERE id = :id",
            l=row[1],
            h=row[2],
            id=row[0],
        )
    assert runner.invoke(args=["audit", "verify"]).exit_code == 0
    told = runner.invoke(args=["audit", "verify", "--seal", str(seal)])
    assert told.exit_code == 1
    assert "cut:" in told.output


def test_a_seal_that_was_changed_is_refused(trail, tmp_path):
    seal = tmp_path / "seal.json"
    runner = trail.test_cli_runner()
    runner.invoke(args=["audit", "seal", str(seal)])
    kept = json.loads(seal.read_text())
    kept["made_at"] = "2020-01-01T00:00:00+00:00"
    seal.write_text(json.dumps(kept))
    told = runner.invoke(args=["audit", "verify", "--seal", str(seal)])
    assert told.exit_code == 2
    seal.write_text("no seal")
    assert "is not a seal" in runner.invoke(args=["audit", "verify", "--seal", str(seal)]).output


def test_the_command_names_the_entry_and_says_so_by_its_exit(trail):
    runner = trail.test_cli_runner()
    clean = runner.invoke(args=["audit", "verify", "--json"])
    assert clean.exit_code == 0
    assert json.loads(clean.output)["faults"] == []
    victim = rows()[0]
    tamper("UPDATE audit_entries SET actor_name = 'x' WHERE id = :id", id=victim.id)
    told = runner.invoke(args=["audit", "verify"])
    assert told.exit_code == 1
    assert f"changed: chain {victim.chain}, position {victim.position}, entry {victim.id}" in told.output


@pytest.mark.parametrize("verb", ["UPDATE audit_entries SET actor_name = 'x'", "DELETE FROM audit_entries"])
def test_the_database_itself_refuses_to_change_an_entry(own_app, verb):
    with writing():
        write(1)
        with pytest.raises(sa.exc.DatabaseError, match="never changed or deleted"):
            db.session.execute(sa.text(verb))
        db.session.rollback()


def test_writers_at_the_same_time_keep_the_trail_whole(own_app):
    """Eight threads, each committing its own transactions with several flushes."""
    errors: list[BaseException] = []

    def work(number: int) -> None:
        try:
            with own_app.app_context(), writing():
                for each in range(12):
                    audit.record(db.session(), "noted", "missions", each, f"writer {number}")
                    audit.record(db.session(), "noted", "missions", each, f"writer {number} again")
                    db.session.commit()
                db.session.remove()
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert found() == []
    assert len(rows()) == 8 * 12 * 2


def test_two_transactions_at_once_hold_two_chains(own_app):
    if db.engine.dialect.name == "sqlite":
        return
    with db.engine.begin() as one, db.engine.begin() as two:
        held = [audit_chain._take(each).chain for each in (one, two)]
        assert held[0] != held[1]


@pytest.mark.parametrize("microsecond", [0, 1, 499_999, 999_499, 999_500, 999_999])
def test_an_instant_is_proved_to_the_microsecond(own_app, monkeypatch, microsecond):
    instant = datetime(2026, 11, 23, 23, 59, 59, microsecond, tzinfo=UTC)
    monkeypatch.setattr(clock, "now", lambda: instant)
    with writing():
        write(1)
    assert found() == []


STEPS = st.lists(st.sampled_from(["flush", "begin", "release", "undo", "commit", "rollback"]), max_size=14)


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=STEPS)
def test_any_order_of_savepoints_commits_and_rollbacks_leaves_a_whole_trail(own_app, steps):
    session, savepoints = db.session(), []
    with writing():
        for number, step in enumerate(steps):
            if step == "flush":
                audit.record(session, "noted", "missions", number, "a step")
            elif step == "begin":
                savepoints.append(session.begin_nested())
            elif step in ("release", "undo") and savepoints:
                last = savepoints.pop()
                last.commit() if step == "release" else last.rollback()
            elif step == "commit":
                session.commit()
                savepoints.clear()
            elif step == "rollback":
                session.rollback()
                savepoints.clear()
        session.commit()
        assert found() == []
        session.rollback()


def test_rows_changed_by_a_person_are_chained_by_the_listener(own_app):
    with writing():
        from datetime import date

        mission = make_mission("BOL-2030", "BOL", date(2030, 1, 6))
        mission.name = "Another name"
        db.session.commit()
        entry = db.session.scalars(
            sa.select(audit.AuditEntry)
            .where(audit.AuditEntry.object_type == Mission.__tablename__)
            .order_by(audit.AuditEntry.id)
        ).all()[-1]
        assert entry.chain is not None
        assert entry.changes["name"][1] == "Another name"
    assert found() == []


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
        max_leaves=8,
    )
)
def test_what_is_hashed_is_what_json_gives_back(value):
    once = audit_chain.plain(value)
    assert json.loads(json.dumps(once)) == once
    assert audit_chain.plain(once) == once


@given(key=st.text(min_size=1, max_size=90), text=st.text())
def test_what_signs_is_hmac_sha256_as_everybody_knows_it(key, text):
    key, text = audit_chain.plain(key), audit_chain.plain(text)
    expected = hmac.digest(key.encode(), text.encode(), "sha256").hex()
    assert audit_chain.Signer(key).sign(text) == expected


def test_the_trail_is_proved_while_others_write(own_app):
    """What is written meanwhile belongs to another state, and is no fault."""
    with writing():
        write(20)
    stop = threading.Event()

    def work() -> None:
        with own_app.app_context(), writing():
            while not stop.is_set():
                write(3)
            db.session.remove()

    writers = [threading.Thread(target=work) for _ in range(3)]
    for writer in writers:
        writer.start()
    try:
        for _ in range(6):
            audit_proof.one_view(db.session())
            assert list(audit_proof.faults(db.session())) == []
    finally:
        stop.set()
        for writer in writers:
            writer.join()
    assert found() == []
