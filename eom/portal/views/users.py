"""Accounts: who signs in, with which roles; invited, deactivated, helped when a password is lost."""

from __future__ import annotations

from functools import partial
from typing import Any

import sqlalchemy as sa
from flask import Blueprint, render_template, request, url_for
from flask_security import current_user

from eom.accounts.models import Membership, User
from eom.accounts.services import accounts, invitations, memberships, sessions
from eom.core.db import get_in
from eom.core.errors import Forbidden
from eom.core.i18n import _, lazy
from eom.extensions import db
from eom.finance.models.award import Donor
from eom.missions.models.mission import Mission
from eom.portal import exports
from eom.portal.forms import InviteForm, ReasonForm, UserForm
from eom.portal.views.invitations import shown_link
from eom.web import responses
from eom.web.access import requires
from eom.web.fresh import fresh, fresh_for_files
from eom.web.navigation import Entry
from eom.web.responses import saved

bp = Blueprint("users", __name__, url_prefix="/users")
NAVIGATION = (Entry(lazy("Accounts"), "users.index", "user.read", "person-gear", order=80),)


@bp.get("")
@requires("user.read")
@fresh_for_files
def index() -> Any:
    """Every account."""
    definition = exports.users(db.session(), lambda id_: url_for(".show", user_id=id_))
    return responses.listed(definition, "accounts", "portal/users/index.html")


@bp.route("/invite", methods=["GET", "POST"])
@requires("user.manage")
@fresh
def invite() -> Any:
    """Give someone a role that holds everywhere, with a link when they have no account."""
    donors = db.session.execute(sa.select(Donor.id, Donor.name).order_by(Donor.name)).tuples()
    given = {name: request.args.get(name, "") for name in ("email", "name")}
    form = InviteForm.offering(memberships.grantable(current_user, None), donors=donors, given=given)
    if form.validate_on_submit():
        with form.shows_errors():
            invited = invitations.invite(by=current_user, **form.payload())
            return shown_link(invited, url_for(".show", user_id=invited.user.id))
    return render_template("portal/users/invite.html", form=form), form.status


@bp.get("/<int:user_id>")
@requires("user.read")
def show(user_id: int) -> str:
    """An account with its roles."""
    user = _user(user_id)
    ids = [each.mission_id for each in user.memberships if each.mission_id]
    codes = db.session.execute(sa.select(Mission.id, Mission.code).where(Mission.id.in_(ids))).tuples()
    donors = sa.select(Donor.id, Donor.name).where(Donor.id.in_([m.donor_id for m in user.memberships]))
    return render_template(
        "portal/users/show.html", user=user, codes=dict(codes.all()),
        donors=dict(db.session.execute(donors).tuples().all()), state=exports.state_of(user),
        tone=exports.tone_of(user), open_count=len(sessions.open_sessions(db.session(), user)),
        may=lambda membership: membership.role in memberships.grantable(current_user, membership.mission_id)
        and user.id != current_user.id,
    )  # fmt: skip


@bp.route("/<int:user_id>/edit", methods=["GET", "POST"])
@requires("user.manage")
def edit(user_id: int) -> Any:
    """Change name and language."""
    user = _user(user_id)
    form = UserForm(obj=user)
    return responses.filled(
        form, partial(accounts.edit, user), url_for(".show", user_id=user.id), _("Account changed"),
        "portal/users/form.html", user=user,
    )  # fmt: skip


@bp.post("/<int:user_id>/link")
@requires("user.manage")
@fresh
def link(user_id: int) -> Any:
    """A link by which the person chooses a new password."""
    user = _of_lower_rank(user_id)
    return shown_link(invitations.renew(user, by=current_user), url_for(".show", user_id=user.id))


@bp.post("/<int:user_id>/end-sessions")
@requires("user.manage")
@fresh
def end_sessions(user_id: int) -> Any:
    """Sign someone out everywhere: a telephone was lost."""
    user = _of_lower_rank(user_id)
    sessions.end_all(user, because="ended by an administrator")
    return saved(url_for(".show", user_id=user.id), _("Signed out everywhere"))


@bp.route("/<int:user_id>/deactivate", methods=["GET", "POST"])
@requires("user.manage")
@fresh
def deactivate(user_id: int) -> Any:
    """Nobody signs in with it any more."""
    user, form = _user(user_id), ReasonForm()
    return responses.filled(
        form, partial(accounts.deactivate, user, by=current_user), url_for(".show", user_id=user.id),
        _("Account deactivated"), "portal/users/deactivate.html", user=user,
    )  # fmt: skip


@bp.post("/<int:user_id>/reactivate")
@requires("user.manage")
@fresh
def reactivate(user_id: int) -> Any:
    """Let it sign in again."""
    user = _user(user_id)
    accounts.reactivate(user)
    return saved(url_for(".show", user_id=user.id), _("Account reactivated"))


@bp.route("/<int:user_id>/reset-second-step", methods=["GET", "POST"])
@requires("user.manage")
@fresh
def reset(user_id: int) -> Any:
    """Take away code, recovery codes and passkeys of someone who lost them."""
    user, form = _user(user_id), ReasonForm()
    return responses.filled(
        form, partial(accounts.reset_second_factor, user, by=current_user), url_for(".show", user_id=user.id),
        _("Second step reset"), "portal/users/reset.html", user=user,
    )  # fmt: skip


@bp.route("/<int:user_id>/memberships/<int:membership_id>/end", methods=["GET", "POST"])
@requires("user.manage")
@fresh
def end(user_id: int, membership_id: int) -> Any:
    """End a role."""
    user, form = _user(user_id), ReasonForm()
    membership = get_in(db.session(), Membership, membership_id, user_id=user.id)
    return responses.filled(
        form, partial(memberships.end, membership, by=current_user), url_for(".show", user_id=user.id),
        _("Role ended"), "portal/users/end.html", user=user, membership=membership,
    )  # fmt: skip


def _user(user_id: int) -> User:
    return get_in(db.session(), User, user_id)


def _of_lower_rank(user_id: int) -> User:
    """The account, if the person who asks may give every role it has. Raises Forbidden, NotFound."""
    user = _user(user_id)
    if not memberships.outranks(current_user, user):
        raise Forbidden(lazy("Your role does not include this."))
    return user
