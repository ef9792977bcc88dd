"""The progress and the outcome of work that goes on after a page is answered."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask_security import current_user
from sqlalchemy.orm.attributes import set_committed_value

from eom.core.errors import NotFound
from eom.core.i18n import lazy
from eom.core.jobs import Job
from eom.extensions import db
from eom.web.access import signed_in
from eom.web.worker import progress_of

bp = Blueprint("jobs", __name__)


@bp.get("/jobs/<job_id>")
@signed_in("only the person who started a job sees it; for others it does not exist")
def show(job_id: str) -> str:
    """How far a job is; a fragment when htmx asks."""
    job = db.session.get(Job, job_id)
    if job is None or job.actor_id != current_user.id:
        raise NotFound(lazy("There is no such job, or it is not yours."))
    for name, value in zip(("done", "total", "step"), progress_of(job), strict=True):
        set_committed_value(job, name, value)
    template = "portal/_job.html" if request.headers.get("HX-Request") else "portal/job.html"
    return render_template(template, job=job)
