"""The teams of a mission: who travels together, from where, in what."""

from __future__ import annotations

from functools import partial
from typing import Any

from flask import Blueprint, render_template, url_for

from eom.core.db import get_in
from eom.core.i18n import _, lazy
from eom.deployment import exports
from eom.deployment.forms import TeamForm
from eom.deployment.models import Team
from eom.deployment.queries import plans
from eom.deployment.queries import teams as queries
from eom.deployment.services import teams
from eom.extensions import db
from eom.missions.models.mission import Mission
from eom.web import responses
from eom.web.access import areas, requires
from eom.web.fresh import fresh_for_files
from eom.web.navigation import Entry
from eom.web.responses import saved

bp = Blueprint("teams", __name__, url_prefix="/missions/<mission>/teams")

MISSION_NAVIGATION = (Entry(lazy("Teams"), "teams.index", "deployment.read", "truck", lazy("Field"), 21),)


@bp.get("")
@requires("deployment.read")
@fresh_for_files
def index(mission: Mission) -> Any:
    """All teams with what is planned and visited."""

    def link(id_: int) -> str:
        return url_for(".show", mission=mission.code, team_id=id_)

    definition = exports.teams(mission, link, areas("deployment.read", mission))
    return responses.listed(
        definition, f"{mission.code}-teams", "deployment/teams/index.html", mission=mission
    )


@bp.route("/new", methods=["GET", "POST"])
@requires("deployment.edit")
def new(mission: Mission) -> Any:
    """Make a team."""
    form = TeamForm.of(mission)
    if form.validate_on_submit():
        with form.shows_errors():
            made = teams.make_team(mission, **form.payload())
            return saved(
                url_for(".show", mission=mission.code, team_id=made.id),
                _("Team %(name)s made", name=made.name),
            )
    return render_template("deployment/teams/form.html", mission=mission, form=form, team=None), form.status


@bp.get("/<int:team_id>")
@requires("deployment.read")
def show(mission: Mission, team_id: int) -> str:
    """A team: its people, its base, and how to reach it."""
    team = get_in(db.session(), Team, team_id, mission_id=mission.id)
    return render_template(
        "deployment/teams/show.html", mission=mission, team=team, members=queries.members_of(db.session(), team),
        areas=plans.team_area_names(db.session(), team),
        row=queries.row_of(db.session(), mission, team, areas("deployment.read", mission)),
    )  # fmt: skip


@bp.route("/<int:team_id>/edit", methods=["GET", "POST"])
@requires("deployment.edit")
def edit(mission: Mission, team_id: int) -> Any:
    """Change a team."""
    team = get_in(db.session(), Team, team_id, mission_id=mission.id)
    form = TeamForm.of(mission, team)
    return responses.filled(
        form, partial(teams.edit_team, mission, team), url_for(".show", mission=mission.code, team_id=team.id),
        _("Team changed"), "deployment/teams/form.html", mission=mission, team=team,
    )  # fmt: skip


@bp.post("/<int:team_id>/remove")
@requires("deployment.edit")
def remove(mission: Mission, team_id: int) -> Any:
    """Dissolve a team; its people keep their stations."""
    teams.remove_team(get_in(db.session(), Team, team_id, mission_id=mission.id))
    return saved(url_for(".index", mission=mission.code), _("Team dissolved"))
