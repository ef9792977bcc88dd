"""Doubtful centres: the report with its map, and the worklist to mend them."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask_security import current_user

from eom.core.i18n import lazy
from eom.extensions import db
from eom.missions.models.mission import Mission
from eom.stations import exports, geography_points, queries
from eom.stations.forms import DismissForm, MendForm
from eom.stations.geography_levels import of_geojson
from eom.stations.models import CentreFinding, FindingKind
from eom.stations.outline_map import OutlineMap, outline_map
from eom.stations.services import boundaries, findings
from eom.web import responses
from eom.web.access import areas, can, requires

bp = Blueprint("station_findings", __name__, url_prefix="/missions/<mission>/stations/findings")


@bp.get("")
@requires("station.read")
def index(mission: Mission) -> Any:
    """The doubtful centres of the register: how many of each kind, where, and the list of them."""
    session = db.session()
    limit = areas("station.read", mission)
    definition = exports.findings(session, mission, _link(mission), areas=limit)
    if (file := responses.download(definition, f"{mission.code}-doubtful-centres")) is not None:
        return file
    listing = definition.show(session, request.path, request.args)
    counts = queries.open_findings(session, mission, limit)
    return render_template(
        "stations/findings.html", mission=mission, listing=listing, map=_map(mission, limit) if counts else None,
        counts=[(kind, counts[kind.value]) for kind in FindingKind if counts.get(kind.value)],
    )  # fmt: skip


@bp.post("/look")
@requires("station.import")
def look(mission: Mission) -> Any:
    """Look at every centre again."""
    count = findings.refresh(mission)
    return responses.saved(
        url_for(".index", mission=mission.code),
        lazy("Looked at every centre: %(count)s things to look at.", count=count),
    )


@bp.route("/<int:finding_id>", methods=["GET", "POST"])
@requires("station.import")
def show(mission: Mission, finding_id: int) -> Any:
    """One doubt about a centre; sending the form mends the centre by hand."""
    finding = _finding(mission, finding_id)
    centre = finding.centre
    form = MendForm(name=centre.name, latitude=_text(centre.latitude), longitude=_text(centre.longitude))
    if form.validate_on_submit():
        with form.shows_errors():
            latitude, longitude = form.point
            findings.mend(
                mission, finding, boundaries.levels_of(mission), name=form.name.data, latitude=latitude,
                longitude=longitude, reason=form.reason.data, by=current_user.name,
            )  # fmt: skip
            return responses.saved(
                url_for(".index", mission=mission.code, state="open"), lazy("The centre is mended.")
            )
    return _page(mission, finding, form, DismissForm(formdata=None))


@bp.post("/<int:finding_id>/dismiss")
@requires("station.import")
def dismiss(mission: Mission, finding_id: int) -> Any:
    """Say that a centre is right as it is."""
    finding, form = _finding(mission, finding_id), DismissForm()
    if form.validate_on_submit():
        with form.shows_errors():
            findings.dismiss(finding, reason=form.why.data, by=current_user.name)
            return responses.saved(
                url_for(".index", mission=mission.code, state="open"), lazy("Kept as it is.")
            )
    centre = finding.centre
    mending = MendForm(
        formdata=None, name=centre.name, latitude=_text(centre.latitude), longitude=_text(centre.longitude)
    )
    return _page(mission, finding, mending, form)


def _page(mission: Mission, finding: CentreFinding, form: MendForm, dismissing: DismissForm) -> Any:
    session = db.session()
    status = 422 if form.status == 422 or dismissing.status == 422 else 200
    return render_template(
        "stations/finding.html", mission=mission, finding=finding, centre=finding.centre, form=form,
        dismissing=dismissing, areas=queries.path_of(session, finding.centre.area),
        words=exports.detail_words(finding.detail), others=[
            each for each in queries.findings_of(session, finding.centre) if each.id != finding.id
        ],
    ), status  # fmt: skip


def _finding(mission: Mission, finding_id: int) -> CentreFinding:
    return queries.finding_in(db.session(), mission, finding_id, areas("station.import", mission))


def _map(mission: Mission, limit: queries.Areas) -> OutlineMap | None:
    shipped, box = (
        geography_points.first_level_boundaries(mission.country),
        geography_points.extent(mission.country),
    )
    if shipped is None or box is None:
        return None
    points = queries.doubtful_points(db.session(), mission, limit)
    return outline_map(of_geojson(shipped).geometries, box, points)


def _text(value: float | None) -> str:
    return "" if value is None else repr(value)


def _link(mission: Mission) -> Any:
    """Where a finding leads: nowhere for those who may only look."""
    may = can("station.import", mission)
    return lambda id_: url_for("station_findings.show", mission=mission.code, finding_id=id_) if may else None
