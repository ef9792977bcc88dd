"""Who has a role in a mission: invited by its chief, limited to areas, ended."""

from __future__ import annotations

from functools import partial
from typing import Any

import sqlalchemy as sa
from flask import Blueprint, render_template, url_for
from flask_security import current_user

from eom.accounts.models import Membership
from eom.accounts.services import invitations, memberships
from eom.core.db import get_in
from eom.core.errors import Forbidden
from eom.core.i18n import _, lazy
from eom.extensions import db
from eom.missions.models.mission import Mission
from eom.portal import exports
from eom.portal.forms import InviteForm, MembershipForm, ReasonForm
from eom.portal.views.invitations import shown_link
from eom.stations.models import Area
from eom.stations.queries import first_areas
from eom.web import responses
from eom.web.access import requires
from eom.web.fresh import fresh, fresh_for_files
from eom.web.navigation import Entry

bp = Blueprint("members", __name__, url_prefix="/missions/<mission>/members")
MISSION_NAVIGATION = (
    Entry(lazy("Members"), "members.index", "membership.edit", "person-gear", lazy("Team"), 15),
)


@bp.get("")
@requires("membership.edit")
@fresh_for_files
def index(mission: Mission) -> Any:
    """Who has a role in the mission."""
    definition = exports.members(
        mission.id, lambda id_: url_for(".show", mission=mission.code, membership_id=id_)
    )
    return responses.listed(
        definition, f"{mission.code}-members", "portal/members/index.html", mission=mission
    )


@bp.route("/invite", methods=["GET", "POST"])
@requires("membership.edit")
@fresh
def invite(mission: Mission) -> Any:
    """Give someone a role in the mission, with a link when they have no account."""
    roles = memberships.grantable(current_user, mission.id)
    form = InviteForm.offering(roles, areas=_areas(mission))
    if form.validate_on_submit():
        with form.shows_errors():
            invited = invitations.invite(by=current_user, mission_id=mission.id, **form.payload())
            return shown_link(invited, url_for(".index", mission=mission.code), mission)
    return render_template("portal/members/invite.html", mission=mission, form=form), form.status


@bp.get("/<int:membership_id>")
@requires("membership.edit")
def show(mission: Mission, membership_id: int) -> str:
    """A role in the mission."""
    membership = _membership(mission, membership_id)
    limited = [each.area_id for each in membership.areas]
    names = db.session.scalars(sa.select(Area.name).where(Area.id.in_(limited)).order_by(Area.name)).all()
    may = membership.user_id != current_user.id
    return render_template(
        "portal/members/show.html", mission=mission, membership=membership, areas=names,
        state=exports.state_of(membership.user),
        may_edit=may and membership.role in memberships.grantable(current_user, mission.id),
        may_help=may and memberships.outranks(current_user, membership.user),
    )  # fmt: skip


@bp.route("/<int:membership_id>/edit", methods=["GET", "POST"])
@requires("membership.edit")
@fresh
def edit(mission: Mission, membership_id: int) -> Any:
    """Change its days and areas."""
    membership = _membership(mission, membership_id)
    form = MembershipForm.of(membership, _areas(mission))
    return responses.filled(
        form, partial(memberships.change, membership, by=current_user),
        url_for(".show", mission=mission.code, membership_id=membership.id), _("Role changed"),
        "portal/members/form.html", mission=mission, membership=membership,
    )  # fmt: skip


@bp.route("/<int:membership_id>/end", methods=["GET", "POST"])
@requires("membership.edit")
@fresh
def end(mission: Mission, membership_id: int) -> Any:
    """End it."""
    membership, form = _membership(mission, membership_id), ReasonForm()
    return responses.filled(
        form, partial(memberships.end, membership, by=current_user), url_for(".index", mission=mission.code),
        _("Role ended"), "portal/members/end.html", mission=mission, membership=membership,
    )  # fmt: skip


@bp.post("/<int:membership_id>/link")
@requires("membership.edit")
@fresh
def link(mission: Mission, membership_id: int) -> Any:
    """A link by which the person chooses a password."""
    user = _membership(mission, membership_id).user
    if not memberships.outranks(current_user, user):
        raise Forbidden(lazy("This person also has a role that is not yours to give: ask headquarters."))
    return shown_link(
        invitations.renew(user, by=current_user), url_for(".index", mission=mission.code), mission
    )


def _membership(mission: Mission, membership_id: int) -> Membership:
    return get_in(db.session(), Membership, membership_id, mission_id=mission.id)


def _areas(mission: Mission) -> list[tuple[int, str]]:
    """The first-level areas of the mission's country, and the countries abroad."""
    return [(each.id, each.words) for each in first_areas(db.session(), mission)]
