"""``flask users``: accounts from the shell."""

from __future__ import annotations

import secrets

import click
import sqlalchemy as sa
from flask import current_app, url_for
from flask.cli import AppGroup

from eom.accounts.models import Membership, User
from eom.accounts.permissions import Role
from eom.accounts.queries import all_users, user_by_email
from eom.accounts.services import accounts, invitations
from eom.core.errors import InvalidInput, NotFound
from eom.core.i18n import lazy
from eom.extensions import db
from eom.web import commands

users = AppGroup("users", help="Accounts.")
ROLE = click.option("--role", "role_name", required=True, type=click.Choice([r.value for r in Role]))
MISSION = click.option("--mission", "code", help="The mission's code; without it the role holds everywhere.")
DONOR = click.option("--donor", help="The donor's name, for a donor's viewer.")


@users.command("create")
@click.argument("email")
@ROLE
@MISSION
@DONOR
@click.option("--name", help="The person's name; the address when not given.")
@click.option("--password", help="At least 12 characters; made and printed when not given.")
@commands.writes
def create(
    email: str, role_name: str, code: str | None, donor: str | None, name: str | None, password: str | None
) -> None:
    """Make an account for EMAIL, or give an existing one another role."""
    mission_id, donor_id = _mission_id(code), _donor_id(donor)
    user = user_by_email(db.session(), email)
    if user is None:
        made = password or secrets.token_urlsafe(12)
        user = accounts.create_user(email=email, name=name or email, password=made)
        if not password:
            click.echo(f"password: {made}")
    elif password:
        raise InvalidInput(
            lazy("There is an account for %(email)s already: its password stays.", email=email)
        )
    accounts.grant_role(user, Role(role_name), mission_id=mission_id, donor_id=donor_id)
    click.echo(f"{user.email}: {role_name}{' in ' + code if code else ''}")


@users.command("invite")
@click.argument("email")
@ROLE
@MISSION
@DONOR
@click.option("--name", help="The person's name; the address when not given.")
@commands.writes
def invite(email: str, role_name: str, code: str | None, donor: str | None, name: str | None) -> None:
    """Give EMAIL a role and print a link to choose a password; it works once, within seven days."""
    invited = invitations.invite(
        email=email, name=name or email, role=Role(role_name), by=None, mission_id=_mission_id(code),
        donor_id=_donor_id(donor),
    )  # fmt: skip
    click.echo(_address(invited.secret))


@users.command("list")
@click.option("--inactive", is_flag=True, help="Also those that are deactivated or have not come yet.")
@commands.reads
def list_(inactive: bool) -> None:
    """Every account with its roles of today, a line each."""
    for user in all_users(db.session(), inactive=inactive):
        roles = ", ".join(sorted(each.role.value for each in user.current)) or "-"
        click.echo("\t".join((user.email, user.name, "active" if user.active else "inactive", roles)))


@users.command("deactivate")
@click.argument("email")
@click.option("--reason", required=True, help="Why; it stands in the audit trail.")
@commands.writes
def deactivate(email: str, reason: str) -> None:
    """Let nobody sign in with the account of EMAIL any more, and end its sessions at once."""
    user = _user(email)
    accounts.deactivate(user, by=None, reason=reason)
    click.echo(f"{user.email}: inactive")


def _user(email: str) -> User:
    user = user_by_email(db.session(), email)
    if user is None:
        raise NotFound(lazy("There is no account for %(email)s.", email=email[:80]))
    return user


def _mission_id(code: str | None) -> int | None:
    return commands.mission(code).id if code else None


def _donor_id(name: str | None) -> int | None:
    """The donor of a name; donors stand above accounts, so their table is read by its name."""
    if name is None:
        return None
    donors = Membership.metadata.tables["donors"]
    found: int | None = db.session.scalar(sa.select(donors.c.id).where(donors.c.name == name))
    if found is None:
        raise NotFound(lazy("There is no donor “%(name)s”.", name=name[:80]))
    return found


def _address(secret: str) -> str:
    """The address of a link at the host that the settings name (EOM_HOST); the shell knows no other."""
    host = current_app.extensions["eom_settings"].host
    scheme = "https" if current_app.config["SESSION_COOKIE_SECURE"] else "http"
    with current_app.test_request_context(base_url=f"{scheme}://{host or 'localhost'}"):
        return url_for("invitations.accept", secret=secret, _external=True)
