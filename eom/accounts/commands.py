"""``flask users``: accounts from the shell."""

from __future__ import annotations

import secrets

import click
from flask.cli import AppGroup

from eom.accounts import services
from eom.accounts.permissions import Role
from eom.accounts.queries import user_by_email
from eom.core.errors import InvalidInput
from eom.core.i18n import lazy
from eom.extensions import db
from eom.web import commands

users = AppGroup("users", help="Accounts.")


@users.command("create")
@click.argument("email")
@click.option("--role", "role_name", required=True, type=click.Choice([r.value for r in Role]))
@click.option("--mission", "code", help="The mission's code; without it the role holds everywhere.")
@click.option("--name", help="The person's name; the address when not given.")
@click.option("--password", help="At least 12 characters; made and printed when not given.")
@commands.writes
def create(email: str, role_name: str, code: str | None, name: str | None, password: str | None) -> None:
    """Make an account for EMAIL, or give an existing one another role."""
    mission_id = None
    if code:
        mission = commands.mission(code)
        mission_id = mission.id
    user = user_by_email(db.session(), email)
    if user is None:
        made = password or secrets.token_urlsafe(12)
        user = services.create_user(email=email, name=name or email, password=made)
        if not password:
            click.echo(f"password: {made}")
    elif password:
        raise InvalidInput(
            lazy("There is an account for %(email)s already: its password stays.", email=email)
        )
    services.grant_role(user, Role(role_name), mission_id=mission_id)
    click.echo(f"{user.email}: {role_name}{' in ' + code if code else ''}")
