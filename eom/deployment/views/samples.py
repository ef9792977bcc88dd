"""Samples of polling stations: drawn, explained, checked, adopted, and given out."""

from __future__ import annotations

import json
from typing import Any

from flask import Blueprint, Response, render_template, request, url_for

from eom.core.db import get_in
from eom.core.errors import AppError
from eom.core.i18n import _, lazy, ngettext
from eom.deployment import sample_calculation, sample_exports, sample_words
from eom.deployment.forms import TEAM
from eom.deployment.models import Team
from eom.deployment.queries import samples as queries
from eom.deployment.sample_forms import (
    CALCULATED,
    AssignSampleForm,
    ReplaceForm,
    SampleForm,
    SetAsideForm,
)
from eom.deployment.sample_models import Sample
from eom.deployment.sampling_sizes import USABLE_MARGIN
from eom.deployment.services import drawing, samples
from eom.extensions import db
from eom.missions.models.mission import Mission
from eom.missions.models.process import Round
from eom.observers.models import Appointment
from eom.stations.country_map import country_map
from eom.stations.coverage_map import MapParts
from eom.web import responses
from eom.web.access import areas, requires
from eom.web.fresh import fresh_for_files
from eom.web.navigation import Entry
from eom.web.responses import saved

bp = Blueprint("samples", __name__, url_prefix="/missions/<mission>/samples")

MISSION_NAVIGATION = (
    Entry(lazy("Samples"), "samples.index", "deployment.read", "dice-5", lazy("Field"), 20),
)


@bp.get("")
@requires("deployment.read")
def index(mission: Mission) -> Any:
    """All samples that were ever drawn."""

    def link(id_: int) -> str:
        return url_for(".show", mission=mission.code, sample_id=id_)

    definition = sample_exports.samples(mission, link)
    return responses.listed(
        definition, f"{mission.code}-samples", "deployment/samples/index.html", mission=mission
    )


@bp.route("/new", methods=["GET", "POST"])
@requires("sample.draw")
def new(mission: Mission) -> Any:
    """Calculate, and draw."""
    form = SampleForm.of(mission)
    if "calculate" in request.form:
        return _form(mission, form, calculation=_calculation(mission, form))
    if form.validate_on_submit():
        with form.shows_errors():
            sample = _draw(mission, form)
            words = ngettext(
                "A sample of %(num)d polling station was drawn",
                "A sample of %(num)d polling stations was drawn",
                sample.station_count,
            )
            return saved(url_for(".show", mission=mission.code, sample_id=sample.id), words)
    return _form(mission, form)


@bp.get("/calculation")
@requires("sample.draw")
def calculation(mission: Mission) -> str:
    """Size and margin both ways, as one types: a part of the page."""
    form = SampleForm.of(mission, formdata=request.args, meta={"csrf": False})
    return render_template(
        "deployment/samples/_calculation.html", calculation=_calculation(mission, form), form=form
    )


@bp.get("/<int:sample_id>")
@requires("deployment.read")
def show(mission: Mission, sample_id: int) -> str:
    """A sample: where it is, what it can say, how it compares with the country, how to draw it again."""
    sample, limit = _sample(mission, sample_id), areas("deployment.read", mission)
    session = db.session()
    progress = queries.progress(session, sample)
    return render_template(
        "deployment/samples/show.html", mission=mission, sample=sample, words=sample_words,
        round=get_in(session, Round, sample.round_id), asked=drawing.Asked.kept(sample.parameters),
        before=queries.draws_before(session, sample), progress={row[0]: row for row in progress},
        to_observe=sum(row[1] for row in progress), assigned=sum(row[2] for row in progress),
        visited=sum(row[3] for row in progress), usable_margin=USABLE_MARGIN,
        checked=drawing.check(sample, mission) if "check" in request.args else None,
        map=_map(mission, sample, limit),
    )  # fmt: skip


@bp.get("/<int:sample_id>/points")
@requires("deployment.read")
def points(mission: Mission, sample_id: int) -> Any:
    """The centres of a sample for its map; 304 when nothing has changed."""
    found = queries.points(db.session(), _sample(mission, sample_id), areas("deployment.read", mission))
    answer = Response(json.dumps({"points": found}, separators=(",", ":")), mimetype="application/json")
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.add_etag()
    return answer.make_conditional(request)


@bp.get("/<int:sample_id>/stations")
@requires("deployment.read")
@fresh_for_files
def stations(mission: Mission, sample_id: int) -> Any:
    """The stations of a sample and its replacements, in the order of the draw."""
    sample = _sample(mission, sample_id)
    definition = sample_exports.sampled(db.session(), mission, sample, areas("deployment.read", mission))
    return responses.listed(
        definition, f"{mission.code}-sample-{sample.id}", "deployment/samples/stations.html",
        mission=mission, sample=sample, can_be_replaced=sample_exports.can_be_replaced,
    )  # fmt: skip


@bp.get("/<int:sample_id>/frame")
@requires("sample.draw")
@fresh_for_files
def frame(mission: Mission, sample_id: int) -> Any:
    """All stations that can be drawn with their numbers, as a file: for whoever repeats the draw."""
    rows = drawing.frame_rows(_sample(mission, sample_id), mission)
    name = f"{mission.code}-sample-{sample_id}-frame"
    return responses.table_file(rows, name, request.args.get("format", "csv"))


@bp.post("/<int:sample_id>/adopt")
@requires("sample.draw")
def adopt(mission: Mission, sample_id: int) -> Any:
    """Make it the sample that the mission observes."""
    sample = _sample(mission, sample_id)
    samples.adopt(sample)
    return saved(url_for(".show", mission=mission.code, sample_id=sample.id), _("Sample adopted"))


@bp.route("/<int:sample_id>/set-aside", methods=["GET", "POST"])
@requires("sample.draw")
def set_aside(mission: Mission, sample_id: int) -> Any:
    """Say why it is not used."""
    sample, form = _sample(mission, sample_id), SetAsideForm()
    if form.validate_on_submit():
        with form.shows_errors():
            samples.set_aside(sample, **form.payload())
            return saved(url_for(".show", mission=mission.code, sample_id=sample.id), _("Sample set aside"))
    return _reason(mission, sample, form, "deployment/samples/set_aside.html")


@bp.route("/<int:sample_id>/assign", methods=["GET", "POST"])
@requires("deployment.edit")
def assign(mission: Mission, sample_id: int) -> Any:
    """Give the stations of an area, or all, to a person or a team."""
    sample, limit = _sample(mission, sample_id), areas("deployment.edit", mission)
    form = AssignSampleForm.of(mission, sample, limit)
    if form.validate_on_submit():
        with form.shows_errors():
            area = int(form.area.data) if form.area.data else None
            who = _who(mission, form.who.data)
            count = samples.assign_sample(mission, sample, who=who, first_area=area, areas=limit)
            words = ngettext("%(num)d polling station assigned", "%(num)d polling stations assigned", count)
            return saved(url_for(".show", mission=mission.code, sample_id=sample.id), words)
    return _reason(mission, sample, form, "deployment/samples/assign.html")


@bp.route("/<int:sample_id>/stations/<int:sampled_id>/replace", methods=["GET", "POST"])
@requires("sample.draw")
def replace(mission: Mission, sample_id: int, sampled_id: int) -> Any:
    """Let the next replacement stand in for a station."""
    sample, form = _sample(mission, sample_id), ReplaceForm()
    found = queries.sampled_in(db.session(), sample, sampled_id, areas("sample.draw", mission))
    if form.validate_on_submit():
        with form.shows_errors():
            other = samples.use_replacement(sample, found, **form.payload())
            to = url_for(".stations", mission=mission.code, sample_id=sample.id)
            return saved(to, _("Polling station %(code)s stands in", code=other.station.code))
    return _reason(mission, sample, form, "deployment/samples/replace.html", sampled=found)


def _sample(mission: Mission, sample_id: int) -> Sample:
    return get_in(db.session(), Sample, sample_id, mission_id=mission.id)


def _form(mission: Mission, form: SampleForm, **more: Any) -> Any:
    shown = {"mission": mission, "form": form, "fields": ",".join(CALCULATED), "calculation": None, **more}
    return render_template("deployment/samples/form.html", **shown), form.status


def _reason(mission: Mission, sample: Sample, form: Any, template: str, **more: Any) -> Any:
    return render_template(template, mission=mission, sample=sample, form=form, **more), form.status


def _draw(mission: Mission, form: SampleForm) -> Sample:
    round_ = get_in(db.session(), Round, int(form.round_id.data), mission_id=mission.id)
    told = {"name": form.name.data, "asked": form.asked(), "seed": form.seed.data}
    return drawing.draw_sample(mission, round_=round_, **told)


def _calculation(mission: Mission, form: SampleForm) -> Any:
    """The calculation, the words of what is wrong, or None where the fields say that themselves."""
    if not form.asks_well():
        return None
    try:
        return sample_calculation.calculate(form.asked(), queries.strata_counts(db.session(), mission))
    except AppError as error:
        return str(error)


def _who(mission: Mission, who: str) -> Appointment | Team:
    if who.startswith(TEAM):
        return get_in(db.session(), Team, int(who.removeprefix(TEAM)), mission_id=mission.id)
    return get_in(db.session(), Appointment, int(who), mission_id=mission.id)


def _map(mission: Mission, sample: Sample, limit: Any) -> MapParts:
    shares = {
        area.boundary: seen / drawn
        for area, drawn, seen in queries.first_areas_of(db.session(), sample, limit)
        if area.boundary
    }
    details = url_for("coverage.centre", mission=mission.code, centre_id=0, round=sample.round_id)
    return country_map(
        mission.country, shares, points_url=url_for(".points", mission=mission.code, sample_id=sample.id),
        details_url=details.replace("/0", "/{id}", 1),
        labels={
            "map": _("Map of the sample %(name)s", name=sample.name), "legend": _("Share of sampled stations visited"),
            "no_share": _("No station sampled"), "none": _("Centre with replacements only"),
            "planned": _("Centre with a sampled station"), "visited": _("Centre visited"),
        },
    )  # fmt: skip
