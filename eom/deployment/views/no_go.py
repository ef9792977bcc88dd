"""Areas that nobody of a mission enters."""

from __future__ import annotations

from functools import partial
from typing import Any

from flask import Blueprint, render_template, url_for

from eom.core.db import get_in
from eom.core.i18n import _, lazy
from eom.deployment.plan_forms import NoGoForm
from eom.deployment.plan_models import NoGoArea
from eom.deployment.queries import plans as queries
from eom.deployment.services import no_go
from eom.deployment.views.plans import whole
from eom.extensions import db
from eom.missions.models.mission import Mission
from eom.stations.queries import path_of
from eom.web import responses
from eom.web.access import requires
from eom.web.limits import accepts
from eom.web.navigation import Entry
from eom.web.responses import saved

bp = Blueprint("no_go", __name__, url_prefix="/missions/<mission>/no-go-areas")

MISSION_NAVIGATION = (
    Entry(lazy("No-go areas"), "no_go.index", "deployment.read", "sign-stop", lazy("Field"), 24),
)


@bp.get("")
@requires("deployment.read")
def index(mission: Mission) -> str:
    """Where nobody goes, and why."""
    found = queries.no_go_areas(db.session(), mission)
    return render_template("deployment/no_go/index.html", mission=mission, areas=found)


@bp.route("/new", methods=["GET", "POST"])
@requires("deployment.edit")
@accepts(2)
def new(mission: Mission) -> Any:
    """Say where nobody goes."""
    whole(mission)
    form = NoGoForm.of(_choices(mission))
    if form.validate_on_submit():
        with form.shows_errors():
            made = no_go.make_no_go(mission, **form.payload())
            return saved(
                url_for(".index", mission=mission.code), _("“%(name)s” is a no-go area now", name=made.name)
            )
    return render_template("deployment/no_go/form.html", mission=mission, form=form, area=None), form.status


@bp.route("/<int:no_go_id>/edit", methods=["GET", "POST"])
@requires("deployment.edit")
@accepts(2)
def edit(mission: Mission, no_go_id: int) -> Any:
    """Change where nobody goes."""
    whole(mission)
    area = get_in(db.session(), NoGoArea, no_go_id, mission_id=mission.id)
    form = NoGoForm.of(_choices(mission, area), area)
    return responses.filled(
        form, partial(no_go.edit_no_go, mission, area), url_for(".index", mission=mission.code),
        _("No-go area changed"), "deployment/no_go/form.html", mission=mission, area=area,
    )  # fmt: skip


@bp.post("/<int:no_go_id>/remove")
@requires("deployment.edit")
def remove(mission: Mission, no_go_id: int) -> Any:
    """Open an area again."""
    whole(mission)
    no_go.remove_no_go(get_in(db.session(), NoGoArea, no_go_id, mission_id=mission.id))
    return saved(url_for(".index", mission=mission.code), _("The area is open again"))


def _choices(mission: Mission, no_go_area: NoGoArea | None = None) -> list[tuple[str, str]]:
    """Areas of the levels 1 and 2 by name; and the one that is chosen, whatever its level."""
    listed = queries.areas_to_close(db.session(), mission)
    chosen = no_go_area.area if no_go_area else None
    if chosen is not None and chosen.id not in {id_ for id_, _name in listed}:
        listed = [(chosen.id, " / ".join(str(each.words) for each in path_of(db.session(), chosen))), *listed]
    return [(str(id_), name) for id_, name in listed]
