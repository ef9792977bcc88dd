"""Submissions out as files: at once when they are few, in the background when they are many."""

from __future__ import annotations

import tempfile
from typing import Any, BinaryIO, cast
from urllib.parse import urlencode

from flask import Blueprint, render_template, request, url_for
from flask_security import current_user

from eom.accounts.permissions import Permission
from eom.checklists import jobs as work
from eom.checklists.export_options import Options, language_among
from eom.checklists.exports import files, kept
from eom.checklists.exports.tables import Source
from eom.checklists.forms import ExportForm
from eom.checklists.models.form import Form
from eom.checklists.queries import exporting
from eom.checklists.queries.forms import forms
from eom.checklists.views.submissions import Seen, seen_by_person
from eom.core import audit, i18n, jobs
from eom.core.db import get_in
from eom.core.errors import NotFound
from eom.core.i18n import _, lazy
from eom.core.jobs import Job
from eom.extensions import db
from eom.missions.models.mission import Mission
from eom.web import reading, responses, worker
from eom.web.access import can, requires
from eom.web.fresh import fresh
from eom.web.responses import store

bp = Blueprint("exports", __name__, url_prefix="/missions/<mission>/submissions")

# More than these are written in the background: what is fewer takes a second or two.
AT_ONCE = 5_000


@bp.route("/export", methods=["GET", "POST"])
@requires("submission.export")
@fresh
def new(mission: Mission) -> Any:
    """What goes out and how; the address narrows it as it narrows the list of submissions."""
    session, seen = db.session(), _scope(mission)
    counts = exporting.counts(session, mission, request.args, **seen)
    listed = [
        (str(each.id), f"{each.words} ({i18n.number(counts.get(each.id, 0))})")
        for each in forms(session, mission)
    ]
    languages = exporting.languages(session, mission)
    form = ExportForm.among(listed, languages, people=_sees_people(mission))
    if request.method == "GET" and request.args.get("form") in dict(listed):
        form.form_id.data = request.args["form"]
    if form.validate_on_submit():
        with form.shows_errors():
            return _answer(mission, int(form.form_id.data), form.options())
    return render_template(
        "checklists/submissions/export.html", mission=mission, form=form, total=sum(counts.values()),
        is_narrowed=bool(reading.narrowing()), limit=AT_ONCE, hours=kept.KEPT_HOURS,
        back=_narrowed("submissions.index", mission), here=_narrowed(".new", mission),
    ), form.status  # fmt: skip


@bp.get("/exports/<job_id>")
@requires("submission.export")
@fresh
def fetch(mission: Mission, job_id: str) -> Any:
    """The file that a job made: for the one who asked for it, as long as they may still see what is in it."""
    job = get_in(db.session(), Job, job_id, mission_id=mission.id, kind=work.EXPORT, actor_id=current_user.id)
    arguments, seen = job.arguments, _plain(_scope(mission))
    may_see = {key: arguments[key] for key in seen} == seen
    if job.result is None or not may_see or (arguments["options"]["people"] and not _sees_people(mission)):
        raise NotFound(lazy("There is no such file, or it is not yours to see."))
    name, content_type = job.result["name"], job.result["content_type"]
    file = kept.found(work.exports_folder(), job).open("rb")
    reading.exported("forms", arguments["form_id"], name, job=job_id, path=request.path)
    return responses.streamed(file, name, content_type)


def _answer(mission: Mission, form_id: int, options: Options) -> Any:
    """The file, or the page that shows how far the job is that writes it."""
    session, seen = db.session(), _scope(mission)
    form = exporting.form_in(session, mission, form_id)
    query = exporting.chosen(session, mission, form, request.args, **seen)
    if options.language:
        language_among((each for found in form.versions for each in found.languages), options.language)
    if exporting.count(session, query) <= AT_ONCE:
        return _at_once(mission, form, Source(session, store(), mission, form, query, options))
    job = jobs.create(
        session, work.EXPORT, language=i18n.language(), mission_id=mission.id, form_id=form.id,
        options=options.plain(), filters=reading.narrowing(), **_plain(seen),
    )  # fmt: skip
    answer = responses.saved(url_for("jobs.show", job_id=job.id), _("The file is being written"))
    worker.enqueue(job)
    return answer


def _at_once(mission: Mission, form: Form, source: Source) -> Any:
    file = cast(BinaryIO, tempfile.TemporaryFile())  # noqa: SIM115 - closed when it has gone out
    count = files.write(source, file)
    ending, content_type = files.kind_of(source)
    name = f"{mission.code}-{form.form_id}.{ending}"
    audit.exported(
        db.session(), "forms", form.id, name, mission_id=mission.id, rows=count, filters=reading.narrowing(),
        **source.options.plain(),
    )  # fmt: skip
    return responses.committed(responses.streamed(file, name, content_type))


def _narrowed(endpoint: str, mission: Mission) -> str:
    """An address with all that narrows this one."""
    address, narrowing = url_for(endpoint, mission=mission.code), reading.narrowing()
    return f"{address}?{urlencode(narrowing)}" if narrowing else address


def _scope(mission: Mission) -> Seen:
    """What the person may take out: what they may see by the permission to export."""
    return seen_by_person(mission, Permission.SUBMISSION_EXPORT)


def _plain(seen: Seen) -> dict[str, Any]:
    """A scope as JSON types."""
    own_of = seen["own_of"]
    return {"own_of": own_of and own_of.id, "areas": sorted(seen["areas"])}


def _sees_people(mission: Mission) -> bool:
    return can(Permission.APPOINTMENT_READ, mission)
