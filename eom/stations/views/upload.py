"""A register from the browser: the file, its columns, what would change, and the load."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for

from eom.core import i18n, jobs
from eom.core.db import get_in
from eom.core.errors import NotFound, Refused
from eom.core.i18n import lazy
from eom.core.jobs import Job, JobState
from eom.extensions import db
from eom.missions.models.mission import Mission
from eom.stations import jobs as station_jobs
from eom.stations.forms import MappingForm, RegisterForm
from eom.stations.mapping import check_mapping
from eom.stations.services import register
from eom.web import uploads, worker
from eom.web.access import requires
from eom.web.limits import accepts

bp = Blueprint("station_imports", __name__, url_prefix="/missions/<mission>/stations/upload")
SAMPLE_ROWS = 5


@bp.route("", methods=["GET", "POST"], endpoint="new")
@requires("station.import")
@accepts()
def new(mission: Mission) -> Any:
    """Send the authority's file; the answer shows its first rows and a guess of its columns."""
    form = RegisterForm()
    if form.validate_on_submit():
        with form.shows_errors():
            kept = uploads.keep(form.file.data, f"register {mission.id}")
            table = register.read_file(kept.data, kept.name)
            chosen = MappingForm.for_table(table, register.mapping_for(mission, table), kept.token)
            return _mapping_page(mission, chosen, table, kept.name)
    return render_template("stations/upload.html", mission=mission, form=form), form.status


@bp.post("/columns")
@requires("station.import")
def columns(mission: Mission) -> Any:
    """Take the choice of columns and read the file in the background."""
    kept = uploads.kept(request.form.get("token", ""), f"register {mission.id}")
    table = register.read_file(kept.data, kept.name)
    form = MappingForm.for_table(table, {}, kept.token)
    if form.validate_on_submit():
        with form.shows_errors():
            check_mapping(form.mapping, table.headers)
            return _start(station_jobs.PREVIEW, mission, _arguments(kept, form.mapping))
    return _mapping_page(mission, form, table, kept.name), form.status


@bp.get("/<job_id>")
@requires("station.import")
def preview(mission: Mission, job_id: str) -> Any:
    """What loading the file would change."""
    job = _preview_of(mission, job_id)
    return render_template("stations/preview.html", mission=mission, job=job, found=job.result)


@bp.post("/<job_id>/apply")
@requires("station.import")
def apply(mission: Mission, job_id: str) -> Any:
    """Load the file that was looked at, in the background."""
    job = _preview_of(mission, job_id)
    return _start(station_jobs.APPLY, mission, job.arguments)


def _start(kind: str, mission: Mission, arguments: dict[str, Any]) -> Any:
    row = jobs.create(db.session(), kind, language=i18n.language(), mission_id=mission.id, **arguments)
    job_id = row.id
    worker.enqueue(row)
    return redirect(url_for("jobs.show", job_id=job_id), 303)


def _arguments(kept: uploads.Kept, mapping: dict[str, str]) -> dict[str, Any]:
    return {"digest": kept.digest, "name": kept.name, "mapping": mapping}


def _preview_of(mission: Mission, job_id: str) -> Job:
    job = get_in(db.session(), Job, job_id, mission_id=mission.id)
    if job.kind != station_jobs.PREVIEW:
        raise NotFound(lazy("There is no such preview."))
    if job.state is not JobState.DONE:
        raise Refused(lazy("This file has not been read yet, or could not be."),
                      next_step=lazy("Send the file again."))  # fmt: skip
    return job


def _mapping_page(mission: Mission, form: MappingForm, table: Any, name: str) -> str:
    return render_template(
        "stations/mapping.html", mission=mission, form=form, table=table, name=name,
        rows=table.sample(SAMPLE_ROWS),
    )  # fmt: skip
