"""``flask observers``: people and appointments from the shell."""

from __future__ import annotations

from pathlib import Path

import click
from flask.cli import AppGroup

from eom.observers import imports
from eom.observers.services import intake
from eom.web import commands

observers = AppGroup("observers", help="People and their appointments.")


@observers.command("import")
@click.argument("mission_code", metavar="MISSION")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@commands.writes
def import_people(mission_code: str, file: Path) -> None:
    """Appoint the people of FILE (csv, xlsx, xls, ods) in MISSION: all or nothing."""
    mission = commands.mission(mission_code)
    rows = imports.read_people(file.read_bytes(), file.name).checked()
    taken = intake.take(mission, rows, file_name=file.name)
    click.echo(
        f"{taken.people_count} added to the roster, {taken.appointment_count} appointed, "
        f"{taken.unchanged_count} rows changed nothing"
    )
