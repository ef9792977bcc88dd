"""``flask report``: what goes out of the house, from the shell."""

from __future__ import annotations

import json
from pathlib import Path

import click
from flask.cli import AppGroup

from eom.core.i18n import LANGUAGES, _, in_locale
from eom.extensions import db, store
from eom.finance.queries.years import FIRST, LAST
from eom.reporting.annual.controls import differences
from eom.reporting.annual.schema import json_schema
from eom.reporting.press import sentences
from eom.reporting.queries.press import press_figures
from eom.reporting.services import outputs
from eom.web import commands

report = AppGroup("report", help="Reports and figures.")
_language = click.option(
    "--lang", "language", default="en", show_default=True, type=click.Choice(list(LANGUAGES))
)


@report.command("press")
@click.argument("mission_code", metavar="MISSION")
@_language
@commands.reads
def press(mission_code: str, language: str) -> None:
    """Print the figures of MISSION for the press."""
    mission = commands.mission(mission_code)
    with in_locale(language):
        for sentence in sentences(press_figures(db.session(), mission)):
            click.echo(sentence)


@report.command("annual")
@click.argument("year", type=click.IntRange(FIRST, LAST))
@_language
@click.option("--format", "kind", default="xlsx", show_default=True, type=click.Choice(outputs.KINDS))
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Where to write it.")
@click.option("--draft", is_flag=True, help="The books as they stand, also when a report was issued.")
@commands.reads
def annual(year: int, language: str, kind: str, out: Path | None, draft: bool) -> None:
    """Write the annual report of YEAR: as issued, or as a draft from the books."""
    found = outputs.current(year, from_books=draft)
    made = outputs.write(found, language, kind, store)
    path = out or Path(made.name)
    _refuse_missing_folder(path)
    path.write_bytes(made.data)
    with in_locale(language):
        wrong = differences(found.figures)
        words = _("At least one control differs") if wrong else _("Every control agrees")
        click.echo(f"{path}: {len(made.data)} bytes · {found.issue.status.label} · SHA-256 {found.sha256}")
        click.echo(words, err=bool(wrong))
        for each in wrong:
            click.echo(f"  {each}", err=True)


@report.command("schema")
def schema() -> None:
    """Print the JSON Schema of the annual report's JSON."""
    click.echo(json.dumps(json_schema(), indent=1))


def _refuse_missing_folder(path: Path) -> None:
    if not path.resolve().parent.is_dir():
        raise click.BadParameter(f"there is no folder {path.resolve().parent}", param_hint="--out")
