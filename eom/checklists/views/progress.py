"""How far polling day has come: stations reported on by stage, area and hour."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request

from eom.checklists.exports.progress import area_rows
from eom.checklists.queries import progress
from eom.core.i18n import _, lazy
from eom.deployment.queries.coverage import round_to_show
from eom.extensions import db
from eom.missions.models.mission import Mission
from eom.web import responses
from eom.web.access import areas, requires
from eom.web.navigation import Entry

bp = Blueprint("progress", __name__, url_prefix="/missions/<mission>/progress")

MISSION_NAVIGATION = (
    Entry(lazy("Progress by stage"), "progress.show", "coverage.read", "speedometer2", lazy("Field"), 11),
)


@bp.get("")
@requires("coverage.read")
def show(mission: Mission) -> Any:
    """Planned, visited and reported stations by area and stage, and how they came by the hour."""
    round_ = round_to_show(mission, request.args.get("round"))
    allowed = areas("coverage.read", mission)
    rows = progress.by_area(db.session(), mission, round_, allowed)
    if kind := request.args.get("format"):
        return responses.table_file(area_rows(rows), f"{mission.code}-progress", kind)
    return render_template(
        "checklists/progress.html", mission=mission, round=round_, rows=rows, stages=progress.STAGES,
        rounds=sorted(mission.rounds, key=lambda each: each.polling_on), total=progress.total(_("Total"), rows),
        hours=progress.by_hour(db.session(), mission, round_, allowed),
    )  # fmt: skip
