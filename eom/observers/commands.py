"""``flask observers`` and ``flask retention``: people, appointments and how long data is kept."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import click
from flask.cli import AppGroup

from eom.core import clock
from eom.extensions import db
from eom.observers import imports
from eom.observers.queries import retention as queries
from eom.observers.retention import RetentionReport
from eom.observers.services import intake, purging
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


retention = AppGroup("retention", help="How long personal data is kept.")


@retention.command("run")
@click.option("--dry-run", is_flag=True, help="Only tell what is due.")
@click.option("--json", "as_json", is_flag=True, help="The report as JSON.")
@commands.writes
def run(dry_run: bool, as_json: bool) -> None:
    """Remove what is no longer to be kept, and tell what it was."""
    report = queries.report(db.session(), clock.today())
    if not dry_run:
        purging.carry_out(report)
    click.echo(json.dumps(_told(report, dry_run), indent=2) if as_json else _written(report, dry_run))


def _told(report: RetentionReport, dry_run: bool) -> dict[str, object]:
    due = [{key: str(value) for key, value in asdict(each).items()} for each in report.due]
    due += [{key: str(value) for key, value in asdict(each).items()} for each in report.numbers]
    kept = {"active_count": len(report.active), "undated": [list(each) for each in report.undated]}
    return {"as_of": str(report.as_of), "dry_run": dry_run, "due": due, **kept}


def _written(report: RetentionReport, dry_run: bool) -> str:
    lines = [
        f"{each.due_on}  {each.group.value:<10} {each.name}  ({each.mission_code}, closed {each.closed_on})"
        for each in report.due
    ]
    lines += [
        f"{each.due_on}  {each.group.value:<10} {each.count} numbers  ({each.mission_code}, closed {each.closed_on})"
        for each in report.numbers
    ]
    lines += [f"kept: {name}: nobody noted when {code} was closed" for name, code in report.undated]
    if report.active:
        lines.append(f"kept: {len(report.active)} people have a place in a mission that is not over")
    return "\n".join([*lines, f"{report.due_count} {'due' if dry_run else 'removed'}"])
