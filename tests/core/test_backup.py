"""One file holds everything, and brings it back."""

from __future__ import annotations

from contextlib import contextmanager

import pytest
import sqlalchemy as sa

from eom.core import backup
from eom.core.db import writing
from eom.core.errors import InvalidInput, Refused
from eom.extensions import db
from eom.missions.models.mission import Mission
from tests import databases
from tests.factories.missions import make_mission

KINDS = pytest.mark.parametrize("kind", databases.KINDS)


@contextmanager
def empty(kind, folder):
    """An application on a database without a table."""
    with databases.database(kind, folder) as url, databases.running(url, folder) as application:
        with application.app_context():
            yield application
        databases.let_go(application)


@KINDS
def test_what_was_there_is_there_again(kind, tmp_path):
    files, target = tmp_path / "files", tmp_path / "all.tar.gz"
    files.mkdir()
    (files / "a").write_bytes(b"evidence")
    with empty(kind, tmp_path) as application:
        databases.upgrade(application)
        with writing():
            make_mission("PER-2021")
            db.session.commit()
            assert backup.write_backup(db.engine, files, target) == target.stat().st_size
            with pytest.raises(Refused, match="exists already"):
                backup.write_backup(db.engine, files, target)
            with pytest.raises(Refused, match="not empty"):
                backup.restore_backup(db.engine, files, target)
    with empty(kind, tmp_path):
        backup.restore_backup(db.engine, tmp_path / "restored", target)
        assert db.session.scalars(sa.select(Mission.code)).all() == ["PER-2021"]
    assert (tmp_path / "restored" / "a").read_bytes() == b"evidence"


@KINDS
def test_what_is_no_backup_changes_nothing(kind, tmp_path):
    broken = tmp_path / "broken.tar.gz"
    broken.write_bytes(b"no archive")
    with empty(kind, tmp_path):
        with pytest.raises(InvalidInput, match="not a backup"):
            backup.restore_backup(db.engine, tmp_path / "files", broken)
        assert sa.inspect(db.engine).get_table_names() == []


def test_the_password_is_no_argument_of_a_program(tmp_path, monkeypatch):
    """Everyone on a machine sees the arguments of its programs: ours asks a program that writes down its own."""
    folder = tmp_path / "programs"
    folder.mkdir()
    spy = folder / "pg_dump"
    spy.write_text(
        f'#!/bin/sh\necho "$@" > {tmp_path}/arguments\necho "$PGPASSWORD" > {tmp_path}/password\nexit 1\n'
    )
    spy.chmod(0o755)
    monkeypatch.setenv("PATH", str(folder), prepend=":")
    engine = sa.create_engine("postgresql+psycopg://eom:s3cret@127.0.0.1/eom")
    with pytest.raises(Refused, match="pg_dump failed"):
        backup.write_backup(engine, tmp_path / "files", tmp_path / "all.tar.gz")
    assert "s3cret" not in (tmp_path / "arguments").read_text()
    assert (tmp_path / "password").read_text().strip() == "s3cret"
