"""``flask demo``: the demonstration and its sign-ins."""

from __future__ import annotations

import click
from flask import current_app
from flask.cli import AppGroup, with_appcontext

from eom.demo import accounts
from eom.demo import load as loading
from eom.web import commands

demo = AppGroup("demo", help="The demonstration: real register and missions, invented people and amounts.")


@demo.command("load")
@commands.writes
def load() -> None:
    """Load the demonstration, once: when it is there already nothing happens."""
    if loading.is_loaded():
        click.echo("The demonstration is loaded.")
        return
    password = accounts.password_of(current_app.extensions["eom_settings"].instance)
    done = loading.load(password, current_app.extensions["eom_store"], click.echo)
    click.echo(
        f"Loaded: {done.mission_count} missions, {done.people_count} people, {done.station_count} polling stations, "
        f"{done.submission_count} checklists, {done.expenditure_count} expenditures."
    )


@demo.command("signins")
@with_appcontext
def signins() -> None:
    """Print the demonstration accounts, one for each role."""
    password = accounts.password_of(current_app.extensions["eom_settings"].instance)
    click.echo("Demonstration sign-ins (this installation's own password, for all of them):")
    for each in accounts.SIGN_INS:
        click.echo(f"  {each.role.value:<16} {each.email:<32} {password}")
