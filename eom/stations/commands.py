"""``flask stations``: the authority's register from the shell."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click
from flask.cli import AppGroup

from eom.core.errors import InvalidInput
from eom.core.i18n import lazy
from eom.extensions import db
from eom.stations import jobs
from eom.stations.mapping import FIELDS, OPTIONS
from eom.stations.services import register
from eom.web import commands

stations = AppGroup("stations", help="Registers of polling stations.")
NOTICES = 20
EXISTING = click.Path(exists=True, dir_okay=False, path_type=Path)


@stations.command("import")
@click.argument("mission_code", metavar="MISSION")
@click.argument("file", type=EXISTING)
@click.option(
    "--mapping", "mapping_file", type=EXISTING, help="JSON: heading by field; else the last one or a guess."
)
@click.option("--join", "second_file", type=EXISTING, help="Another file, joined by their common code.")
@click.option("--crs", help="Reference system of coordinates in metres, such as EPSG:32719.")
@click.option("--dry-run", is_flag=True, help="Say what would change; write nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print the summary as JSON.")
@commands.writes
def import_register(
    mission_code: str, file: Path, mapping_file: Path | None, second_file: Path | None, crs: str | None,
    dry_run: bool, as_json: bool,
) -> None:  # fmt: skip
    """Load the register in FILE into MISSION: all of it or nothing."""
    mission = commands.mission(mission_code)
    data = file.read_bytes()
    second = (second_file.read_bytes(), second_file.name) if second_file else None
    mapping = _mapping(mapping_file) if mapping_file else register.mapping_for(
        mission, register.read_files(data, file.name, second)[0]
    )  # fmt: skip
    if crs:
        mapping = mapping | {"crs": crs}
    prepared = register.prepare(mission, data, file.name, mapping, second=second)
    if dry_run:
        db.session.rollback()
    else:
        register.apply(mission, prepared)
    if as_json:
        summary: dict[str, Any] = prepared.summary | {
            "mission": mission_code, "file": file.name, "mapping": mapping, "dry_run": dry_run,
            "changes_nothing": prepared.changes_nothing, "notices": len(prepared.register.notices),
        }  # fmt: skip
        click.echo(json.dumps(summary, ensure_ascii=False))
        return
    for label, value in jobs.lines(prepared.summary):
        click.echo(f"{label}: {value}")
    if prepared.changes_nothing:
        click.echo("Nothing changes: the register is loaded as it is in this file.")
    for notice in prepared.register.notices[:NOTICES]:
        click.echo(f"Row {notice.row}: {notice.message}" if notice.row else str(notice.message))


def _mapping(path: Path) -> dict[str, str]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        ok = isinstance(found, dict) and all(isinstance(v, str) for v in found.values())
    except ValueError:
        ok = False
    if not ok or (unknown := set(found) - set(FIELDS) - OPTIONS):
        names = ", ".join(sorted(unknown)) if ok else path.name
        raise InvalidInput(
            lazy("%(names)s: a JSON object of headings by field was expected; the fields are %(fields)s.",
                 names=names, fields=", ".join([*FIELDS, *sorted(OPTIONS)])),
        )  # fmt: skip
    return found  # type: ignore[no-any-return]
