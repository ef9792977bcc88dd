"""What the proof of the trail tells of less usual tricks, and the seals."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from eom.extensions import db
from tests.factories.trail import copy, found, rows, tamper


def test_a_changed_hash_blames_its_own_entry_only(trail):
    victim = rows()[2]
    tamper("UPDATE audit_entries SET hash = :h WHERE id = :id", h="0" * 64, id=victim.id)
    assert [each.entry_id for each in found()] == [victim.id]


def test_an_end_cut_off_is_missed_though_its_head_was_set_back_to_the_entry_before(trail):
    """Whoever has no key does not know what a head must hold; it stands in no entry."""
    last, before = rows()[-1], rows()[-2]
    tamper("DELETE FROM audit_entries WHERE id = :id", id=last.id)
    tamper(
        "UPDATE audit_chains SET length = :n, last_hash = (SELECT hash FROM audit_entries WHERE id = :id)"
        " WHERE id = :chain",
        n=before.position, id=before.id, chain=before.chain,
    )  # fmt: skip
    (fault,) = found()
    assert (fault.kind, fault.chain, fault.position) == ("changed", before.chain, before.position)
    assert "cut off" in fault.about


def test_a_gap_says_between_what_it_is(trail):
    one, two = rows()[2], rows()[3]
    tamper("DELETE FROM audit_entries WHERE id IN (:one, :two)", one=one.id, two=two.id)
    (fault,) = found()
    assert fault.about.startswith(f"positions {one.position} to {two.position} are gone, after 20")
    assert "system: noted missions 4" in fault.about


def test_a_chain_that_is_gone_with_its_head_is_missed(trail):
    chain = rows()[-1].chain
    tamper("DELETE FROM audit_entries WHERE chain = :chain", chain=chain)
    tamper("DELETE FROM audit_chains WHERE id = :chain", chain=chain)
    (fault,) = found()
    assert (fault.kind, fault.chain) == ("removed", chain)


@pytest.mark.parametrize("position", [0, -1])
def test_an_entry_put_in_before_the_first_is_named(trail, position):
    copy(rows()[0].id, f"chain, {position}, hash")
    (fault,) = found()
    assert (fault.kind, fault.position) == ("inserted", position)


@pytest.mark.parametrize("chain", [0, 65])
def test_an_entry_in_a_chain_that_is_none_is_named(trail, chain):
    copy(rows()[0].id, f"{chain}, position, hash")
    assert ("inserted", chain) in {(each.kind, each.chain) for each in found()}


def test_two_entries_at_one_place_are_told_apart(trail):
    if db.engine.dialect.name == "sqlite":
        # Its unique constraint is part of the table and cannot be dropped.
        return
    tamper("ALTER TABLE audit_entries DROP CONSTRAINT uq_audit_entries_chain_position")
    copy(rows()[2].id, "chain, position, hash")
    (fault,) = found()
    assert (fault.kind, fault.position) == ("inserted", rows()[2].position)


def test_an_entry_outside_the_chains_is_named_though_their_mark_was_moved(trail):
    copy(rows()[0].id, "NULL, NULL, NULL")
    tamper("UPDATE audit_chains SET length = 1000 WHERE id = 0")
    (fault,) = found()
    assert (fault.kind, fault.entry_id) == ("inserted", rows()[-1].id)


def test_an_entry_with_a_number_below_the_first_is_named(trail):
    copy(rows()[0].id, "NULL, NULL, NULL")
    tamper("UPDATE audit_entries SET id = -1 WHERE chain IS NULL")
    assert [(each.kind, each.entry_id) for each in found()] == [("inserted", -1)]


def test_an_impossible_time_is_a_fault_and_no_breakdown(trail):
    worst = "infinity" if db.engine.dialect.name == "postgresql" else "no time at all"
    victim = rows()[2]
    tamper("UPDATE audit_entries SET at = :at WHERE id = :id", at=worst, id=victim.id)
    (fault,) = found()
    assert fault.entry_id == victim.id
    assert fault.about.startswith("no time")


def test_entries_from_before_the_chains_are_held_by_the_seal(trail, tmp_path):
    seal, runner = tmp_path / "seal.json", trail.test_cli_runner()
    copy(rows()[0].id, "NULL, NULL, NULL")
    tamper("UPDATE audit_entries SET id = id + 900 WHERE chain IS NOT NULL")
    tamper("UPDATE audit_chains SET length = (SELECT id FROM audit_entries WHERE chain IS NULL) WHERE id = 0")
    assert found() == []
    assert runner.invoke(args=["audit", "seal", str(seal)]).exit_code == 0
    assert runner.invoke(args=["audit", "verify", "--seal", str(seal)]).exit_code == 0
    tamper("UPDATE audit_entries SET actor_name = 'x' WHERE chain IS NULL")
    told = runner.invoke(args=["audit", "verify", "--seal", str(seal)])
    assert told.exit_code == 1
    assert "from before the chains" in told.output


def test_a_trail_without_its_end_is_not_sealed(trail, tmp_path):
    tamper("DELETE FROM audit_entries WHERE id = :id", id=rows()[-1].id)
    told = trail.test_cli_runner().invoke(args=["audit", "seal", str(tmp_path / "seal.json")])
    assert told.exit_code == 2
    assert "lost an end" in told.output
    assert not (tmp_path / "seal.json").exists()


def test_a_seal_tells_no_head(trail, tmp_path):
    """With what a head holds, somebody could set it back to the moment of the seal."""
    seal = tmp_path / "seal.json"
    trail.test_cli_runner().invoke(args=["audit", "seal", str(seal)])
    for held in db.session.scalars(sa.text("SELECT last_hash FROM audit_chains WHERE length > 0")):
        assert held not in seal.read_text()
