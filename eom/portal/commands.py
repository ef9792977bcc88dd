"""``flask jobs work``, ``vault``, ``audit``, ``backup`` and ``restore``: what an administrator runs."""

from __future__ import annotations

import json
from collections import Counter
from itertools import chain
from pathlib import Path
from typing import Any

import click
import sqlalchemy as sa
from flask import current_app
from flask.cli import AppGroup, with_appcontext

from eom.core import audit, audit_proof, clock
from eom.core import backup as backups
from eom.core import vault as vaults
from eom.core.db import Base
from eom.core.errors import InvalidInput, Refused
from eom.core.i18n import lazy
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


vault = AppGroup("vault", help="What is sealed: passports, medical and emergency data.")


@vault.command("status")
@commands.reads
def status() -> None:
    """How many values each column holds, by the key that sealed them."""
    newest = current_app.extensions["eom_keyring"].newest
    found = vaults.standing(db.session(), Base.metadata)
    for (place, key), count in found.items():
        click.echo(f"{place}  {key}{' (newest)' if key == newest else ''}  {count}")
    if not found:
        click.echo("nothing is sealed yet")


@vault.command("rotate")
@click.option(
    "--batch", default=vaults.BATCH, show_default=True, type=click.IntRange(1, 10_000), help="Rows a commit."
)
@commands.writes
def rotate(batch: int) -> None:
    """Seal everything again with the newest key. Older keys can be thrown away when this has ended."""
    done: Counter[tuple[str, str]] = Counter()
    try:
        for place, key, count in vaults.rotate(db.session(), Base.metadata, batch):
            db.session.commit()
            done[place, key] += count
    except vaults.VaultError as error:
        raise Refused(str(error)) from None
    finally:
        for (place, key), count in done.items():
            click.echo(f"{place}  {key}  {count}")
    click.echo(f"{sum(done.values())} values sealed again")


trail = AppGroup("audit", help="The audit trail: is it as it was written?")


@trail.command("verify")
@click.option(
    "--seal", "kept", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="A seal kept."
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@commands.reads
def verify(kept: Path | None, as_json: bool) -> None:
    """Name every entry that was changed, removed or inserted; exit 1 when there is one."""
    session, found = db.session(), []
    audit_proof.one_view(session)
    count = session.scalar(sa.select(sa.func.count()).select_from(audit.TABLE))
    for each in chain(_against(kept) if kept else (), audit_proof.faults(session)):
        found.append(each)
        if not as_json:
            click.echo(str(each))
    if as_json:
        click.echo(json.dumps({"entries": count, "faults": [each.as_dict() for each in found]}))
    else:
        click.echo(f"{count} entries, {len(found)} faults")
    if found:
        raise SystemExit(1)


@trail.command("seal")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@commands.reads
def seal(file: Path) -> None:
    """Write the ends of all chains to FILE, to be kept where nobody who runs this server can change it."""
    if file.exists():
        raise Refused(lazy("%(path)s exists already: a seal never overwrites a file.", path=str(file)))
    audit_proof.one_view(db.session())
    try:
        made = audit_proof.seal(db.session(), clock.now())
    except ValueError as error:
        raise Refused(str(error)) from None
    file.write_text(json.dumps(made) + "\n")
    click.echo(f"{file}: {made['entries']} entries sealed")


def _against(kept: Path) -> list[audit_proof.Fault]:
    try:
        return list(audit_proof.broken_seal(db.session(), _seal_of(kept)))
    except ValueError as error:
        raise Refused(str(error)) from None


def _seal_of(path: Path) -> dict[str, Any]:
    try:
        kept = json.loads(path.read_text())
        assert isinstance(kept["heads"], list)
        return dict(kept)
    except (ValueError, KeyError, TypeError, AssertionError):
        raise InvalidInput(lazy("%(path)s is not a seal of this system.", path=str(path))) from None


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
