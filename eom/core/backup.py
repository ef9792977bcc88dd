"""One file that holds everything: the database and the stored files.

SQLite is copied with its own ``VACUUM INTO``, PostgreSQL with ``pg_dump``; both are consistent while
the application runs.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tarfile
import tempfile
from pathlib import Path

import sqlalchemy as sa

from eom.core import clock
from eom.core.errors import InvalidInput, Refused
from eom.core.i18n import lazy

FORMAT = 1


def write_backup(engine: sa.Engine, files: Path, target: Path) -> int:
    """Write the backup as a gzipped tar; return its size in bytes.

    Raises Refused when the target exists or pg_dump is missing or fails.
    """
    if target.exists():
        raise Refused(lazy("%(path)s exists already: a backup never overwrites a file.", path=str(target)))
    with tempfile.TemporaryDirectory(dir=target.resolve().parent) as folder:
        dump = Path(folder) / "database"
        _dump(engine, dump)
        about = Path(folder) / "about.json"
        about.write_text(
            json.dumps({"format": FORMAT, "database": engine.dialect.name, "at": clock.now().isoformat()})
        )
        partial = Path(folder) / "backup.tar.gz"
        with tarfile.open(partial, "w:gz", compresslevel=6) as archive:
            archive.add(about, "about.json")
            archive.add(dump, "database")
            if files.exists():
                archive.add(files, "files")
        partial.replace(target)
    return target.stat().st_size


def restore_backup(engine: sa.Engine, files: Path, source: Path) -> None:
    """Put a backup back, into an empty database of the same kind.

    Raises InvalidInput for a file that is no backup, Refused when the database holds tables.
    """
    if sa.inspect(engine).get_table_names():
        raise Refused(
            lazy("The database is not empty, so nothing was restored."),
            next_step=lazy("Name a new database in DATABASE_URL."),
        )
    with tempfile.TemporaryDirectory() as folder:
        try:
            with tarfile.open(source, "r:gz") as archive:
                archive.extractall(folder, filter="data")
            about = json.loads((Path(folder) / "about.json").read_text())
        except (tarfile.TarError, OSError, ValueError, EOFError):
            raise InvalidInput(lazy("%(path)s is not a backup of this system.", path=str(source))) from None
        if about.get("format") != FORMAT or about.get("database") != engine.dialect.name:
            raise Refused(
                lazy("This backup is of %(kind)s, the database is %(here)s.",
                     kind=str(about.get("database")), here=engine.dialect.name)
            )  # fmt: skip
        _load(engine, Path(folder) / "database")
        if (Path(folder) / "files").exists():
            shutil.copytree(Path(folder) / "files", files, dirs_exist_ok=True)


def _dump(engine: sa.Engine, target: Path) -> None:
    if engine.dialect.name == "sqlite":
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            raw = connection.connection.driver_connection
            assert raw is not None
            connection.rollback()
            raw.execute("VACUUM INTO ?", (str(target),))
    else:
        _run(engine, ["pg_dump", "--format=custom", "--no-owner", f"--file={target}", _libpq(engine)])


def _load(engine: sa.Engine, dump: Path) -> None:
    if engine.dialect.name == "sqlite":
        engine.dispose()
        database = engine.url.database
        assert database is not None
        for suffix in ("-wal", "-shm"):
            Path(database + suffix).unlink(missing_ok=True)
        shutil.copyfile(dump, database)
    else:
        _run(engine, ["pg_restore", "--no-owner", "--exit-on-error", f"--dbname={_libpq(engine)}", str(dump)])


def _libpq(engine: sa.Engine) -> str:
    """The address without its password: every user of a machine sees a program's arguments."""
    return engine.url._replace(drivername="postgresql", password=None).render_as_string(hide_password=False)


def _run(engine: sa.Engine, command: list[str]) -> None:
    password = {"PGPASSWORD": str(engine.url.password)} if engine.url.password else {}
    try:
        subprocess.run(command, check=True, capture_output=True, text=True, env=os.environ | password)
    except FileNotFoundError:
        raise Refused(lazy("%(program)s is not installed on this machine.", program=command[0])) from None
    except subprocess.CalledProcessError as error:
        raise Refused(
            lazy("%(program)s failed: %(why)s", program=command[0], why=error.stderr.strip()[-300:])
        ) from None
