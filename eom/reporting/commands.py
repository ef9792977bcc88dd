"""``flask report``: what goes out of the house, from the shell."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from eom.core.i18n import LANGUAGES, in_locale
from eom.extensions import db
from eom.reporting.press import sentences
from eom.reporting.queries.press import press_figures
from eom.web import commands

report = AppGroup("report", help="Reports and figures.")


@report.command("press")
@click.argument("mission_code", metavar="MISSION")
@click.option("--lang", "language", default="en", show_default=True, type=click.Choice(list(LANGUAGES)))
@commands.reads
def press(mission_code: str, language: str) -> None:
    """Print the figures of MISSION for the press."""
    mission = commands.mission(mission_code)
    with in_locale(language):
        for sentence in sentences(press_figures(db.session(), mission)):
            click.echo(sentence)
