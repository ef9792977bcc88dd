"""``flask finance``: extracts of the ledger from the shell."""

from __future__ import annotations

import json
from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup

from eom.extensions import db, store
from eom.finance.extract_columns import Choice
from eom.finance.imports import expenditures
from eom.finance.models.pending_load import PendingLoad
from eom.finance.queries import kept, loads
from eom.finance.services import ledger_intake, pending_loads
from eom.finance.services.ledger_intake import Booked
from eom.web import commands

finance = AppGroup("finance", help="The books.")


@finance.command("import")
@click.argument("mission_or_all", metavar="MISSION-OR-ALL")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--decimal", "mark", type=click.Choice([".", ","]), help="Decimal sign; else the amounts tell.")
@click.option(
    "--dates", "order", type=click.Choice(["dmy", "mdy"]), help="Order of the dates; else they tell."
)
@click.option(
    "--columns", "mapping", metavar="NAME", help="Columns kept under this name; else the headings tell."
)
@click.option("--reason", metavar="TEXT", help="Why lines may go beyond what their budget line holds.")
@click.option("--dry-run", is_flag=True, help="Say what would be recorded; write nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print the summary as JSON.")
@commands.writes
def import_expenditures(
    mission_or_all: str, file: Path, mark: str | None, order: str | None, mapping: str | None, reason: str | None,
    dry_run: bool, as_json: bool,
) -> None:  # fmt: skip
    """Record the expenditures of FILE in a mission, or in the missions they name (ALL): all or nothing."""
    mission = None if mission_or_all.upper() == "ALL" else commands.mission(mission_or_all)
    data, kept = (
        file.read_bytes(),
        Choice.of(loads.mapping_named(db.session(), mapping).choice if mapping else {}),
    )
    choice = Choice(kept.columns, kept.fixed, mark or kept.decimal_mark, order or kept.date_order)
    read = expenditures.read_extract(data, file.name, choice)
    _booked, refused = ledger_intake.look(read.lines, mission=mission)
    ledger_intake.refuse(read.named(refused))
    made = pending_loads.enter(
        read.lines, mission=mission, file_name=file.name, data=data, digest=store.put(data), reason=reason,
        choice=read.confirmed.as_dict(),
        limit_cents=current_app.extensions["eom_settings"].approval_limit_cents,
    )  # fmt: skip
    if dry_run:
        db.session.rollback()
    click.echo(_told(made, read.decimal_mark, dry_run, as_json))


def _told(made: Booked | PendingLoad, mark: str | None, dry_run: bool, as_json: bool) -> str:
    """What came of a file, in words or as JSON."""
    waits = isinstance(made, PendingLoad)
    count = made.line_count if isinstance(made, PendingLoad) else made.added_count
    known = 0 if isinstance(made, PendingLoad) else made.known_count
    if as_json:
        found = {"added": 0 if waits else count, "known": known, "usd_cents": made.usd_cents, "decimal": mark,
                 "dry_run": dry_run, "waiting": count if waits else 0}  # fmt: skip
        return json.dumps(found)
    if isinstance(made, PendingLoad):
        return f"{count} wait for a second person: {made.above_count} above the limit; nothing was recorded"
    return f"{count} recorded, {known} there already"


@finance.command("verify-years")
@commands.reads
def verify_years() -> None:
    """Hold the sums kept of closed years against every line of the ledger; exit 1 when one differs."""
    wrong = kept.differences(db.session())
    for each in wrong:
        click.echo(f"{each.year}: mission {each.mission_id}, award {each.award_id}: kept {each.kept_cents}, "
                   f"ledger {each.ledger_cents} (US cents)", err=True)  # fmt: skip
    years = sorted(kept.sound_years(db.session()))
    click.echo(f"{len(years)} closed years kept; {len(wrong)} sums differ from the ledger")
    if wrong:
        raise SystemExit(1)
