"""``flask missions``: the register from the shell."""

from __future__ import annotations

from pathlib import Path

import click
from flask.cli import AppGroup

from eom.missions import imports
from eom.missions.services import register
from eom.web import commands

missions = AppGroup("missions", help="The register of missions.")


@missions.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@commands.writes
def import_register(file: Path) -> None:
    """Add the past missions of FILE (csv, xlsx, xls, ods) that are not there yet: all or nothing."""
    records = imports.read_register(file.read_bytes(), file.name).checked()
    result = register.add_past_missions(records, file_name=file.name)
    for mission in result.added:
        click.echo(f"{mission.code:<12} {mission.name}")
    click.echo(f"{len(result.added)} added, {result.known_count} known already")
