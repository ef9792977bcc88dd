"""``flask jobs work``, ``flask backup`` and ``flask restore``: what an administrator runs."""

from __future__ import annotations

from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup, with_appcontext

from eom.core import backup as backups
from eom.extensions import db
from eom.web import commands

jobs = AppGroup("jobs", help="Work that runs in the background.")


@jobs.command("work")
@click.option("--workers", default=1, show_default=True, type=click.IntRange(1, 16), help="Jobs at a time.")
@with_appcontext
def work(workers: int) -> None:
    """Do the jobs that wait, until stopped."""
    queue = current_app.extensions["eom_queue"]
    queue.create_consumer(workers=workers, worker_type="thread", periodic=True).run()


@click.command("backup")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@commands.reads
def backup(file: Path) -> None:
    """Write the database and the stored files to FILE (tar.gz). Works while the application runs."""
    size = backups.write_backup(db.engine, current_app.extensions["eom_settings"].storage, file)
    click.echo(f"{file}: {size} bytes")


@click.command("restore")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@commands.reads
def restore(file: Path) -> None:
    """Put the backup FILE into the empty database that DATABASE_URL names."""
    backups.restore_backup(db.engine, current_app.extensions["eom_settings"].storage, file)
    click.echo(f"{file}: restored")


COMMANDS = (backup, restore)
