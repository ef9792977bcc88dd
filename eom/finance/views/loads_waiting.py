"""Files with lines above the limit: what waits for a second person, approved or refused as a whole."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, render_template, url_for

from eom.core import i18n, jobs
from eom.core.i18n import _
from eom.extensions import db
from eom.finance import jobs as work
from eom.finance.exports import pending_loads as exports
from eom.finance.forms.budget import ReasonForm
from eom.finance.models.pending_load import PendingLoad
from eom.finance.queries import pending_loads as queries
from eom.finance.services import pending_loads as services
from eom.missions.models.mission import Mission
from eom.web import responses, worker
from eom.web.access import requires
from eom.web.fresh import fresh
from eom.web.responses import saved

bp = Blueprint("loads_waiting", __name__)
ALL, MISSION = "/finance/loads/waiting", "/missions/<mission>/expenditures/loads/waiting"


@bp.get(ALL)
@bp.get(MISSION)
@requires("finance.read")
def index(mission: Mission | None = None) -> Any:
    """The files that wait, and what became of the rest."""
    definition = exports.pending_loads(mission, lambda each: _url("show", mission, each))
    return responses.listed(definition, "waiting-loads", "finance/loads/waiting.html", mission=mission)


@bp.get(f"{ALL}/<int:waiting_id>")
@bp.get(f"{MISSION}/<int:waiting_id>")
@requires("finance.read")
def show(waiting_id: int, mission: Mission | None = None) -> Any:
    """A file that waits: what it comes to, its lines above the limit, those beyond their budget line."""
    pending = queries.pending_in(db.session(), waiting_id, mission)
    return render_template(
        "finance/loads/waits.html", mission=mission, pending=pending, above=queries.lines(pending.above)
    )


@bp.get(f"{ALL}/<int:waiting_id>/file")
@bp.get(f"{MISSION}/<int:waiting_id>/file")
@requires("finance.read")
def file(waiting_id: int, mission: Mission | None = None) -> Any:
    """The file itself, as it was sent."""
    pending = queries.pending_in(db.session(), waiting_id, mission)
    data = responses.store().get(pending.digest)
    return responses.attachment(data, pending.file_name, "application/octet-stream")


@bp.post(f"{ALL}/<int:waiting_id>/approve")
@bp.post(f"{MISSION}/<int:waiting_id>/approve")
@requires("expenditure.approve")
@fresh
def approve(waiting_id: int, mission: Mission | None = None) -> Any:
    """Book it as a whole, in the background."""
    pending = queries.pending_in(db.session(), waiting_id, mission)
    services.check_decision(pending)
    row = jobs.create(
        db.session(), work.APPROVE, language=i18n.language(), mission_id=mission.id if mission else None,
        pending_id=pending.id,
    )  # fmt: skip
    job_id = row.id
    worker.enqueue(row)
    return redirect(url_for("jobs.show", job_id=job_id), 303)


@bp.route(f"{ALL}/<int:waiting_id>/refuse", methods=["GET", "POST"])
@bp.route(f"{MISSION}/<int:waiting_id>/refuse", methods=["GET", "POST"])
@requires("expenditure.approve")
@fresh
def refuse(waiting_id: int, mission: Mission | None = None) -> Any:
    """Refuse it, with the reason."""
    pending, form = queries.pending_in(db.session(), waiting_id, mission), ReasonForm()
    if form.validate_on_submit():
        with form.shows_errors():
            services.refuse(pending, **form.payload())
            return saved(_url("show", mission, pending), _("The file is refused"))
    return render_template(
        "finance/loads/refuse.html", mission=mission, pending=pending, form=form
    ), form.status


def _url(name: str, mission: Mission | None, pending: PendingLoad) -> str:
    return url_for(f"loads_waiting.{name}", mission=mission and mission.code, waiting_id=pending.id)
