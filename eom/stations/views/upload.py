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
from eom.stations import queries
from eom.stations.forms import CopyForm, MappingForm, RegisterForm
from eom.stations.mapping import check_mapping
from eom.stations.services import register
from eom.web import uploads, worker
from eom.web.access import areas, can, requires
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
            kept = uploads.keep(form.file.data, _purpose(mission))
            second = uploads.keep(form.second.data, _purpose(mission)) if form.second.data else None
            table, _notices = register.read_files(kept.data, kept.name, _file(second))
            chosen = MappingForm.for_table(
                table, register.mapping_for(mission, table), kept.token, mission.country,
                second.token if second else "",
            )  # fmt: skip
            return _mapping_page(mission, chosen, table, kept.name)
    copying = CopyForm.among(_sources(mission))
    return render_template("stations/upload.html", mission=mission, form=form, copying=copying), form.status


@bp.post("/columns")
@requires("station.import")
def columns(mission: Mission) -> Any:
    """Take the choice of columns and read the file in the background."""
    kept = uploads.kept(request.form.get("token", ""), _purpose(mission))
    token = request.form.get("second_token", "")
    second = uploads.kept(token, _purpose(mission)) if token else None
    table, _notices = register.read_files(kept.data, kept.name, _file(second))
    form = MappingForm.for_table(table, {}, kept.token, mission.country, token)
    if form.validate_on_submit():
        with form.shows_errors():
            check_mapping(form.mapping, table.headers)
            return _start(station_jobs.PREVIEW, mission, _arguments(kept, form.mapping, second))
    return _mapping_page(mission, form, table, kept.name), form.status


@bp.post("/copy")
@requires("station.import")
def copy(mission: Mission) -> Any:
    """Start from the register of another mission to the country: compared in the background first."""
    form = CopyForm.among(_sources(mission))
    if form.validate_on_submit():
        source = queries.missions_with_register(db.session(), mission)[form.source.data]
        arguments = {"name": source.code, "source_id": source.id}
        return _start(station_jobs.PREVIEW, mission, arguments)
    return render_template(
        "stations/upload.html", mission=mission, form=RegisterForm(), copying=form
    ), form.status


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


def _arguments(kept: uploads.Kept, mapping: dict[str, str], second: uploads.Kept | None) -> dict[str, Any]:
    found: dict[str, Any] = {"digest": kept.digest, "name": kept.name, "mapping": mapping}
    return found | {"second": second.digest, "second_name": second.name} if second else found


def _purpose(mission: Mission) -> str:
    return f"register {mission.id}"


def _file(kept: uploads.Kept | None) -> register.Second | None:
    return (kept.data, kept.name) if kept else None


def _sources(mission: Mission) -> list[str]:
    """The codes of the other missions to the country whose register the person may see whole."""
    found = queries.missions_with_register(db.session(), mission)
    return [
        code
        for code, each in found.items()
        if can("station.read", each) and areas("station.read", each) is None
    ]


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
